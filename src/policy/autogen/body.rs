//! The bodies of generated rules: what describes a Pod moves under the pod template.
//!
//! Source: Kyverno `pkg/autogen/v1/rule.go` (`generateRule`). Kyverno takes the first body that it finds and drops what
//! stands beside it.

use super::Variant;
use super::rewrite::shift_references;
use crate::policy::decode;
use crate::yaml::{Entry, Node, NodeKind};

/// What stays of a validate rule beside its body.
const BESIDE: [&str; 4] = ["message", "failureAction", "failureActionOverrides", "allowExistingViolations"];
/// Bodies in the order Kyverno looks for them, and the word that references in messages go by.
const BODIES: [(&str, &str); 5] = [
    ("pattern", "pattern"),
    ("deny", "deny"),
    ("podSecurity", "podSecurity"),
    ("anyPattern", "anyPattern"),
    ("foreach", "pattern"),
];

/// `mutate`: a patch, or else foreach; targets are not for generated rules.
pub(super) fn mutate(variant: &Variant, node: &mut Node) {
    let is_patch = decode::field(node, "patchStrategicMerge").is_some();
    let body = if is_patch { "patchStrategicMerge" } else { "foreach" };
    if decode::field(node, body).is_none() {
        return;
    }
    let NodeKind::Mapping(entries) = &mut node.kind else { return };
    entries.retain(|entry| entry.key == body);
    for entry in entries {
        match &mut entry.value.kind {
            NodeKind::Sequence(items) if !is_patch => items.iter_mut().for_each(|item| foreach(variant, item)),
            _ => wrap(variant, &mut entry.value),
        }
    }
}

/// One element of a mutate foreach: its order and nested loops are dropped.
fn foreach(variant: &Variant, node: &mut Node) {
    let NodeKind::Mapping(entries) = &mut node.kind else { return };
    let kept = ["list", "context", "preconditions", "patchStrategicMerge"];
    entries.retain(|entry| kept.contains(&entry.key.as_str()));
    for entry in entries.iter_mut().filter(|entry| entry.key == "patchStrategicMerge") {
        wrap(variant, &mut entry.value);
    }
}

/// `validate`: patterns are wrapped, the other bodies stay as they are.
pub(super) fn validate(variant: &Variant, node: &mut Node) {
    let first = BODIES
        .into_iter()
        .find(|(name, _)| decode::field(node, name).is_some_and(|body| *name != "foreach" || !decode::is_empty(body)));
    let Some((body, pivot)) = first else { return };
    let NodeKind::Mapping(entries) = &mut node.kind else { return };
    entries.retain(|entry| entry.key == body || BESIDE.contains(&entry.key.as_str()));
    for entry in entries {
        match (entry.key.as_str(), &mut entry.value.kind) {
            ("message", NodeKind::String(text)) => variant.shift(text, pivot),
            ("pattern", _) => wrap(variant, &mut entry.value),
            ("anyPattern", NodeKind::Sequence(items)) => items.iter_mut().for_each(|item| wrap(variant, item)),
            _ => {}
        }
    }
}

impl Variant {
    /// The rule for CronJobs is made from that for the controllers, so Kyverno shifts twice (and the reference is lost).
    fn shift(&self, text: &mut String, pivot: &str) {
        if self.every_filter {
            *text = shift_references(text, "spec/template", pivot);
        }
        *text = shift_references(text, &self.template.replace('.', "/"), pivot);
    }
}

fn wrap(variant: &Variant, node: &mut Node) {
    for key in variant.template.rsplit('.') {
        let span = node.span;
        let inner = std::mem::replace(node, Node { kind: NodeKind::Null, span });
        node.kind = NodeKind::Mapping(vec![Entry { key: key.to_owned(), key_span: span, value: inner }]);
    }
}
