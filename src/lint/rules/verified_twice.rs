use super::{Category, Check, EntrySubject, PolicySubject, Report, Rule, Severity};
use crate::wildcard;

/// Two policies verify the same images and write the same annotation: Kyverno's command line keeps what the last of
/// them wrote, so that the other one finds its images unverified.
pub(super) const RULE: Rule = Rule {
    code: "lint-verified-twice",
    severity: Severity::Warning,
    category: Category::OrderDependent,
    check: Check::Set(check),
};

fn check(policies: &[PolicySubject<'_>], report: &mut Report<'_>) {
    let mut seen: Vec<&EntrySubject<'_>> = Vec::new();
    for policy in policies {
        let entries = || policy.rules.iter().flat_map(|rule| &rule.entries).filter(|entry| entry.verifies());
        let twice =
            entries().find_map(|entry| seen.iter().find_map(|other| Some((entry, *other, overlap(entry, other)?))));
        if let Some((entry, other, pattern)) = twice {
            report.add(
                policy.policy,
                entry.entry.span,
                format_args!("images of `{pattern}` are verified by policy {} too", other.policy.name),
                format_args!("put both into one policy, or let them concern other images"),
            );
        }
        seen.extend(entries());
    }
}

/// A pattern of one that covers a pattern of the other.
fn overlap<'a>(entry: &EntrySubject<'a>, other: &EntrySubject<'_>) -> Option<&'a str> {
    let covers = |a: &str, b: &str| wildcard::covers(a, b) || wildcard::covers(b, a);
    let references = &other.entry.image_references;
    let mut patterns = entry.entry.image_references.iter().map(|reference| reference.value.as_str());
    patterns.find(|pattern| references.iter().any(|reference| covers(&reference.value, pattern)))
}
