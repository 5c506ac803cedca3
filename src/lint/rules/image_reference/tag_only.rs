use super::never::reason;
use super::{Category, Check, Report, Rule, Severity, patterns};
use crate::lint::EntrySubject;
use crate::policy::{Policy, RuleBody};
use crate::wildcard;

pub(in super::super) const TAG_ONLY: Rule = Rule {
    code: "lint-image-reference-tag-only",
    severity: Severity::Warning,
    category: Category::FailOpen,
    explanation: "The pattern asks for a tag, and an image that is named by digest has none when it is compared: whoever \
                  writes the digest goes round the rule.",
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for reference in patterns(entry).filter(|reference| reason(&reference.value).is_none()) {
        let pattern = &reference.value;
        let start = pattern.rfind('/').map_or(0, |slash| slash + 1);
        let Some(last) = pattern.get(start..).filter(|last| start > 0 && !last.contains('@')) else { continue };
        let Some(colon) = last.find(':') else { continue };
        let name = pattern.get(..start + colon).unwrap_or_default();
        if !is_matched(entry.policy, &format!("{name}@sha256:{}", "0".repeat(64))) {
            let message = format!("`{pattern}` does not match the same image named by digest ({name}@sha256:...)");
            report.add(entry.policy, reference.span, message, format!("write {name}*, or add {name}@*"));
        }
    }
}

/// Does a pattern of the policy match the image?
fn is_matched(policy: &Policy, image: &str) -> bool {
    let entries = policy.spec.rules.iter().flat_map(|rule| match &rule.body {
        RuleBody::VerifyImages(body) => body.entries.as_slice(),
        RuleBody::Generate | RuleBody::Mutate(_) | RuleBody::Validate(_) => &[],
    });
    entries.flat_map(|entry| &entry.image_references).any(|other| wildcard::matches(&other.value, image))
}
