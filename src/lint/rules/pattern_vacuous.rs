use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::pattern::anchor::{self, AnchorKind};
use crate::policy::{field, list};
use crate::yaml::{Entry, Node, NodeKind};

/// The pattern is empty, or consists of conditions alone: every object passes or is skipped.
pub(super) const RULE: Rule = Rule {
    code: "lint-pattern-vacuous",
    severity: Severity::Error,
    category: Category::Vacuous,
    check: Check::Rule(check),
};

/// Objects have these, so that a pattern that names them asks for nothing by that.
const ALWAYS_THERE: [&str; 2] = ["metadata", "spec"];

fn check(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    let Some(validate) = field(rule.node, "validate") else { return };
    body(validate, rule, report);
    list(validate, "foreach").iter().for_each(|foreach| body(foreach, rule, report));
}

fn body(body: &Node, rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    let patterns = body.field("pattern").into_iter().chain(list(body, "anyPattern"));
    for pattern in patterns.filter(|pattern| asks_nothing(pattern)) {
        report.add(
            rule.policy,
            pattern.span,
            format_args!("the pattern asks for nothing: no object fails it"),
            format_args!("name a field that must be there, without an anchor around it"),
        );
    }
}

fn asks_nothing(pattern: &Node) -> bool {
    let is_condition = |entry: &Entry| {
        anchor::parse(&entry.key).is_some_and(|it| matches!(it.kind, AnchorKind::Conditional | AnchorKind::Global))
            || (ALWAYS_THERE.contains(&entry.key.as_str()) && asks_nothing(&entry.value))
    };
    matches!(&pattern.kind, NodeKind::Mapping(entries) if entries.iter().all(is_condition))
}
