//! verifyImages rules.

use crate::diagnostic::Diagnostic;
use crate::policy::{
    Attestor, AttestorKind, AttestorSet, FailureAction, HashName, ImageVerification, KeySource, Rule, VerificationType,
    decode,
};
use crate::source::Span;
use crate::yaml::Node;

/// Checks the rule `node`, decoded as `rule` and `entries`; `action` is the policy's.
pub(super) fn validate(
    node: &Node,
    rule: &Rule,
    entries: &[ImageVerification],
    action: FailureAction,
    found: &mut Vec<Diagnostic>,
) {
    let written = decode::list(node, "verifyImages");
    extractors(node, rule, entries, found);
    if !entries.is_empty() && rule.match_resources.filters().iter().any(|f| f.kinds.iter().any(|kind| kind == "*")) {
        let message = "wildcard policy does not support rule type";
        found.push(Diagnostic::error("wildcard-kind", message).at("match", node.span));
    }
    // Upstream, the action of an entry stays in force for the entries behind it that name none.
    let mut action = action;
    for (node, entry) in written.iter().zip(entries) {
        action = entry.failure_action.unwrap_or(action);
        check_entry(entry, node, &rule.name, action, found);
        check_kinds(node, &entry.path, found);
        for (index, attestation) in decode::list(node, "attestations").iter().enumerate() {
            check_kinds(attestation, &format!("{}.attestations[{index}]", entry.path), found);
        }
        deprecated(node, entry, found);
    }
    let validating = written.iter().any(|entry| decode::field(entry, "validate").is_some());
    for (node, entry) in written.iter().zip(entries) {
        let deny = decode::field(node, "validate").is_some_and(|validate| decode::field(validate, "deny").is_some());
        if validating && !deny {
            let message = "every entry of a rule needs validate.deny once one has validate";
            found.push(error("validate-without-deny", message, format!("{}.validate", entry.path), entry.span));
        }
    }
}

fn error(code: &'static str, message: impl Into<String>, path: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::error(code, message).at(path, span)
}

fn extractors(node: &Node, rule: &Rule, entries: &[ImageVerification], found: &mut Vec<Diagnostic>) {
    let Some(written) = decode::field(node, "imageExtractors") else { return };
    if entries.is_empty() {
        let message = format!(
            "Invalid rule spec for rule '{}', imageExtractors can only be defined for verifyImages rule",
            rule.name
        );
        found.push(error("extractors-elsewhere", message, "imageExtractors", written.span));
    }
    let queried = rule.image_extractors.values().flatten().find(|extractor| extractor.jmes_path.is_some());
    if let Some(extractor) = queried
        && entries.iter().any(|entry| entry.mutate_digest)
    {
        let message = "jmespath may not be used in an image extractor when mutating digests with verify images";
        let diagnostic = error("extractor-jmespath-mutates", message, "imageExtractors", extractor.span);
        found.push(diagnostic.help("set mutateDigest: false in every entry of the rule"));
    }
}

fn check_entry(entry: &ImageVerification, node: &Node, rule: &str, action: FailureAction, found: &mut Vec<Diagnostic>) {
    let path = &entry.path;
    if action == FailureAction::Audit && entry.mutate_digest {
        let message = "mutateDigest must be set to false for ‘Audit’ failure action";
        let diagnostic = error("mutate-digest-in-audit", message, format!("{path}.mutateDigest"), entry.span);
        found.push(diagnostic.help("set mutateDigest: false, or failureAction: Enforce"));
    }
    if entry.image_references.is_empty() {
        found.push(error("image-references-missing", "An image reference is required", path.as_str(), entry.span));
    }
    for reference in entry.image_references.iter().chain(&entry.skip_image_references) {
        if reference.value.contains("{{") && decode::text(node, "image").as_ref() != Some(&reference.value) {
            let message = format!("rule \"{rule}\" should not have variables in image reference section");
            found.push(error(
                "variable-in-image-reference",
                message,
                format!("{path}.imageReferences"),
                reference.span,
            ));
        }
    }
    check_sets(&entry.attestors, &format!("{path}.attestors"), entry, found);
    for (index, attestation) in entry.attestations.iter().enumerate() {
        check_sets(&attestation.attestors, &format!("{path}.attestations[{index}].attestors"), entry, found);
    }
    if entry.kind == VerificationType::Notary {
        for attestor in entry.attestors.iter().flat_map(|set| &set.entries) {
            let field = match attestor.kind {
                Some(AttestorKind::Keyless(_)) => "Keyless",
                Some(AttestorKind::Keys(_)) => "Keys",
                _ => continue,
            };
            let message = format!("{field} field is not allowed for type notary");
            found.push(error("notary-attestor", message, format!("{path}.attestors"), attestor.span));
        }
    }
}

fn check_sets(sets: &[AttestorSet], path: &str, entry: &ImageVerification, found: &mut Vec<Diagnostic>) {
    for (index, set) in sets.iter().enumerate() {
        check_set(set, &format!("{path}[{index}]"), entry.span, found);
    }
}

/// An attestor is one thing: the model keeps the first, so this looks at what is written.
fn check_kinds(node: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    for (index, set) in decode::list(node, "attestors").iter().enumerate() {
        check_kinds_of_set(set, &format!("{path}.attestors[{index}]"), found);
    }
}

fn check_kinds_of_set(set: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    for (index, attestor) in decode::list(set, "entries").iter().enumerate() {
        let path = format!("{path}.entries[{index}]");
        let kinds = ["keys", "certificates", "keyless", "attestor"];
        let written: Vec<&str> = kinds.into_iter().filter(|kind| decode::field(attestor, kind).is_some()).collect();
        if written.len() > 1 {
            let message = format!(
                "keys, certificates, keyless, or a nested attestor is required: expected one of them, found {}",
                written.join(" and ")
            );
            found.push(error("attestor-kind", message, path.as_str(), attestor.span));
        }
        if let (Some(_), Some(algorithm)) =
            (decode::field(attestor, "keys"), decode::field(attestor, "signatureAlgorithm"))
        {
            let message = "signatureAlgorithm beside keys has no effect: that of keys counts";
            let diagnostic = Diagnostic::warning("field-without-effect", message);
            let diagnostic = diagnostic.at(format!("{path}.signatureAlgorithm"), algorithm.span);
            found.push(diagnostic.help("write it within keys"));
        }
        if let Some(nested) = decode::field(attestor, "attestor") {
            check_kinds_of_set(nested, &format!("{path}.attestor"), found);
        }
    }
}

fn check_set(set: &AttestorSet, path: &str, parent: Span, found: &mut Vec<Diagnostic>) {
    let span = set.entries.first().map_or(parent, |attestor| attestor.span);
    if set.entries.is_empty() {
        found.push(error("attestor-set-empty", "An entry is required", path, span));
    } else if set.count.is_some_and(|count| usize::try_from(count).unwrap_or(usize::MAX) > set.entries.len()) {
        let message = "Count cannot exceed length of entries";
        let diagnostic = error("count-too-high", message, path, span);
        found.push(diagnostic.help(format!("there are {}: lower count, or add entries", set.entries.len())));
    }
    for (index, attestor) in set.entries.iter().enumerate() {
        check_attestor(attestor, &format!("{path}.entries[{index}]"), found);
    }
}

fn check_attestor(attestor: &Attestor, path: &str, found: &mut Vec<Diagnostic>) {
    let mut add = |code, message: &str, path: String| found.push(error(code, message, path, attestor.span));
    match &attestor.kind {
        None => {
            let message = "keys, certificates, keyless, or a nested attestor is required";
            add("attestor-kind", message, path.to_owned());
        }
        Some(AttestorKind::Keys(keys)) => {
            let text = match &keys.source.value {
                KeySource::Text(text) => Some(text),
                KeySource::Kms(_) | KeySource::Secret { .. } => None,
            };
            if text.is_some_and(String::is_empty) {
                add("key-missing", "A public key, kms key or secret is required", format!("{path}.keys"));
            }
            if let (Some(_), HashName::Other(name)) = (text, &keys.signature_algorithm) {
                let message = format!(
                    "Invalid signature algorithm provided: expected sha224, sha256, sha384 or sha512, found `{name}`"
                );
                add("signature-algorithm", &message, format!("{path}.keys"));
            }
        }
        Some(AttestorKind::Certificates(certificates)) => {
            if certificates.cert.is_none() && certificates.cert_chain.is_none() {
                add("certificate-missing", "cert or certChain required", format!("{path}.certificates"));
            }
        }
        Some(AttestorKind::Keyless(keyless)) => match (&keyless.rekor, &keyless.roots) {
            (None, None) => {
                add("keyless-roots", "Either Rekor URL or roots are required", format!("{path}.keyless"));
            }
            (Some(rekor), _) if rekor.url.is_empty() => {
                add("keyless-rekor-url", "An URL is required", format!("{path}.keyless"));
            }
            _ => {}
        },
        Some(AttestorKind::Nested(set)) => check_set(set, &format!("{path}.attestor"), attestor.span, found),
    }
}

/// Deprecated fields work, and say what replaces them; one that upstream drops without a word is refused.
fn deprecated(node: &Node, entry: &ImageVerification, found: &mut Vec<Diagnostic>) {
    let replacements = [
        ("image", "imageReferences"),
        ("key", "attestors[].entries[].keys"),
        ("issuer", "attestors[].entries[].keyless"),
        ("subject", "attestors[].entries[].keyless"),
        ("roots", "attestors[].entries[].keyless"),
        ("annotations", "attestors[].entries[].annotations"),
        ("additionalExtensions", "attestors[].entries[].keyless, where it has an effect: here it has none"),
    ];
    for (name, replacement) in replacements {
        if let Some(value) = decode::field(node, name) {
            let message = format!("the field `{name}` is deprecated: use {replacement}");
            found.push(
                Diagnostic::warning("deprecated-field", message).at(format!("{}.{name}", entry.path), value.span),
            );
        }
    }
    let key = decode::field(node, "key").or_else(|| decode::field(node, "issuer"));
    if let Some(key) = key
        && !entry.attestations.is_empty()
    {
        // DIVERGENCE deprecated-key-with-attestations: upstream drops the key, and any signer of the attestation will do.
        let message =
            "key and issuer are not used for attestations: Kyverno drops them, so anybody's attestation would do";
        let diagnostic = error("deprecated-key-with-attestations", message, entry.path.as_str(), key.span);
        found.push(diagnostic.help("write attestors in the attestation"));
    }
}
