//! `match` and `exclude`.

use crate::diagnostic::Diagnostic;
use crate::policy::{PolicyKind, decode};
use crate::yaml::{Node, NodeKind};

/// Checks both blocks of the rule at `path`.
pub(super) fn validate(rule: &Node, kind: PolicyKind, path: &str, found: &mut Vec<Diagnostic>) {
    for name in ["match", "exclude"] {
        if let Some(block) = decode::field(rule, name) {
            validate_block(block, kind, &format!("{path}.{name}"), found);
        }
    }
    let same = |name: &str| decode::field(rule, name).map(|block| decode::list(block, "any")).unwrap_or_default();
    if let Some(filter) = same("match").iter().find(|filter| same("exclude").contains(filter)) {
        let message = "Rule is matching an empty set: a filter of match stands in exclude too";
        found.push(Diagnostic::error("match-empty-set", message).at(format!("{path}.match"), filter.span));
    }
}

fn validate_block(block: &Node, kind: PolicyKind, path: &str, found: &mut Vec<Diagnostic>) {
    let mut error = |code, message: &str, node: &Node| {
        found.push(Diagnostic::error(code, message).at(path, node.span));
    };
    let (any, all) = (decode::list(block, "any"), decode::list(block, "all"));
    if !any.is_empty() && !all.is_empty() {
        error("match-any-and-all", "Can't specify any and all together", block);
    }
    let direct = ["resources", "roles", "clusterRoles", "subjects"];
    if !(any.is_empty() && all.is_empty()) && direct.iter().any(|name| decode::field(block, name).is_some()) {
        error("match-mixed", "Can't specify any/all together with match resources", block);
    }
    for filter in any.iter().chain(all).chain(std::iter::once(block)) {
        if let Some(resources) = decode::field(filter, "resources") {
            if decode::field(resources, "name").is_some() && decode::field(resources, "names").is_some() {
                error("match-name-twice", "Both name and names can not be specified together", resources);
            }
            if kind == PolicyKind::Policy && decode::field(resources, "namespaces").is_some() {
                error(
                    "match-namespaces",
                    "a Policy applies to its own namespace: namespaces are not allowed",
                    resources,
                );
            }
            let selectors = ["selector", "namespaceSelector"].map(|name| decode::field(resources, name));
            for selector in selectors.into_iter().flatten() {
                if selector.entries().is_some_and(<[_]>::is_empty) {
                    error("selector-empty", "The requirements are not specified in selector", selector);
                }
                for requirement in decode::list(selector, "matchExpressions") {
                    let listed = matches!(decode::text(requirement, "operator").as_deref(), Some("In" | "NotIn"));
                    if listed == decode::list(requirement, "values").is_empty() {
                        let message = "In and NotIn need values, Exists and DoesNotExist have none";
                        error("selector-values", message, requirement);
                    }
                }
            }
        }
        for subject in decode::list(filter, "subjects") {
            let is_account = decode::text(subject, "kind").as_deref() == Some("ServiceAccount");
            if is_account && decode::text(subject, "namespace").is_none_or(|namespace| namespace.is_empty()) {
                error("subject-namespace", "a ServiceAccount subject needs a namespace", subject);
            }
        }
        for role in decode::list(filter, "roles") {
            if role.as_str().is_some_and(|role| role.split(':').count() != 2) {
                error("role-form", "Role is expected to be in namespace:name format", role);
            }
        }
    }
    if let Some(span) = variable(block) {
        found.push(
            Diagnostic::error("variable-in-match", "variables are not allowed in match and exclude").at(path, span),
        );
    }
}

fn variable(node: &Node) -> Option<crate::source::Span> {
    match &node.kind {
        NodeKind::String(text) => text.contains("{{").then_some(node.span),
        NodeKind::Sequence(items) => items.iter().find_map(variable),
        NodeKind::Mapping(entries) => entries.iter().find_map(|entry| variable(&entry.value)),
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => None,
    }
}
