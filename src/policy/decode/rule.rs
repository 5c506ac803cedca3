//! One rule.

use super::matching::match_resources;
use super::{expressions, field, images, language, list, text, text_map, unsupported};
use crate::policy::{ImageExtractor, Rule, RuleBody, VerifyImages};
use crate::source::Span;
use crate::yaml::{Node, NodeKind};
use std::collections::BTreeMap;

/// What a rule can do.
pub(in crate::policy) const OPERATIONS: [&str; 4] = ["mutate", "validate", "generate", "verifyImages"];
/// What a validate rule can consist of.
pub(in crate::policy) const VALIDATE_BODIES: [&str; 7] =
    ["pattern", "anyPattern", "deny", "foreach", "podSecurity", "cel", "manifests"];

/// What the rule does. An empty operation is none, as in Kyverno.
pub(in crate::policy) fn operations(rule: &Node) -> Vec<&'static str> {
    let written = |name: &&str| match field(rule, name).map(|value| &value.kind) {
        Some(NodeKind::Mapping(entries)) => entries.iter().any(|entry| entry.value.kind != NodeKind::Null),
        Some(NodeKind::Sequence(items)) => !items.is_empty(),
        _ => false,
    };
    OPERATIONS.into_iter().filter(written).collect()
}

/// What a validate rule consists of. Manifests without attestors are nothing.
pub(in crate::policy) fn validate_bodies(validate: &Node) -> Vec<&'static str> {
    let written = |name: &&str| {
        field(validate, name).is_some_and(|body| *name != "manifests" || !list(body, "attestors").is_empty())
    };
    VALIDATE_BODIES.into_iter().filter(written).collect()
}

/// Reads a rule that stands at `path`.
pub(in crate::policy) fn rule(node: &Node, path: &str) -> Rule {
    let empty = Node { kind: NodeKind::Null, span: Span::default() };
    let operations = operations(node);
    let body = if operations.contains(&"verifyImages") {
        let written = field(node, "verifyImages").unwrap_or(&empty);
        let dynamic = unsupported::has_variables(written).then(|| written.clone());
        RuleBody::VerifyImages(VerifyImages { entries: images::entries(written, path), dynamic })
    } else if operations.contains(&"mutate") {
        RuleBody::Mutate(Box::new(language::mutation(field(node, "mutate").unwrap_or(&empty), node)))
    } else if operations.contains(&"generate") {
        RuleBody::Generate
    } else {
        RuleBody::Validate(Box::new(language::validation(field(node, "validate").unwrap_or(&empty))))
    };
    Rule {
        name: text(node, "name").unwrap_or_default(),
        span: node.span,
        match_resources: match_resources(field(node, "match").unwrap_or(&empty)),
        exclude: field(node, "exclude").map(match_resources),
        image_extractors: extractors(node),
        report_properties: text_map(node, "reportProperties"),
        context: language::context(node),
        preconditions: language::conditions(node, "preconditions"),
        expressions: expressions::of(node),
        body,
        unsupported: unsupported::of_rule(node, path),
    }
}

fn extractors(node: &Node) -> BTreeMap<String, Vec<ImageExtractor>> {
    let entries = field(node, "imageExtractors").and_then(Node::entries).unwrap_or_default();
    let kind = |entry: &crate::yaml::Entry| {
        let extractors = match &entry.value.kind {
            NodeKind::Sequence(items) => items.iter().map(extractor).collect(),
            _ => Vec::new(),
        };
        (entry.key.clone(), extractors)
    };
    entries.iter().map(kind).collect()
}

/// Without `value`, the last component of the path is the field that holds the image.
fn extractor(node: &Node) -> ImageExtractor {
    let written = text(node, "path").unwrap_or_default();
    let mut path: Vec<String> =
        written.split('/').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let value = text(node, "value").filter(|value| !value.is_empty());
    ImageExtractor {
        value: value.unwrap_or_else(|| path.pop().unwrap_or_default()),
        path,
        name: text(node, "name").filter(|name| !name.is_empty()).unwrap_or_else(|| "custom".to_owned()),
        key: text(node, "key").filter(|key| !key.is_empty()),
        jmes_path: text(node, "jmesPath").filter(|path| !path.is_empty()),
        span: node.span,
    }
}
