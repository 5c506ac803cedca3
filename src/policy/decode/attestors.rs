//! Attestor sets and what they consist of.

use super::{field, flag, list, spanned_text, text, text_map};
use crate::policy::{
    Attestor, AttestorKind, AttestorSet, Certificates, Ctlog, HashName, KeySource, Keyless, Rekor, StaticKeys,
};
use crate::source::Spanned;
use crate::yaml::{Node, NodeKind};

/// The sets in the field `attestors`.
pub(super) fn sets(node: &Node) -> Vec<AttestorSet> {
    list(node, "attestors").iter().map(set).collect()
}

fn set(node: &Node) -> AttestorSet {
    let count = match field(node, "count").map(|count| &count.kind) {
        Some(NodeKind::Number(number)) => number.as_u64().and_then(|count| u32::try_from(count).ok()),
        _ => None,
    };
    AttestorSet { count, entries: list(node, "entries").iter().map(attestor).collect() }
}

fn attestor(node: &Node) -> Attestor {
    let kind = [
        field(node, "keys").map(|keys| AttestorKind::Keys(static_keys(keys))),
        field(node, "certificates").map(|node| AttestorKind::Certificates(certificates(node))),
        field(node, "keyless").map(|node| AttestorKind::Keyless(keyless(node))),
        field(node, "attestor").map(|node| AttestorKind::Nested(set(node))),
    ];
    Attestor {
        span: node.span,
        kind: kind.into_iter().flatten().next(),
        annotations: field(node, "annotations").map(|_| text_map(node, "annotations")),
        repository: text(node, "repository"),
        signature_algorithm: hash_name(node),
    }
}

/// The key, from the first of text, Secret and KMS that is written.
fn static_keys(node: &Node) -> StaticKeys {
    let written = |name| spanned_text(node, name);
    let secret = || {
        let secret = field(node, "secret")?;
        let (namespace, name) = (text(secret, "namespace")?, text(secret, "name")?);
        Some(Spanned::new(KeySource::Secret { namespace, name }, secret.span))
    };
    let source = written("publicKeys")
        .map(|text| Spanned::new(KeySource::Text(text.value), text.span))
        .or_else(secret)
        .or_else(|| written("kms").map(|text| Spanned::new(KeySource::Kms(text.value), text.span)));
    StaticKeys {
        // Policy validation refuses keys without any of the three.
        source: source.unwrap_or_else(|| Spanned::new(KeySource::Text(String::new()), node.span)),
        signature_algorithm: hash_name(node),
        rekor: rekor(node),
        ctlog: ctlog(node),
    }
}

/// The attestor of the deprecated field `key`.
pub(super) fn deprecated_key(key: Spanned<String>) -> AttestorKind {
    AttestorKind::Keys(StaticKeys {
        source: Spanned::new(KeySource::Text(key.value), key.span),
        signature_algorithm: HashName::default(),
        rekor: None,
        ctlog: None,
    })
}

fn certificates(node: &Node) -> Certificates {
    Certificates {
        cert: spanned_text(node, "cert"),
        cert_chain: spanned_text(node, "certChain"),
        rekor: rekor(node),
        ctlog: ctlog(node),
    }
}

/// `keyless`, and likewise the deprecated fields of an entry.
pub(super) fn keyless(node: &Node) -> Keyless {
    Keyless {
        subject: spanned_text(node, "subject"),
        subject_reg_exp: spanned_text(node, "subjectRegExp"),
        issuer: spanned_text(node, "issuer"),
        issuer_reg_exp: spanned_text(node, "issuerRegExp"),
        roots: spanned_text(node, "roots"),
        additional_extensions: text_map(node, "additionalExtensions"),
        rekor: rekor(node),
        ctlog: ctlog(node),
    }
}

fn rekor(node: &Node) -> Option<Rekor> {
    field(node, "rekor").map(|node| Rekor {
        url: text(node, "url").unwrap_or_default(),
        pubkey: text(node, "pubkey").filter(|key| !key.is_empty()),
        ignore_tlog: flag(node, "ignoreTlog", false),
    })
}

fn ctlog(node: &Node) -> Option<Ctlog> {
    field(node, "ctlog").map(|node| Ctlog {
        ignore_sct: flag(node, "ignoreSCT", false),
        pubkey: text(node, "pubkey").filter(|key| !key.is_empty()),
        tsa_cert_chain: text(node, "tsaCertChain").filter(|chain| !chain.is_empty()),
    })
}

/// The field `signatureAlgorithm`.
pub(in crate::policy) fn hash_name(node: &Node) -> HashName {
    match text(node, "signatureAlgorithm").as_deref() {
        None | Some("" | "sha256") => HashName::Sha256,
        Some("sha224") => HashName::Sha224,
        Some("sha384") => HashName::Sha384,
        Some("sha512") => HashName::Sha512,
        Some(other) => HashName::Other(other.to_owned()),
    }
}
