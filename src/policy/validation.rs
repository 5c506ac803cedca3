//! What makes Kyverno refuse a policy whose structure is sound.
//!
//! Source: Kyverno `pkg/validation/policy`, `api/kyverno/v1`. Messages begin with Kyverno's text. Kyverno checks the
//! generated rules too; they can only repeat what is wrong with the rule they were made from.

mod attestors;
mod background;
mod context;
mod deprecated;
mod emptiness;
mod exception;
mod ineffective;
mod language;
mod matching;
mod overrides;
mod pattern;
mod rule;
mod spec;
mod verify_images;

pub(super) use exception::validate_exception;

use super::{Policy, PolicyKind, decode};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::Node;

/// Longest name of a policy: it becomes a label value (`api/kyverno/v1/utils.go`).
const NAME_LENGTH: usize = 63;

/// Everything that is wrong or deprecated. `policy` was decoded from `node`.
pub(super) fn validate(node: &Node, policy: &Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some(spec) = decode::field(node, "spec") else { return found };
    metadata(node, policy, &mut found);
    spec::validate(spec, policy, &mut found);
    let written = decode::list(spec, "rules");
    rule::names(written, &mut found);
    for (index, (node, rule)) in written.iter().zip(&policy.spec.rules).enumerate() {
        let path = format!("spec.rules[{index}]");
        rule::validate(node, rule, policy, &path, &mut found);
        language::slips(node, &path, &mut found);
    }
    if policy.spec.background {
        background::variables(node, &mut found);
    }
    deprecated::of_policy(spec, &mut found);
    found
}

fn metadata(node: &Node, policy: &Policy, found: &mut Vec<Diagnostic>) {
    let Some(metadata) = decode::field(node, "metadata") else { return };
    let place = |name| decode::field(metadata, name).map_or(metadata.span, |node| node.span);
    if policy.name.len() > NAME_LENGTH {
        let message = format!("policy name `{}` must not exceed {NAME_LENGTH} characters", policy.name);
        found.push(error("name-too-long", message, "metadata.name", place("name")));
    }
    let namespaced = decode::text(metadata, "namespace").is_some_and(|namespace| !namespace.is_empty());
    if policy.kind == PolicyKind::ClusterPolicy && namespaced {
        let message = "A clusterpolicy should not have the namespace defined";
        let diagnostic = error("namespace-on-cluster-policy", message, "metadata.namespace", place("namespace"));
        found.push(diagnostic.help("remove it, or make it a Policy"));
    }
    if policy.annotations.get(super::autogen::ANNOTATION).is_some_and(|text| text == "all") {
        let message =
            "Autogen annotation does not support 'all' anymore, remove the annotation or set it to a valid value";
        found.push(error("autogen-all", message, "metadata.annotations", place("annotations")));
    }
}

fn error(code: &'static str, message: impl Into<String>, path: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::error(code, message).at(path, span)
}

/// Where the field is written, or where its object is.
fn place(node: &Node, name: &str) -> Span {
    decode::field(node, name).map_or(node.span, |value| value.span)
}

#[cfg(test)]
mod tests;
