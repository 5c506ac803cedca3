//! Forms that have a successor and that Kyverno itself does not warn of.

use super::condition_constant::conditions;
use super::{Category, Check, PolicySubject, Report, Rule, RuleSubject, Severity};
use crate::lint::subject::{place, word};
use crate::policy::{Block, field, is_empty};
use crate::yaml::NodeKind;

/// `spec.validationFailureAction` is deprecated: each rule has its own `failureAction`.
pub(super) const FAILURE_ACTION: Rule = Rule {
    code: "lint-validation-failure-action",
    severity: Severity::Warning,
    category: Category::Deprecated,
    check: Check::Policy(failure_action),
};

/// The operators `Duration...` are deprecated: those of numbers compare durations too.
pub(super) const DURATION: Rule = Rule {
    code: "lint-duration-operator",
    severity: Severity::Warning,
    category: Category::Deprecated,
    check: Check::Rule(duration),
};

/// A plain list of conditions is the old form; newer versions of the API take `any` and `all` alone.
pub(super) const CONDITIONS: Rule = Rule {
    code: "lint-conditions-without-any-all",
    severity: Severity::Warning,
    category: Category::Deprecated,
    check: Check::Rule(plain_lists),
};

/// A filter directly under `match` or `exclude` is the old form; newer versions of the API take `any` and `all` alone.
pub(super) const MATCH: Rule = Rule {
    code: "lint-match-without-any-all",
    severity: Severity::Warning,
    category: Category::Deprecated,
    check: Check::Rule(direct_filters),
};

fn failure_action(policy: &PolicySubject<'_>, report: &mut Report<'_>) {
    if let Some(written) = field(policy.spec, "validationFailureAction") {
        let action = written.as_str().unwrap_or_default();
        report.add(
            policy.policy,
            written.span,
            format_args!("spec.validationFailureAction is deprecated"),
            format_args!("write failureAction: {action} under validate or in the entries of verifyImages"),
        );
    }
}

fn duration(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    for condition in conditions(rule.node) {
        let operator = word(condition, "operator");
        if let Some(successor) = operator.strip_prefix("Duration") {
            report.add(
                rule.policy,
                place(condition, "operator"),
                format_args!("the operator {operator} is deprecated"),
                format_args!("write {successor}"),
            );
        }
    }
}

fn plain_lists(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    let deny = |node| field(field(field(node, "validate")?, "deny")?, "conditions");
    for written in [field(rule.node, "preconditions"), deny(rule.node)].into_iter().flatten() {
        if matches!(&written.kind, NodeKind::Sequence(_)) {
            report.add(
                rule.policy,
                written.span,
                format_args!("a list of conditions without any or all"),
                format_args!("put the list under all"),
            );
        }
    }
}

fn direct_filters(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    for (name, resources) in [("match", Some(&rule.rule.match_resources)), ("exclude", rule.rule.exclude.as_ref())] {
        let is_direct = resources.is_some_and(|resources| matches!(resources.block, Block::Direct(_)));
        if let Some(written) = field(rule.node, name).filter(|node| is_direct && !is_empty(node)) {
            report.add(
                rule.policy,
                written.span,
                format_args!("{name} has neither any nor all"),
                format_args!("write {name}: any: with the filter in a list"),
            );
        }
    }
}
