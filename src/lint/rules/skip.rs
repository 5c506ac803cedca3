use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::wildcard;

pub(super) const ALL: Rule = Rule {
    code: "lint-skip-covers-references",
    severity: Severity::Error,
    category: Category::NeverMatching,
    explanation: "`skipImageReferences` leaves out everything that `imageReferences` names: nothing is verified.",
    check: Check::Entry(covers_references),
};

pub(super) const ANY_REGISTRY: Rule = Rule {
    code: "lint-skip-any-registry",
    severity: Severity::Warning,
    category: Category::FailOpen,
    explanation: "A pattern of `skipImageReferences` that begins with a wildcard skips images of every registry, also of \
                  one that an attacker runs.",
    check: Check::Entry(any_registry),
};

fn covers_references(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    let (references, skipped) = (&entry.entry.image_references, &entry.entry.skip_image_references);
    let is_skipped = |reference: &str| skipped.iter().any(|skip| wildcard::covers(&skip.value, reference));
    if references.iter().all(|reference| is_skipped(&reference.value)) {
        let message = "skipImageReferences covers every pattern of imageReferences";
        report.add(entry.policy, entry.place("skipImageReferences"), message, "skip less, or remove the entry");
    }
}

fn any_registry(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for skip in &entry.entry.skip_image_references {
        if skip.value.starts_with(['*', '?']) {
            let message = format!("`{}` skips images of any registry", skip.value);
            report.add(entry.policy, skip.span, message, "begin the pattern with a registry");
        }
    }
}
