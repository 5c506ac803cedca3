use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::lint::subject::{place, word};
use crate::policy::{VerificationType, field, list};
use crate::yaml::NodeKind;

/// What the entry asks for, no image can have: each that it concerns is denied.
pub(super) const RULE: Rule = Rule {
    code: "lint-never-passes",
    severity: Severity::Error,
    category: Category::Vacuous,
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    if !entry.verifies() && entry.entry.required {
        report.add(
            entry.policy,
            entry.entry.span,
            format_args!("required without attestors and attestations: no image is ever verified"),
            format_args!("add attestors or attestations, or write required: false"),
        );
    }
    match entry.entry.kind {
        VerificationType::SigstoreBundle => bundles(entry, report),
        VerificationType::Notary => notary(entry, report),
        VerificationType::Cosign => {}
    }
}

/// Source: Kyverno `pkg/image/verifiers/cpol/cosign/sigstore.go`.
fn bundles(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    let all = entry.attestors("keyless");
    for keyless in &all {
        for (name, expression) in [("subject", "subjectRegExp"), ("issuer", "issuerRegExp")] {
            let text = word(keyless, name);
            let why = match (text.is_empty(), word(keyless, expression).is_empty()) {
                (true, true) => "asked for with type SigstoreBundle, and missing",
                (false, true) if text.contains('*') => {
                    "compared as it is written with type SigstoreBundle: `*` is no wildcard"
                }
                _ => continue,
            };
            let message = format_args!("{name} is {why}");
            report.add(entry.policy, place(keyless, name), message, format_args!("write {expression}"));
        }
    }
    for attestor in all.into_iter().chain(entry.attestors("keys")) {
        let flag = |object: &str, name: &str| field(attestor, object).and_then(|node| field(node, name));
        let is_on = |object: &str, name: &str| flag(object, name).is_some_and(|flag| flag.kind == NodeKind::Bool(true));
        if is_on("ctlog", "ignoreSCT") && !is_on("rekor", "ignoreTlog") {
            report.add(
                entry.policy,
                attestor.span,
                format_args!("ignoreSCT without ignoreTlog: no time is asked for, and no bundle verifies"),
                format_args!("write rekor.ignoreTlog: true too, or remove ignoreSCT"),
            );
        }
    }
}

fn notary(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for attestor in entry.sets.iter().flat_map(|set| list(set, "entries")) {
        let verifies = field(attestor, "certificates").or_else(|| field(attestor, "attestor")).is_some();
        if !verifies {
            report.add(
                entry.policy,
                attestor.span,
                format_args!("Notary signatures are verified with certificates alone"),
                format_args!("write certificates in the attestor"),
            );
        }
    }
}
