//! What a failed verifyImages rule does to the request.
//!
//! Source: Kyverno `pkg/engine/api/engineresponse.go` (`GetValidationFailureAction`).

use super::Target;
use super::matching::namespace_selected;
use crate::policy::{FailureAction, FailureActionOverride, Policy, Rule, RuleBody};
use crate::wildcard;

/// Enforce if any entry of the rule says so, else the first entry's action that is set, else the first override of the
/// policy that covers the namespace, else the policy's.
pub fn failure_action(policy: &Policy, rule: &Rule, target: &Target<'_>) -> FailureAction {
    let written: Vec<FailureAction> = match &rule.body {
        RuleBody::VerifyImages(entries) => entries.iter().filter_map(|entry| entry.failure_action).collect(),
        RuleBody::Generate | RuleBody::Mutate | RuleBody::Validate => Vec::new(),
    };
    if written.contains(&FailureAction::Enforce) {
        return FailureAction::Enforce;
    }
    written
        .first()
        .copied()
        .or_else(|| policy.spec.failure_action_overrides.iter().find_map(|o| covering(o, target)))
        .unwrap_or(policy.spec.failure_action)
}

fn covering(entry: &FailureActionOverride, target: &Target<'_>) -> Option<FailureAction> {
    let namespace = target.namespace();
    let named = entry.namespaces.is_empty() || entry.namespaces.iter().any(|n| wildcard::matches(n, namespace));
    let selected = entry.namespace_selector.as_ref().is_none_or(|selector| namespace_selected(selector, target));
    entry.action.filter(|_| named && selected)
}
