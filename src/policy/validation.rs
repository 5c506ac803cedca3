//! What makes Kyverno refuse a policy whose structure is sound.
//!
//! Source: Kyverno `pkg/validation/policy/validate.go`, `api/kyverno/v1/image_verification_types.go`. Messages begin with
//! Kyverno's text.

mod matching;
mod verify_images;

use super::{Policy, PolicyKind, RuleBody, decode};
use crate::diagnostic::Diagnostic;
use crate::yaml::Node;
use std::collections::BTreeSet;

const OPERATIONS: [&str; 4] = ["mutate", "validate", "generate", "verifyImages"];

/// Everything that is wrong or deprecated. `policy` was decoded from `node`.
pub(super) fn validate(node: &Node, policy: &Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some(spec) = decode::field(node, "spec") else { return found };
    metadata(node, policy, &mut found);
    admission(spec, policy, &mut found);
    let written = decode::list(spec, "rules");
    let mut names = BTreeSet::new();
    for (index, rule) in written.iter().enumerate() {
        let path = format!("spec.rules[{index}]");
        let name = decode::text(rule, "name").unwrap_or_default();
        if name.len() > 63 {
            let message = format!("rule name `{name}` must not exceed 63 characters");
            found.push(Diagnostic::error("name-too-long", message).at(format!("{path}.name"), rule.span));
        }
        if !names.insert(name.clone()) {
            let message = format!("Duplicate rule name: '{name}'");
            found.push(Diagnostic::error("duplicate-rule", message).at(format!("{path}.name"), rule.span));
        }
        operations(rule, &name, &path, &mut found);
        matching::validate(rule, policy.kind, &path, &mut found);
    }
    let entries = |rule: &super::Rule| match &rule.body {
        RuleBody::VerifyImages(entries) => entries.clone(),
        RuleBody::Generate | RuleBody::Mutate | RuleBody::Validate => Vec::new(),
    };
    for (rule, decoded) in written.iter().zip(&policy.spec.rules) {
        verify_images::validate(rule, decoded, &entries(decoded), policy.spec.failure_action, &mut found);
    }
    found
}

fn metadata(node: &Node, policy: &Policy, found: &mut Vec<Diagnostic>) {
    let Some(metadata) = decode::field(node, "metadata") else { return };
    if policy.name.len() > 63 {
        let message = format!("policy name `{}` must not exceed 63 characters", policy.name);
        found.push(Diagnostic::error("name-too-long", message).at("metadata.name", metadata.span));
    }
    let namespaced = decode::text(metadata, "namespace").is_some_and(|namespace| !namespace.is_empty());
    if policy.kind == PolicyKind::ClusterPolicy && namespaced {
        let message = "A clusterpolicy should not have the namespace defined";
        found.push(Diagnostic::error("namespace-on-cluster-policy", message).at("metadata.namespace", metadata.span));
    }
    let controllers = policy.annotations.get("pod-policies.kyverno.io/autogen-controllers");
    if controllers.is_some_and(|text| text.split(',').any(|kind| kind == "all")) {
        let message = "the autogen annotation does not support `all`: name the controllers, or leave it out";
        found.push(Diagnostic::error("autogen-all", message).at("metadata.annotations", metadata.span));
    }
}

fn admission(spec: &Node, policy: &Policy, found: &mut Vec<Diagnostic>) {
    let mut error = |code, message: &str, path: &str| {
        found.push(Diagnostic::error(code, message).at(path, spec.span));
    };
    if !policy.spec.admission && !policy.spec.background {
        error("never-evaluated", "disabling both admission and background processing is not allowed", "spec.admission");
    }
    let only_validates = policy.spec.rules.iter().all(|rule| matches!(rule.body, RuleBody::Validate));
    if !policy.spec.admission && !only_validates {
        let message = "disabling admission processing is only allowed with validation policies";
        error("admission-disabled", message, "spec.admission");
    }
    if decode::field(spec, "generateExistingOnPolicyUpdate").is_some() {
        let message =
            "the field `generateExistingOnPolicyUpdate` is no longer supported: use generateExisting in the rule";
        error("obsolete-field", message, "spec.generateExistingOnPolicyUpdate");
    }
    let webhook = decode::field(spec, "webhookConfiguration");
    for (old, new) in [("failurePolicy", "failurePolicy"), ("webhookTimeoutSeconds", "timeoutSeconds")] {
        let both = decode::field(spec, old).is_some() && webhook.is_some_and(|w| decode::field(w, new).is_some());
        if both {
            let message = format!("spec.{old} and spec.webhookConfiguration.{new} are the same thing: write one");
            error("field-twice", &message, &format!("spec.{old}"));
        }
    }
    for (node, name) in [(Some(spec), "webhookTimeoutSeconds"), (webhook, "timeoutSeconds")] {
        let seconds = node.and_then(|node| decode::field(node, name)).and_then(|node| node.to_value().as_i64());
        if seconds.is_some_and(|seconds| seconds > 30) {
            error(
                "timeout-out-of-range",
                "the timeout value must be between 1 and 30 seconds",
                &format!("spec.{name}"),
            );
        }
    }
}

fn operations(rule: &Node, name: &str, path: &str, found: &mut Vec<Diagnostic>) {
    let written: Vec<&str> =
        OPERATIONS.into_iter().filter(|operation| decode::field(rule, operation).is_some()).collect();
    let message = match written.as_slice() {
        [] => format!(
            "No operation defined in the rule '{name}'.(supported operations: mutate,validate,generate,verifyImages)"
        ),
        [_] => return,
        several => format!(
            "Multiple operations defined in the rule '{name}', only one operation ({}) is allowed per rule",
            several.join(", ")
        ),
    };
    found.push(Diagnostic::error("rule-operations", message).at(path, rule.span));
}
