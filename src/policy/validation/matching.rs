//! `match` and `exclude`.

use super::error;
use crate::diagnostic::Diagnostic;
use crate::policy::{PolicyKind, decode};
use crate::source::Span;
use crate::yaml::{Node, NodeKind};

const DIRECT: [&str; 4] = ["resources", "roles", "clusterRoles", "subjects"];
/// Kyverno's texts do not say which of the two it was.
const ANY_AND_ALL: &str = "Can't specify any and all together";

/// Checks both blocks of the rule (or exception) at `path`.
pub(super) fn validate(rule: &Node, kind: PolicyKind, path: &str, found: &mut Vec<Diagnostic>) {
    for name in ["match", "exclude"] {
        if let Some(block) = decode::field(rule, name) {
            let path = format!("{path}.{name}");
            validate_block(block, name, kind, &path, found);
            if let Some((path, span)) = variable(block, &path) {
                let rule = decode::text(rule, "name").unwrap_or_default();
                let message = format!("rule \"{rule}\" should not have variables in {name} section");
                found.push(error("variable-in-match", message, path, span));
            }
        }
    }
}

fn validate_block(block: &Node, name: &str, kind: PolicyKind, path: &str, found: &mut Vec<Diagnostic>) {
    let (any, all) = (decode::list(block, "any"), decode::list(block, "all"));
    let combined = !any.is_empty() || !all.is_empty();
    if !any.is_empty() && !all.is_empty() {
        found.push(error("match-any-and-all", ANY_AND_ALL, path, block.span));
    }
    let direct = DIRECT.into_iter().find_map(|name| decode::field(block, name));
    if let (true, Some(direct)) = (combined, direct) {
        let message = format!("Can't specify any/all together with {name} resources");
        found.push(error("match-mixed", message, path, direct.span));
    }
    for (combination, filters) in [("any", any), ("all", all)] {
        for (index, filter) in filters.iter().enumerate() {
            validate_filter(filter, kind, &format!("{path}.{combination}[{index}]"), found);
        }
    }
    if !combined {
        validate_filter(block, kind, path, found);
    }
}

fn validate_filter(filter: &Node, kind: PolicyKind, path: &str, found: &mut Vec<Diagnostic>) {
    subjects(filter, path, found);
    roles(filter, path, found);
    let Some(resources) = decode::field(filter, "resources") else { return };
    let path = format!("{path}.resources");
    let named = decode::text(resources, "name").is_some_and(|name| !name.is_empty());
    if named && !decode::list(resources, "names").is_empty() {
        let message = "Both name and names can not be specified together";
        found.push(error("match-name-twice", message, path.as_str(), resources.span));
    }
    if kind == PolicyKind::Policy && !decode::list(resources, "namespaces").is_empty() {
        let message = "Filtering namespaces not allowed in namespaced policies";
        let span = super::place(resources, "namespaces");
        found.push(error("match-namespaces", message, format!("{path}.namespaces"), span));
    }
    for name in ["selector", "namespaceSelector"] {
        if let Some(selector) = decode::field(resources, name) {
            validate_selector(selector, name, &format!("{path}.{name}"), found);
        }
    }
}

/// Kyverno looks at `selector` alone here. A `namespaceSelector` that it cannot read makes it skip the rule without a
/// word: that one is refused too.
fn validate_selector(selector: &Node, name: &str, path: &str, found: &mut Vec<Diagnostic>) {
    let requirements = decode::list(selector, "matchExpressions");
    let labels = decode::text_map(selector, "matchLabels");
    if name == "selector" && requirements.is_empty() && labels.is_empty() {
        let message = "The requirements are not specified in selector";
        found.push(error("selector-empty", message, path, selector.span));
    }
    for (index, requirement) in requirements.iter().enumerate() {
        let operator = decode::text(requirement, "operator").unwrap_or_default();
        let listed = matches!(operator.as_str(), "In" | "NotIn");
        if listed == decode::list(requirement, "values").is_empty() {
            let expected = if listed { "at least one value" } else { "no values" };
            let found_values = if listed { "none" } else { "some" };
            let message = format!("expected {expected} for operator {operator}, found {found_values}");
            found.push(error(
                "selector-values",
                message,
                format!("{path}.matchExpressions[{index}]"),
                requirement.span,
            ));
        }
    }
}

/// A filter of a rule's match names kinds; those of exclude and of exceptions need not.
pub(super) fn kinds(rule: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    let Some(block) = decode::field(rule, "match") else { return };
    let (any, all) = (decode::list(block, "any"), decode::list(block, "all"));
    let (filters, name) = match (any, all) {
        ([_, ..], _) => (any, "match.any"),
        ([], [_, ..]) => (all, "match.all"),
        ([], []) => (std::slice::from_ref(block), "match"),
    };
    for (index, filter) in filters.iter().enumerate() {
        let resources = decode::field(filter, "resources");
        if resources.is_none_or(|resources| decode::list(resources, "kinds").is_empty()) {
            let message = "at least one element must be specified in a kind block, the kind attribute is mandatory \
                           when working with the resources element";
            let place = if name == "match" { String::new() } else { format!("[{index}]") };
            found.push(error("match-kinds-missing", message, format!("{path}.{name}{place}"), filter.span));
        }
    }
}

fn subjects(filter: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    for (index, subject) in decode::list(filter, "subjects").iter().enumerate() {
        let absent = |name| decode::text(subject, name).is_none_or(|text| text.is_empty());
        let path = format!("{path}.subjects[{index}]");
        if absent("name") {
            found.push(error("subject-name", "a subject needs a name", format!("{path}.name"), subject.span));
        }
        if decode::text(subject, "kind").as_deref() == Some("ServiceAccount") && absent("namespace") {
            let message = "namespace is required when Kind is ServiceAccount";
            found.push(error("subject-namespace", message, format!("{path}.namespace"), subject.span));
        }
    }
}

fn roles(filter: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    for (index, role) in decode::list(filter, "roles").iter().enumerate() {
        if role.as_str().is_some_and(|role| role.split(':').count() != 2) {
            let message = "Role is expected to be in namespace:name format";
            found.push(error("role-form", message, format!("{path}.roles[{index}]"), role.span));
        }
    }
}

/// The first text with a variable in it, keys included.
fn variable(node: &Node, path: &str) -> Option<(String, Span)> {
    match &node.kind {
        NodeKind::String(text) => text.contains("{{").then(|| (path.to_owned(), node.span)),
        NodeKind::Sequence(items) => {
            items.iter().enumerate().find_map(|(index, item)| variable(item, &format!("{path}[{index}]")))
        }
        NodeKind::Mapping(entries) => entries.iter().find_map(|entry| {
            if entry.key.contains("{{") {
                return Some((path.to_owned(), entry.key_span));
            }
            variable(&entry.value, &format!("{path}.{}", entry.key))
        }),
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => None,
    }
}
