//! Ed25519.

use crate::crypto::key::KeyMaterial;
use crate::crypto::{PublicKey, SignatureError, VerificationAlgorithm};
use ed25519_dalek::{Signature, Verifier as _};

/// The one algorithm.
pub(super) const ALGORITHM: &dyn VerificationAlgorithm = &Ed25519;

/// Pure Ed25519: the message is not hashed beforehand.
///
/// Checks what Go's crypto/ed25519 checks: S is below the group order, and R equals the encoding of [S]B - [k]A without
/// a cofactor, so that a non-canonical R never matches. That is dalek's `verify`; `verify_strict` would also refuse an R
/// of small order, which Go takes. (It would refuse weak keys too: those do not become a [`PublicKey`] here.)
#[derive(Debug)]
struct Ed25519;

impl VerificationAlgorithm for Ed25519 {
    fn id(&self) -> &'static str {
        "ed25519"
    }

    fn verify(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let KeyMaterial::Ed25519(verifying_key) = &key.material else {
            return Err(SignatureError::WrongKey { algorithm: self.id(), key: key.kind() });
        };
        let signature = Signature::from_slice(signature).map_err(|_| SignatureError::Malformed {
            expected: "an ed25519 signature of 64 bytes".to_owned(),
            found: format!("{} bytes", signature.len()),
        })?;
        verifying_key.verify(message, &signature).map_err(|_| SignatureError::Mismatch { algorithm: self.id() })
    }
}
