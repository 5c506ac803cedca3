//! PolicyExceptions: which lift a rule for an object.
//!
//! Source: Kyverno `pkg/engine/utils/exceptions.go`, `pkg/exceptions`.

use super::conditions;
use super::gate::Kind;
use super::result::{RuleResult, RuleStatus};
use super::rule::RuleView;
use crate::context::Context;
use crate::policy::PolicyException;
use crate::resource::{Target, exception_applies};
use crate::wildcard;
use serde_json::Value;

/// The result of a rule that an exception lifts, or that one would lift of which something is not built. Conditions that
/// cannot be evaluated do not hold.
pub(super) fn lifted(
    view: &RuleView<'_>,
    exceptions: &[PolicyException],
    object: &Value,
    kind: Kind,
    context: &mut Context<'_>,
) -> Option<RuleResult> {
    let target = Target::new(view.request, object);
    let mut holds = |exception: &PolicyException| {
        let block = exception.conditions.as_ref();
        block.is_none_or(|block| conditions::holds(block, context).is_ok_and(|(holds, _)| holds))
    };
    let matching: Vec<&PolicyException> = exceptions
        .iter()
        .filter(|exception| names(exception, view) && exception_applies(exception, &target) && holds(exception))
        .collect();
    if let Some(unsupported) = matching.iter().find_map(|exception| exception.unsupported.first()) {
        let result = view.not_built(kind.phase, unsupported);
        return Some(RuleResult { rule_type: kind.rule_type, ..result });
    }
    if matching.is_empty() {
        return None;
    }
    let keys: Vec<String> = matching.iter().map(|exception| exception.key()).collect();
    // Kyverno's text has no separator before the keys.
    let message = format!("rule is skipped due to policy exceptions{}", keys.join(", "));
    let result = view.result(kind.phase, RuleStatus::Skip, "policy-exception", message);
    Some(RuleResult { rule_type: kind.rule_type, ..result })
}

fn names(exception: &PolicyException, view: &RuleView<'_>) -> bool {
    let key = view.policy.key();
    exception.targets.iter().any(|target| {
        target.policy_name == key && target.rule_names.iter().any(|name| wildcard::matches(name, &view.rule.name))
    })
}
