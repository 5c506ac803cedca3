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
    /// Logs of either kind whose keys cannot be used: what they signed is not relied on.
    pub unusable_logs: Vec<UnusableLog>,
    /// Who stamps times.
    pub timestamp_authorities: Vec<TimestampAuthority>,
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

/// Who stamps times.
#[derive(Clone, Debug, PartialEq)]
pub struct TimestampAuthority {
    /// Its address; may be empty.
    pub uri: String,
    /// Its certificates, and when it was in use.
    pub authority: Authority,
}

/// A log whose key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusableLog {
    /// What entries call it.
    pub log_id: Vec<u8>,
    /// What is wrong with its key.
    pub error: TrustRootError,
}

impl CertificateAuthority {
    /// Its address, or where that is not told, the name of its root.
    pub fn name(&self) -> String {
        match self.chain.last() {
            Some(root) if self.uri.is_empty() => root.subject().to_string(),
            _ => self.uri.clone(),
        }
    }

    /// Did it issue at `time`?
    pub fn is_valid_at(&self, time: &Timestamp) -> bool {
        self.valid_from.as_ref().is_none_or(|from| from <= time)
            && self.valid_until.as_ref().is_none_or(|until| time <= until)
    }
}
