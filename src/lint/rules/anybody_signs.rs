use super::identity_open::{Openness, place};
use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::policy::{VerificationType, list};

pub(super) const RULE: Rule = Rule {
    code: "lint-anybody-signs",
    severity: Severity::Error,
    category: Category::FailOpen,
    explanation: "A keyless attestor without subject and issuer, or an attestation without attestors, takes the signature \
                  of anybody who has an account with an issuer of Sigstore's.",
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for keyless in entry.attestors("keyless") {
        if Openness::of(keyless, entry.entry.kind).anybody() {
            let message = "any subject of any issuer: everybody can sign";
            report.add(entry.policy, place(keyless, "subject"), message, "write subject and issuer of the signer");
        }
    }
    if entry.entry.kind == VerificationType::Cosign {
        for attestation in list(entry.node, "attestations").iter().filter(|node| list(node, "attestors").is_empty()) {
            let message = "an attestation without attestors: everybody can attest";
            report.add(
                entry.policy,
                attestation.span,
                message,
                "write attestors in the attestation: those beside it do not count",
            );
        }
    }
}
