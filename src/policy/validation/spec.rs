//! `spec`, beside its rules.

use super::{error, overrides, place};
use crate::diagnostic::Diagnostic;
use crate::policy::{Policy, PolicyKind, RuleBody, decode};
use crate::yaml::Node;

/// Checks the fields of `spec`.
pub(super) fn validate(spec: &Node, policy: &Policy, found: &mut Vec<Diagnostic>) {
    admission(spec, policy, found);
    timeouts(spec, found);
    moved(spec, found);
    mutate_existing(spec, found);
    let written = decode::list(spec, "validationFailureActionOverrides");
    let path = "spec.validationFailureActionOverrides";
    match policy.kind {
        PolicyKind::ClusterPolicy => overrides::validate(written, path, found),
        PolicyKind::Policy if written.is_empty() => {}
        PolicyKind::Policy => {
            let message = "Use of validationFailureActionOverrides is supported only with ClusterPolicy";
            let span = place(spec, "validationFailureActionOverrides");
            found.push(error("overrides-in-policy", message, path, span));
        }
    }
}

fn admission(spec: &Node, policy: &Policy, found: &mut Vec<Diagnostic>) {
    if policy.spec.admission {
        return;
    }
    let span = place(spec, "admission");
    if !policy.spec.background {
        let message = "disabling both admission and background processing is not allowed";
        found.push(error("never-evaluated", message, "spec.admission", span));
    }
    if !policy.spec.rules.iter().all(|rule| matches!(rule.body, RuleBody::Validate(_))) {
        let message = "disabling admission processing is only allowed with validation policies";
        found.push(error("admission-disabled", message, "spec.admission", span));
    }
}

fn timeouts(spec: &Node, found: &mut Vec<Diagnostic>) {
    let webhook = decode::field(spec, "webhookConfiguration");
    let written = [
        (Some(spec), "webhookTimeoutSeconds", "spec.webhookTimeoutSeconds"),
        (webhook, "timeoutSeconds", "spec.webhookConfiguration.timeoutSeconds"),
    ];
    for (node, name, path) in written {
        let Some(value) = node.and_then(|node| decode::field(node, name)) else { continue };
        if value.to_value().as_i64().is_some_and(|seconds| seconds > 30) {
            let message = "the timeout value must be between 1 and 30 seconds";
            found.push(error("timeout-out-of-range", message, path, value.span));
        }
    }
}

/// Fields that moved elsewhere: not both places, and not the old one where it is gone.
fn moved(spec: &Node, found: &mut Vec<Diagnostic>) {
    let webhook = decode::field(spec, "webhookConfiguration");
    for (old, new) in [("failurePolicy", "failurePolicy"), ("webhookTimeoutSeconds", "timeoutSeconds")] {
        let written = decode::field(spec, old);
        if let (Some(value), Some(_)) = (written, webhook.and_then(|webhook| decode::field(webhook, new))) {
            let message = format!("remove the deprecated field and use spec.webhookConfiguration.{new} instead");
            found.push(error("field-twice", message, format!("spec.{old}"), value.span));
        }
    }
    if let Some(value) = decode::field(spec, "generateExistingOnPolicyUpdate") {
        let message = "remove the deprecated field and use spec.generate[*].generateExisting instead";
        found.push(error("obsolete-field", message, "spec.generateExistingOnPolicyUpdate", value.span));
    }
}

fn mutate_existing(spec: &Node, found: &mut Vec<Diagnostic>) {
    const FIELD: &str = "mutateExistingOnPolicyUpdate";
    for (index, rule) in decode::list(spec, "rules").iter().enumerate() {
        let Some(mutate) = decode::field(rule, "mutate") else { continue };
        let asked = decode::flag(spec, FIELD, false) || decode::flag(mutate, FIELD, false);
        if asked && decode::list(mutate, "targets").is_empty() {
            let message = format!("rules[{index}].mutate.targets has to be specified when {FIELD} is set");
            found.push(error("targets-missing", message, format!("spec.rules[{index}].mutate"), mutate.span));
        }
    }
}
