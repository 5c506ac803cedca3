//! What of a rule is understood but not built.

use super::{field, is_empty, operations, validate_bodies};
use crate::policy::Unsupported;
use crate::source::Span;
use crate::yaml::{Node, NodeKind};

/// Bodies of validate rules that are not built.
const VALIDATE: [(&str, &str); 3] =
    [("podSecurity", "podSecurity is"), ("cel", "cel is"), ("manifests", "manifest verification is")];

/// The parts of a rule, at `path`, that its evaluation would need and that are not built.
pub(super) fn of_rule(node: &Node, path: &str) -> Vec<Unsupported> {
    let mut found = Vec::new();
    let mut add = |path: String, feature: &str, span: Span| {
        found.push(Unsupported { path, feature: feature.to_owned(), span });
    };
    if let Some(value) = field(node, "celPreconditions").filter(|value| !is_empty(value)) {
        add(format!("{path}.celPreconditions"), "celPreconditions are", value.span);
    }
    let operations = operations(node);
    if operations.contains(&"generate")
        && let Some(value) = field(node, "generate")
    {
        add(format!("{path}.generate"), "generate rules are", value.span);
    }
    if operations.contains(&"validate")
        && let Some(validate) = field(node, "validate")
    {
        let bodies = validate_bodies(validate);
        for (name, feature) in VALIDATE.into_iter().filter(|(name, _)| bodies.contains(name)) {
            add(format!("{path}.validate.{name}"), feature, field(validate, name).map_or(validate.span, |n| n.span));
        }
    }
    found
}

/// The parts of a verifyImages entry that are not built.
pub(super) fn of_entry(node: &Node, path: &str) -> Vec<Unsupported> {
    let mut found = Vec::new();
    if let Some(value) = field(node, "imageRegistryCredentials").filter(|value| !is_empty(value)) {
        let (path, feature) = (format!("{path}.imageRegistryCredentials"), "imageRegistryCredentials are".to_owned());
        found.push(Unsupported { path, feature, span: value.span });
    }
    found
}

/// Does a variable or reference stand in entries of verifyImages? Their conditions are substituted when they are
/// evaluated.
pub(super) fn has_variables(node: &Node) -> bool {
    match &node.kind {
        NodeKind::String(text) => text.contains("{{") || text.contains("$("),
        NodeKind::Sequence(items) => items.iter().any(has_variables),
        NodeKind::Mapping(entries) => entries
            .iter()
            .any(|entry| entry.key.contains("{{") || (entry.key != "conditions" && has_variables(&entry.value))),
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => false,
    }
}
