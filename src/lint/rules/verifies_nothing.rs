use super::{Category, Check, EntrySubject, Report, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "lint-verifies-nothing",
    severity: Severity::Error,
    category: Category::Vacuous,
    explanation: "The entry has neither attestors nor attestations and asks neither for a digest nor for a verified image: \
                  every image passes.",
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    let it = entry.entry;
    if it.attestors.is_empty() && it.attestations.is_empty() && !it.required && !it.verify_digest {
        let message = if it.mutate_digest {
            "the entry adds digests to images and verifies none"
        } else {
            "the entry verifies nothing"
        };
        report.add(entry.policy, it.span, message, "add attestors or attestations");
    }
}
