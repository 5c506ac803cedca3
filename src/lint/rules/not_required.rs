use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::lint::subject::place;

/// With `required: false` nobody looks, once the object was mutated, whether the image was verified.
pub(super) const RULE: Rule = Rule {
    code: "lint-not-required",
    severity: Severity::Warning,
    category: Category::FailOpen,
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    if entry.verifies() && !entry.entry.required {
        report.add(
            entry.policy,
            place(entry.node, "required"),
            format_args!("required: false admits an image that was not verified"),
            format_args!("remove it: the default is true"),
        );
    }
}
