use super::{Category, Check, PolicySubject, Report, Rule, Severity};
use crate::policy::{FailurePolicy, field};

pub(super) const RULE: Rule = Rule {
    code: "lint-failure-policy-ignore",
    severity: Severity::Warning,
    category: Category::FailOpen,
    explanation: "With failure policy `Ignore` a request is admitted when Kyverno or a registry does not answer.",
    check: Check::Policy(check),
};

fn check(policy: &PolicySubject<'_>, report: &mut Report<'_>) {
    if policy.policy.spec.failure_policy == FailurePolicy::Ignore {
        let webhook = field(policy.spec, "webhookConfiguration").unwrap_or(policy.spec);
        let written = field(webhook, "failurePolicy").or_else(|| field(policy.spec, "failurePolicy"));
        let span = written.map_or(policy.spec.span, |node| node.span);
        let message = "failurePolicy: Ignore admits what could not be evaluated";
        report.add(policy.policy, span, message, "write Fail, or remove it");
    }
}
