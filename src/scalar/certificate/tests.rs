mod vectors;

use super::{CertificateError, x509_decode};
use crate::encoding::{base64, pem};
use serde_json::Value;

fn from_vectors(name: &str) -> (&'static str, &'static str) {
    let (_, pem, expected) = vectors::DECODED.iter().find(|(known, _, _)| *known == name).unwrap();
    (pem, expected)
}

/// With large numbers as text: the parser of the tests rounds them in its own way.
fn comparable(json: &str) -> Value {
    let mut value: Value = serde_json::from_str(json).unwrap();
    if let Some(serial) = value.get_mut("SerialNumber") {
        *serial = serial.as_f64().map(|number| format!("{number:.12e}")).into();
    }
    value
}

#[test]
fn certificates_and_requests_are_shown_and_refused_as_by_go() {
    for (name, pem, expected) in vectors::DECODED {
        match x509_decode(pem) {
            Ok(value) => assert_eq!(comparable(&value.to_string()), comparable(expected), "{name}"),
            Err(error) => assert_eq!(error.to_string(), *expected, "{name}"),
        }
    }
}

#[test]
fn a_serial_number_is_rounded_as_by_kyverno() {
    let serial = |name: &str| x509_decode(from_vectors(name).0).unwrap()["SerialNumber"].clone();
    assert_eq!(serial("old strings"), 9_007_199_254_740_992_i64);
    assert_eq!(serial("simple certificate"), 7);
    assert_eq!(serial("certificate with every extension"), 302_445_874_521_390_214_528_765_341_290_876_543_219_f64);
}

#[test]
fn what_is_no_certificate_is_refused() {
    assert_eq!(x509_decode(""), Err(CertificateError::NoBlock));
    assert_eq!(x509_decode("-----BEGIN X-----\nAAAA\n-----END X-----\n"), Err(CertificateError::OtherBlock));
    let of = |label: &str, bytes: &[u8]| {
        x509_decode(&format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", base64::encode(bytes)))
    };
    assert_eq!(of("CERTIFICATE", &[]).unwrap_err().to_string(), "x509: malformed certificate");
    assert_eq!(of("CERTIFICATE REQUEST", &[0x30, 0]).unwrap_err().code(), "certificate-request-malformed");
    let (certificate, _) = from_vectors("simple certificate");
    let mut der = pem::decode(certificate).unwrap().0.bytes;
    der.push(0);
    assert_eq!(of("CERTIFICATE", &der).unwrap_err().to_string(), "x509: trailing data");
}

#[test]
fn no_changed_byte_makes_it_panic() {
    for (_, text, _) in vectors::DECODED {
        let block = pem::decode(text).unwrap().0;
        for at in 0..block.bytes.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut bytes = block.bytes.clone();
                bytes[at] ^= change;
                let _ = match block.label.as_str() {
                    "CERTIFICATE" => super::body::certificate(&bytes),
                    _ => super::request::request(&bytes),
                };
                let _ = super::body::certificate(&bytes[..at]);
            }
        }
    }
}
