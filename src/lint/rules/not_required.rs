use super::{Category, Check, EntrySubject, Report, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "lint-not-required",
    severity: Severity::Warning,
    category: Category::FailOpen,
    explanation: "With `required: false` nobody looks, once the object was mutated, whether the image was verified.",
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    let verifies = !entry.entry.attestors.is_empty() || !entry.entry.attestations.is_empty();
    if verifies && !entry.entry.required {
        let message = "required: false admits an image that was not verified";
        report.add(entry.policy, entry.place("required"), message, "remove it: the default is true");
    }
}
