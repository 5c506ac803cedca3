//! The expressions of a rule, parsed once.

use super::variables;
use crate::jmespath::Expression;
use crate::yaml::{Node, NodeKind};
use std::collections::BTreeMap;

/// The expressions of variables, and those that stand bare in `list` and `jmesPath`.
pub(super) fn of(node: &Node) -> BTreeMap<String, Expression> {
    let mut found = BTreeMap::new();
    collect(node, false, &mut found);
    found
}

fn collect(node: &Node, is_bare: bool, found: &mut BTreeMap<String, Expression>) {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            for entry in entries {
                variables(&entry.key).for_each(|variable| add(inner(variable), found));
                collect(&entry.value, matches!(entry.key.as_str(), "list" | "jmesPath"), found);
            }
        }
        NodeKind::Sequence(items) => items.iter().for_each(|item| collect(item, false, found)),
        NodeKind::String(text) if is_bare => add(text, found),
        NodeKind::String(text) => variables(text).for_each(|variable| add(inner(variable), found)),
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => {}
    }
}

fn add(text: &str, found: &mut BTreeMap<String, Expression>) {
    let text = text.trim();
    if let Ok(expression) = Expression::parse(text) {
        found.insert(text.to_owned(), expression);
    }
}

/// What is between the braces.
fn inner(variable: &str) -> &str {
    variable.trim_start_matches("{{").trim_end_matches("}}").trim().trim_start_matches('-')
}
