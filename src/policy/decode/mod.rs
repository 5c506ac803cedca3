//! Checked nodes to the model. Structure was checked before, so reading takes what is there and defaults the rest.

mod attestors;
mod exception;
mod expressions;
pub(super) mod images;
mod language;
mod matching;
mod rule;
mod spec;
mod unsupported;

pub(super) use crate::variables::variables;
pub(super) use attestors::hash_name;
pub(super) use exception::exception;
pub use images::entries as image_verifications;
pub use language::condition_blocks;
pub(super) use rule::{OPERATIONS, VALIDATE_BODIES, operations, rule, validate_bodies};
pub(super) use spec::{failure_action, policy};

use crate::source::Spanned;
use crate::yaml::{Node, NodeKind};
use std::collections::BTreeMap;

/// The field, unless it is absent or null.
pub(crate) fn field<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    node.field(name).filter(|value| value.kind != NodeKind::Null)
}

/// The elements of a list field.
pub(crate) fn list<'a>(node: &'a Node, name: &str) -> &'a [Node] {
    match field(node, name).map(|value| &value.kind) {
        Some(NodeKind::Sequence(items)) => items,
        _ => &[],
    }
}

pub(crate) fn text(node: &Node, name: &str) -> Option<String> {
    field(node, name)?.as_str().map(str::to_owned)
}

fn spanned_text(node: &Node, name: &str) -> Option<Spanned<String>> {
    let value = field(node, name)?;
    Some(Spanned::new(value.as_str()?.to_owned(), value.span)).filter(|text| !text.value.is_empty())
}

pub(super) fn texts(node: &Node, name: &str) -> Vec<String> {
    list(node, name).iter().filter_map(Node::as_str).map(str::to_owned).collect()
}

pub(crate) fn flag(node: &Node, name: &str, default: bool) -> bool {
    match field(node, name).map(|value| &value.kind) {
        Some(NodeKind::Bool(value)) => *value,
        _ => default,
    }
}

pub(super) fn text_map(node: &Node, name: &str) -> BTreeMap<String, String> {
    let entries = field(node, name).and_then(Node::entries).unwrap_or_default();
    entries.iter().filter_map(|entry| Some((entry.key.clone(), entry.value.as_str()?.to_owned()))).collect()
}

/// Is there nothing in it: null, an empty list, a mapping of nothing but such?
pub(crate) fn is_empty(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Mapping(entries) => entries.iter().all(|entry| is_empty(&entry.value)),
        NodeKind::Null => true,
        NodeKind::Sequence(items) => items.is_empty(),
        NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) => false,
    }
}

#[cfg(test)]
mod tests;
