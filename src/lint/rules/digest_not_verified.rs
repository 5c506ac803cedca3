use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::lint::subject::place;

/// With `verifyDigest: false` an image may run by its tag, which can be moved to another image after it was verified.
pub(super) const RULE: Rule = Rule {
    code: "lint-digest-not-verified",
    severity: Severity::Warning,
    category: Category::FailOpen,
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    if entry.verifies() && !entry.entry.verify_digest {
        let gap = if entry.entry.mutate_digest {
            "an image to which adding the digest failed"
        } else {
            "a tag that can be moved"
        };
        report.add(
            entry.policy,
            place(entry.node, "verifyDigest"),
            format_args!("verifyDigest: false admits {gap}"),
            format_args!("remove it: the default is true"),
        );
    }
}
