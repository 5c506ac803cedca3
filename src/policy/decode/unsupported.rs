//! What of a rule is understood but not built.

use super::field;
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
        if let Some(value) = field(node, name).filter(|value| !is_empty(value)) {
            add(format!("{path}.{name}"), feature, value.span);
        }
    }
    for (name, feature) in
        [("mutate", "mutate rules are"), ("validate", "validate rules are"), ("generate", "generate rules are")]
    {
        if let Some(value) = field(node, name) {
            add(format!("{path}.{name}"), feature, value.span);
        }
    }
    if let Some((at, span)) = variable(node, path) {
        add(at, "variables are", span);
    }
    found
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

fn is_empty(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Mapping(entries) => entries.iter().all(|entry| is_empty(&entry.value)),
        NodeKind::Null => true,
        NodeKind::Sequence(items) => items.is_empty(),
        NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) => false,
    }
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
            let later = entry.key == "conditions" && path.contains(".attestations[");
            if later { None } else { variable(&entry.value, &format!("{path}.{}", entry.key)) }
        }),
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => None,
    }
}
