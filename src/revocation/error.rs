//! Why an answer about a certificate does not count.

use crate::x509::{CertificateError, ChainError};
use thiserror::Error;

/// The reason.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum RevocationError {
    /// An extension must be understood, and is not.
    #[error("it has the critical extension {oid}, which is not understood here")]
    CriticalExtension {
        /// Object identifier.
        oid: String,
    },
    /// There is a newer one.
    #[error("it was good until {until}: fetch a newer one")]
    Expired {
        /// Until when it counted.
        until: String,
    },
    /// The structure is not that of RFC 6960 or RFC 5280.
    #[error("it cannot be read: {0}")]
    Malformed(&'static str),
    /// It is about other certificates.
    #[error("it says nothing about the certificate")]
    NotAbout,
    /// It is from the future.
    #[error("it is good from {from} on")]
    NotYetValid {
        /// From when it counts.
        from: String,
    },
    /// The responder did not answer the question.
    #[error("the responder answered with status {status}")]
    Refused {
        /// OCSPResponseStatus (RFC 6960, section 4.2.1).
        status: u8,
    },
    /// The certificate of the responder cannot be read.
    #[error("the certificate of the responder: {0}")]
    Responder(CertificateError),
    /// The issuer did not entrust the responder with it.
    #[error("the certificate of the responder is not for OCSP: expected the extended key usage 1.3.6.1.5.5.7.3.9")]
    ResponderUsage,
    /// Somebody else signed it.
    #[error("it is not signed by the issuer of the certificate, nor by whom the issuer names: {0}")]
    Signature(ChainError),
    /// It does not say when there is another one.
    #[error("it does not say until when it is good")]
    WithoutEnd,
}
