//! Forms that have a successor and that Kyverno itself does not warn of.

use super::condition_constant::conditions;
use super::{Category, Check, PolicySubject, Report, Rule, RuleSubject, Severity};
use crate::policy::{Block, field, text};
use crate::yaml::{Node, NodeKind};

pub(super) const FAILURE_ACTION: Rule = Rule {
    code: "lint-validation-failure-action",
    severity: Severity::Warning,
    category: Category::Deprecated,
    explanation: "`spec.validationFailureAction` is deprecated: each rule has its own `failureAction`.",
    check: Check::Policy(failure_action),
};

pub(super) const DURATION: Rule = Rule {
    code: "lint-duration-operator",
    severity: Severity::Warning,
    category: Category::Deprecated,
    explanation: "The operators `Duration...` are deprecated: those of numbers compare durations too.",
    check: Check::Rule(duration),
};

pub(super) const CONDITIONS: Rule = Rule {
    code: "lint-conditions-without-any-all",
    severity: Severity::Warning,
    category: Category::Deprecated,
    explanation: "A plain list of conditions is the old form; newer versions of the API take `any` and `all` alone.",
    check: Check::Rule(plain_lists),
};

pub(super) const MATCH: Rule = Rule {
    code: "lint-match-without-any-all",
    severity: Severity::Warning,
    category: Category::Deprecated,
    explanation: "A filter directly under `match` or `exclude` is the old form; newer versions of the API take `any` and \
                  `all` alone.",
    check: Check::Rule(direct_filters),
};

fn failure_action(policy: &PolicySubject<'_>, report: &mut Report<'_>) {
    if let Some(written) = field(policy.spec, "validationFailureAction") {
        let action = written.as_str().unwrap_or_default();
        let advice = format!("write failureAction: {action} under validate or in the entries of verifyImages");
        report.add(policy.policy, written.span, "spec.validationFailureAction is deprecated", advice);
    }
}

fn duration(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    for condition in conditions(rule.node) {
        let operator = text(condition, "operator").unwrap_or_default();
        if let Some(successor) = operator.strip_prefix("Duration") {
            let span = field(condition, "operator").map_or(condition.span, |node| node.span);
            let message = format!("the operator {operator} is deprecated");
            report.add(rule.policy, span, message, format!("write {successor}"));
        }
    }
}

fn plain_lists(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    let deny = |node| field(field(field(node, "validate")?, "deny")?, "conditions");
    let lists = [field(rule.node, "preconditions"), deny(rule.node)];
    for written in lists.into_iter().flatten() {
        if matches!(&written.kind, NodeKind::Sequence(_)) {
            let message = "a list of conditions without any or all";
            report.add(rule.policy, written.span, message, "put the list under all");
        }
    }
}

fn direct_filters(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    let blocks = [("match", Some(&rule.rule.match_resources)), ("exclude", rule.rule.exclude.as_ref())];
    for (name, resources) in blocks {
        let is_direct = resources.is_some_and(|resources| matches!(resources.block, Block::Direct(_)));
        let written = field(rule.node, name).filter(|node: &&Node| is_direct && !crate::policy::is_empty(node));
        if let Some(written) = written {
            let message = format!("{name} has neither any nor all");
            report.add(rule.policy, written.span, message, format!("write {name}: any: with the filter in a list"));
        }
    }
}
