//! What Rekor v2 writes of a signer's key.
//!
//! Source: sigstore v1.10, `pkg/signature/algorithm_registry.go`, `GetDefaultAlgorithmDetails`.

use crate::crypto::{Curve, HashAlgorithm, KeyKind, PublicKey};

/// The hash that goes with a key.
pub(super) fn usual_hash(key: &PublicKey) -> HashAlgorithm {
    match key.kind() {
        KeyKind::Ecdsa(Curve::P384) => HashAlgorithm::Sha384,
        KeyKind::Ecdsa(Curve::P521) | KeyKind::Ed25519 => HashAlgorithm::Sha512,
        KeyKind::Ecdsa(Curve::P256) | KeyKind::Rsa { .. } => HashAlgorithm::Sha256,
    }
}

/// The name of the key's kind, as `PublicKeyDetails` of the Sigstore protocol buffers has it.
pub(super) fn details(key: &PublicKey) -> Option<&'static str> {
    match key.kind() {
        KeyKind::Ecdsa(Curve::P256) => Some("PKIX_ECDSA_P256_SHA_256"),
        KeyKind::Ecdsa(Curve::P384) => Some("PKIX_ECDSA_P384_SHA_384"),
        KeyKind::Ecdsa(Curve::P521) => Some("PKIX_ECDSA_P521_SHA_512"),
        KeyKind::Ed25519 => Some("PKIX_ED25519_PH"),
        // Go counts bytes of the modulus.
        KeyKind::Rsa { bits } => match bits.div_ceil(8) {
            256 => Some("PKIX_RSA_PKCS1V15_2048_SHA256"),
            384 => Some("PKIX_RSA_PKCS1V15_3072_SHA256"),
            512 => Some("PKIX_RSA_PKCS1V15_4096_SHA256"),
            _ => None,
        },
    }
}

/// The name of a hash function in the same protocol buffers.
pub(super) fn hash_name(hash: HashAlgorithm) -> &'static str {
    match hash {
        HashAlgorithm::Sha224 => "SHA2_224",
        HashAlgorithm::Sha256 => "SHA2_256",
        HashAlgorithm::Sha384 => "SHA2_384",
        HashAlgorithm::Sha512 => "SHA2_512",
    }
}
