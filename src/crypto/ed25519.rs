//! Ed25519 (RFC 8032, pure, over the message itself).

use super::algorithm::Scheme;
use super::key::Material;
use super::{PublicKey, SignatureError, VerificationAlgorithm};
use ed25519_dalek::{Signature, Verifier as _};

/// Ed25519. Like Go's, the check is the one without cofactor, and `S` must be reduced.
#[derive(Debug)]
pub(super) struct Ed25519;

impl VerificationAlgorithm for Ed25519 {
    fn scheme(&self) -> Scheme {
        Scheme::Ed25519
    }

    fn verify(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let Material::Ed25519(key) = &key.material else { return Err(SignatureError::WrongKey) };
        let malformed = |_| SignatureError::Malformed { expected: "64 bytes of Ed25519", found: signature.len() };
        let parsed = Signature::from_slice(signature).map_err(malformed)?;
        key.verify(message, &parsed).map_err(|_| SignatureError::Mismatch)
    }
}
