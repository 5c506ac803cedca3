use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::lint::subject::place;
use crate::policy::{Block, MatchResources, ResourceFilter};
use crate::resource::KindSelector;
use crate::wildcard;

/// What `exclude` takes away is all that `match` names: the rule applies to nothing.
pub(super) const RULE: Rule = Rule {
    code: "lint-exclude-covers-match",
    severity: Severity::Error,
    category: Category::NeverMatching,
    check: Check::Rule(check),
};

fn check(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    let Some(exclude) = &rule.rule.exclude else { return };
    let gone = |filter: &ResourceFilter| filter.kinds.iter().all(|kind| excludes(exclude, filter, kind));
    let filters = rule.rule.match_resources.filters();
    // What all filters name together is gone where one of them is.
    let is_gone = match &rule.rule.match_resources.block {
        Block::All(_) => filters.iter().any(gone),
        Block::Any(_) | Block::Direct(_) => filters.iter().all(gone),
    };
    if is_gone {
        report.add(
            rule.policy,
            place(rule.node, "exclude"),
            format_args!("exclude takes away everything that match names"),
            format_args!("narrow exclude, or remove the rule"),
        );
    }
}

fn excludes(exclude: &MatchResources, filter: &ResourceFilter, kind: &str) -> bool {
    let takes = |excluded: &ResourceFilter| covers(excluded, filter, kind);
    match &exclude.block {
        Block::All(filters) => filters.iter().all(takes),
        Block::Any(_) | Block::Direct(_) => exclude.filters().iter().any(takes),
    }
}

/// Does every criterion of `excluded` hold for whatever has the kind and is what `filter` names? Labels, annotations and
/// users are not compared: loading the policy refuses those that are written alike.
fn covers(excluded: &ResourceFilter, filter: &ResourceFilter, kind: &str) -> bool {
    let ResourceFilter { kinds, namespaces, operations, annotations, roles, cluster_roles, subjects, .. } = excluded;
    let further = excluded.selector.is_some() || excluded.namespace_selector.is_some() || !annotations.is_empty();
    let users = !roles.is_empty() || !cluster_roles.is_empty() || !subjects.is_empty();
    let named = names(excluded);
    // A filter without criteria excludes nothing.
    let is_empty = kinds.is_empty() && namespaces.is_empty() && operations.is_empty() && named.is_empty();
    let known =
        !filter.operations.is_empty() && filter.operations.iter().all(|operation| operations.contains(operation));
    !(further || users || is_empty)
        && (operations.is_empty() || known)
        && (kinds.is_empty() || kinds.iter().any(|pattern| kind_covers(pattern, kind)))
        && patterns_cover(&named, &names(filter))
        && patterns_cover(&texts(&excluded.namespaces), &texts(&filter.namespaces))
}

fn kind_covers(pattern: &str, kind: &str) -> bool {
    match (KindSelector::parse(pattern), KindSelector::parse(kind)) {
        (Some(pattern), Some(kind)) => pattern.covers(&kind),
        _ => false,
    }
}

fn names(filter: &ResourceFilter) -> Vec<&str> {
    filter.name.iter().chain(&filter.names).map(String::as_str).collect()
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

/// No patterns are no restriction.
fn patterns_cover(patterns: &[&str], others: &[&str]) -> bool {
    let others = if others.is_empty() { &["*"] } else { others };
    let covered = |other: &&str| patterns.iter().any(|pattern| wildcard::covers(pattern, other));
    patterns.is_empty() || others.iter().all(covered)
}
