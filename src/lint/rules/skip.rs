use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::lint::subject::place;
use crate::wildcard;

/// `skipImageReferences` leaves out everything that `imageReferences` names: nothing is verified.
pub(super) const ALL: Rule = Rule {
    code: "lint-skip-covers-references",
    severity: Severity::Error,
    category: Category::NeverMatching,
    check: Check::Entry(covers_references),
};

/// A pattern of `skipImageReferences` that begins with a wildcard skips images of every registry, also of one that an
/// attacker runs.
pub(super) const ANY_REGISTRY: Rule = Rule {
    code: "lint-skip-any-registry",
    severity: Severity::Warning,
    category: Category::FailOpen,
    check: Check::Entry(any_registry),
};

fn covers_references(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    let (references, skipped) = (&entry.entry.image_references, &entry.entry.skip_image_references);
    let is_skipped = |reference: &str| skipped.iter().any(|skip| wildcard::covers(&skip.value, reference));
    if references.iter().all(|reference| is_skipped(&reference.value)) {
        report.add(
            entry.policy,
            place(entry.node, "skipImageReferences"),
            format_args!("skipImageReferences covers every pattern of imageReferences"),
            format_args!("skip less, or remove the entry"),
        );
    }
}

fn any_registry(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for skip in entry.entry.skip_image_references.iter().filter(|skip| skip.value.starts_with(['*', '?'])) {
        report.add(
            entry.policy,
            skip.span,
            format_args!("`{}` skips images of any registry", skip.value),
            format_args!("begin the pattern with a registry"),
        );
    }
}
