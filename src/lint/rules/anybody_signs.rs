use super::identity_open::{is_narrowed, open};
use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::lint::subject::place;
use crate::policy::{VerificationType, list};

/// A keyless attestor without subject and issuer, or an attestation without attestors, takes the signature of anybody
/// who has an account with an issuer of Sigstore's.
pub(super) const RULE: Rule = Rule {
    code: "lint-anybody-signs",
    severity: Severity::Error,
    category: Category::FailOpen,
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for keyless in entry.attestors("keyless") {
        if open(keyless, entry.entry.kind) == (true, true) && !is_narrowed(keyless) {
            report.add(
                entry.policy,
                place(keyless, "subject"),
                format_args!("any subject of any issuer: everybody can sign"),
                format_args!("write subject and issuer of the signer"),
            );
        }
    }
    for attestation in list(entry.node, "attestations") {
        if entry.entry.kind == VerificationType::Cosign && list(attestation, "attestors").is_empty() {
            report.add(
                entry.policy,
                attestation.span,
                format_args!("an attestation without attestors: everybody can attest"),
                format_args!("write attestors in the attestation: those beside it do not count"),
            );
        }
    }
}
