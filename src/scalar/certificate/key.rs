//! The key of a certificate, which must be an RSA key.
//!
//! Source: Go, package `crypto/x509`, `parsePublicKey` and `ParsePKCS1PublicKey`.

use super::algorithm::{Algorithm, NULL, RSA};
use super::error::{CertificateError, OrMalformed};
use super::json;
use crate::encoding::der::{BitString, INTEGER, Reader, SEQUENCE, is_negative};
use serde_json::{Value, json};

/// Larger keys are not shown: their decimal digits take long.
const MOST_BITS: usize = 16_384;

/// The modulus in decimal digits, and the exponent.
pub(super) fn public_key(algorithm: &Algorithm<'_>, key: BitString<'_>) -> Result<Value, CertificateError> {
    if algorithm.identifier != RSA {
        return Err(CertificateError::OtherKey);
    }
    if algorithm.parameters != NULL {
        return Err(CertificateError::malformed("RSA key missing NULL parameters"));
    }
    let aligned = key.right_aligned();
    let mut reader = Reader::new(&aligned).read(SEQUENCE).or_malformed("invalid RSA public key")?;
    let modulus = reader.integer(INTEGER).or_malformed("invalid RSA modulus")?;
    let exponent = reader.int64(INTEGER).or_malformed("invalid RSA public exponent")?;
    if is_negative(modulus) || modulus == [0] {
        return Err(CertificateError::malformed("RSA modulus is not a positive number"));
    }
    if exponent <= 0 {
        return Err(CertificateError::malformed("RSA public exponent is not a positive number"));
    }
    // Kyverno reads the key again, with a stricter function.
    let mut whole = Reader::new(key.bytes);
    if whole.read(SEQUENCE).is_none() || !whole.is_empty() || exponent > i64::from(i32::MAX) {
        return Err(CertificateError::Key);
    }
    if modulus.len() * 8 > MOST_BITS + 8 {
        return Err(CertificateError::KeySize { limit: MOST_BITS, found: modulus.len() * 8 });
    }
    Ok(json!({ "N": json::decimal(modulus), "E": exponent }))
}
