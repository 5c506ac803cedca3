//! The certificates that a policy trusts.

use super::{NotationError, SigningScheme};
use crate::x509::{Certificate, CertificateError};

/// A store of type `ca`. A chain that holds one of its certificates is trusted, wherever it stands in the chain and whatever
/// kind of certificate it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateStore {
    certificates: Vec<Certificate>,
}

impl CertificateStore {
    /// Reads the fields `cert` and `certChain`, which make up one text.
    ///
    /// Errors: anything in the text that is no certificate, but for text before a block. Source: Kyverno
    /// `pkg/image/verifiers/cpol/notary/notary.go` (`combineCerts`).
    pub fn from_pem(cert: &str, chain: &str) -> Result<Self, CertificateError> {
        Ok(Self { certificates: Certificate::all_from_pem(&format!("{cert}\n{chain}"))? })
    }

    /// The certificates.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The first certificate of `chain` that is, byte for byte, in the store.
    ///
    /// Source: notation-core-go v1.3.0 `signature/authenticity.go` (`VerifyAuthenticity`).
    pub(super) fn anchor<'c>(
        &self,
        scheme: SigningScheme,
        chain: &'c [Certificate],
    ) -> Result<&'c Certificate, NotationError> {
        if self.certificates.is_empty() || scheme == SigningScheme::SigningAuthority {
            return Err(NotationError::TrustStoreEmpty);
        }
        chain.iter().find(|certificate| self.certificates.contains(certificate)).ok_or(NotationError::Untrusted)
    }
}
