use super::{Category, Check, PolicySubject, Report, Rule, Severity};
use crate::lint::subject::place;
use crate::policy::{FailurePolicy, field};

/// With failure policy `Ignore` a request is admitted when Kyverno or a registry does not answer.
pub(super) const RULE: Rule = Rule {
    code: "lint-failure-policy-ignore",
    severity: Severity::Warning,
    category: Category::FailOpen,
    check: Check::Policy(check),
};

fn check(policy: &PolicySubject<'_>, report: &mut Report<'_>) {
    if policy.policy.spec.failure_policy == FailurePolicy::Ignore {
        let webhook = field(policy.spec, "webhookConfiguration").unwrap_or(policy.spec);
        report.add(
            policy.policy,
            place(webhook, "failurePolicy"),
            format_args!("failurePolicy: Ignore admits what could not be evaluated"),
            format_args!("write Fail, or remove it"),
        );
    }
}
