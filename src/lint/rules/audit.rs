use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::policy::{FailureAction, RuleBody};

/// With failure action `Audit`, which is also the default, an image that fails verification runs; only a report says
/// so.
pub(super) const VERIFY_IMAGES: Rule = Rule {
    code: "lint-audit-verify-images",
    severity: Severity::Warning,
    category: Category::FailOpen,
    check: Check::Rule(verify_images),
};

/// With failure action `Audit`, which is also the default, an object that fails is admitted; only a report says so.
pub(super) const VALIDATE: Rule = Rule {
    code: "lint-audit-validate",
    severity: Severity::Info,
    category: Category::FailOpen,
    check: Check::Rule(validate),
};

fn verify_images(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    if matches!(rule.rule.body, RuleBody::VerifyImages(_)) {
        check(rule, "images", "in the entry", report);
    }
}

fn validate(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    if matches!(rule.rule.body, RuleBody::Validate(_)) {
        check(rule, "objects", "under validate", report);
    }
}

fn check(rule: &RuleSubject<'_>, what: &str, place: &str, report: &mut Report<'_>) {
    if rule.action() == FailureAction::Audit {
        report.add(
            rule.policy,
            rule.node.span,
            format_args!("failure action Audit: {what} that fail are admitted, and reported"),
            format_args!("write failureAction: Enforce {place} once reports are clean"),
        );
    }
}
