use super::{Category, Check, PolicySubject, Report, Rule, Severity};
use crate::policy::ImageVerification;
use crate::wildcard;

pub(super) const RULE: Rule = Rule {
    code: "lint-verified-twice",
    severity: Severity::Warning,
    category: Category::OrderDependent,
    explanation: "Two policies verify the same images and write the same annotation: Kyverno's command line keeps what the \
                  last of them wrote, so that the other one finds its images unverified.",
    check: Check::Set(check),
};

fn check(policies: &[PolicySubject<'_>], report: &mut Report<'_>) {
    let mut seen: Vec<(&PolicySubject<'_>, &ImageVerification)> = Vec::new();
    for policy in policies {
        let entries = || policy.rules.iter().flat_map(|rule| rule.entries()).map(|entry| entry.entry);
        let records = |entry: &&ImageVerification| !entry.attestors.is_empty() || !entry.attestations.is_empty();
        for entry in entries().filter(records) {
            let Some((other, pattern)) = seen.iter().find_map(|(other, before)| Some((other, overlap(entry, before)?)))
            else {
                continue;
            };
            let message = format!("images of `{pattern}` are verified by policy {} too", other.policy.key());
            report.add(
                policy.policy,
                entry.span,
                message,
                "put both into one policy, or let them concern other images",
            );
            break;
        }
        seen.extend(entries().filter(records).map(|entry| (policy, entry)));
    }
}

/// A pattern of one that covers a pattern of the other.
fn overlap<'a>(entry: &'a ImageVerification, other: &ImageVerification) -> Option<&'a str> {
    let covered = |pattern: &&str| {
        let covers = |it: &str| wildcard::covers(it, pattern) || wildcard::covers(pattern, it);
        other.image_references.iter().any(|reference| covers(&reference.value))
    };
    entry.image_references.iter().map(|reference| reference.value.as_str()).find(covered)
}
