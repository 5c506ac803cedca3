//! `match`, `exclude`, selectors.

use super::{field, list, text, text_map, texts};
use crate::policy::{
    Block, LabelSelector, MatchResources, Operation, Requirement, RequirementOperator, ResourceFilter, Subject,
    SubjectKind,
};
use crate::source::Span;
use crate::yaml::{Node, NodeKind};

/// `any` counts where it has filters, then `all`, then the direct form.
pub(in crate::policy) fn match_resources(node: &Node) -> MatchResources {
    let filters = |name| list(node, name).iter().map(filter).collect::<Vec<_>>();
    let (any, all) = (filters("any"), filters("all"));
    let block = match (any.is_empty(), all.is_empty()) {
        (false, _) => Block::Any(any),
        (true, false) => Block::All(all),
        (true, true) => Block::Direct(Box::new(filter(node))),
    };
    MatchResources { block }
}

fn filter(node: &Node) -> ResourceFilter {
    let empty = Node { kind: NodeKind::Null, span: Span::default() };
    let resources = field(node, "resources").unwrap_or(&empty);
    ResourceFilter {
        kinds: texts(resources, "kinds"),
        name: text(resources, "name").filter(|name| !name.is_empty()),
        names: texts(resources, "names"),
        namespaces: texts(resources, "namespaces"),
        annotations: text_map(resources, "annotations"),
        selector: field(resources, "selector").map(selector),
        namespace_selector: field(resources, "namespaceSelector").map(selector),
        operations: texts(resources, "operations").iter().filter_map(|text| Operation::parse(text)).collect(),
        roles: texts(node, "roles"),
        cluster_roles: texts(node, "clusterRoles"),
        subjects: list(node, "subjects").iter().map(subject).collect(),
    }
}

/// A label selector.
pub(super) fn selector(node: &Node) -> LabelSelector {
    let requirement = |node: &Node| Requirement {
        key: text(node, "key").unwrap_or_default(),
        operator: match text(node, "operator").as_deref() {
            Some("DoesNotExist") => RequirementOperator::DoesNotExist,
            Some("Exists") => RequirementOperator::Exists,
            Some("NotIn") => RequirementOperator::NotIn,
            _ => RequirementOperator::In,
        },
        values: texts(node, "values"),
    };
    LabelSelector {
        match_labels: text_map(node, "matchLabels"),
        match_expressions: list(node, "matchExpressions").iter().map(requirement).collect(),
    }
}

fn subject(node: &Node) -> Subject {
    Subject {
        kind: match text(node, "kind").as_deref() {
            Some("Group") => SubjectKind::Group,
            Some("ServiceAccount") => SubjectKind::ServiceAccount,
            _ => SubjectKind::User,
        },
        name: text(node, "name").unwrap_or_default(),
        namespace: text(node, "namespace").unwrap_or_default(),
    }
}
