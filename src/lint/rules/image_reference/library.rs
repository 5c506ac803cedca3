use super::{Category, Check, Report, Rule, Severity, patterns};
use crate::lint::EntrySubject;

/// Kyverno adds `docker.io` to an image without registry, but never `library/`: a pattern that has it does not match
/// `nginx`.
pub(in super::super) const LIBRARY: Rule = Rule {
    code: "lint-image-reference-library",
    severity: Severity::Warning,
    category: Category::NeverMatching,
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for reference in patterns(entry) {
        let pattern = &reference.value;
        let Some(rest) = pattern.strip_prefix("docker.io/library/") else { continue };
        if !patterns(entry).any(|other| other.value.strip_prefix("docker.io/") == Some(rest)) {
            let message = format_args!("`{pattern}` does not match an image that is written without library/");
            report.add(entry.policy, reference.span, message, format_args!("add docker.io/{rest}"));
        }
    }
}
