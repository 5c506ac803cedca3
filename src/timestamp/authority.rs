//! Timestamp authorities, as a policy or a trust root names them.

use super::TimestampError;
use crate::scalar::time::Timestamp;
use crate::x509::Certificate;

/// As many certificates a chain may have (Kyverno: ten intermediates, the authority, and a root).
const MOST_CERTIFICATES: usize = 12;
const MOST_INTERMEDIATES: usize = 10;

/// Who may stamp times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Authority {
    /// The authority itself; `None`: any that is below the roots.
    pub leaf: Option<Certificate>,
    /// Between the authority and a root.
    pub intermediates: Vec<Certificate>,
    /// Trusted as they are.
    pub roots: Vec<Certificate>,
    /// When it began to stamp.
    pub valid_from: Option<Timestamp>,
    /// When it ceased to stamp.
    pub valid_until: Option<Timestamp>,
}

impl Authority {
    /// Sorts the certificates of a text: one that is no authority is the leaf, one that issued itself is a root.
    ///
    /// Source: Kyverno `pkg/image/verifiers/cpol/cosign/cosign.go` (`splitPEMCertificateChain` and its limits).
    pub fn from_pem_chain(text: &str) -> Result<Self, TimestampError> {
        let found = text.matches("-----BEGIN CERTIFICATE-----").count();
        if found > MOST_CERTIFICATES {
            return Err(TimestampError::TooMany { what: "", found, limit: MOST_CERTIFICATES });
        }
        let mut authority = Self::default();
        for certificate in Certificate::all_from_pem(text).map_err(TimestampError::Certificate)? {
            if !certificate.is_ca() {
                if authority.leaf.replace(certificate).is_some() {
                    return Err(TimestampError::SeveralLeaves);
                }
            } else if certificate.subject() == certificate.issuer() {
                authority.roots.push(certificate);
            } else {
                authority.intermediates.push(certificate);
            }
        }
        let found = authority.intermediates.len();
        if found > MOST_INTERMEDIATES {
            return Err(TimestampError::TooMany { what: "intermediate ", found, limit: MOST_INTERMEDIATES });
        }
        Ok(authority)
    }

    /// Did it stamp at `time`?
    pub fn is_valid_at(&self, time: &Timestamp) -> bool {
        self.valid_from.as_ref().is_none_or(|from| from <= time)
            && self.valid_until.as_ref().is_none_or(|until| time <= until)
    }
}
