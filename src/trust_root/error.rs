//! Why a text is no trust root.

use crate::crypto::KeyError;
use crate::x509::CertificateError;
use thiserror::Error;

/// Why a text is no trust root.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TrustRootError {
    /// A certificate cannot be read.
    #[error("trust root: {at}: {error}")]
    Certificate {
        /// Where.
        at: String,
        /// What is wrong with it.
        error: CertificateError,
    },
    /// Not JSON, or JSON with duplicate keys.
    #[error("trust root: not JSON: {0}")]
    Json(String),
    /// A key cannot be used.
    #[error("trust root: {at}: {error}")]
    Key {
        /// Where.
        at: String,
        /// What is wrong with it.
        error: KeyError,
    },
    /// A field is missing or of another type than the format gives it.
    #[error("trust root: expected {expected} at `{at}`")]
    Malformed {
        /// Where.
        at: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// Another kind of document, or a version that is not known.
    #[error(
        "trust root: expected mediaType application/vnd.dev.sigstore.trustedroot+json;version=0.1 (or v0.2), found `{0}`"
    )]
    MediaType(String),
}

impl TrustRootError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Certificate { error, .. } => error.code(),
            Self::Json(_) => "trust-root-not-json",
            Self::Key { error, .. } => error.code(),
            Self::Malformed { .. } => "trust-root-malformed",
            Self::MediaType(_) => "trust-root-media-type",
        }
    }
}
