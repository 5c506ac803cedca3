//! Conditions, context entries, validate and mutate.

use super::spec::{action_override, failure_action};
use super::{field, flag, list, text};
use crate::policy::{
    Check, Condition, Conditions, ContextEntry, ContextSource, ForEachMutation, ForEachValidation, Mutation,
    MutationTarget, Patch, Template, Validation,
};
use crate::source::Span;
use crate::yaml::{Node, NodeKind};
use serde_json::Value;

fn template(node: &Node, name: &str) -> Template {
    Template::new(node.field(name).map(Node::to_value).unwrap_or_default())
}

/// A block of conditions. An empty one is none, but for an empty `any`, which never holds.
pub(in crate::policy) fn conditions(node: &Node, name: &str) -> Option<Conditions> {
    Some(block(field(node, name)?))
}

/// One block.
pub(in crate::policy) fn block(node: &Node) -> Conditions {
    if let NodeKind::Sequence(items) = &node.kind {
        return Conditions::List(items.iter().map(condition).collect());
    }
    let any = field(node, "any").map(|_| list(node, "any").iter().map(condition).collect());
    Conditions::AnyAll { any, all: list(node, "all").iter().map(condition).collect() }
}

/// Blocks of conditions in which nothing is left to substitute.
pub fn condition_blocks(filled: &Value, span: Span) -> Vec<Conditions> {
    filled.as_array().into_iter().flatten().map(|value| block(&Node::from_value(value, span))).collect()
}

fn condition(node: &Node) -> Condition {
    Condition {
        key: template(node, "key"),
        operator: text(node, "operator").unwrap_or_default(),
        value: template(node, "value"),
        message: text(node, "message").unwrap_or_default(),
    }
}

/// The context entries of a rule, a foreach or a target.
pub(in crate::policy) fn context(node: &Node) -> Vec<ContextEntry> {
    list(node, "context").iter().filter_map(context_entry).collect()
}

fn context_entry(node: &Node) -> Option<ContextEntry> {
    type Make = fn(Template) -> ContextSource;
    const SOURCES: [(&str, Make); 5] = [
        ("configMap", ContextSource::ConfigMap),
        ("apiCall", ContextSource::ApiCall),
        ("imageRegistry", ContextSource::ImageRegistry),
        ("variable", ContextSource::Variable),
        ("globalReference", ContextSource::GlobalReference),
    ];
    let (name, make) = SOURCES.into_iter().find(|(name, _)| field(node, name).is_some())?;
    Some(ContextEntry {
        name: text(node, "name").unwrap_or_default(),
        source: make(template(node, name)),
        span: node.span,
    })
}

/// `validate`.
pub(in crate::policy) fn validation(node: &Node) -> Validation {
    Validation {
        message: template(node, "message"),
        check: check(node),
        failure_action: text(node, "failureAction").as_deref().and_then(failure_action),
        failure_action_overrides: list(node, "failureActionOverrides").iter().map(action_override).collect(),
        allow_existing_violations: flag(node, "allowExistingViolations", true),
    }
}

fn check(node: &Node) -> Check {
    if let Some(deny) = field(node, "deny") {
        Check::Deny(conditions(deny, "conditions"))
    } else if field(node, "pattern").is_some() {
        Check::Pattern(template(node, "pattern"))
    } else if field(node, "anyPattern").is_some() {
        Check::AnyPattern(template(node, "anyPattern"))
    } else if field(node, "foreach").is_some() {
        Check::ForEach(list(node, "foreach").iter().map(foreach_validation).collect())
    } else {
        Check::Nothing
    }
}

fn foreach_validation(node: &Node) -> ForEachValidation {
    ForEachValidation {
        list: text(node, "list").unwrap_or_default(),
        element_scope: field(node, "elementScope").map(|_| flag(node, "elementScope", true)),
        context: context(node),
        preconditions: conditions(node, "preconditions"),
        check: check(node),
    }
}

/// `mutate` of the rule `rule`.
pub(in crate::policy) fn mutation(node: &Node, rule: &Node) -> Mutation {
    let target = |node: &Node| MutationTarget {
        selector: Template::new(node.to_value()),
        context: context(node),
        preconditions: conditions(node, "preconditions"),
    };
    Mutation {
        patch: patch(node),
        targets: list(node, "targets").iter().map(target).collect(),
        rule: Template::new(rule.to_value()),
    }
}

fn patch(node: &Node) -> Patch {
    if field(node, "patchStrategicMerge").is_some() {
        Patch::Strategic(template(node, "patchStrategicMerge"))
    } else if field(node, "patchesJson6902").is_some_and(|patch| patch.as_str() != Some("")) {
        Patch::Json(template(node, "patchesJson6902"))
    } else if field(node, "foreach").is_some() {
        Patch::ForEach(list(node, "foreach").iter().map(foreach_mutation).collect())
    } else {
        Patch::Nothing
    }
}

fn foreach_mutation(node: &Node) -> ForEachMutation {
    ForEachMutation {
        list: text(node, "list").unwrap_or_default(),
        is_descending: text(node, "order").map(|order| order == "Descending"),
        context: context(node),
        preconditions: conditions(node, "preconditions"),
        patch: patch(node),
    }
}
