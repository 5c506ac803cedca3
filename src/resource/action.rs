//! What a failed rule does to the request.
//!
//! Source: Kyverno `pkg/engine/api/engineresponse.go` (`ruleAction`, `matchOverride`).

use super::Target;
use super::selector::selects;
use crate::policy::{FailureAction, FailureActionOverride, Policy, Rule, RuleBody};
use crate::wildcard;

/// Enforce if any verifyImages entry of the rule says so, else the first entry's action that is set, else the first
/// override of the policy that covers the namespace, else the policy's.
pub fn failure_action(policy: &Policy, rule: &Rule, target: &Target<'_>) -> FailureAction {
    let spec = &policy.spec;
    let overriding = || spec.failure_action_overrides.iter().find_map(|entry| covering(entry, target));
    written(rule, target).or_else(overriding).unwrap_or(spec.failure_action)
}

fn written(rule: &Rule, target: &Target<'_>) -> Option<FailureAction> {
    let rules = match &rule.body {
        RuleBody::VerifyImages(rules) => rules,
        RuleBody::Validate(validation) => {
            let overrides = &validation.failure_action_overrides;
            return overrides.iter().find_map(|entry| covering(entry, target)).or(validation.failure_action);
        }
        RuleBody::Generate | RuleBody::Mutate(_) => return None,
    };
    let mut actions = rules.entries.iter().filter_map(|entry| entry.failure_action);
    let first = actions.next()?;
    let enforced = first == FailureAction::Enforce || actions.any(|action| action == FailureAction::Enforce);
    Some(if enforced { FailureAction::Enforce } else { first })
}

/// The action of an override, where it covers the object. Unlike in a filter, a Namespace is in none.
fn covering(entry: &FailureActionOverride, target: &Target<'_>) -> Option<FailureAction> {
    let namespace = target.namespace();
    let named = entry.namespaces.is_empty() || entry.namespaces.iter().any(|n| wildcard::matches(n, namespace));
    let labels = || target.namespace_labels().unwrap_or_default();
    let selected = entry.namespace_selector.as_ref().is_none_or(|selector| selects(selector, &labels()) == Ok(true));
    entry.action.filter(|_| named && selected)
}

#[cfg(test)]
#[path = "action_tests.rs"]
mod tests;
