use super::{Category, Check, EntrySubject, Report, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "lint-digest-not-verified",
    severity: Severity::Warning,
    category: Category::FailOpen,
    explanation: "With `verifyDigest: false` an image may run by its tag, which can be moved to another image after it was \
                  verified.",
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    let verifies = !entry.entry.attestors.is_empty() || !entry.entry.attestations.is_empty();
    if verifies && !entry.entry.verify_digest {
        let message = if entry.entry.mutate_digest {
            "verifyDigest: false admits an image without digest where adding it failed"
        } else {
            "neither mutateDigest nor verifyDigest: the tag can be moved after it was verified"
        };
        report.add(entry.policy, entry.place("verifyDigest"), message, "remove verifyDigest: the default is true");
    }
}
