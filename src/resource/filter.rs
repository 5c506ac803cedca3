//! One filter of a match or exclude block.
//!
//! Source: Kyverno `pkg/engine/utils/match.go` (`doesResourceMatchConditionBlock`).

use super::selector::selects;
use super::{KindSelector, Reason, Target, UserInfo};
use crate::policy::{LabelSelector, ResourceFilter, Subject, SubjectKind};
use crate::wildcard;
use std::collections::BTreeMap;

/// Does it name anything about the object or the operation?
pub(super) fn names_object(filter: &ResourceFilter) -> bool {
    let ResourceFilter {
        kinds, name, names, namespaces, annotations, selector, namespace_selector, operations, ..
    } = filter;
    let lists = [kinds, names, namespaces];
    lists.iter().any(|list| !list.is_empty())
        || name.as_ref().is_some_and(|name| !name.is_empty())
        || !annotations.is_empty()
        || selector.is_some()
        || namespace_selector.is_some()
        || !operations.is_empty()
}

/// Does it name anything about the user?
pub(super) fn names_user(filter: &ResourceFilter) -> bool {
    !filter.roles.is_empty() || !filter.cluster_roles.is_empty() || !filter.subjects.is_empty()
}

/// Every criterion about the object that does not hold. A wrong operation ends the search, as upstream.
pub(super) fn object_reasons(filter: &ResourceFilter, target: &Target<'_>) -> Vec<Reason> {
    if !filter.operations.is_empty() && !filter.operations.contains(&target.request.operation) {
        return vec![Reason::Operation];
    }
    let kind = || Reason::Kind(filter.kinds.clone());
    let identity = [
        (!kind_holds(&filter.kinds, target)).then(kind),
        (!name_holds(filter, target)).then_some(Reason::Name),
        (!any_holds(&filter.names, target.name())).then_some(Reason::Names),
        (!any_holds(&filter.namespaces, namespace_of(target))).then_some(Reason::Namespace),
        (!annotations_hold(&filter.annotations, target)).then_some(Reason::Annotations),
    ];
    let labels = filter.selector.as_ref().and_then(|selector| selector_reason(selector, target));
    let namespace = filter.namespace_selector.as_ref().and_then(|selector| namespace_reason(selector, target));
    identity.into_iter().flatten().chain(labels).chain(namespace).collect()
}

/// Every criterion about the user that does not hold.
pub(super) fn user_reasons(filter: &ResourceFilter, user: &UserInfo) -> Vec<Reason> {
    let shares = |wanted: &[String], had: &[String]| wanted.is_empty() || wanted.iter().any(|role| had.contains(role));
    let is_somebody = filter.subjects.is_empty() || filter.subjects.iter().any(|subject| is_subject(subject, user));
    let reasons = [
        (!shares(&filter.roles, &user.roles)).then_some(Reason::Roles),
        (!shares(&filter.cluster_roles, &user.cluster_roles)).then_some(Reason::ClusterRoles),
        (!is_somebody).then_some(Reason::Subjects),
    ];
    reasons.into_iter().flatten().collect()
}

fn kind_holds(kinds: &[String], target: &Target<'_>) -> bool {
    kinds.is_empty() || kinds.iter().any(|text| KindSelector::parse(text).is_some_and(|kind| kind.selects(target)))
}

fn name_holds(filter: &ResourceFilter, target: &Target<'_>) -> bool {
    filter.name.as_ref().is_none_or(|name| name.is_empty() || wildcard::matches(name, target.name()))
}

fn any_holds(patterns: &[String], text: &str) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| wildcard::matches(pattern, text))
}

/// The namespace of a Namespace is itself.
fn namespace_of<'a>(target: &Target<'a>) -> &'a str {
    if target.kind() == "Namespace" { target.name() } else { target.namespace() }
}

fn annotations_hold(expected: &BTreeMap<String, String>, target: &Target<'_>) -> bool {
    let found = target.annotations();
    expected
        .iter()
        .all(|(key, value)| found.iter().any(|(k, v)| wildcard::matches(key, k) && wildcard::matches(value, v)))
}

fn selector_reason(selector: &LabelSelector, target: &Target<'_>) -> Option<Reason> {
    match selects(selector, &target.labels()) {
        Ok(true) => None,
        Ok(false) => Some(Reason::Selector),
        Err(error) => Some(Reason::SelectorInvalid(error)),
    }
}

fn namespace_reason(selector: &LabelSelector, target: &Target<'_>) -> Option<Reason> {
    if target.kind() == "Namespace" {
        return Some(Reason::NamespaceSelectorOnNamespace);
    }
    let known = target.namespace_labels();
    let unknown = known.is_none().then(|| target.namespace().to_owned());
    match selects(selector, &known.unwrap_or_default()) {
        Ok(true) => None,
        Ok(false) => Some(Reason::NamespaceSelector { unknown }),
        Err(error) => Some(Reason::NamespaceSelectorInvalid(error)),
    }
}

fn is_subject(subject: &Subject, user: &UserInfo) -> bool {
    match subject.kind {
        SubjectKind::Group => user.groups.iter().any(|group| wildcard::matches(&subject.name, group)),
        SubjectKind::ServiceAccount => {
            let name = format!("system:serviceaccount:{}:{}", subject.namespace, subject.name);
            wildcard::matches(&name, &user.username)
        }
        SubjectKind::User => wildcard::matches(&subject.name, &user.username),
    }
}
