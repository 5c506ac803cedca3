//! What a signature is checked with: the certificate of the bundle, or the key of the policy.
//!
//! Source: sigstore-go v1.3, `verify/signature.go` (`getSignatureVerifier`); sigstore v1.10,
//! `pkg/signature/algorithm_registry.go` (`GetDefaultPublicKeyDetails`).

use super::{Bundle, BundleError, BundlePolicy, BundleSigner};
use crate::crypto::{Curve, HashAlgorithm, KeyKind, PublicKey, SignatureError, cosign_verifier};
use crate::x509::Certificate;

/// Who signs, as far as the bundle says and the policy allows.
#[derive(Clone, Debug)]
pub(super) enum Signer<'a> {
    Certificate(Certificate),
    Key { key: &'a PublicKey, hash: HashAlgorithm },
}

impl<'a> Signer<'a> {
    pub(super) fn of(bundle: &Bundle, policy: &'a BundlePolicy) -> Result<Self, BundleError> {
        match (&bundle.signer, policy) {
            (BundleSigner::Certificate(der), BundlePolicy::Identity(_)) => {
                Certificate::from_der(der).map(Self::Certificate).map_err(BundleError::Certificate)
            }
            (BundleSigner::Key(_), BundlePolicy::Key { key, hash }) => Ok(Self::Key { key, hash: *hash }),
            (BundleSigner::Certificate(_), BundlePolicy::Key { .. }) => {
                Err(BundleError::SignerKind { expected: "key", found: "certificate" })
            }
            (BundleSigner::Key(_), BundlePolicy::Identity(_)) => {
                Err(BundleError::SignerKind { expected: "certificate", found: "key" })
            }
        }
    }

    pub(super) fn key(&self) -> Result<&PublicKey, BundleError> {
        match self {
            Self::Certificate(certificate) => certificate.public_key().map_err(|error| BundleError::Key(error.clone())),
            Self::Key { key, .. } => Ok(key),
        }
    }

    /// What may have been signed over. Old clients used SHA-256 with every curve.
    pub(super) fn hashes(&self) -> Result<Vec<HashAlgorithm>, BundleError> {
        if let Self::Key { hash, .. } = self {
            return Ok(vec![*hash]);
        }
        match self.key()?.kind() {
            KeyKind::Ecdsa(Curve::P384) => Ok(vec![HashAlgorithm::Sha384, HashAlgorithm::Sha256]),
            KeyKind::Ecdsa(Curve::P521) => Ok(vec![HashAlgorithm::Sha512, HashAlgorithm::Sha256]),
            // Go counts whole bytes.
            KeyKind::Rsa { bits } if !matches!(bits.div_ceil(8), 256 | 384 | 512) => Err(BundleError::RsaLength(bits)),
            KeyKind::Ecdsa(Curve::P256) | KeyKind::Ed25519 | KeyKind::Rsa { .. } => Ok(vec![HashAlgorithm::Sha256]),
        }
    }

    /// Is the signature over the message, by one of the hashes?
    pub(super) fn check(&self, message: &[u8], signature: &[u8], hashes: &[HashAlgorithm]) -> Result<(), BundleError> {
        let key = self.key()?;
        let mut outcome = Err(BundleError::Signature(SignatureError::Mismatch { algorithm: "none" }));
        for hash in hashes {
            let algorithm = cosign_verifier(key, *hash).map_err(BundleError::Key)?;
            outcome = algorithm.verify(key, message, signature).map_err(BundleError::Signature);
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }
}
