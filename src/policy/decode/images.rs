//! One element of `verifyImages`, deprecated fields converted.
//!
//! Source: Kyverno `api/kyverno/v1/image_verification_types.go` (`Convert`).

use super::language::conditions;
use super::spec::{failure_action, spanned};
use super::{attestors, field, flag, is_empty, list, spanned_text, text, text_map, texts, unsupported};
use crate::policy::{
    Attestation, Attestor, AttestorKind, AttestorSet, HashName, ImageValidation, ImageVerification,
    RegistryCredentials, Template, VerificationType,
};
use crate::yaml::{Node, NodeKind};

/// Reads the entries of the rule at `path`.
pub fn entries(node: &Node, path: &str) -> Vec<ImageVerification> {
    let items = match &node.kind {
        NodeKind::Sequence(items) => items.as_slice(),
        _ => &[],
    };
    items.iter().enumerate().map(|(index, item)| entry(item, &format!("{path}.verifyImages[{index}]"))).collect()
}

fn entry(node: &Node, path: &str) -> ImageVerification {
    let mut image_references: Vec<_> = list(node, "imageReferences").iter().filter_map(spanned).collect();
    image_references.extend(spanned_text(node, "image"));
    let mut sets = attestors::sets(node);
    sets.extend(deprecated_attestor(node));
    ImageVerification {
        span: node.span,
        path: path.to_owned(),
        failure_action: text(node, "failureAction").as_deref().and_then(failure_action),
        kind: match text(node, "type").as_deref() {
            Some("Notary") => VerificationType::Notary,
            Some("SigstoreBundle") => VerificationType::SigstoreBundle,
            _ => VerificationType::Cosign,
        },
        image_references,
        skip_image_references: list(node, "skipImageReferences").iter().filter_map(spanned).collect(),
        attestors: sets,
        attestations: list(node, "attestations").iter().map(attestation).collect(),
        annotations: text_map(node, "annotations"),
        repository: text(node, "repository").filter(|repository| !repository.is_empty()),
        cosign_oci11: flag(node, "cosignOCI11", false),
        mutate_digest: flag(node, "mutateDigest", true),
        verify_digest: flag(node, "verifyDigest", true),
        required: flag(node, "required", true),
        use_cache: flag(node, "useCache", true),
        credentials: field(node, "imageRegistryCredentials").map(credentials),
        validate: field(node, "validate").filter(|node| !is_empty(node)).map(validation),
        unsupported: unsupported::of_entry(node, path),
    }
}

/// The attestor that `key`, `issuer` or `annotations` make; only where one of `image`, `key` and `issuer` is written.
fn deprecated_attestor(node: &Node) -> Option<AttestorSet> {
    let written = |name| spanned_text(node, name);
    let (image, key, issuer) = (written("image"), written("key"), written("issuer"));
    let annotations = Some(text_map(node, "annotations")).filter(|annotations| !annotations.is_empty());
    let converted = image.is_some() || key.is_some() || issuer.is_some();
    if !converted || (key.is_none() && issuer.is_none() && annotations.is_none()) {
        return None;
    }
    // Meant for the attestations, if there are any, and lost there: policy validation refuses what would matter.
    if !list(node, "attestations").is_empty() {
        return None;
    }
    let kind = match (key, issuer) {
        (Some(key), _) => Some(attestors::deprecated_key(key)),
        (None, Some(_)) => {
            let keyless = attestors::keyless(node);
            Some(AttestorKind::Keyless(crate::policy::Keyless {
                additional_extensions: std::collections::BTreeMap::new(),
                ..keyless
            }))
        }
        (None, None) => None,
    };
    let attestor =
        Attestor { span: node.span, kind, annotations, repository: None, signature_algorithm: HashName::default() };
    Some(AttestorSet { count: None, entries: vec![attestor] })
}

fn attestation(node: &Node) -> Attestation {
    let kind = text(node, "type").filter(|kind| !kind.is_empty()).or_else(|| text(node, "predicateType"));
    Attestation {
        span: node.span,
        name: text(node, "name").unwrap_or_default(),
        predicate_type: kind.unwrap_or_default(),
        attestors: attestors::sets(node),
        conditions: Template::new(list(node, "conditions").iter().map(Node::to_value).collect()),
    }
}

fn validation(node: &Node) -> ImageValidation {
    ImageValidation {
        span: node.span,
        message: text(node, "message").unwrap_or_default(),
        deny: field(node, "deny").map(|deny| conditions(deny, "conditions")),
    }
}

fn credentials(node: &Node) -> RegistryCredentials {
    RegistryCredentials {
        allow_insecure_registry: flag(node, "allowInsecureRegistry", false),
        providers: texts(node, "providers"),
        secrets: texts(node, "secrets"),
    }
}
