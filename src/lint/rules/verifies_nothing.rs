use super::{Category, Check, EntrySubject, Report, Rule, Severity};

/// The entry has neither attestors nor attestations and asks neither for a digest nor for a verified image: every
/// image passes.
pub(super) const RULE: Rule = Rule {
    code: "lint-verifies-nothing",
    severity: Severity::Error,
    category: Category::Vacuous,
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    if !entry.verifies() && !entry.entry.required && !entry.entry.verify_digest {
        let adds = if entry.entry.mutate_digest { "adds digests to images and " } else { "" };
        let message = format_args!("the entry {adds}verifies nothing");
        report.add(entry.policy, entry.entry.span, message, format_args!("add attestors or attestations"));
    }
}
