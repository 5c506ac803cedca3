use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::policy::{VerificationType, field, is_empty, text};
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    code: "lint-identity-open",
    severity: Severity::Warning,
    category: Category::FailOpen,
    explanation: "A keyless attestor that leaves the subject or the issuer open lets every user of an issuer sign, or a \
                  subject that any issuer names.",
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for keyless in entry.attestors("keyless") {
        let open = Openness::of(keyless, entry.entry.kind);
        if open.anybody() {
            continue;
        }
        if open.subject {
            let message = "any subject: everybody who can sign in with the issuer can sign the image";
            report.add(
                entry.policy,
                place(keyless, "subject"),
                message,
                "write the subject of the signer's certificate",
            );
        }
        if open.issuer {
            let message = "any issuer: whoever runs an issuer can give this subject out";
            report.add(
                entry.policy,
                place(keyless, "issuer"),
                message,
                "write the OIDC issuer of the signer's certificate",
            );
        }
    }
}

/// What a keyless attestor leaves open.
pub(super) struct Openness {
    pub(super) subject: bool,
    pub(super) issuer: bool,
    /// Roots or extensions narrow down who can sign.
    narrowed: bool,
}

impl Openness {
    /// In cosign's format one of subject and subjectRegExp suffices, while issuer and issuerRegExp must both match; in
    /// bundles `*` is an ordinary character, and an identity without subject or issuer matches nobody.
    pub(super) fn of(keyless: &Node, kind: VerificationType) -> Self {
        let written = |name: &str| text(keyless, name).filter(|text| !text.is_empty());
        let open = |text: Option<String>| text.as_deref().map(is_any);
        let expression = |name: &str| written(name).as_deref().map(is_any_expression);
        let is_cosign = kind == VerificationType::Cosign;
        let wildcard = |name: &str| written(name).filter(|_| is_cosign);
        let either = [open(wildcard("subject")), expression("subjectRegExp")];
        let both = [open(wildcard("issuer")), expression("issuerRegExp")];
        let exact = |name: &str| !is_cosign && written(name).is_some();
        let unsaid = |sides: [Option<bool>; 2]| sides == [None, None];
        let narrowed =
            ["roots", "additionalExtensions"].iter().any(|name| field(keyless, name).is_some_and(|it| !is_empty(it)));
        Self {
            subject: !exact("subject") && (either.contains(&Some(true)) || is_cosign && unsaid(either)),
            issuer: !exact("issuer") && !both.contains(&Some(false)) && (is_cosign || !unsaid(both)),
            narrowed,
        }
    }

    /// Can everybody sign?
    pub(super) fn anybody(&self) -> bool {
        self.subject && self.issuer && !self.narrowed
    }
}

fn is_any(pattern: &str) -> bool {
    pattern.chars().all(|c| c == '*')
}

fn is_any_expression(expression: &str) -> bool {
    matches!(expression.trim_start_matches('^').trim_end_matches('$'), "" | ".*" | ".+" | "(.*)" | "(.+)")
}

/// Where the field, its expression or the attestor stands.
pub(super) fn place(keyless: &Node, name: &str) -> crate::source::Span {
    let expression = format!("{name}RegExp");
    field(keyless, name).or_else(|| field(keyless, &expression)).unwrap_or(keyless).span
}
