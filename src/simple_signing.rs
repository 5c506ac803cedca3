//! The document that cosign signs in its tag layout: Red Hat's "simple signing" JSON.
//!
//! Source: `sigstore/sigstore` `pkg/signature/payload`, `containers/image` `docs/containers-signature.5.md`.

use crate::digest::Digest;
use crate::json;
use serde_json::{Map, Value};
use thiserror::Error;

/// What a signature says about an image.
///
/// `critical.identity.docker-reference` and `critical.type` are kept for the trace and never compared: neither cosign nor
/// Kyverno does, so a signature stays good when the image moves to another repository.
#[derive(Clone, Debug, PartialEq)]
pub struct SimpleSigningPayload {
    /// `critical.image.docker-manifest-digest`.
    pub digest: Digest,
    /// `critical.identity.docker-reference`.
    pub docker_reference: Option<String>,
    /// `optional`.
    pub optional: Map<String, Value>,
}

/// Why bytes are no simple-signing payload.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PayloadError {
    /// The digest is missing or no digest.
    #[error("invalid or missing digest in claim: {0}")]
    Digest(String),
    /// Not JSON, or JSON with duplicate keys.
    #[error("the signed payload is not a JSON object: {0}")]
    Json(String),
    /// A field has another type than the format gives it.
    #[error("the signed payload has {found} at `{field}` where {expected} belongs")]
    Type {
        /// Path of the field.
        field: &'static str,
        /// What belongs there.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
}

impl PayloadError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Digest(_) => "claim-digest-invalid",
            Self::Json(_) => "payload-not-json",
            Self::Type { .. } => "payload-type",
        }
    }
}

impl SimpleSigningPayload {
    /// Parses the signed bytes as Go does: unknown fields are allowed, the last of equal keys counts.
    ///
    /// Call [`SimpleSigningPayload::check_unambiguous`] before relying on it.
    pub fn parse(bytes: &[u8]) -> Result<Self, PayloadError> {
        let document: Value = serde_json::from_slice(bytes).map_err(|e| PayloadError::Json(e.to_string()))?;
        if !document.is_object() {
            return Err(wrong("", "an object", &document));
        }
        let critical = object(&document, "critical")?;
        let image = object(critical, "image")?;
        let digest = text(image, "docker-manifest-digest")?.unwrap_or("");
        let digest = Digest::parse(digest).map_err(|_| PayloadError::Digest(digest.to_owned()))?;
        let identity = object(critical, "identity")?;
        let docker_reference = text(identity, "docker-reference")?.map(str::to_owned);
        let optional = match document.get("optional") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(map)) => map.clone(),
            Some(other) => return Err(wrong("optional", "an object", other)),
        };
        Ok(Self { digest, docker_reference, optional })
    }

    /// Checks that every reader sees the same document: no duplicate keys, no deep nesting.
    pub fn check_unambiguous(bytes: &[u8], depth: usize) -> Result<(), PayloadError> {
        json::parse(bytes, depth).map(|_| ()).map_err(|e| PayloadError::Json(e.to_string()))
    }
}

/// The object under `field`; an absent one reads as null, as Go's decoder has it.
fn object<'a>(parent: &'a Value, field: &'static str) -> Result<&'a Value, PayloadError> {
    match parent.get(field) {
        None => Ok(&Value::Null),
        Some(value) if value.is_object() || value.is_null() => Ok(value),
        Some(other) => Err(wrong(field, "an object", other)),
    }
}

fn text<'a>(parent: &'a Value, field: &'static str) -> Result<Option<&'a str>, PayloadError> {
    match parent.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(wrong(field, "a string", other)),
    }
}

fn wrong(field: &'static str, expected: &'static str, found: &Value) -> PayloadError {
    PayloadError::Type { field, expected, found: json::describe(found) }
}
