//! Does a rule or an exception concern this object?
//!
//! Source: Kyverno `pkg/engine/utils/match.go`, `pkg/engine/utils/exceptions.go`.

use super::filter::{names_object, names_user, object_reasons, user_reasons};
use super::{Reason, Target};
use crate::policy::{Block, MatchResources, Policy, PolicyException, PolicyKind, ResourceFilter};

/// Does a rule apply, and if not, why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// It applies.
    Applies,
    /// It does not: the rule says nothing about the object. At least one reason.
    DoesNotApply(Vec<Reason>),
}

impl Applicability {
    /// Does it apply?
    pub fn applies(&self) -> bool {
        matches!(self, Self::Applies)
    }

    fn of(reasons: Vec<Reason>) -> Self {
        if reasons.is_empty() { Self::Applies } else { Self::DoesNotApply(reasons) }
    }
}

/// Does the rule apply: is the object in the policy's reach, matched, and not excluded?
///
/// `excluded` is looked at only where `matched` holds. On DELETE the target is the old object.
pub fn applicability(
    policy: &Policy,
    matched: &MatchResources,
    excluded: Option<&MatchResources>,
    target: &Target<'_>,
) -> Applicability {
    if let Some(reason) = out_of_reach(policy, target) {
        return Applicability::of(vec![reason]);
    }
    let reasons = match_reasons(matched, target);
    match excluded {
        Some(excluded) if reasons.is_empty() => Applicability::of(exclude_reasons(excluded, target)),
        _ => Applicability::of(reasons),
    }
}

/// [`applicability`] without the reasons.
pub fn rule_applies(
    policy: &Policy,
    matched: &MatchResources,
    excluded: Option<&MatchResources>,
    target: &Target<'_>,
) -> bool {
    applicability(policy, matched, excluded, target).applies()
}

/// Does the exception's match block cover the object?
///
/// Unlike in a rule, criteria about the user count also where nobody is named: an exception for some users is not one
/// for everybody. The old form with the filter written directly is none that an exception can have, and covers nothing.
// DIVERGENCE exception-scope: upstream looks at no `operations` here, and lets a `namespaceSelector` hold for every
// Namespace, so that an exception lifts more than it says.
pub fn exception_applies(exception: &PolicyException, target: &Target<'_>) -> bool {
    let holds = |filter: &ResourceFilter| holds(filter, target);
    match &exception.match_resources.block {
        Block::All(filters) => !filters.is_empty() && filters.iter().all(holds),
        Block::Any(filters) => filters.iter().any(holds),
        Block::Direct(_) => false,
    }
}

/// Does a criterion depend on the labels of the object's namespace while nobody gave them? They then count as none,
/// which can exclude an object as well as not match it: worth a warning or a look-up.
pub fn lacks_namespace_labels(
    matched: &MatchResources,
    excluded: Option<&MatchResources>,
    target: &Target<'_>,
) -> bool {
    let filters = matched.filters().iter().chain(excluded.into_iter().flat_map(MatchResources::filters));
    target.kind() != "Namespace"
        && !target.namespace().is_empty()
        && target.namespace_labels().is_none()
        && filters.into_iter().any(|filter| filter.namespace_selector.is_some())
}

fn out_of_reach(policy: &Policy, target: &Target<'_>) -> Option<Reason> {
    if target.object.is_null() {
        return Some(Reason::ResourceEmpty);
    }
    if policy.kind == PolicyKind::ClusterPolicy {
        return None;
    }
    // A Policy without a namespace is in `default`; new and old object must both be in its reach.
    let own = if policy.namespace.is_empty() { "default" } else { &policy.namespace };
    let old = target.request.old_object.iter().map(|old| Target { object: old, ..*target });
    std::iter::once(*target)
        .chain(old)
        .map(|target| target.namespace())
        .find(|namespace| *namespace != own)
        .map(|namespace| Reason::PolicyNamespace { policy: own.to_owned(), resource: namespace.to_owned() })
}

fn match_reasons(block: &MatchResources, target: &Target<'_>) -> Vec<Reason> {
    let reasons = |filter: &ResourceFilter| match_filter(filter, target);
    match &block.block {
        Block::All(filters) if filters.is_empty() => vec![Reason::MatchEmpty],
        Block::Any(filters) if filters.is_empty() => vec![Reason::MatchEmpty],
        Block::All(filters) => filters.iter().flat_map(reasons).collect(),
        Block::Any(filters) => {
            let filters: Vec<Vec<Reason>> = filters.iter().map(reasons).collect();
            if filters.iter().any(Vec::is_empty) { Vec::new() } else { vec![Reason::NoneMatched { filters }] }
        }
        Block::Direct(filter) => reasons(filter),
    }
}

/// Where nobody is named the criteria about the user are dropped; a filter that then names nothing matches nothing.
fn match_filter(filter: &ResourceFilter, target: &Target<'_>) -> Vec<Reason> {
    let user = &target.request.user_info;
    let looks_at_user = !user.is_empty() && names_user(filter);
    if !names_object(filter) && !looks_at_user {
        return vec![Reason::MatchEmpty];
    }
    let mut reasons = object_reasons(filter, target);
    // Upstream, a wrong operation is the only reason that is given.
    if looks_at_user && reasons != [Reason::Operation] {
        reasons.extend(user_reasons(filter, user));
    }
    reasons
}

fn exclude_reasons(block: &MatchResources, target: &Target<'_>) -> Vec<Reason> {
    let holds = |filter: &ResourceFilter| holds(filter, target);
    match &block.block {
        Block::All(filters) if !filters.is_empty() && filters.iter().all(holds) => vec![Reason::ExcludedByAll],
        Block::All(_) => Vec::new(),
        Block::Any(filters) => filters
            .iter()
            .enumerate()
            .filter(|(_, filter)| holds(filter))
            .map(|(filter, _)| Reason::ExcludedByOne { filter })
            .collect(),
        Block::Direct(filter) if holds(filter) => vec![Reason::ExcludedByOne { filter: 0 }],
        Block::Direct(_) => Vec::new(),
    }
}

/// Does every criterion of the filter hold, those about the user included? A filter that names nothing does not hold.
fn holds(filter: &ResourceFilter, target: &Target<'_>) -> bool {
    (names_object(filter) || names_user(filter))
        && object_reasons(filter, target).is_empty()
        && user_reasons(filter, &target.request.user_info).is_empty()
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
