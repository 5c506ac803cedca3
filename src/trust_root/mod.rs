//! Sigstore's trust root: whose certificates, logs and timestamps are relied on.
//!
//! Source: [`sigstore_trustroot.proto`](https://github.com/sigstore/protobuf-specs), as JSON; sigstore-go
//! package `root`, `trusted_root.go`.

mod error;
mod parse;

pub use error::TrustRootError;

use crate::scalar::time::Timestamp;
use crate::timestamp::Authority;
use crate::transparency_log::LogKey;
use crate::x509::Certificate;

/// Whom to rely on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrustRoot {
    /// Who issues certificates to signers.
    pub certificate_authorities: Vec<CertificateAuthority>,
    /// Logs of signatures.
    pub transparency_logs: Vec<LogKey>,
    /// Logs of certificates.
    pub certificate_logs: Vec<LogKey>,
    /// Who stamps times.
    pub timestamp_authorities: Vec<Authority>,
}

/// Who issues certificates to signers.
#[derive(Clone, Debug, PartialEq)]
pub struct CertificateAuthority {
    /// Its address; may be empty.
    pub uri: String,
    /// Its certificates: the root is the last one.
    pub chain: Vec<Certificate>,
    /// When it began to issue.
    pub valid_from: Option<Timestamp>,
    /// When it ceased to issue.
    pub valid_until: Option<Timestamp>,
}

impl CertificateAuthority {
    /// Did it issue at `time`?
    pub fn is_valid_at(&self, time: &Timestamp) -> bool {
        self.valid_from.as_ref().is_none_or(|from| from <= time)
            && self.valid_until.as_ref().is_none_or(|until| time <= until)
    }
}

#[cfg(test)]
mod tests;
