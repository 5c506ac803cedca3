use super::{Category, Check, Report, Rule, Severity, patterns};
use crate::lint::EntrySubject;
use crate::wildcard;

pub(in super::super) const WITHOUT_REGISTRY: Rule = Rule {
    code: "lint-image-reference-without-registry",
    severity: Severity::Warning,
    category: Category::NeverMatching,
    explanation: "The pattern begins with the name of an image, but images are compared with their registry in front: it \
                  can only match a registry of that name.",
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for reference in patterns(entry) {
        let pattern = &reference.value;
        let name = pattern.split(['*', '?', ':']).next().unwrap_or_default();
        let is_name = !name.is_empty() && !name.contains('.') && name != "localhost";
        if wildcard::is_pattern(pattern) && !pattern.contains('/') && is_name {
            let message = format!("`{pattern}` has no registry in front: it does not match docker.io/{name}:latest");
            report.add(entry.policy, reference.span, message, format!("write docker.io/{pattern} or */{pattern}"));
        }
    }
}
