//! DSSE Envelopes.

use super::InTotoError;
use crate::encoding::base64;
use crate::json;
use serde_json::Value;

/// The payload type of in-toto Statements.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
const WHAT: &str = "envelope";
/// Nesting of an envelope: an object, a list, an object.
const DEPTH: usize = 8;

/// A payload with its type and signatures over both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// What the payload is.
    pub payload_type: String,
    /// The decoded payload.
    pub payload: Vec<u8>,
    /// Signatures over [`Envelope::pre_authentication_encoding`].
    pub signatures: Vec<EnvelopeSignature>,
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvelopeSignature {
    /// A hint at the key; empty: none. Not authenticated.
    pub key_id: String,
    /// The decoded signature.
    pub signature: Vec<u8>,
}

impl Envelope {
    /// Parses an envelope. Unknown fields are allowed, as DSSE has it; base64 may be standard or URL-safe. The type of the
    /// payload is not looked at.
    pub fn parse(bytes: &[u8]) -> Result<Self, InTotoError> {
        let document =
            json::parse(bytes, DEPTH).map_err(|error| InTotoError::Json { what: WHAT, problem: error.to_string() })?;
        let signatures = match document.get("signatures") {
            Some(Value::Array(signatures)) => signatures.iter().map(signature).collect::<Result<_, _>>()?,
            None | Some(Value::Null) => Vec::new(),
            Some(other) => return Err(wrong("signatures", "a list", other)),
        };
        Ok(Self {
            payload_type: text(&document, "payloadType")?.to_owned(),
            payload: bytes_of(&document, "payload")?,
            signatures,
        })
    }

    /// What is signed: type and payload, each with its length (DSSE v1, "PAE").
    pub fn pre_authentication_encoding(&self) -> Vec<u8> {
        let kind = &self.payload_type;
        let mut encoded = format!("DSSEv1 {} {kind} {} ", kind.len(), self.payload.len()).into_bytes();
        encoded.extend_from_slice(&self.payload);
        encoded
    }
}

fn signature(value: &Value) -> Result<EnvelopeSignature, InTotoError> {
    Ok(EnvelopeSignature { key_id: text(value, "keyid")?.to_owned(), signature: bytes_of(value, "sig")? })
}

fn bytes_of(parent: &Value, field: &'static str) -> Result<Vec<u8>, InTotoError> {
    let text = text(parent, field)?;
    base64::decode(text)
        .or_else(|error| base64::decode(&text.replace('-', "+").replace('_', "/")).map_err(|_| error))
        .map_err(|error| InTotoError::Base64 { what: WHAT, field, error })
}

/// An absent text is empty, as Go's decoder has it.
fn text<'a>(parent: &'a Value, field: &'static str) -> Result<&'a str, InTotoError> {
    match parent.get(field) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(wrong(field, "a string", other)),
    }
}

fn wrong(field: &str, expected: &'static str, found: &Value) -> InTotoError {
    InTotoError::Type { what: WHAT, field: field.to_owned(), expected, found: json::describe(found) }
}
