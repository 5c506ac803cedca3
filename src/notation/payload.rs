//! What is signed: the descriptor of an artifact.
//!
//! Source: Notary Project signature specification, "Payload"; notation-go v1.3.2 `internal/envelope/envelope.go`.

use super::NotationError;
use super::jws::DEPTH;
use crate::digest::Digest;
use crate::json;
use serde_json::{Map, Value};

/// The type of the payload.
pub(super) const CONTENT_TYPE: &str = "application/vnd.cncf.notary.payload.v1+json";

/// An artifact: what of its descriptor is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Media type of its manifest.
    pub media_type: String,
    /// Digest of its manifest.
    pub digest: Digest,
    /// Length of its manifest.
    pub size: u64,
}

impl Target {
    /// The same as JSON.
    pub fn to_value(&self) -> Value {
        serde_json::json!({ "mediaType": self.media_type, "digest": self.digest.as_str(), "size": self.size })
    }
}

/// The artifact that a payload is about, and what the signer said about it.
pub(super) fn parse(bytes: &[u8]) -> Result<(Target, Map<String, Value>), NotationError> {
    let malformed = |problem: String| NotationError::PayloadMalformed { problem };
    if bytes.is_empty() {
        return Err(malformed("content not present".to_owned()));
    }
    let payload = json::parse(bytes, DEPTH).map_err(|error| malformed(error.to_string()))?;
    let field = |name: &str| payload.get("targetArtifact").and_then(|target| target.get(name));
    let text = |name: &str| {
        field(name).and_then(Value::as_str).ok_or_else(|| malformed(format!("targetArtifact has no text {name}")))
    };
    let size = field("size").and_then(Value::as_u64);
    let target = Target {
        media_type: text("mediaType")?.to_owned(),
        digest: Digest::parse(text("digest")?).map_err(|error| malformed(error.to_string()))?,
        size: size.ok_or_else(|| malformed("targetArtifact has no size".to_owned()))?,
    };
    let annotations = match field("annotations") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(annotations)) if annotations.values().all(Value::is_string) => annotations.clone(),
        Some(_) => return Err(malformed("the annotations of targetArtifact are not texts".to_owned())),
    };
    Ok((target, annotations))
}
