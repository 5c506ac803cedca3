//! The kinds of match and exclude in a generated rule.

use super::Variant;
use super::eligibility::names_pod;
use crate::policy::decode;
use crate::yaml::{Entry, Node, NodeKind};

/// Puts the kinds of `variant` into the filters of `block`: of `match`, or else of `exclude`.
pub(super) fn replace(variant: &Variant, block: &mut Node, is_match: bool) {
    for combination in ["any", "all"] {
        if !decode::list(block, combination).is_empty() {
            if let Some(Node { kind: NodeKind::Sequence(filters), .. }) = value_mut(block, combination) {
                for filter in filters {
                    if variant.every_filter || names_pod(&kinds(filter)) {
                        put(variant, filter);
                    }
                }
            }
            return;
        }
    }
    if is_match || !kinds(block).is_empty() {
        put(variant, block);
    }
}

fn kinds(filter: &Node) -> Vec<String> {
    decode::field(filter, "resources").map(|resources| decode::texts(resources, "kinds")).unwrap_or_default()
}

fn put(variant: &Variant, filter: &mut Node) {
    let Some(resources) = ensure(filter, "resources", NodeKind::Mapping(Vec::new())) else { return };
    if let Some(kinds) = ensure(resources, "kinds", NodeKind::Null) {
        let span = kinds.span;
        let kind = |kind: &String| Node { kind: NodeKind::String(kind.clone()), span };
        kinds.kind = NodeKind::Sequence(variant.kinds.iter().map(kind).collect());
    }
}

/// The value under `name`; where there is none, `default`, at the place of the mapping.
fn ensure<'a>(node: &'a mut Node, name: &str, default: NodeKind) -> Option<&'a mut Node> {
    let span = node.span;
    if decode::field(node, name).is_none() {
        let NodeKind::Mapping(entries) = &mut node.kind else { return None };
        entries.retain(|entry| entry.key != name);
        entries.push(Entry { key: name.to_owned(), key_span: span, value: Node { kind: default, span } });
    }
    value_mut(node, name)
}

fn value_mut<'a>(node: &'a mut Node, name: &str) -> Option<&'a mut Node> {
    let NodeKind::Mapping(entries) = &mut node.kind else { return None };
    entries.iter_mut().find(|entry| entry.key == name).map(|entry| &mut entry.value)
}
