//! Image manifests, as far as verification reads them.
//!
//! Source: OCI image specification 1.1 `manifest.md`, `descriptor.md`; Docker image manifest version 2, schema 2.

use super::OciError;
use crate::digest::Digest;
use crate::json;
use crate::limits::Limits;
use serde_json::Value;
use std::collections::BTreeMap;

const MANIFESTS: [&str; 2] =
    ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];

/// What names a blob or manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct Descriptor {
    /// Media type of what is named.
    pub media_type: String,
    /// Its digest.
    pub digest: Digest,
    /// Its length in bytes.
    pub size: u64,
    /// What kind of artifact it is (OCI 1.1).
    pub artifact_type: Option<String>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
}

impl Descriptor {
    /// Reads a descriptor; `field` is what messages call it.
    pub fn read(value: &Value, field: &str) -> Result<Self, OciError> {
        let at = |name: &str| format!("{field}.{name}");
        let size = value.get("size").and_then(Value::as_u64);
        Ok(Self {
            media_type: text(value, "mediaType", &at("mediaType"))?.unwrap_or("").to_owned(),
            digest: Digest::parse(text(value, "digest", &at("digest"))?.unwrap_or(""))?,
            size: size.ok_or_else(|| wrong(&at("size"), "a length in bytes", value.get("size")))?,
            artifact_type: text(value, "artifactType", &at("artifactType"))?.map(str::to_owned),
            annotations: annotations(value, &at("annotations"))?,
        })
    }

    /// The same as JSON.
    pub fn to_value(&self) -> Value {
        let mut value = serde_json::json!({
            "mediaType": self.media_type, "digest": self.digest.as_str(), "size": self.size,
        });
        if let Some(object) = value.as_object_mut() {
            if let Some(kind) = &self.artifact_type {
                object.insert("artifactType".to_owned(), kind.as_str().into());
            }
            if !self.annotations.is_empty() {
                let map = self.annotations.iter().map(|(k, v)| (k.clone(), v.as_str().into())).collect();
                object.insert("annotations".to_owned(), Value::Object(map));
            }
        }
        value
    }
}

/// An image manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// Its layers.
    pub layers: Vec<Descriptor>,
}

impl Manifest {
    /// Parses an image manifest, OCI's or Docker's.
    ///
    /// Errors: not JSON, duplicate keys, an index, another media type, a layer that is no descriptor. Whether the bytes are
    /// those of the digest that asked for them is checked before.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, OciError> {
        let document = json::parse(bytes, limits.depth).map_err(|e| OciError::Json(e.to_string()))?;
        if !document.is_object() {
            return Err(wrong("", "an object", Some(&document)));
        }
        let media_type = text(&document, "mediaType", "mediaType")?.unwrap_or("");
        let is_manifest = media_type.is_empty() || MANIFESTS.contains(&media_type);
        if !is_manifest || document.get("manifests").is_some() {
            let shown = if media_type.is_empty() { "an index" } else { media_type };
            return Err(OciError::MediaType(shown.to_owned()));
        }
        let layers = match document.get("layers") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(layers)) => {
                let read = |(index, layer)| Descriptor::read(layer, &format!("layers[{index}]"));
                layers.iter().enumerate().map(read).collect::<Result<_, _>>()?
            }
            other => return Err(wrong("layers", "a list", other)),
        };
        Ok(Self { layers })
    }
}

fn text<'a>(value: &'a Value, name: &str, field: &str) -> Result<Option<&'a str>, OciError> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        other => Err(wrong(field, "a string", other)),
    }
}

fn annotations(value: &Value, field: &str) -> Result<BTreeMap<String, String>, OciError> {
    let entries = match value.get("annotations") {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(entries)) => entries,
        other => return Err(wrong(field, "an object", other)),
    };
    let read = |(key, value): (&String, &Value)| match value.as_str() {
        Some(text) => Ok((key.clone(), text.to_owned())),
        None => Err(wrong(field, "strings", Some(value))),
    };
    entries.iter().map(read).collect()
}

fn wrong(field: &str, expected: &'static str, found: Option<&Value>) -> OciError {
    OciError::Field { field: field.to_owned(), expected, found: found.map_or("nothing", json::describe) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Manifest, OciError> {
        Manifest::parse(text.as_bytes(), &Limits::default())
    }

    #[test]
    fn layers_keep_their_annotations() {
        let digest = Digest::sha256(b"x");
        let text = format!(
            r#"{{"schemaVersion":2,"layers":[{{"mediaType":"a/b","digest":"{digest}","size":3,"annotations":{{"k":"v"}}}}]}}"#
        );
        let manifest = parse(&text).unwrap();
        assert_eq!(manifest.layers[0].annotations["k"], "v");
        assert_eq!(manifest.layers[0].digest, digest);
        assert_eq!(Descriptor::read(&manifest.layers[0].to_value(), "x"), Ok(manifest.layers[0].clone()));
    }

    #[test]
    fn other_documents_are_refused_by_kind() {
        for (text, code) in [
            ("not json", "manifest-malformed"),
            ("[]", "manifest-malformed"),
            (r#"{"layers":1}"#, "manifest-malformed"),
            (r#"{"layers":[{"digest":"sha256:00","size":1}]}"#, "digest-malformed"),
            (r#"{"layers":[],"layers":[]}"#, "manifest-malformed"),
            (r#"{"manifests":[]}"#, "manifest-media-type"),
            (r#"{"mediaType":"application/vnd.oci.image.index.v1+json"}"#, "manifest-media-type"),
        ] {
            assert_eq!(parse(text).unwrap_err().code(), code, "{text}");
        }
    }
}
