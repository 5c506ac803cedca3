//! The JWS format: flattened JSON serialization (RFC 7515, section 7.2.2).
//!
//! Source: Notary Project specification "JWS signature envelope"; notation-core-go v1.3.0 `signature/jws`.
//!
//! Stricter than Go's JSON: every name once, in the letters that the specification has, and base64url in the one form that
//! encodes the bytes.

use super::headers::{self, Headers};
use super::{Algorithm, Format, NotationError, SignedEnvelope};
use crate::encoding::base64;
use crate::json;
use crate::scalar::time::Timestamp;
use serde_json::{Map, Value};

/// Nesting of the JSON in an envelope.
pub(super) const DEPTH: usize = 32;

/// Every name that the specification gives a meaning in the protected header.
const NAMES: [&str; 9] = [
    "alg",
    "cty",
    "crit",
    headers::SCHEME,
    headers::SIGNING_TIME,
    headers::AUTHENTIC_TIME,
    headers::EXPIRY,
    headers::PLUGIN,
    headers::PLUGIN_VERSION,
];

/// Reads an envelope; nothing is verified.
pub(super) fn parse(bytes: &[u8]) -> Result<SignedEnvelope, NotationError> {
    let envelope = object(bytes, "the envelope")?;
    let protected = text(&envelope, "protected")?;
    let payload = text(&envelope, "payload")?;
    let signature = text(&envelope, "signature")?;
    let empty = Map::new();
    let unprotected = match envelope.get("header") {
        None => &empty,
        Some(Value::Object(unprotected)) => unprotected,
        Some(other) => return Err(wrong("header", "an object", other)),
    };
    Ok(SignedEnvelope {
        format: Format::Jws,
        headers: read_headers(&object(&decode("protected", protected)?, "the protected header")?)?,
        chain: read_chain(unprotected)?,
        payload: decode("payload", payload)?,
        signature: decode("signature", signature)?,
        signed: [protected.as_bytes(), b".", payload.as_bytes()].concat(),
        countersigned: countersignature(unprotected)?,
        signing_agent: optional_text(unprotected, headers::AGENT)?.map(str::to_owned),
    })
}

fn read_headers(protected: &Map<String, Value>) -> Result<Headers, NotationError> {
    // Go compares names of fields without regard to case, so that it would see a header where there is none here.
    let differs =
        |name: &&String| NAMES.iter().any(|known| known.eq_ignore_ascii_case(name) && *known != name.as_str());
    if let Some(name) = protected.keys().find(differs) {
        let expected = "header names in the letters that the specification has";
        return Err(NotationError::HeaderMalformed { name: name.clone(), expected, found: "others".to_owned() });
    }
    let present = protected.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name.clone());
    Ok(Headers {
        algorithm: Algorithm::from_jose(optional_text(protected, "alg")?.unwrap_or(""))?,
        content_type: optional_text(protected, "cty")?.unwrap_or("").to_owned(),
        scheme: optional_text(protected, headers::SCHEME)?.unwrap_or("").to_owned(),
        signing_time: time(protected, headers::SIGNING_TIME)?,
        authentic_time: time(protected, headers::AUTHENTIC_TIME)?,
        expiry: time(protected, headers::EXPIRY)?,
        critical: critical(protected)?,
        names: present.filter(|name| !matches!(name.as_str(), "alg" | "cty" | "crit")).collect(),
    })
}

fn critical(protected: &Map<String, Value>) -> Result<Vec<String>, NotationError> {
    match protected.get("crit") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(names)) => names
            .iter()
            .map(|name| name.as_str().map(str::to_owned).ok_or_else(|| wrong("crit", "a list of names", name)))
            .collect(),
        Some(other) => Err(wrong("crit", "a list of names", other)),
    }
}

fn time(protected: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, NotationError> {
    let Some(text) = optional_text(protected, name)? else { return Ok(None) };
    let malformed = |_| {
        let (name, found) = (name.to_owned(), format!("{text:?}"));
        NotationError::HeaderMalformed { name, expected: "a time as in RFC 3339", found }
    };
    Timestamp::parse_rfc3339(text).map(Some).map_err(malformed)
}

fn read_chain(unprotected: &Map<String, Value>) -> Result<Vec<Vec<u8>>, NotationError> {
    let certificates = match unprotected.get("x5c") {
        None | Some(Value::Null) => return Err(NotationError::ChainMissing),
        Some(Value::Array(certificates)) => certificates,
        Some(other) => return Err(wrong("x5c", "a list of certificates", other)),
    };
    let read = |certificate: &Value| {
        let text = certificate.as_str().ok_or_else(|| wrong("x5c", "certificates as text", certificate))?;
        not_base64("x5c", base64::decode(text))
    };
    certificates.iter().map(read).collect()
}

/// Go reads it into bytes, so it must be base64, whatever it is then.
fn countersignature(unprotected: &Map<String, Value>) -> Result<bool, NotationError> {
    let name = headers::COUNTERSIGNATURE;
    let Some(text) = optional_text(unprotected, name)? else { return Ok(false) };
    not_base64(name, base64::decode(text)).map(|bytes| !bytes.is_empty())
}

fn object(bytes: &[u8], what: &'static str) -> Result<Map<String, Value>, NotationError> {
    let value = json::parse(bytes, DEPTH).map_err(|error| malformed(format!("{what} is not JSON: {error}")))?;
    match value {
        Value::Object(object) => Ok(object),
        other => Err(malformed(format!("expected a JSON object as {what}, found {}", json::describe(&other)))),
    }
}

fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Result<&'a str, NotationError> {
    optional_text(object, name).map(Option::unwrap_or_default)
}

fn optional_text<'a>(object: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, NotationError> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(wrong(name, "text", other)),
    }
}

fn decode(name: &str, text: &str) -> Result<Vec<u8>, NotationError> {
    not_base64(name, base64::decode_url(text))
}

fn not_base64(name: &str, decoded: Result<Vec<u8>, base64::Base64Error>) -> Result<Vec<u8>, NotationError> {
    decoded.map_err(|error| malformed(format!("{name}: {error}")))
}

fn wrong(name: &str, expected: &'static str, found: &Value) -> NotationError {
    NotationError::HeaderMalformed { name: name.to_owned(), expected, found: json::describe(found).to_owned() }
}

fn malformed(problem: String) -> NotationError {
    NotationError::EnvelopeMalformed { problem }
}
