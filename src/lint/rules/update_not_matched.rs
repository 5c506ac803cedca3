use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::lint::subject::place;
use crate::policy::{Operation, RuleBody};

/// The image of a container can be changed after the Pod was created: a rule that matches `CREATE` alone does not see
/// the new one.
pub(super) const RULE: Rule = Rule {
    code: "lint-update-not-matched",
    severity: Severity::Warning,
    category: Category::FailOpen,
    check: Check::Rule(check),
};

fn check(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    let filters = rule.rule.match_resources.filters();
    let created = filters.iter().any(|filter| filter.operations.contains(&Operation::Create));
    let updated = |operations: &[Operation]| operations.is_empty() || operations.contains(&Operation::Update);
    let is_gap = created && !filters.iter().any(|filter| updated(&filter.operations));
    if is_gap && matches!(rule.rule.body, RuleBody::VerifyImages(_)) {
        report.add(
            rule.policy,
            place(rule.node, "match"),
            format_args!("operations has CREATE and not UPDATE: an image that is changed later is not verified"),
            format_args!("add UPDATE, or remove operations"),
        );
    }
}
