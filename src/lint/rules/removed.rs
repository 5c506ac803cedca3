use super::{Category, Check, PolicySubject, Report, Rule, Severity};
use crate::policy::PolicyKind;

pub(super) const RULE: Rule = Rule {
    code: "lint-kind-removed",
    severity: Severity::Info,
    category: Category::Deprecated,
    explanation: "Kyverno plans to remove ClusterPolicy and Policy in 1.20; the kinds of `policies.kyverno.io` take their \
                  place. vidimus keeps evaluating them.",
    check: Check::Policy(check),
};

fn check(policy: &PolicySubject<'_>, report: &mut Report<'_>) {
    let kind = match policy.policy.kind {
        PolicyKind::ClusterPolicy => "ClusterPolicy",
        PolicyKind::Policy => "Policy",
    };
    let message = format!("{kind} (kyverno.io) is planned to be removed in Kyverno 1.20");
    let advice = "plan its move to ImageValidatingPolicy, ValidatingPolicy or MutatingPolicy (policies.kyverno.io)";
    report.add(policy.policy, policy.policy.span, message, advice);
}
