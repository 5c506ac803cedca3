use super::never::reason;
use super::{Category, Check, Report, Rule, Severity, patterns};
use crate::lint::EntrySubject;
use crate::policy::{Policy, RuleBody};
use crate::wildcard;

/// The pattern asks for a tag, and an image that is named by digest has none when it is compared: whoever writes the
/// digest goes round the rule.
pub(in super::super) const TAG_ONLY: Rule = Rule {
    code: "lint-image-reference-tag-only",
    severity: Severity::Warning,
    category: Category::FailOpen,
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for reference in patterns(entry).filter(|reference| reason(&reference.value).is_none()) {
        let pattern = &reference.value;
        // The tag begins at the colon behind the last slash.
        let Some((name, tag)) = pattern.rsplit_once(':') else { continue };
        if !name.contains('/') || tag.contains('/') || name.contains('@') {
            continue;
        }
        if !is_matched(entry.policy, &format!("{name}@sha256:{:064}", 0)) {
            report.add(
                entry.policy,
                reference.span,
                format_args!("`{pattern}` does not match the same image named by digest ({name}@sha256:...)"),
                format_args!("write {name}*, or add {name}@*"),
            );
        }
    }
}

/// Does a pattern of the policy match the image?
fn is_matched(policy: &Policy, image: &str) -> bool {
    policy.spec.rules.iter().any(|rule| match &rule.body {
        RuleBody::VerifyImages(body) => body
            .entries
            .iter()
            .any(|entry| entry.image_references.iter().any(|reference| wildcard::matches(&reference.value, image))),
        RuleBody::Generate | RuleBody::Mutate(_) | RuleBody::Validate(_) => false,
    })
}
