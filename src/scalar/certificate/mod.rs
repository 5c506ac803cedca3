//! Certificates and certificate requests as Kyverno's `x509_decode` shows them: the JSON of Go's structures.
//!
//! Source: Kyverno, `pkg/engine/jmespath/functions.go`, `jpX509Decode`; Go, package `crypto/x509`.

mod algorithm;
mod attribute;
mod body;
mod constraints;
mod error;
mod extension;
mod json;
mod key;
mod name;
mod request;
mod string;
mod subject;
mod validity;

pub use error::CertificateError;
pub(crate) use extension::unhandled_critical;
pub(crate) use string::string as asn1_text;
pub(crate) use subject::is_domain;
pub(crate) use validity::timestamp as asn1_time;

use crate::encoding::pem;
use serde_json::Value;

/// Reads the first PEM block of the text: a certificate or a request for one, with an RSA key.
///
/// Nothing is verified.
pub fn x509_decode(text: &str) -> Result<Value, CertificateError> {
    let (block, _) = pem::decode(text).map_err(|_| CertificateError::NoBlock)?;
    match block.label.as_str() {
        "CERTIFICATE" => body::certificate(&block.bytes),
        "CERTIFICATE REQUEST" => request::request(&block.bytes),
        _ => Err(CertificateError::OtherBlock),
    }
}

#[cfg(test)]
mod tests;
