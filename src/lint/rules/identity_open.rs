use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::lint::subject::{place, word};
use crate::policy::{VerificationType, field};
use crate::yaml::Node;

/// A keyless attestor that leaves the subject or the issuer open lets every user of an issuer sign, or a subject that
/// any issuer names.
pub(super) const RULE: Rule = Rule {
    code: "lint-identity-open",
    severity: Severity::Warning,
    category: Category::FailOpen,
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for keyless in entry.attestors("keyless") {
        let (subject, issuer) = open(keyless, entry.entry.kind);
        if subject && issuer && !is_narrowed(keyless) {
            continue;
        }
        for (is_open, name, who) in [
            (subject, "subject", "everybody who can sign in with the issuer can sign the image"),
            (issuer, "issuer", "whoever runs an issuer can give this subject out"),
        ] {
            if is_open {
                report.add(
                    entry.policy,
                    place(keyless, name),
                    format_args!("any {name}: {who}"),
                    format_args!("write the {name} of the signer's certificate"),
                );
            }
        }
    }
}

/// Are subject and issuer left open?
///
/// In cosign's format one of subject and subjectRegExp suffices, while issuer and issuerRegExp must both match; in bundles
/// `*` is an ordinary character, and an identity without subject or issuer matches nobody.
pub(super) fn open(keyless: &Node, kind: VerificationType) -> (bool, bool) {
    let is_cosign = kind == VerificationType::Cosign;
    let [subject, subject_expression, issuer, issuer_expression] =
        ["subject", "subjectRegExp", "issuer", "issuerRegExp"].map(|name| word(keyless, name));
    let unsaid = |text: &str, expression: &str| text.is_empty() && expression.is_empty();
    let any = |text: &str| is_cosign && !text.is_empty() && text.bytes().all(|b| b == b'*');
    let unsaid_is_open = |text: &str, expression: &str| is_cosign && unsaid(text, expression);
    let open_subject = unsaid_is_open(subject, subject_expression)
        || any(subject)
        || (any_expression(subject_expression) && (is_cosign || subject.is_empty()));
    let open_issuer = unsaid_is_open(issuer, issuer_expression)
        || (!unsaid(issuer, issuer_expression)
            && (issuer.is_empty() || any(issuer))
            && (issuer_expression.is_empty() || any_expression(issuer_expression)));
    (open_subject, open_issuer)
}

fn any_expression(expression: &str) -> bool {
    matches!(expression.trim_start_matches('^').trim_end_matches('$'), ".*" | ".+")
}

/// Do roots or extensions narrow down who can sign?
pub(super) fn is_narrowed(keyless: &Node) -> bool {
    field(keyless, "roots").or_else(|| field(keyless, "additionalExtensions")).is_some()
}
