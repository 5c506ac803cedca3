use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::policy::{VerificationType, field, list, text};
use crate::yaml::{Node, NodeKind};

pub(super) const RULE: Rule = Rule {
    code: "lint-never-passes",
    severity: Severity::Error,
    category: Category::Vacuous,
    explanation: "What the entry asks for, no image can have: each that it concerns is denied.",
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    let it = entry.entry;
    if it.attestors.is_empty() && it.attestations.is_empty() && it.required {
        let message = "required without attestors and attestations: no image is ever verified";
        report.add(entry.policy, it.span, message, "add attestors or attestations, or write required: false");
    }
    match it.kind {
        VerificationType::SigstoreBundle => bundles(entry, report),
        VerificationType::Notary => notary(entry, report),
        VerificationType::Cosign => {}
    }
}

/// Source: Kyverno `pkg/image/verifiers/cpol/cosign/sigstore.go`.
fn bundles(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for keyless in entry.attestors("keyless") {
        let has = |name: &str| text(keyless, name).is_some_and(|text| !text.is_empty());
        for (name, expression) in [("subject", "subjectRegExp"), ("issuer", "issuerRegExp")] {
            if !has(name) && !has(expression) {
                let message = format!("a bundle needs subject and issuer: without {name} none verifies");
                report.add(entry.policy, keyless.span, message, format!("write {name} or {expression}"));
            } else if text(keyless, name).is_some_and(|text| text.contains('*')) {
                let message =
                    format!("with type SigstoreBundle {name} is compared as it is written: `*` is no wildcard");
                let span = field(keyless, name).map_or(keyless.span, |node| node.span);
                report.add(entry.policy, span, message, format!("write {expression}"));
            }
        }
    }
    for attestor in entry.attestors("keyless").chain(entry.attestors("keys")) {
        let is_on = |object: &str, name: &str| {
            let value = field(attestor, object).and_then(|node| field(node, name));
            value.is_some_and(|value: &Node| value.kind == NodeKind::Bool(true))
        };
        if is_on("ctlog", "ignoreSCT") && !is_on("rekor", "ignoreTlog") {
            let message = "ignoreSCT without ignoreTlog: no time is asked for, and no bundle verifies";
            report.add(entry.policy, attestor.span, message, "write rekor.ignoreTlog: true too, or remove ignoreSCT");
        }
    }
}

fn notary(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    let attestations = list(entry.node, "attestations").iter();
    for set in attestations.flat_map(|attestation| list(attestation, "attestors")) {
        for attestor in list(set, "entries").iter().filter(|attestor| field(attestor, "certificates").is_none()) {
            let message = "Notary attestations are verified with certificates";
            report.add(entry.policy, attestor.span, message, "write certificates in the attestor");
        }
    }
}
