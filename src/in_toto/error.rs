//! Why bytes are no attestation.

use crate::encoding::base64::Base64Error;
use thiserror::Error;

/// Why bytes are no envelope, or what is in it no statement.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum InTotoError {
    /// A part of the envelope, or of a subject, is not base64.
    #[error("the field `{field}` of the {what} is not base64: {error}")]
    Base64 {
        /// Envelope or statement.
        what: &'static str,
        /// Which.
        field: &'static str,
        /// What the decoder said.
        error: Base64Error,
    },
    /// Not JSON, or JSON with duplicate keys.
    #[error("the {what} is not JSON: {problem}")]
    Json {
        /// Envelope or statement.
        what: &'static str,
        /// What the parser said.
        problem: String,
    },
    /// The envelope holds something else than a statement.
    #[error("invalid payloadType {found} on envelope. Expected application/vnd.in-toto+json")]
    PayloadType {
        /// What it says.
        found: String,
    },
    /// A field is missing or of another type than the format gives it.
    #[error("the {what} has {found} at `{field}` where {expected} belongs")]
    Type {
        /// Envelope or statement.
        what: &'static str,
        /// Path of the field.
        field: String,
        /// What belongs there.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// The statement has a field that the format does not have.
    #[error("the statement has the field `{field}`, which the format does not know")]
    UnknownField {
        /// Path of the field.
        field: String,
    },
}

impl InTotoError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Base64 { .. } => "envelope-not-base64",
            Self::Json { .. } => "attestation-not-json",
            Self::PayloadType { .. } => "envelope-payload-type",
            Self::Type { .. } => "attestation-field-type",
            Self::UnknownField { .. } => "statement-field-unknown",
        }
    }
}
