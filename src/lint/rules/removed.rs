use super::{Category, Check, PolicySubject, Report, Rule, Severity};

/// Kyverno plans to remove ClusterPolicy and Policy in 1.20; the kinds of `policies.kyverno.io` take their place.
/// vidimus keeps evaluating them.
pub(super) const RULE: Rule = Rule {
    code: "lint-kind-removed",
    severity: Severity::Info,
    category: Category::Deprecated,
    check: Check::Policy(check),
};

fn check(policy: &PolicySubject<'_>, report: &mut Report<'_>) {
    report.add(
        policy.policy,
        policy.policy.span,
        format_args!("Kyverno 1.20 is planned to be without this kind"),
        format_args!(
            "plan its move to ImageValidatingPolicy, ValidatingPolicy or MutatingPolicy (policies.kyverno.io)"
        ),
    );
}
