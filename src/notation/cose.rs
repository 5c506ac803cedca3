//! The COSE format: a tagged COSE_Sign1 message (RFC 9052, section 4.2).
//!
//! Source: Notary Project specification "COSE signature envelope"; notation-core-go v1.3.0 `signature/cose`; go-cose v1.3.0
//! `sign1.go`, `headers.go`.
//!
//! Stricter than go-cose: a label stands in one of the two headers (RFC 9052, section 3), a time is a whole number of
//! seconds, countersignatures and initialization vectors are refused.

use super::headers::{self, Headers, SigningScheme};
use super::{Algorithm, Format, NotationError, SignedEnvelope};
use crate::encoding::cbor::{self, Item, Tags};
use crate::scalar::time::Timestamp;
use std::collections::BTreeMap;

/// Tag 18 and a list of four.
const PREFIX: [u8; 2] = [0xd2, 0x84];
const ALGORITHM: i64 = 1;
const CRITICAL: i64 = 2;
const CONTENT_TYPE: i64 = 3;
const KEY_ID: i64 = 4;
const X5CHAIN: i64 = 33;
/// Initialization vectors and countersignatures.
const REFUSED: [i64; 6] = [5, 6, 7, 9, 11, 12];

type Header<'a> = BTreeMap<Item<'a>, Item<'a>>;

/// Reads an envelope; nothing is verified.
pub(super) fn parse(bytes: &[u8]) -> Result<SignedEnvelope, NotationError> {
    if !bytes.starts_with(&PREFIX) {
        return Err(malformed("expected a COSE_Sign1 message with its tag, found other bytes".to_owned()));
    }
    let untagged = bytes.get(1..).unwrap_or_default();
    let message = read(untagged, Tags::Forbidden)?;
    let Item::Array(parts) = message else { return Err(malformed("expected a list".to_owned())) };
    let [Item::Bytes(protected), Item::Map(unprotected), payload, Item::Bytes(signature)] = parts.as_slice() else {
        return Err(malformed(
            "expected bytes, a map, bytes and bytes as header, header, payload and signature".to_owned(),
        ));
    };
    let Item::Bytes(payload) = payload else {
        return Err(malformed(format!("expected the payload in the envelope, found {}", payload.describe())));
    };
    let header = match if protected.is_empty() { Item::Map(Header::new()) } else { read(protected, Tags::Allowed)? } {
        Item::Map(header) => header,
        other => return Err(wrong("protected", "a map", &other)),
    };
    check_labels(&header, unprotected)?;
    Ok(SignedEnvelope {
        format: Format::Cose,
        headers: read_headers(&header)?,
        chain: read_chain(unprotected)?,
        payload: payload.to_vec(),
        signature: signature.to_vec(),
        signed: to_be_signed(protected, payload),
        countersigned: matches!(unprotected.get(&Item::Text(headers::COUNTERSIGNATURE)), Some(Item::Bytes(_))),
        signing_agent: match unprotected.get(&Item::Text(headers::AGENT)) {
            Some(Item::Text(agent)) => Some((*agent).to_owned()),
            _ => None,
        },
    })
}

/// The bytes that are signed: `Sig_structure` (RFC 9052, section 4.4).
fn to_be_signed(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut out = vec![0x84, 0x6a];
    out.extend(b"Signature1");
    cbor::write_bytes(&mut out, protected);
    cbor::write_bytes(&mut out, &[]);
    cbor::write_bytes(&mut out, payload);
    out
}

fn check_labels(protected: &Header<'_>, unprotected: &Header<'_>) -> Result<(), NotationError> {
    if unprotected.contains_key(&Item::Integer(CRITICAL)) {
        return Err(malformed("expected crit in the protected header, found it in the other".to_owned()));
    }
    for (label, value) in protected.iter().chain(unprotected) {
        match (label, value) {
            (Item::Integer(label), _) if REFUSED.contains(label) => {
                return Err(malformed(format!(
                    "expected no initialization vector or countersignature, found label {label}"
                )));
            }
            (Item::Integer(KEY_ID), value) if !matches!(value, Item::Bytes(_)) => {
                return Err(wrong("kid", "bytes", value));
            }
            _ => {}
        }
    }
    match protected.keys().find(|label| unprotected.contains_key(label)) {
        None => Ok(()),
        Some(label) => Err(malformed(format!("expected each label in one header, found {} in both", name(label)))),
    }
}

fn read_headers(header: &Header<'_>) -> Result<Headers, NotationError> {
    let algorithm = match header.get(&Item::Integer(ALGORITHM)) {
        Some(Item::Integer(number)) => Algorithm::from_cose(*number)?,
        other => {
            let found = other.map_or(String::new(), |other| other.describe().to_owned());
            return Err(NotationError::AlgorithmUnsupported { found });
        }
    };
    let scheme = text(header, &Item::Text(headers::SCHEME))?.unwrap_or("");
    // As in notation, which takes the time of the scheme and does not look at the other one.
    let authentic = SigningScheme::parse(scheme) == Ok(SigningScheme::SigningAuthority);
    Ok(Headers {
        algorithm,
        content_type: text(header, &Item::Integer(CONTENT_TYPE))?.unwrap_or("").to_owned(),
        scheme: scheme.to_owned(),
        signing_time: time(header, headers::SIGNING_TIME)?,
        authentic_time: if authentic { time(header, headers::AUTHENTIC_TIME)? } else { None },
        expiry: time(header, headers::EXPIRY)?,
        critical: critical(header)?,
        names: header.keys().filter(|label| !is_basic(label)).map(name).collect(),
    })
}

fn is_basic(label: &Item<'_>) -> bool {
    matches!(label, Item::Integer(ALGORITHM | CRITICAL | CONTENT_TYPE))
}

/// The names behind `crit`, without those that every reader of COSE understands.
fn critical(header: &Header<'_>) -> Result<Vec<String>, NotationError> {
    let labels = match header.get(&Item::Integer(CRITICAL)) {
        None => return Ok(Vec::new()),
        Some(Item::Array(labels)) => labels,
        Some(other) => return Err(wrong("crit", "a list of labels", other)),
    };
    let mut names = Vec::new();
    for label in labels {
        match label {
            Item::Integer(_) | Item::Text(_) if is_basic(label) && header.contains_key(label) => {}
            Item::Integer(_) | Item::Text(_) => names.push(name(label)),
            other => return Err(wrong("crit", "a list of labels", other)),
        }
    }
    Ok(names)
}

/// A time with tag 1: seconds since 1970 began.
fn time(header: &Header<'_>, name: &'static str) -> Result<Option<Timestamp>, NotationError> {
    let Some(value) = header.get(&Item::Text(name)) else { return Ok(None) };
    match value {
        Item::Tagged(1, seconds) => match **seconds {
            Item::Integer(seconds) => Ok(Some(Timestamp::from_unix(seconds))),
            ref other => Err(wrong(name, "a time in seconds with tag 1", other)),
        },
        other => Err(wrong(name, "a time in seconds with tag 1", other)),
    }
}

fn read_chain(unprotected: &Header<'_>) -> Result<Vec<Vec<u8>>, NotationError> {
    let certificates = match unprotected.get(&Item::Integer(X5CHAIN)) {
        None => return Err(NotationError::ChainMissing),
        Some(Item::Array(certificates)) => certificates,
        // RFC 9360 lets one certificate stand without a list; notation does not.
        Some(other) => return Err(wrong("x5chain", "a list of certificates", other)),
    };
    let read = |certificate: &Item<'_>| match certificate {
        Item::Bytes(der) => Ok(der.to_vec()),
        other => Err(wrong("x5chain", "certificates as bytes", other)),
    };
    certificates.iter().map(read).collect()
}

fn text<'a>(header: &'a Header<'_>, label: &Item<'a>) -> Result<Option<&'a str>, NotationError> {
    match header.get(label) {
        None => Ok(None),
        Some(Item::Text(text)) => Ok(Some(text)),
        Some(other) => Err(wrong(&name(label), "text", other)),
    }
}

/// What messages call a label; text labels in the form that no number has.
fn name(label: &Item<'_>) -> String {
    match label {
        Item::Integer(CONTENT_TYPE) => "cty".to_owned(),
        Item::Integer(number) => number.to_string(),
        Item::Text(text) => (*text).to_owned(),
        other => other.describe().to_owned(),
    }
}

fn read(bytes: &[u8], tags: Tags) -> Result<Item<'_>, NotationError> {
    cbor::parse(bytes, tags).map_err(|error| malformed(error.to_string()))
}

fn wrong(name: &str, expected: &'static str, found: &Item<'_>) -> NotationError {
    NotationError::HeaderMalformed { name: name.to_owned(), expected, found: found.describe().to_owned() }
}

fn malformed(problem: String) -> NotationError {
    NotationError::EnvelopeMalformed { problem }
}
