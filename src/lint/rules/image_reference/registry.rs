use super::{Category, Check, Report, Rule, Severity, patterns};
use crate::lint::EntrySubject;
use crate::wildcard;

/// The pattern begins with the name of an image, but images are compared with their registry in front: it can only
/// match a registry of that name.
pub(in super::super) const WITHOUT_REGISTRY: Rule = Rule {
    code: "lint-image-reference-without-registry",
    severity: Severity::Warning,
    category: Category::NeverMatching,
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for reference in patterns(entry) {
        let pattern = &reference.value;
        let name = pattern.find(['*', '?', ':']).and_then(|end| pattern.get(..end)).unwrap_or_default();
        let is_name = !name.is_empty() && !name.contains(['.', '/']) && name != "localhost";
        if wildcard::is_pattern(pattern) && !pattern.contains('/') && is_name {
            report.add(
                entry.policy,
                reference.span,
                format_args!("`{pattern}` has no registry in front: it does not match docker.io/{name}:latest"),
                format_args!("write docker.io/{pattern} or */{pattern}"),
            );
        }
    }
}
