//! Why a text is no trust root.

use crate::crypto::{KeyError, KeyKind};
use crate::encoding::message::MessageError;
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
    /// The Merkle tree of a log is over another hash.
    #[error("trust root: {at}: expected a tree over SHA2_256, found `{found}`")]
    HashAlgorithm {
        /// Where.
        at: String,
        /// The hash.
        found: String,
    },
    /// A key cannot be used.
    #[error("trust root: {at}: {error}")]
    Key {
        /// Where.
        at: String,
        /// What is wrong with it.
        error: KeyError,
    },
    /// A key of another kind than it is said to be, or of one that logs do not have.
    #[error(
        "trust root: {at}: expected an ECDSA, RSA (PKCS #1 v1.5) or Ed25519 key, as keyDetails says it, found {key} as `{details}`"
    )]
    KeyDetails {
        /// Where.
        at: String,
        /// What the key is.
        key: KeyKind,
        /// What it is said to be.
        details: String,
    },
    /// A field is missing or of another type than the format gives it.
    #[error("trust root: expected {expected} at `{at}`")]
    Malformed {
        /// Where.
        at: String,
        /// What belongs there.
        expected: String,
    },
    /// Another kind of document, or a version that is not known.
    #[error(
        "trust root: expected mediaType application/vnd.dev.sigstore.trustedroot+json;version=0.1, or of version 0.2, found `{0}`"
    )]
    MediaType(String),
}

impl From<MessageError> for TrustRootError {
    fn from(MessageError { at, expected }: MessageError) -> Self {
        Self::Malformed { at, expected }
    }
}

impl TrustRootError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Certificate { error, .. } => error.code(),
            Self::HashAlgorithm { .. } => "trust-root-log-hash",
            Self::Json(_) => "trust-root-not-json",
            Self::Key { error, .. } => error.code(),
            Self::KeyDetails { .. } => "trust-root-key-details",
            Self::Malformed { .. } => "trust-root-malformed",
            Self::MediaType(_) => "trust-root-media-type",
        }
    }
}
