//! Why a text cannot be shown.

use thiserror::Error;

/// Why a text is no certificate that can be shown. Most messages are Go's or Kyverno's.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CertificateError {
    /// No PEM block in it.
    #[error("failed to decode PEM block")]
    NoBlock,
    /// Another kind of block.
    #[error("PEM block neither contains a CERTIFICATE or CERTIFICATE REQUEST")]
    OtherBlock,
    /// The key is not an RSA key.
    #[error("certificate should use rsa algorithm")]
    OtherKey,
    /// The RSA key is not encoded as such.
    #[error("failed to parse subject public key info")]
    Key,
    /// The key has more bits than anybody uses.
    #[error("expected an RSA key of at most {limit} bits, found one of {found}")]
    KeySize {
        /// The most bits.
        limit: usize,
        /// How many there are.
        found: usize,
    },
    /// The certificate is not encoded as it should be.
    #[error("x509: {0}")]
    Malformed(String),
    /// The request is not encoded as it should be. Go tells about its own structures here.
    #[error("asn1: structure error: expected {0} of a certificate request, found something else")]
    Request(&'static str),
    /// The request does not end where it should.
    #[error("asn1: syntax error: trailing data")]
    TrailingData,
    /// A value that JSON cannot hold.
    #[error("json: {0}")]
    Json(&'static str),
}

impl CertificateError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoBlock => "certificate-no-block",
            Self::OtherBlock => "certificate-other-block",
            Self::OtherKey => "certificate-other-key",
            Self::Key => "certificate-key",
            Self::KeySize { .. } => "certificate-key-size",
            Self::Malformed(_) => "certificate-malformed",
            Self::Request(_) => "certificate-request-malformed",
            Self::TrailingData => "certificate-trailing-data",
            Self::Json(_) => "certificate-json",
        }
    }

    pub(super) fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed(what.into())
    }
}

/// A missing value as an error with Go's words.
pub(super) trait OrMalformed<T> {
    fn or_malformed(self, what: &str) -> Result<T, CertificateError>;
}

impl<T> OrMalformed<T> for Option<T> {
    fn or_malformed(self, what: &str) -> Result<T, CertificateError> {
        self.ok_or_else(|| CertificateError::malformed(what))
    }
}
