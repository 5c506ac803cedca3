//! PolicyExceptions: which lift a rule for an object.
//!
//! Source: Kyverno `pkg/engine/utils/exceptions.go`, `pkg/exceptions`.

use super::result::{Phase, RuleResult, RuleStatus, RuleType};
use super::rule::RuleView;
use crate::policy::PolicyException;
use crate::resource::{Target, exception_applies};
use crate::wildcard;
use serde_json::Value;

/// The result of a rule that an exception lifts, or that an exception would lift if its conditions could be evaluated.
pub(super) fn lifted(
    view: &RuleView<'_>,
    exceptions: &[PolicyException],
    object: &Value,
    phase: Phase,
) -> Option<RuleResult> {
    let target = Target::new(view.request, object);
    let matching: Vec<&PolicyException> =
        exceptions.iter().filter(|exception| names(exception, view) && exception_applies(exception, &target)).collect();
    if let Some(unsupported) = matching.iter().find_map(|exception| exception.unsupported.first()) {
        return Some(view.not_built(Some(phase), unsupported));
    }
    if matching.is_empty() {
        return None;
    }
    let keys: Vec<String> = matching.iter().map(|e| format!("{}/{}", e.namespace, e.name)).collect();
    // Kyverno's text has no separator before the keys.
    let message = format!("rule is skipped due to policy exceptions{}", keys.join(", "));
    let mut result = view.result(Some(phase), RuleStatus::Skip, "policy-exception", message);
    result.rule_type = match phase {
        Phase::Check => RuleType::Validation,
        Phase::Verify => RuleType::Mutation,
    };
    Some(result)
}

fn names(exception: &PolicyException, view: &RuleView<'_>) -> bool {
    let key = view.policy.key();
    exception.targets.iter().any(|target| {
        target.policy_name == key && target.rule_names.iter().any(|name| wildcard::matches(name, &view.rule.name))
    })
}
