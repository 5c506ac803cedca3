//! Attestor sets, as they are written: the model keeps only one kind of an attestor that names two.
//!
//! Source: Kyverno `api/kyverno/v1/image_verification_types.go` (`Validate`).

use super::error;
use crate::diagnostic::Diagnostic;
use crate::policy::{Attestor, AttestorKind, HashName, ImageVerification, decode};
use crate::source::Span;
use crate::yaml::Node;

const KINDS: [&str; 4] = ["keys", "certificates", "keyless", "attestor"];
const KIND_REQUIRED: &str = "keys, certificates, keyless, or a nested attestor is required";

/// Checks the attestors of the entry, those of its attestations and the one that its deprecated fields make.
pub(super) fn validate(node: &Node, entry: &ImageVerification, found: &mut Vec<Diagnostic>) {
    sets(node, &entry.path, found);
    for (index, attestation) in decode::list(node, "attestations").iter().enumerate() {
        sets(attestation, &format!("{}.attestations[{index}]", entry.path), found);
    }
    let written = decode::list(node, "attestors").len();
    for (index, set) in entry.attestors.iter().enumerate().skip(written) {
        for attestor in &set.entries {
            made_of_deprecated_fields(attestor, &format!("{}.attestors[{index}].entries[0]", entry.path), found);
        }
    }
}

fn sets(node: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    for (index, set) in decode::list(node, "attestors").iter().enumerate() {
        validate_set(set, &format!("{path}.attestors[{index}]"), found);
    }
}

fn validate_set(set: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    let entries = decode::list(set, "entries");
    let count = decode::field(set, "count");
    let limit = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    if let Some(count) = count.filter(|count| count.to_value().as_u64().is_some_and(|count| count > limit)) {
        let message = "Count cannot exceed length of entries";
        let diagnostic = error("count-too-high", message, path, count.span);
        found.push(diagnostic.help(format!("there are {}: lower count, or add entries", entries.len())));
    }
    if entries.is_empty() {
        found.push(error("attestor-set-empty", "An entry is required", path, set.span));
    }
    for (index, attestor) in entries.iter().enumerate() {
        validate_attestor(attestor, &format!("{path}.entries[{index}]"), found);
    }
}

fn validate_attestor(attestor: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    let written: Vec<&str> = KINDS.into_iter().filter(|kind| decode::field(attestor, kind).is_some()).collect();
    if written.len() != 1 {
        let names = if written.is_empty() { "none".to_owned() } else { written.join(" and ") };
        let message = format!("{KIND_REQUIRED}: expected one of them, found {names}");
        found.push(error("attestor-kind", message, path, attestor.span));
    }
    for kind in written {
        let Some(node) = decode::field(attestor, kind) else { continue };
        let path = format!("{path}.{kind}");
        match kind {
            "keys" => keys(attestor, node, &path, found),
            "certificates" => certificates(node, &path, found),
            "keyless" => keyless(node, &path, found),
            _ => validate_set(node, &path, found),
        }
    }
}

fn keys(attestor: &Node, keys: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    let text = |name| decode::text(keys, name).filter(|text| !text.is_empty());
    let public_keys = text("publicKeys");
    if public_keys.is_none() && text("kms").is_none() && decode::field(keys, "secret").is_none() {
        let message = "A public key, kms key or secret is required";
        found.push(error("key-missing", message, path, keys.span));
    }
    if let (Some(_), HashName::Other(name)) = (public_keys, decode::hash_name(keys)) {
        let message =
            format!("Invalid signature algorithm provided: expected sha224, sha256, sha384 or sha512, found `{name}`");
        found.push(error("signature-algorithm", message, path, super::place(keys, "signatureAlgorithm")));
    }
    if let Some(algorithm) = decode::field(attestor, "signatureAlgorithm") {
        let path = format!("{}.signatureAlgorithm", path.trim_end_matches(".keys"));
        let message = "signatureAlgorithm beside keys has no effect: that of keys counts";
        let diagnostic = Diagnostic::warning("field-without-effect", message).at(path, algorithm.span);
        found.push(diagnostic.help("write it within keys"));
    }
}

fn certificates(node: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    if ["cert", "certChain"].into_iter().all(|name| decode::text(node, name).is_none_or(|text| text.is_empty())) {
        found.push(error("certificate-missing", "cert or certChain required", path, node.span));
    }
}

fn keyless(node: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    let has = |node: &Node, name| decode::text(node, name).is_some_and(|text| !text.is_empty());
    match decode::field(node, "rekor") {
        None if !has(node, "roots") => keyless_roots(path, node.span, found),
        Some(rekor) if !has(rekor, "url") => {
            let diagnostic = error("keyless-rekor-url", "An URL is required", path, rekor.span);
            found.push(diagnostic.help("write rekor.url, such as https://rekor.sigstore.dev"));
        }
        None | Some(_) => {}
    }
}

fn keyless_roots(path: &str, span: Span, found: &mut Vec<Diagnostic>) {
    let message = "Either Rekor URL or roots are required";
    found.push(error("keyless-roots", message, path, span).help("write rekor.url, such as https://rekor.sigstore.dev"));
}

/// `key`, `issuer` or `annotations` of the entry, without any of what attestors have beside them.
fn made_of_deprecated_fields(attestor: &Attestor, path: &str, found: &mut Vec<Diagnostic>) {
    match &attestor.kind {
        None => found.push(error("attestor-kind", KIND_REQUIRED, path, attestor.span)),
        Some(AttestorKind::Keyless(keyless)) if keyless.roots.is_none() => {
            keyless_roots(&format!("{path}.keyless"), attestor.span, found);
        }
        Some(_) => {}
    }
}
