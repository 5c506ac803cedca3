//! Names of subjects and issuers.
//!
//! Source: Go, package `crypto/x509/pkix`, `Name`.

use super::attribute::Attribute;
use super::error::{CertificateError, OrMalformed};
use super::json;
use super::string::string;
use crate::encoding::der::{Reader, SEQUENCE, SET};
use serde_json::{Map, Value};

/// The name of a certificate: its values are strings.
pub(super) fn certificate_name(full: &[u8]) -> Result<Value, CertificateError> {
    let mut reader = Reader::new(full).read(SEQUENCE).or_malformed("invalid RDNSequence")?;
    let mut attributes = Vec::new();
    while !reader.is_empty() {
        let mut set = reader.read(SET).or_malformed("invalid RDNSequence")?;
        while !set.is_empty() {
            let attribute = set.read(SEQUENCE).or_malformed("invalid RDNSequence: invalid attribute")?;
            attributes.push(string_attribute(attribute)?);
        }
    }
    Ok(to_json(&attributes))
}

fn string_attribute(mut reader: Reader<'_>) -> Result<Attribute, CertificateError> {
    let kind = reader.object_identifier().or_malformed("invalid RDNSequence: invalid attribute type")?;
    let value = reader.any().or_malformed("invalid RDNSequence: invalid attribute value")?;
    let value = string(value.tag, value.contents).map_err(|problem| {
        CertificateError::malformed(format!("invalid RDNSequence: invalid attribute value: {problem}"))
    })?;
    Ok(Attribute { kind, value: Value::String(value), is_string: true })
}

/// The name of a request, whose values are of any type.
pub(super) fn request_name(full: &[u8]) -> Option<Value> {
    let mut reader = Reader::new(full).read(SEQUENCE)?;
    let mut attributes = Vec::new();
    while !reader.is_empty() {
        let mut set = reader.read(SET)?;
        while !set.is_empty() {
            attributes.push(Attribute::read(set.read(SEQUENCE)?)?);
        }
    }
    Some(to_json(&attributes))
}

/// Attributes that have a field of their own: below 2.5.4, with all values or with the last one.
const LISTS: &[(u32, &str)] = &[
    (6, "Country"),
    (7, "Locality"),
    (8, "Province"),
    (9, "StreetAddress"),
    (10, "Organization"),
    (11, "OrganizationalUnit"),
    (17, "PostalCode"),
];
const SINGLES: &[(u32, &str)] = &[(3, "CommonName"), (5, "SerialNumber")];

fn to_json(attributes: &[Attribute]) -> Value {
    let of = |number: u32| {
        attributes
            .iter()
            .filter(move |attribute| attribute.kind == [2, 5, 4, number] && attribute.is_string)
            .map(|attribute| attribute.value.clone())
    };
    let mut name = Map::new();
    for (number, field) in LISTS {
        name.insert((*field).to_owned(), json::list(of(*number).collect()));
    }
    for (number, field) in SINGLES {
        name.insert((*field).to_owned(), of(*number).next_back().unwrap_or_else(|| Value::String(String::new())));
    }
    name.insert("Names".to_owned(), json::list(attributes.iter().map(Attribute::to_json).collect()));
    name.insert("ExtraNames".to_owned(), Value::Null);
    Value::Object(name)
}
