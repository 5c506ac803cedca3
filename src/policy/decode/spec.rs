//! `metadata` and `spec` of a policy.

use super::matching::selector;
use super::{field, flag, list, text, text_map, texts};
use crate::policy::{
    ApplyRules, FailureAction, FailureActionOverride, FailurePolicy, Policy, PolicyKind, Rule, Spec, Unsupported,
};
use crate::source::{SourceName, Span, Spanned};
use crate::yaml::{Node, NodeKind};

/// Reads a policy; its rules were read before.
pub(in crate::policy) fn policy(node: &Node, kind: PolicyKind, source: &SourceName, rules: Vec<Rule>) -> Policy {
    let empty = Node { kind: NodeKind::Null, span: Span::default() };
    let metadata = field(node, "metadata").unwrap_or(&empty);
    let namespace = match kind {
        PolicyKind::ClusterPolicy => String::new(),
        // A command line takes a Policy without namespace as one of the namespace `default`.
        PolicyKind::Policy => text(metadata, "namespace").unwrap_or_else(|| "default".to_owned()),
    };
    Policy {
        kind,
        name: text(metadata, "name").unwrap_or_default(),
        namespace,
        annotations: text_map(metadata, "annotations"),
        source: source.clone(),
        span: node.span,
        spec: spec(field(node, "spec").unwrap_or(&empty), rules),
    }
}

fn spec(node: &Node, rules: Vec<Rule>) -> Spec {
    let webhook = field(node, "webhookConfiguration");
    let failure_policy = webhook.and_then(|node| text(node, "failurePolicy")).or_else(|| text(node, "failurePolicy"));
    let conditions = webhook.map(|node| list(node, "matchConditions")).unwrap_or_default();
    let unsupported = conditions.first().map(|condition| Unsupported {
        path: "spec.webhookConfiguration.matchConditions".to_owned(),
        feature: "match conditions are".to_owned(),
        span: condition.span,
    });
    Spec {
        admission: flag(node, "admission", true),
        background: flag(node, "background", true),
        apply_rules: if text(node, "applyRules").as_deref() == Some("One") { ApplyRules::One } else { ApplyRules::All },
        emit_warning: flag(node, "emitWarning", false),
        failure_action: text(node, "validationFailureAction").as_deref().and_then(failure_action).unwrap_or_default(),
        failure_action_overrides: list(node, "validationFailureActionOverrides").iter().map(action_override).collect(),
        failure_policy: match failure_policy.as_deref() {
            Some("Ignore") => FailurePolicy::Ignore,
            _ => FailurePolicy::Fail,
        },
        rules,
        unsupported: unsupported.into_iter().collect(),
    }
}

/// `Audit` or `Enforce`, in either case.
pub(in crate::policy) fn failure_action(text: &str) -> Option<FailureAction> {
    match text {
        "Audit" | "audit" => Some(FailureAction::Audit),
        "Enforce" | "enforce" => Some(FailureAction::Enforce),
        _ => None,
    }
}

pub(super) fn action_override(node: &Node) -> FailureActionOverride {
    FailureActionOverride {
        action: text(node, "action").as_deref().and_then(failure_action),
        namespaces: texts(node, "namespaces"),
        namespace_selector: field(node, "namespaceSelector").map(selector),
    }
}

/// The text of a node with its place.
pub(super) fn spanned(node: &Node) -> Option<Spanned<String>> {
    Some(Spanned::new(node.as_str()?.to_owned(), node.span))
}
