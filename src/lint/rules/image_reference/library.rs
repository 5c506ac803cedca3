use super::{Category, Check, Report, Rule, Severity, patterns};
use crate::lint::EntrySubject;

pub(in super::super) const LIBRARY: Rule = Rule {
    code: "lint-image-reference-library",
    severity: Severity::Warning,
    category: Category::NeverMatching,
    explanation: "Kyverno adds `docker.io` to an image without registry, but never `library/`: a pattern that has it does \
                  not match `nginx`.",
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for reference in patterns(entry) {
        let Some(rest) = reference.value.strip_prefix("docker.io/library/") else { continue };
        let short = format!("docker.io/{rest}");
        if patterns(entry).all(|other| other.value != short) {
            let message = format!("`{}` does not match an image that is written without library/", reference.value);
            report.add(entry.policy, reference.span, message, format!("add {short}"));
        }
    }
}
