//! Why a bundle is none, or proves nothing.

use crate::crypto::{KeyError, SignatureError};
use crate::encoding::message::MessageError;
use crate::in_toto::InTotoError;
use crate::timestamp::TimestampError;
use crate::transparency_log::LogError;
use crate::x509::sct::SctError;
use crate::x509::{CertificateError, ChainError};
use thiserror::Error;

/// Why a bundle cannot be read, or does not prove what is asked.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BundleError {
    /// The certificate cannot be read.
    #[error("the certificate of the bundle: {0}")]
    Certificate(CertificateError),
    /// The certificate timestamps cannot be read.
    #[error(transparent)]
    CertificateLog(SctError),
    /// No trusted certificate log promises to have the certificate.
    #[error("no certificate log of the trust root promises to have the certificate")]
    CertificateLogMissing,
    /// No authority vouches for the certificate at a proven time.
    #[error("no authority of the trust root vouches for the certificate at {time}: {reason}")]
    Chain {
        /// The proven time.
        time: String,
        /// What the authority that came nearest lacks; `None`: there is no authority.
        reason: ChainReason,
    },
    /// The statement cannot be read.
    #[error(transparent)]
    Content(InTotoError),
    /// The certificate was not valid when the log took the signature in.
    #[error(
        "the log took the signature in at {time}, outside of the certificate's validity from {not_before} to {not_after}"
    )]
    IntegratedTime {
        /// When.
        time: String,
        /// Begin of the validity.
        not_before: String,
        /// End of the validity.
        not_after: String,
    },
    /// Not JSON, or JSON with duplicate keys.
    #[error("the bundle is not JSON: {0}")]
    Json(String),
    /// The key cannot be used.
    #[error("the key cannot be used: {0}")]
    Key(KeyError),
    /// The envelope names another key.
    #[error("the envelope names the key `{found}`, expected {expected} or none")]
    KeyId {
        /// Fingerprint of the key.
        expected: String,
        /// In the envelope.
        found: String,
    },
    /// The log entry proves nothing.
    #[error("the log entry: {0}")]
    Log(LogError),
    /// Something is missing, or of another form than the format gives it.
    #[error("the bundle is malformed: expected {expected} at `{at}`")]
    Malformed {
        /// Where.
        at: String,
        /// What belongs there.
        expected: String,
    },
    /// A version that is not known, or something else.
    #[error("unsupported media type: `{0}` is no Sigstore bundle of version 0.1, 0.2 or 0.3")]
    MediaType(String),
    /// The certificate has an extension of Fulcio's that is no text.
    #[error("the certificate's extension {0} is no DER text")]
    Extension(String),
    /// Another issuer or subject.
    #[error("{what} mismatch: expected {expected}, received {found}")]
    Identity {
        /// `issuer` or `subject`.
        what: &'static str,
        /// Text or expression.
        expected: String,
        /// In the certificate.
        found: String,
    },
    /// Nobody is asked for.
    #[error("the attestor names neither a key nor both issuer and subject, so that no bundle can satisfy it")]
    IdentityMissing,
    /// Too few log entries of trusted logs.
    #[error("not enough verified log entries from transparency log: 0 < 1{}", skipped.iter().map(|reason| format!("; {reason}")).collect::<String>())]
    LogEntryMissing {
        /// The entries that are there, and why they do not count.
        skipped: Vec<String>,
    },
    /// sigstore has no algorithm for a certificate with such a key.
    #[error("expected a certificate with an RSA key of 2048, 3072 or 4096 bits, found {0}")]
    RsaLength(usize),
    /// The signature is not over the artifact.
    #[error("the signature is not by the signer over this content: {0}")]
    Signature(SignatureError),
    /// An envelope with none or with several signatures.
    #[error("exactly one signature is required, the envelope has {0}")]
    SignatureCount(usize),
    /// A key where a certificate is needed, or the other way round.
    #[error("expected a bundle signed with a {expected}, found a {found}")]
    SignerKind {
        /// Key or certificate.
        expected: &'static str,
        /// Key or certificate.
        found: &'static str,
    },
    /// About something else.
    #[error("the bundle is about {found}, expected {expected}")]
    Subject {
        /// The artifact.
        expected: String,
        /// What the bundle names.
        found: String,
    },
    /// Nothing proves the time.
    #[error("threshold not met for verified signed & log entry integrated timestamps: 0 < 1{}", reason.as_ref().map(|reason| format!("; error: {reason}")).unwrap_or_default())]
    TimeMissing {
        /// Why the timestamp that is there does not do.
        reason: Option<TimestampError>,
    },
    /// Only the present can be the time, and it was not given.
    #[error("the time of the evaluation is needed, and was not given: give `now`")]
    TimeUnknown,
    /// More than the limit.
    #[error("the bundle has {found} {what}, at most {limit} are read")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many may be.
        limit: usize,
    },
}

/// Why no authority vouches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainReason {
    /// The trust root has none.
    NoAuthority,
    /// None was in use at the time.
    NotInUse,
    /// What the last one says.
    Error(ChainError),
}

impl std::fmt::Display for ChainReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::NoAuthority => f.write_str("the trust root names none"),
            Self::NotInUse => f.write_str("none was in use then"),
        }
    }
}

impl From<MessageError> for BundleError {
    fn from(MessageError { at, expected }: MessageError) -> Self {
        Self::Malformed { at, expected }
    }
}

impl BundleError {
    pub(super) fn malformed(at: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::Malformed { at: at.into(), expected: expected.into() }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Certificate(error) => error.code(),
            Self::CertificateLog(error) => error.code(),
            Self::CertificateLogMissing => "sct-missing",
            Self::Chain { reason: ChainReason::Error(error), .. } => error.code(),
            Self::Chain { .. } => "certificate-authority-unknown",
            Self::Content(error) => error.code(),
            Self::Extension(_) => "certificate-extension-malformed",
            Self::Identity { what: "issuer", .. } => "issuer-mismatch",
            Self::Identity { .. } => "subject-mismatch",
            Self::IdentityMissing => "bundle-identity-missing",
            Self::IntegratedTime { .. } => "log-time-outside-validity",
            Self::Json(_) => "bundle-not-json",
            Self::Key(error) => error.code(),
            Self::KeyId { .. } => "envelope-key-id",
            Self::Log(error) => error.code(),
            Self::LogEntryMissing { .. } => "log-entry-missing",
            Self::Malformed { .. } => "bundle-malformed",
            Self::MediaType(_) => "bundle-media-type",
            Self::RsaLength(_) => "bundle-rsa-length",
            Self::Signature(error) => error.code(),
            Self::SignatureCount(_) => "envelope-signature-count",
            Self::SignerKind { .. } => "bundle-signer-kind",
            Self::Subject { .. } => "statement-subject-mismatch",
            Self::TimeMissing { .. } => "timestamp-wanted",
            Self::TimeUnknown => "time-unknown",
            Self::TooMany { .. } => "bundle-too-many",
        }
    }
}
