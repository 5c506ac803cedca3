//! From results to what an admission webhook answers.
//!
//! Source: Kyverno `pkg/utils/engine/response.go`, `pkg/webhooks/utils`.

use super::result::{Admission, RuleResult, RuleStatus};
use super::{Compat, PolicySet};
use crate::policy::{FailureAction, FailurePolicy};
use crate::resource::AdmissionRequest;
use std::collections::BTreeMap;

/// Errors that whoever sends the object can bring about.
const REQUESTERS: [&str; 3] = ["image-config-malformed", "image-unparsable", "too-many-images"];

/// Denied: a failed rule enforces, or a rule could not be evaluated while some policy's failure policy is `Fail`.
///
/// While artifacts are missing nothing is admitted.
pub(super) fn admission(
    set: &PolicySet,
    request: &AdmissionRequest,
    results: &[RuleResult],
    pending: bool,
    compat: Compat,
) -> Admission {
    let fail_closed = set.policies().any(|policy| policy.spec.failure_policy == FailurePolicy::Fail);
    let blocks = |result: &RuleResult| match result.status {
        RuleStatus::Fail => result.failure_action == FailureAction::Enforce,
        // DIVERGENCE requester-error: `Ignore` is for what fails around the request; what the request itself brings
        // about does not open the gate.
        RuleStatus::Error => {
            let enforced = compat == Compat::Default && result.failure_action == FailureAction::Enforce;
            fail_closed || enforced && REQUESTERS.contains(&result.code)
        }
        RuleStatus::Pass | RuleStatus::Skip | RuleStatus::Warn => false,
    };
    let denied = results.iter().any(blocks);
    let message = if pending {
        "artifacts are missing: nothing is decided".to_owned()
    } else if denied {
        denial(request, results)
    } else {
        String::new()
    };
    let warned = |result: &&RuleResult| match result.status {
        RuleStatus::Fail | RuleStatus::Error => !denied,
        RuleStatus::Skip => result.emit_warning,
        RuleStatus::Warn => true,
        RuleStatus::Pass => false,
    };
    let warning = |result: &RuleResult| format!("policy {}.{}: {}", result.policy_key, result.rule, result.message);
    Admission { allowed: !denied && !pending, message, warnings: results.iter().filter(warned).map(warning).collect() }
}

/// Kyverno's text: a YAML map policy to rule to message, the last message of a rule counting.
fn denial(request: &AdmissionRequest, results: &[RuleResult]) -> String {
    let mut policies: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for result in results.iter().filter(|r| !matches!(r.status, RuleStatus::Pass | RuleStatus::Skip)) {
        policies.entry(&result.policy_key).or_default().insert(&result.rule, &result.message);
    }
    let id = request.resource_id();
    let mut text =
        format!("\n\nresource {}/{}/{} was blocked due to the following policies \n\n", id.kind, id.namespace, id.name);
    for (policy, rules) in policies {
        text.push_str(&format!("{policy}:\n"));
        for (rule, message) in rules {
            let message = serde_json::Value::from(message);
            text.push_str(&format!("  {rule}: {message}\n"));
        }
    }
    text
}
