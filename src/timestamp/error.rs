//! Why a timestamp proves nothing.

use crate::crypto::{KeyError, SignatureError};
use crate::x509::{CertificateError, ChainError};
use thiserror::Error;

/// Why a timestamp, or the chain of an authority, cannot be relied on.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TimestampError {
    /// An algorithm that is not safe, or not known.
    #[error("the timestamp uses {0}, which is not supported or not safe")]
    Algorithm(String),
    /// A certificate cannot be read.
    #[error("error splitting tsa certificates: {0}")]
    Certificate(CertificateError),
    /// No certificate of the signer.
    #[error("the timestamp has no certificate of its signer, and none was given")]
    CertificateMissing,
    /// The authority's certificate is not below its roots.
    #[error("the certificate of the timestamp authority is not trusted: {0}")]
    Chain(ChainError),
    /// The certificate in the timestamp is not the one that was given.
    #[error("certificate embedded in the TSR does not match the provided TSA certificate")]
    EmbeddedCertificate,
    /// A certificate in the timestamp cannot be read.
    #[error("a certificate in the timestamp cannot be read: {0}")]
    EmbeddedUnreadable(CertificateError),
    /// The extended key usage is not critical.
    #[error("failed to verify TSA certificate: certificate must set EKU to critical")]
    UsageNotCritical,
    /// The certificate is for something else, or for more.
    #[error("failed to verify EKU on leaf certificate: expected time stamping alone, found {}", found.join(", "))]
    Usage {
        /// Object identifiers.
        found: Vec<String>,
    },
    /// The stamp is on other bytes.
    #[error("hashed messages don't match: the timestamp is on something with the hash {found}, expected {expected}")]
    Imprint {
        /// Of what should be stamped, in hex.
        expected: String,
        /// In the timestamp.
        found: String,
    },
    /// The key cannot be used.
    #[error("the key of the timestamp authority cannot be used: {0}")]
    Key(KeyError),
    /// Nobody was to stamp with it then.
    #[error("the timestamp of {time} is outside the time in which its authority was in use")]
    NotInUse {
        /// The time.
        time: String,
    },
    /// Two certificates that are no authorities.
    #[error("certificate chain must contain at most one TSA certificate")]
    SeveralLeaves,
    /// The structure is not that of RFC 3161.
    #[error("the timestamp cannot be read: {0}")]
    Malformed(&'static str),
    /// The authority refused.
    #[error("the timestamp authority answered with status {0}")]
    Refused(i64),
    /// The chain has no root.
    #[error("no TSA root certificate(s) provided to verify timestamp")]
    RootsMissing,
    /// Signed with a certificate that issues others.
    #[error("failed to verify TSA certificate: TSA certificate must be an end-entity certificate, not a CA")]
    SignerIsAuthority,
    /// The signed attribute does not name the certificate.
    #[error("the signed attribute signingCertificateV2 does not name the certificate of the signer and its hash")]
    SigningCertificate,
    /// The signature says that it was made when the certificate was not valid.
    #[error("the timestamp was signed at {time}, which is outside the validity of the certificate of {subject}")]
    SigningTime {
        /// The time of the signature.
        time: String,
        /// Whose certificate.
        subject: String,
    },
    /// The signature is not the authority's.
    #[error("the timestamp is not signed by the authority's key: {0}")]
    Signature(SignatureError),
    /// More certificates than the limit.
    #[error("TSA certificate chain contains too many {what}certificates ({found}), maximum allowed is {limit}")]
    TooMany {
        /// Which ones.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many may be.
        limit: usize,
    },
}

impl TimestampError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Algorithm(_) => "timestamp-algorithm",
            Self::Certificate(error) => error.code(),
            Self::CertificateMissing => "timestamp-certificate-missing",
            Self::Chain(_) => "timestamp-authority-untrusted",
            Self::EmbeddedCertificate => "timestamp-certificate-mismatch",
            Self::EmbeddedUnreadable(_) => "timestamp-certificate-malformed",
            Self::Imprint { .. } => "timestamp-imprint-mismatch",
            Self::Key(error) => error.code(),
            Self::Malformed(_) => "timestamp-malformed",
            Self::NotInUse { .. } => "timestamp-authority-not-in-use",
            Self::Refused(_) => "timestamp-refused",
            Self::RootsMissing => "timestamp-roots-missing",
            Self::SeveralLeaves => "timestamp-several-leaves",
            Self::Signature(_) => "timestamp-signature-mismatch",
            Self::SignerIsAuthority => "timestamp-signer-is-authority",
            Self::SigningCertificate => "timestamp-signing-certificate",
            Self::SigningTime { .. } => "timestamp-signing-time",
            Self::TooMany { .. } => "timestamp-chain-too-long",
            Self::Usage { .. } => "timestamp-usage",
            Self::UsageNotCritical => "timestamp-usage-not-critical",
        }
    }
}
