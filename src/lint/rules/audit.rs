use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::policy::{FailureAction, RuleBody};

pub(super) const VERIFY_IMAGES: Rule = Rule {
    code: "lint-audit-verify-images",
    severity: Severity::Warning,
    category: Category::FailOpen,
    explanation: "With failure action `Audit`, which is also the default, an image that fails verification runs; only a \
                  report says so.",
    check: Check::Rule(verify_images),
};

pub(super) const VALIDATE: Rule = Rule {
    code: "lint-audit-validate",
    severity: Severity::Info,
    category: Category::FailOpen,
    explanation: "With failure action `Audit`, which is also the default, an object that fails is admitted; only a report \
                  says so.",
    check: Check::Rule(validate),
};

fn verify_images(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    if matches!(rule.rule.body, RuleBody::VerifyImages(_)) && rule.action() == FailureAction::Audit {
        let message = "failure action Audit: images that fail are admitted, and reported";
        report.add(
            rule.policy,
            rule.rule.span,
            message,
            "write failureAction: Enforce in the entry once reports are clean",
        );
    }
}

fn validate(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    if matches!(rule.rule.body, RuleBody::Validate(_)) && rule.action() == FailureAction::Audit {
        let message = "failure action Audit: objects that fail are admitted, and reported";
        report.add(
            rule.policy,
            rule.rule.span,
            message,
            "write failureAction: Enforce under validate once reports are clean",
        );
    }
}
