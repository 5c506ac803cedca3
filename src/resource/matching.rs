//! Does a rule or an exception concern this object?
//!
//! Source: Kyverno `pkg/engine/utils/match.go`, `pkg/utils/match`.

use super::kind::KindSelector;
use super::selector::selects;
use super::{Target, UserInfo};
use crate::policy::{
    Block, LabelSelector, MatchResources, Policy, PolicyException, PolicyKind, ResourceFilter, Subject, SubjectKind,
};
use crate::wildcard;
use std::collections::BTreeMap;

/// Does the rule apply: is the object in the policy's reach, matched, and not excluded?
pub fn rule_applies(
    policy: &Policy,
    matched: &MatchResources,
    excluded: Option<&MatchResources>,
    target: &Target<'_>,
) -> bool {
    let in_reach = policy.kind == PolicyKind::ClusterPolicy || policy.namespace == target.namespace();
    in_reach && matches(matched, target) && !excluded.is_some_and(|block| excludes(block, target))
}

/// Does the exception's match block cover the object?
pub fn exception_applies(exception: &PolicyException, target: &Target<'_>) -> bool {
    matches(&exception.match_resources, target)
}

fn matches(block: &MatchResources, target: &Target<'_>) -> bool {
    let holds = |filter: &ResourceFilter| match_filter(filter, target);
    match &block.block {
        Block::All(filters) => filters.iter().all(holds),
        Block::Any(filters) => filters.iter().any(holds),
        Block::Direct(filter) => holds(filter),
    }
}

/// Without user information the user criteria of a match filter are dropped; a filter that names nothing matches nothing.
fn match_filter(filter: &ResourceFilter, target: &Target<'_>) -> bool {
    let anonymous = target.request.user_info.is_empty();
    let user = |filter: &ResourceFilter| anonymous || user_matches(filter, &target.request.user_info);
    let empty = names_no_object(filter) && (anonymous || names_no_user(filter));
    !empty && object_matches(filter, target) && user(filter)
}

/// An exclude filter that names nothing excludes nothing, also within `all`.
fn excludes(block: &MatchResources, target: &Target<'_>) -> bool {
    let holds = |filter: &ResourceFilter| {
        let empty = names_no_object(filter) && names_no_user(filter);
        !empty && object_matches(filter, target) && user_matches(filter, &target.request.user_info)
    };
    match &block.block {
        Block::All(filters) => filters.iter().all(holds),
        Block::Any(filters) => filters.iter().any(holds),
        Block::Direct(filter) => holds(filter),
    }
}

fn names_no_user(filter: &ResourceFilter) -> bool {
    filter.roles.is_empty() && filter.cluster_roles.is_empty() && filter.subjects.is_empty()
}

fn names_no_object(filter: &ResourceFilter) -> bool {
    let ResourceFilter {
        kinds, name, names, namespaces, annotations, selector, namespace_selector, operations, ..
    } = filter;
    kinds.is_empty()
        && name.is_none()
        && names.is_empty()
        && namespaces.is_empty()
        && annotations.is_empty()
        && selector.is_none()
        && namespace_selector.is_none()
        && operations.is_empty()
}

fn object_matches(filter: &ResourceFilter, target: &Target<'_>) -> bool {
    let any = |patterns: &[String], text: &str| {
        patterns.is_empty() || patterns.iter().any(|pattern| wildcard::matches(pattern, text))
    };
    // The namespace of a Namespace is itself.
    let namespace = if target.kind() == "Namespace" { target.name() } else { target.namespace() };
    (filter.operations.is_empty() || filter.operations.contains(&target.request.operation))
        && (filter.kinds.is_empty() || filter.kinds.iter().any(|kind| kind_matches(kind, target)))
        && filter.name.as_ref().is_none_or(|name| wildcard::matches(name, target.name()))
        && any(&filter.names, target.name())
        && any(&filter.namespaces, namespace)
        && annotations_match(&filter.annotations, target)
        && filter.selector.as_ref().is_none_or(|s| selects(s, &target.string_map("/metadata/labels")))
        && filter.namespace_selector.as_ref().is_none_or(|s| target.kind().is_empty() || namespace_selected(s, target))
}

fn kind_matches(selector: &str, target: &Target<'_>) -> bool {
    KindSelector::parse(selector)
        .is_some_and(|s| s.matches(target.api_version(), target.kind(), &target.request.sub_resource))
}

fn annotations_match(expected: &BTreeMap<String, String>, target: &Target<'_>) -> bool {
    let found = target.string_map("/metadata/annotations");
    let is_there = |(key, value): (&String, &String)| {
        found.iter().any(|(k, v)| wildcard::matches(key, k) && wildcard::matches(value, v))
    };
    expected.iter().all(is_there)
}

/// The selector on the labels of the object's namespace; a Namespace itself is never selected.
pub(super) fn namespace_selected(selector: &LabelSelector, target: &Target<'_>) -> bool {
    if target.kind() == "Namespace" {
        return false;
    }
    let labels = target.request.namespace_labels.get(target.namespace());
    let labels = labels.into_iter().flatten().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    selects(selector, &labels)
}

/// Roles, cluster roles and subjects, each where it is named.
fn user_matches(filter: &ResourceFilter, user: &UserInfo) -> bool {
    let shares = |wanted: &[String], had: &[String]| wanted.is_empty() || wanted.iter().any(|role| had.contains(role));
    shares(&filter.roles, &user.roles)
        && shares(&filter.cluster_roles, &user.cluster_roles)
        && (filter.subjects.is_empty() || filter.subjects.iter().any(|subject| is_subject(subject, user)))
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
