//! Requests for certificates.
//!
//! Source: Go, package `crypto/x509`, `parseCertificateRequest` and `CertificateRequest`.

use super::algorithm::Algorithm;
use super::attribute::attribute_set;
use super::error::CertificateError;
use super::extension::{Extension, Fields};
use super::json;
use super::key::public_key;
use super::name::request_name;
use super::subject::alternative_names;
use crate::encoding::der::{INTEGER, Reader, SEQUENCE, SET, context_constructed, dotted};
use serde_json::Value;
use std::collections::BTreeSet;

/// Go's `CertificateRequest` as JSON.
pub(super) fn request(der: &[u8]) -> Result<Value, CertificateError> {
    let bad = CertificateError::Request;
    let mut outer = Reader::new(der);
    let whole = outer.element(SEQUENCE).ok_or(bad("the sequence"))?;
    let mut reader = whole.inside();
    let info = reader.element(SEQUENCE).ok_or(bad("the information"))?;
    let mut tbs = info.inside();
    let version = tbs.int64(INTEGER).ok_or(bad("the version"))?;
    let subject = tbs.any().ok_or(bad("the subject"))?;
    let key = tbs.element(SEQUENCE).ok_or(bad("the key"))?;
    let mut key_reader = key.inside();
    let key_algorithm = algorithm(&mut key_reader)?;
    let key_bits = key_reader.bit_string().ok_or(bad("the key"))?;
    let attributes = elements(tbs.read(context_constructed(0)).ok_or(bad("the attributes"))?)?;
    let signature_algorithm = algorithm(&mut reader)?;
    let signature = reader.bit_string().ok_or(bad("the signature"))?;
    if !outer.is_empty() {
        return Err(CertificateError::TrailingData);
    }
    let (key_json, other_key) = match public_key(&key_algorithm, key_bits) {
        Err(error @ (CertificateError::OtherKey | CertificateError::Key)) => (Value::Null, Some(error)),
        key => (key?, None),
    };

    let mut out = Fields::new();
    for field in ["DNSNames", "EmailAddresses", "IPAddresses", "URIs", "ExtraExtensions"] {
        out.insert(field.to_owned(), Value::Null);
    }
    let extensions = requested_extensions(&attributes)?;
    for (field, value) in [
        ("Raw", json::bytes(whole.full)),
        ("RawTBSCertificateRequest", json::bytes(info.full)),
        ("RawSubjectPublicKeyInfo", json::bytes(key.full)),
        ("RawSubject", json::bytes(subject.full)),
        ("Version", json::number(version)),
        ("Signature", json::bytes(&signature.right_aligned())),
        ("SignatureAlgorithm", Value::from(signature_algorithm.signature())),
        ("PublicKeyAlgorithm", Value::from(1)),
        ("PublicKey", key_json),
        ("Subject", request_name(subject.full).ok_or(bad("the subject"))?),
        ("Attributes", json::list(attributes.iter().filter_map(|full| attribute_set(full)).collect())),
        ("Extensions", json::list(extensions.iter().map(Extension::to_json).collect())),
    ] {
        out.insert(field.to_owned(), value);
    }
    for extension in extensions.iter().filter(|extension| extension.identifier == [2, 5, 29, 17]) {
        alternative_names(extension.value, &mut out)?;
    }
    other_key.map_or(Ok(Value::Object(out)), Err)
}

fn algorithm<'a>(reader: &mut Reader<'a>) -> Result<Algorithm<'a>, CertificateError> {
    let sequence = reader.read(SEQUENCE).ok_or(CertificateError::Request("an algorithm"))?;
    Algorithm::read(sequence).map_err(|_| CertificateError::Request("an algorithm"))
}

fn elements(mut reader: Reader<'_>) -> Result<Vec<&[u8]>, CertificateError> {
    let mut elements = Vec::new();
    while !reader.is_empty() {
        elements.push(reader.any().ok_or(CertificateError::Request("an attribute"))?.full);
    }
    Ok(elements)
}

const EXTENSION_REQUEST: &[u32] = &[1, 2, 840, 113_549, 1, 9, 14];

/// The extensions of all attributes that ask for some. Attributes that cannot be read are left alone.
fn requested_extensions<'a>(attributes: &[&'a [u8]]) -> Result<Vec<Extension<'a>>, CertificateError> {
    let mut extensions: Vec<Extension<'a>> = Vec::new();
    let mut seen = BTreeSet::new();
    for first in attributes.iter().filter_map(|full| first_request(full)) {
        let bad = CertificateError::Request("the extensions");
        let mut list = Reader::new(first).read(SEQUENCE).ok_or(bad.clone())?;
        while !list.is_empty() {
            let extension = Extension::read(list.read(SEQUENCE).ok_or(bad.clone())?).map_err(|_| bad.clone())?;
            if !seen.insert(dotted(&extension.identifier)) {
                return Err(CertificateError::malformed("certificate request contains duplicate requested extensions"));
            }
            extensions.push(extension);
        }
    }
    Ok(extensions)
}

/// The first value of an attribute that asks for extensions.
fn first_request(full: &[u8]) -> Option<&[u8]> {
    let mut outer = Reader::new(full);
    let mut reader = outer.read(SEQUENCE).filter(|_| outer.is_empty())?;
    let kind = reader.object_identifier()?;
    let values = elements(reader.read(SET)?).ok()?;
    values.first().copied().filter(|_| kind == EXTENSION_REQUEST)
}
