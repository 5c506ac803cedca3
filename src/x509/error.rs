//! Why a certificate cannot be read, or is not vouched for.

use crate::crypto::{KeyError, SignatureError};
use crate::encoding::pem::PemError;
use thiserror::Error;

/// Why bytes are no certificate.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CertificateError {
    /// The structure is not that of RFC 5280.
    #[error("not a certificate: {0}")]
    Malformed(&'static str),
    /// The text is not PEM.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// A PEM block of something else.
    #[error("expected a PEM block CERTIFICATE, found `{found}`")]
    Label {
        /// What it says it is.
        found: String,
    },
    /// More bytes than the limit.
    #[error("the certificate has {found} bytes, at most {limit} are read")]
    TooLarge {
        /// How many.
        found: usize,
        /// How many may be.
        limit: usize,
    },
    /// More certificates than the limit.
    #[error("expected at most {limit} certificates, found more")]
    TooMany {
        /// How many may be.
        limit: usize,
    },
}

impl CertificateError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Label { .. } => "certificate-label",
            Self::Malformed(_) => "certificate-malformed",
            Self::Pem(error) => error.code(),
            Self::TooLarge { .. } => "certificate-too-large",
            Self::TooMany { .. } => "certificates-too-many",
        }
    }
}

/// Why no root vouches for a certificate.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ChainError {
    /// The algorithm of a signature is none that is safe and supported.
    #[error("the certificate of {subject} is signed with {algorithm}, which is not supported or not safe")]
    Algorithm {
        /// Whose certificate.
        subject: String,
        /// Object identifier.
        algorithm: String,
    },
    /// Not valid at the time.
    #[error("the certificate of {subject} is valid from {not_before} to {not_after}, which {time} is not within")]
    Expired {
        /// Whose certificate.
        subject: String,
        /// Begin.
        not_before: String,
        /// End.
        not_after: String,
        /// The time.
        time: String,
    },
    /// The key of the issuer cannot be used.
    #[error("the key of the issuer {issuer} cannot be used: {error}")]
    IssuerKey {
        /// Whose key.
        issuer: String,
        /// What is wrong with it.
        error: KeyError,
    },
    /// A name is outside what an authority may certify.
    #[error("the authority {authority} may not certify the name {name}")]
    NameConstraint {
        /// Which authority.
        authority: String,
        /// Which name.
        name: String,
    },
    /// The issuer is no certificate authority.
    #[error("{issuer} is not an authority that may sign certificates")]
    NotAuthority {
        /// Who.
        issuer: String,
    },
    /// More authorities below than one allows.
    #[error("{issuer} allows {allowed} authorities below it, there are more")]
    PathLength {
        /// Who.
        issuer: String,
        /// How many.
        allowed: u32,
    },
    /// Not the signature of the issuer.
    #[error("the certificate of {subject} is not signed by the key of {issuer}: {error}")]
    Signature {
        /// Whose certificate.
        subject: String,
        /// Who should have signed.
        issuer: String,
        /// What is wrong.
        error: SignatureError,
    },
    /// More signatures would have to be checked than the limit.
    #[error("more than {limit} signatures would have to be checked to find a chain")]
    TooMuchWork {
        /// How many are checked.
        limit: usize,
    },
    /// A critical extension that nobody here understands.
    #[error("the certificate of {subject} has the critical extension {extension}, which is not understood")]
    UnhandledCritical {
        /// Whose certificate.
        subject: String,
        /// Object identifier.
        extension: String,
    },
    /// No root with the name of the issuer.
    #[error(
        "no trusted certificate is the issuer of {subject}: expected a chain to {expected}, it is issued by {issuer}"
    )]
    UnknownAuthority {
        /// Whose certificate.
        subject: String,
        /// Its issuer.
        issuer: String,
        /// The roots.
        expected: String,
    },
    /// The certificate is for something else.
    #[error(
        "the certificate of {subject} is not for {usage}: its extended key usages, or those of its issuers, do not allow it"
    )]
    Usage {
        /// Whose certificate.
        subject: String,
        /// For what.
        usage: &'static str,
    },
}

impl ChainError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Algorithm { .. } => "certificate-algorithm",
            Self::Expired { .. } => "chain-expired",
            Self::IssuerKey { .. } => "issuer-key-unusable",
            Self::NameConstraint { .. } => "name-constraint",
            Self::NotAuthority { .. } => "issuer-not-authority",
            Self::PathLength { .. } => "path-length",
            Self::Signature { .. } => "certificate-signature-mismatch",
            Self::TooMuchWork { .. } => "chain-too-much-work",
            Self::UnhandledCritical { .. } => "certificate-critical-extension",
            Self::UnknownAuthority { .. } => "certificate-authority-unknown",
            Self::Usage { .. } => "certificate-usage",
        }
    }
}
