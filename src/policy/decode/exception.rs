//! PolicyException.

use super::matching::match_resources;
use super::{field, language, list, text, texts};
use crate::policy::{ExceptionTarget, PolicyException, Unsupported};
use crate::source::{SourceName, Span};
use crate::yaml::{Node, NodeKind};

/// Reads an exception.
pub(in crate::policy) fn exception(node: &Node, source: &SourceName) -> PolicyException {
    let empty = Node { kind: NodeKind::Null, span: Span::default() };
    let metadata = field(node, "metadata").unwrap_or(&empty);
    let spec = field(node, "spec").unwrap_or(&empty);
    let target = |node: &Node| ExceptionTarget {
        policy_name: text(node, "policyName").unwrap_or_default(),
        rule_names: texts(node, "ruleNames"),
    };
    let not_built = |name: &str, feature: &str| {
        let node = field(spec, name)?;
        let written = !matches!(&node.kind, NodeKind::Sequence(items) if items.is_empty());
        written.then(|| Unsupported { path: format!("spec.{name}"), feature: feature.to_owned(), span: node.span })
    };
    let unsupported = [not_built("podSecurity", "podSecurity of exceptions is")];
    PolicyException {
        name: text(metadata, "name").unwrap_or_default(),
        namespace: text(metadata, "namespace").unwrap_or_default(),
        source: source.clone(),
        span: node.span,
        targets: list(spec, "exceptions").iter().map(target).collect(),
        match_resources: match_resources(field(spec, "match").unwrap_or(&empty)),
        conditions: language::conditions(spec, "conditions"),
        unsupported: unsupported.into_iter().flatten().collect(),
    }
}
