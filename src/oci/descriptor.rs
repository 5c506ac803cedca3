//! Descriptors: what names a blob or manifest.
//!
//! Source: OCI image specification 1.1 `descriptor.md`, `image-index.md` for the platform.

use super::OciError;
use super::fields::{Fields, wrong};
use crate::digest::Digest;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A descriptor. `urls` and `data` are not read: bytes come from the repository, by digest.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Where it runs, in an index.
    pub platform: Option<Platform>,
}

/// Where an image runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// Operating system, such as `linux`.
    pub os: String,
    /// CPU, such as `arm64`.
    pub architecture: String,
    /// Its variant, such as `v8`.
    pub variant: Option<String>,
}

impl Descriptor {
    /// Reads a descriptor; `path` is where it stands, for messages.
    ///
    /// Errors: no object, no media type, digest or size, a field of another type.
    pub fn read(value: &Value, path: &str) -> Result<Self, OciError> {
        let fields = Fields::of(value, path)?;
        fields.required("mediaType", "a media type")?;
        fields.required("digest", "a digest")?;
        let size = fields.required("size", "a length in bytes")?;
        let digest = Digest::parse(fields.text("digest")?.unwrap_or(""))
            .map_err(|error| OciError::Digest { field: fields.path_of("digest"), error })?;
        Ok(Self {
            media_type: fields.text("mediaType")?.unwrap_or("").to_owned(),
            digest,
            size: size.as_u64().ok_or_else(|| wrong(fields.path_of("size"), "a length in bytes", Some(size)))?,
            artifact_type: fields.text("artifactType")?.map(str::to_owned),
            annotations: fields.string_map("annotations")?,
            platform: fields.field("platform").map(|p| Platform::read(p, &fields.path_of("platform"))).transpose()?,
        })
    }

    /// The same as JSON.
    pub fn to_value(&self) -> Value {
        let mut object = Map::new();
        object.insert("mediaType".to_owned(), self.media_type.as_str().into());
        object.insert("digest".to_owned(), self.digest.as_str().into());
        object.insert("size".to_owned(), self.size.into());
        if let Some(kind) = &self.artifact_type {
            object.insert("artifactType".to_owned(), kind.as_str().into());
        }
        if !self.annotations.is_empty() {
            let annotations = self.annotations.iter().map(|(k, v)| (k.clone(), v.as_str().into())).collect();
            object.insert("annotations".to_owned(), Value::Object(annotations));
        }
        if let Some(platform) = &self.platform {
            object.insert("platform".to_owned(), platform.to_value());
        }
        Value::Object(object)
    }
}

impl Platform {
    fn read(value: &Value, path: &str) -> Result<Self, OciError> {
        let fields = Fields::of(value, path)?;
        Ok(Self {
            os: fields.text("os")?.unwrap_or("").to_owned(),
            architecture: fields.text("architecture")?.unwrap_or("").to_owned(),
            variant: fields.text("variant")?.map(str::to_owned),
        })
    }

    fn to_value(&self) -> Value {
        let mut object = Map::new();
        object.insert("os".to_owned(), self.os.as_str().into());
        object.insert("architecture".to_owned(), self.architecture.as_str().into());
        if let Some(variant) = &self.variant {
            object.insert("variant".to_owned(), variant.as_str().into());
        }
        Value::Object(object)
    }
}

/// Reads the descriptors of a list.
pub(super) fn read_list(fields: &Fields<'_>, name: &str) -> Result<Vec<Descriptor>, OciError> {
    let path = fields.path_of(name);
    let read = |(index, item)| Descriptor::read(item, &format!("{path}[{index}]"));
    fields.list(name)?.iter().enumerate().map(read).collect()
}
