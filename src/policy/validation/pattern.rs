//! Anchors in the patterns of a validate rule.
//!
//! Source: Kyverno `pkg/policy/validate/validate.go` (`Validate`), `pkg/policy/common/validate_pattern.go`. As there, the
//! patterns of `foreach` are not looked at.

use super::error;
use crate::diagnostic::Diagnostic;
use crate::pattern::anchor::{self, AnchorKind};
use crate::policy::decode;
use crate::yaml::{Node, NodeKind};

/// Checks `pattern` and `anyPattern` of `validate`, which is at `path`.
pub(super) fn validate(validate: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    if let Some(pattern) = decode::field(validate, "pattern") {
        walk(pattern, &format!("{path}.pattern"), found);
    }
    for (index, pattern) in decode::list(validate, "anyPattern").iter().enumerate() {
        walk(pattern, &format!("{path}.anyPattern[{index}]"), found);
    }
}

fn walk(node: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            for entry in entries {
                let path = format!("{path}.{}", entry.key);
                if let Some(anchor) = anchor::parse(&entry.key) {
                    let problem = problem(anchor.kind, &entry.key, &entry.value);
                    found.extend(problem.map(|(code, text)| error(code, text, path.as_str(), entry.key_span)));
                }
                walk(&entry.value, &path, found);
            }
        }
        NodeKind::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{path}[{index}]"), found);
            }
        }
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) | NodeKind::String(_) => {}
    }
}

fn problem(kind: AnchorKind, key: &str, value: &Node) -> Option<(&'static str, String)> {
    match (kind, &value.kind) {
        (AnchorKind::AddIfNotPresent, _) => {
            Some(("anchor-unsupported", format!("unsupported anchor {key}: it is for mutate rules alone")))
        }
        (AnchorKind::Existence, NodeKind::Sequence(items)) => items
            .is_empty()
            .then(|| ("anchor-existence-empty", "existence anchor: should have at least one value".to_owned())),
        (AnchorKind::Existence, _) => {
            Some(("anchor-existence-list", "existence anchor should have value of type list".to_owned()))
        }
        _ => None,
    }
}
