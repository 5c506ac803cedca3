use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::policy::{Operation, RuleBody, field};

pub(super) const RULE: Rule = Rule {
    code: "lint-update-not-matched",
    severity: Severity::Warning,
    category: Category::FailOpen,
    explanation: "The image of a container can be changed after the Pod was created: a rule that matches `CREATE` alone \
                  does not see the new one.",
    check: Check::Rule(check),
};

fn check(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    let has = |operations: &[Operation], wanted| operations.contains(&wanted);
    let filters = rule.rule.match_resources.filters();
    let created = filters.iter().any(|filter| has(&filter.operations, Operation::Create));
    let updated = filters.iter().any(|it| it.operations.is_empty() || has(&it.operations, Operation::Update));
    if matches!(rule.rule.body, RuleBody::VerifyImages(_)) && created && !updated {
        let span = field(rule.node, "match").map_or(rule.node.span, |node| node.span);
        let message = "operations has CREATE and not UPDATE: an image that is changed later is not verified";
        report.add(rule.policy, span, message, "add UPDATE, or remove operations");
    }
}
