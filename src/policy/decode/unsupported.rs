//! What of a rule is understood but not built.

use super::{field, is_empty, operations, validate_bodies};
use crate::policy::Unsupported;
use crate::source::Span;
use crate::yaml::{Node, NodeKind};

/// The parts of a rule, at `path`, that its evaluation would need and that are not built.
pub(super) fn of_rule(node: &Node, path: &str) -> Vec<Unsupported> {
    let mut found = Vec::new();
    let mut add = |path: String, feature: &str, span: Span| {
        found.push(Unsupported { path, feature: feature.to_owned(), span });
    };
    for (name, feature) in [
        ("context", "context entries are"),
        ("preconditions", "preconditions are"),
        ("celPreconditions", "celPreconditions are"),
    ] {
        // An empty `any` is no empty condition: it is false.
        let counts =
            |value: &&Node| !is_empty(value) || value.field("any").is_some_and(|any| any.kind != NodeKind::Null);
        if let Some(value) = field(node, name).filter(counts) {
            add(format!("{path}.{name}"), feature, value.span);
        }
    }
    for name in operations(node).into_iter().filter(|name| *name != "verifyImages") {
        if let Some(value) = field(node, name) {
            let (part, span) = part_of(name, value);
            add(format!("{path}.{part}"), &format!("{name} rules are"), span);
        }
    }
    if let Some((at, span)) = variable(node, path) {
        add(at, "variables are", span);
    }
    found
}

/// The body of an operation: `validate.pattern`, `mutate.foreach`, `generate`.
fn part_of(operation: &str, value: &Node) -> (String, Span) {
    const MUTATE_BODIES: [&str; 3] = ["patchStrategicMerge", "patchesJson6902", "foreach"];
    let part = match operation {
        "validate" => validate_bodies(value).first().copied(),
        "mutate" => MUTATE_BODIES.into_iter().find(|name| field(value, name).is_some()),
        _ => None,
    };
    match part.and_then(|part| Some((part, field(value, part)?))) {
        Some((part, body)) => (format!("{operation}.{part}"), body.span),
        None => (operation.to_owned(), value.span),
    }
}

/// The parts of a verifyImages entry that are not built.
pub(super) fn of_entry(node: &Node, path: &str) -> Vec<Unsupported> {
    let mut found = Vec::new();
    for (name, feature) in [
        ("attestations", "attestation verification is"),
        ("validate", "validate in verifyImages is"),
        ("imageRegistryCredentials", "imageRegistryCredentials are"),
    ] {
        if let Some(value) = field(node, name).filter(|value| !is_empty(value)) {
            found.push(Unsupported { path: format!("{path}.{name}"), feature: feature.to_owned(), span: value.span });
        }
    }
    if let Some(kind) = field(node, "type").filter(|kind| kind.as_str() != Some("Cosign")) {
        let feature = format!("type {} is", kind.as_str().unwrap_or_default());
        found.push(Unsupported { path: format!("{path}.type"), feature, span: kind.span });
    }
    found
}

/// The first text with a variable or reference in it, outside the conditions that are evaluated later.
fn variable(node: &Node, path: &str) -> Option<(String, Span)> {
    match &node.kind {
        NodeKind::String(text) => (text.contains("{{") || text.contains("$(")).then(|| (path.to_owned(), node.span)),
        NodeKind::Sequence(items) => {
            items.iter().enumerate().find_map(|(index, item)| variable(item, &format!("{path}[{index}]")))
        }
        NodeKind::Mapping(entries) => entries.iter().find_map(|entry| {
            if entry.key.contains("{{") {
                return Some((path.to_owned(), entry.key_span));
            }
            if is_later(&entry.key, path) { None } else { variable(&entry.value, &format!("{path}.{}", entry.key)) }
        }),
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => None,
    }
}

/// Conditions of verifyImages entries are substituted when they are evaluated. The message of `validate` is not one of
/// them: Kyverno substitutes it with the rule.
fn is_later(key: &str, path: &str) -> bool {
    key == "conditions" && path.contains(".verifyImages[")
}
