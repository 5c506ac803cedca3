use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::policy::{Block, LabelSelector, MatchResources, ResourceFilter, field};
use crate::resource::KindSelector;
use crate::wildcard;

pub(super) const RULE: Rule = Rule {
    code: "lint-exclude-covers-match",
    severity: Severity::Error,
    category: Category::NeverMatching,
    explanation: "What `exclude` takes away is all that `match` names: the rule applies to nothing.",
    check: Check::Rule(check),
};

fn check(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    let Some(exclude) = &rule.rule.exclude else { return };
    if takes_all(exclude, &rule.rule.match_resources) {
        let span = field(rule.node, "exclude").map_or(rule.node.span, |node| node.span);
        let message = "exclude takes away everything that match names";
        report.add(rule.policy, span, message, "narrow exclude, or remove the rule");
    }
}

fn takes_all(exclude: &MatchResources, matched: &MatchResources) -> bool {
    let gone = |filter: &ResourceFilter| filter.kinds.iter().all(|kind| excludes(exclude, filter, kind));
    match &matched.block {
        Block::Any(filters) => filters.iter().all(gone),
        // What all filters name is gone where one of them is.
        Block::All(filters) => filters.iter().any(gone),
        Block::Direct(filter) => gone(filter),
    }
}

fn excludes(exclude: &MatchResources, filter: &ResourceFilter, kind: &str) -> bool {
    let takes = |excluded: &ResourceFilter| *excluded != ResourceFilter::default() && covers(excluded, filter, kind);
    match &exclude.block {
        Block::Any(filters) => filters.iter().any(takes),
        Block::All(filters) => filters.iter().all(takes),
        Block::Direct(filter) => takes(filter),
    }
}

/// Does every criterion of `excluded` hold for whatever has the kind and is what `filter` names?
fn covers(excluded: &ResourceFilter, filter: &ResourceFilter, kind: &str) -> bool {
    let kinds = excluded.kinds.is_empty() || excluded.kinds.iter().any(|other| kind_covers(other, kind));
    let operations = excluded.operations.is_empty()
        || (!filter.operations.is_empty() && filter.operations.iter().all(|it| excluded.operations.contains(it)));
    kinds
        && operations
        && patterns_cover(&names(excluded), &names(filter))
        && patterns_cover(&excluded.namespaces, &filter.namespaces)
        && (excluded.annotations.is_empty() || excluded.annotations == filter.annotations)
        && selector_covers(excluded.selector.as_ref(), filter.selector.as_ref())
        && selector_covers(excluded.namespace_selector.as_ref(), filter.namespace_selector.as_ref())
        && (excluded.roles.is_empty() || excluded.roles == filter.roles)
        && (excluded.cluster_roles.is_empty() || excluded.cluster_roles == filter.cluster_roles)
        && (excluded.subjects.is_empty() || excluded.subjects == filter.subjects)
}

fn kind_covers(pattern: &str, kind: &str) -> bool {
    match (KindSelector::parse(pattern), KindSelector::parse(kind)) {
        (Some(pattern), Some(kind)) => pattern.covers(&kind),
        _ => false,
    }
}

fn names(filter: &ResourceFilter) -> Vec<String> {
    filter.name.iter().chain(&filter.names).cloned().collect()
}

/// No patterns are no restriction.
fn patterns_cover(patterns: &[String], others: &[String]) -> bool {
    let covered = |other: &str| patterns.iter().any(|pattern| wildcard::covers(pattern, other));
    patterns.is_empty() || if others.is_empty() { covered("*") } else { others.iter().all(|other| covered(other)) }
}

fn selector_covers(excluded: Option<&LabelSelector>, selector: Option<&LabelSelector>) -> bool {
    excluded.is_none() || excluded == selector
}
