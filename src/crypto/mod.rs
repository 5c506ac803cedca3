//! Keys, algorithms and the port that signatures are verified through.
//!
//! The yardstick is what cosign does with Go's cryptography: a signature that verifies there verifies here, unless the
//! key is one that nobody should trust. Differences, all towards rejection:
//!
//! - P-224 keys are not supported;
//! - RSA keys over [`MAXIMUM_RSA_BITS`] are refused (Go has no bound), and Ed25519 keys of small order;
//! - a key is checked when it is read, where Go finds some defects only when it verifies.

mod algorithm;
mod error;
mod hash;
mod key;
mod software;
mod spki;

pub use algorithm::{EcdsaEncoding, SaltLength, SignatureScheme, VerificationAlgorithm};
pub use error::{KeyError, SignatureError};
pub use hash::{HashAlgorithm, HashValue};
pub use key::{Curve, KeyKind, PublicKey};
pub use spki::{MAXIMUM_RSA_BITS, MINIMUM_RSA_BITS};

/// The algorithm that verifies signatures of `scheme` by `key`.
pub fn algorithm(key: &PublicKey, scheme: SignatureScheme) -> Result<&'static dyn VerificationAlgorithm, KeyError> {
    software::find(key.kind(), scheme)
}

/// The algorithm for `key` that X.509, RFC 3161 and the transparency logs mean by "signed over `hash`".
///
/// ECDSA in strict DER, RSA PKCS#1 v1.5, Ed25519 over the message (where `hash` has no meaning).
pub fn algorithm_for(key: &PublicKey, hash: HashAlgorithm) -> Result<&'static dyn VerificationAlgorithm, KeyError> {
    algorithm(key, scheme_for(key, hash, EcdsaEncoding::Asn1))
}

/// The algorithm by which cosign verifies an image signature or attestation of `key`.
///
/// As [`algorithm_for`], but ECDSA signatures may be in P1363 form too ([`EcdsaEncoding::Cosign`]). RSA with SHA-224 is
/// an error. Source: sigstore v1.10, `pkg/signature/verifier.go`, `LoadVerifier`.
pub fn cosign_verifier(key: &PublicKey, hash: HashAlgorithm) -> Result<&'static dyn VerificationAlgorithm, KeyError> {
    algorithm(key, scheme_for(key, hash, EcdsaEncoding::Cosign))
}

fn scheme_for(key: &PublicKey, hash: HashAlgorithm, encoding: EcdsaEncoding) -> SignatureScheme {
    match key.kind() {
        KeyKind::Ecdsa(_) => SignatureScheme::Ecdsa(hash, encoding),
        KeyKind::Ed25519 => SignatureScheme::Ed25519,
        KeyKind::Rsa { .. } => SignatureScheme::RsaPkcs1v15(hash),
    }
}

#[cfg(test)]
mod test_vectors;
#[cfg(test)]
mod tests;
