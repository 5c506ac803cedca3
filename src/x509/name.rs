//! Distinguished names.

use super::CertificateError;
use crate::encoding::der::{Reader, SEQUENCE, SET, dotted};
use crate::scalar::certificate::asn1_text;
use std::fmt;

/// The name of a subject or issuer. Two are equal when their encodings are (Go `bytes.Equal(RawSubject, RawIssuer)`).
#[derive(Clone, Debug)]
pub struct Name {
    der: Box<[u8]>,
    /// As RFC 2253 writes it, last part first.
    text: String,
}

impl Name {
    /// Reads the encoding of a name.
    pub fn parse(der: &[u8]) -> Result<Self, CertificateError> {
        Ok(Self { der: der.into(), text: text(der).ok_or(CertificateError::Malformed("a name"))? })
    }

    /// Its encoding.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Are there no parts?
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Name {}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.text.is_empty() { "a subject without name" } else { &self.text })
    }
}

/// Attributes that have a short name (Go `pkix.attributeTypeNames`).
const SHORT: [(&str, &str); 9] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.5", "SERIALNUMBER"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.17", "POSTALCODE"),
];

fn text(der: &[u8]) -> Option<String> {
    let mut outer = Reader::new(der);
    let mut reader = outer.read(SEQUENCE)?;
    let mut parts = Vec::new();
    while !reader.is_empty() {
        let mut set = reader.read(SET)?;
        let mut attributes = Vec::new();
        while !set.is_empty() {
            let mut attribute = set.read(SEQUENCE)?;
            let kind = dotted(&attribute.object_identifier()?);
            let value = attribute.any()?;
            let value = asn1_text(value.tag, value.contents).ok()?;
            let kind = SHORT.iter().find(|(oid, _)| *oid == kind).map_or(kind.as_str(), |(_, name)| name);
            attributes.push(format!("{kind}={}", escaped(&value)));
        }
        parts.push(attributes.join("+"));
    }
    parts.reverse();
    outer.is_empty().then(|| parts.join(","))
}

/// Source: RFC 2253, section 2.4.
fn escaped(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut out = String::new();
    for (at, c) in value.chars().enumerate() {
        let special = matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';');
        if special || (c == ' ' && (at == 0 || at == last)) || (c == '#' && at == 0) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
