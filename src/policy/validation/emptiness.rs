//! Rules whose exclude takes away all that their match names.
//!
//! Source: Kyverno `api/kyverno/v1/rule_types.go` (`ValidateMatchExcludeConflict`). It is no full check: it compares
//! filters that are written alike.

use super::error;
use crate::diagnostic::Diagnostic;
use crate::policy::{Block, LabelSelector, MatchResources, ResourceFilter, Rule};
use crate::wildcard;
use crate::yaml::Node;

/// Refuses the rule `node` at `path` where it can match nothing.
pub(super) fn validate(node: &Node, rule: &Rule, path: &str, found: &mut Vec<Diagnostic>) {
    if rule.exclude.as_ref().is_some_and(|exclude| is_empty(&rule.match_resources, exclude)) {
        let message = "Rule is matching an empty set: exclude takes away all that match names";
        found.push(error("match-empty-set", message, path, node.span));
    }
}

fn is_empty(matching: &MatchResources, exclude: &MatchResources) -> bool {
    let none = ResourceFilter::default();
    let direct = |resources: &MatchResources| match &resources.block {
        Block::Direct(filter) => filter.as_ref().clone(),
        Block::All(_) | Block::Any(_) => none.clone(),
    };
    match (&matching.block, &exclude.block) {
        (Block::All(_), _) | (_, Block::All(_)) => false,
        (Block::Any(matching), Block::Any(exclude)) => matching.iter().any(|filter| exclude.contains(filter)),
        (_, Block::Direct(exclude)) if **exclude == none => false,
        _ => covers(&direct(exclude), &direct(matching)),
    }
}

/// Does every criterion of `exclude` hold for all that `matching` names?
fn covers(exclude: &ResourceFilter, matching: &ResourceFilter) -> bool {
    let users = within(&matching.roles, &exclude.roles)
        && within(&matching.cluster_roles, &exclude.cluster_roles)
        && within(&matching.subjects, &exclude.subjects);
    let named = exclude
        .name
        .as_ref()
        .is_none_or(|pattern| wildcard::matches(pattern, matching.name.as_deref().unwrap_or_default()));
    if !users || !named {
        return false;
    }
    // Where exclude has names, they alone decide.
    if !exclude.names.is_empty() {
        return matching.names.iter().any(|name| exclude.names.iter().any(|pattern| wildcard::matches(pattern, name)));
    }
    within(&matching.namespaces, &exclude.namespaces)
        && within(&matching.kinds, &exclude.kinds)
        && selector_covers(exclude.selector.as_ref(), matching.selector.as_ref())
        && selector_covers(exclude.namespace_selector.as_ref(), matching.namespace_selector.as_ref())
        && exclude.annotations == matching.annotations
}

/// An empty `exclude` is a criterion that is not named; an empty `matching` is everything.
fn within<T: PartialEq>(matching: &[T], exclude: &[T]) -> bool {
    exclude.is_empty() || (!matching.is_empty() && matching.iter().all(|item| exclude.contains(item)))
}

fn selector_covers(exclude: Option<&LabelSelector>, matching: Option<&LabelSelector>) -> bool {
    match (exclude, matching) {
        (None, None) => true,
        (Some(exclude), Some(matching)) => {
            let labels = exclude.match_labels.is_empty()
                || (!matching.match_labels.is_empty()
                    && matching.match_labels.iter().all(|(key, value)| exclude.match_labels.get(key) == Some(value)));
            labels && within(&matching.match_expressions, &exclude.match_expressions)
        }
        (Some(_), None) | (None, Some(_)) => false,
    }
}
