//! Fields that the verification technology of an entry does not read: they keep Kyverno's verdict, and whoever wrote them
//! should know.
//!
//! Source: Kyverno `pkg/image/verifiers/cpol/cosign/sigstore.go`, `pkg/image/verifiers/cpol/notary/notary.go`: what they do
//! not read of `verifiers.Options`.

use crate::diagnostic::Diagnostic;
use crate::policy::{VerificationType, decode};
use crate::yaml::Node;

/// A field, by its path from entry or attestor, and what another tool would do with it.
type Field = (&'static [&'static str], &'static str);

const IN_BUNDLE_ENTRY: &[Field] = &[
    (&["annotations"], "`cosign verify -a` would compare them with those of the signed statement"),
    (&["repository"], "bundles are looked for beside the image alone"),
    (&["cosignOCI11"], "bundles are always looked for among the referrers"),
];
const IN_BUNDLE_ATTESTOR: &[Field] = &[
    (&["annotations"], "`cosign verify -a` would compare them with those of the signed statement"),
    (&["repository"], "bundles are looked for beside the image alone"),
    (&["certificates"], "a bundle is verified by key or by identity, so that this attestor never succeeds"),
    (&["keyless", "roots"], "the authorities of the trust root count"),
    (&["keyless", "additionalExtensions"], "`cosign verify` would compare certificate extensions by its own options"),
    (&["keyless", "rekor", "pubkey"], "the logs of the trust root count"),
    (
        &["keyless", "ctlog", "pubkey"],
        "the SCTs of a bundle's certificate are not checked; `cosign verify` would check them",
    ),
    (&["keyless", "ctlog", "tsaCertChain"], "the timestamp authorities of the trust root count"),
    (&["keys", "rekor", "pubkey"], "the logs of the trust root count"),
    (&["keys", "ctlog", "pubkey"], "a key has no certificate that could be in a log"),
    (&["keys", "ctlog", "tsaCertChain"], "the timestamp authorities of the trust root count"),
];
const IN_NOTARY_ENTRY: &[Field] = &[
    (&["annotations"], "Notary signatures are not compared with annotations"),
    (&["repository"], "Notary signatures are looked for beside the image alone"),
    (&["cosignOCI11"], "Notary signatures are always looked for among the referrers"),
];
const IN_NOTARY_ATTESTOR: &[Field] = &[
    (&["annotations"], "Notary signatures are not compared with annotations"),
    (&["repository"], "Notary signatures are looked for beside the image alone"),
    (&["signatureAlgorithm"], "the certificate's key determines the algorithm"),
    (&["certificates", "rekor"], "Notary signatures are in no transparency log"),
    (&["certificates", "ctlog"], "Notary certificates are in no certificate log"),
];
const IN_COSIGN_ENTRY: &[Field] = &[];
/// Deprecated fields that count only where `issuer` is written beside them, and one that never counts.
const BESIDE_ISSUER: [&str; 2] = ["subject", "roots"];

/// Warns of what the entry `node` at `path` says in vain.
pub(super) fn of_entry(node: &Node, kind: VerificationType, path: &str, found: &mut Vec<Diagnostic>) {
    let (own, of_attestors) = match kind {
        VerificationType::Cosign => (IN_COSIGN_ENTRY, IN_COSIGN_ENTRY),
        VerificationType::Notary => (IN_NOTARY_ENTRY, IN_NOTARY_ATTESTOR),
        VerificationType::SigstoreBundle => (IN_BUNDLE_ENTRY, IN_BUNDLE_ATTESTOR),
    };
    let name = decode::text(node, "type").unwrap_or_default();
    warn(node, own, &name, path, found);
    attestors(node, of_attestors, &name, path, found);
    for (index, attestation) in decode::list(node, "attestations").iter().enumerate() {
        attestors(attestation, of_attestors, &name, &format!("{path}.attestations[{index}]"), found);
    }
    deprecated(node, path, found);
}

fn attestors(node: &Node, fields: &[Field], kind: &str, path: &str, found: &mut Vec<Diagnostic>) {
    for (at, set) in decode::list(node, "attestors").iter().enumerate() {
        entries(set, fields, kind, &format!("{path}.attestors[{at}]"), found);
    }
}

fn entries(set: &Node, fields: &[Field], kind: &str, path: &str, found: &mut Vec<Diagnostic>) {
    for (index, entry) in decode::list(set, "entries").iter().enumerate() {
        let path = format!("{path}.entries[{index}]");
        warn(entry, fields, kind, &path, found);
        if let Some(nested) = decode::field(entry, "attestor") {
            entries(nested, fields, kind, &format!("{path}.attestor"), found);
        }
    }
}

fn warn(node: &Node, fields: &[Field], kind: &str, path: &str, found: &mut Vec<Diagnostic>) {
    for (names, instead) in fields {
        let written = names.iter().try_fold(node, |node, name| decode::field(node, name));
        if let Some(written) = written.filter(|written| !decode::is_empty(written) && written.as_str() != Some("")) {
            let name = names.join(".");
            let message = format!("{name} has no effect with type {kind}: {instead}");
            found.push(Diagnostic::warning("field-without-effect", message).at(format!("{path}.{name}"), written.span));
        }
    }
}

fn deprecated(node: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    let mut add = |name: &str, why: &str| {
        if let Some(written) = decode::field(node, name).filter(|written| !decode::is_empty(written)) {
            let message = format!("{name} has no effect here: {why}");
            let warning = Diagnostic::warning("field-without-effect", message);
            found.push(warning.at(format!("{path}.{name}"), written.span).help("write it in attestors, under keyless"));
        }
    };
    if decode::text(node, "issuer").is_none_or(|issuer| issuer.is_empty()) || decode::field(node, "key").is_some() {
        BESIDE_ISSUER.iter().for_each(|name| add(name, "it counts only where issuer is written and key is not"));
    }
    add("additionalExtensions", "Kyverno reads it in attestors alone");
}
