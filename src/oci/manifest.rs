//! Image manifests, and which kind a document is.
//!
//! Source: OCI image specification 1.1 `manifest.md`; Docker image manifest version 2, schema 2; CVE-2021-41190 for
//! documents that are both kinds at once.

use super::descriptor::read_list;
use super::fields::Fields;
use super::{Descriptor, Index, OciError, media_type};
use crate::json;
use crate::limits::Limits;
use std::collections::BTreeMap;

/// An image manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The media type that it gives itself.
    pub media_type: Option<String>,
    /// What kind of artifact it is.
    pub artifact_type: Option<String>,
    /// Its configuration.
    pub config: Descriptor,
    /// Its layers, in order.
    pub layers: Vec<Descriptor>,
    /// What it refers to.
    pub subject: Option<Descriptor>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
}

/// What stands behind a digest or tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// Several manifests.
    Index(Index),
    /// One image or artifact.
    Manifest(Manifest),
}

impl Document {
    /// Parses an image manifest or an index. The fields decide which; the media type must agree.
    ///
    /// Whether the bytes are those of the digest that asked for them is checked before.
    ///
    /// Errors: too many bytes, not JSON, duplicate keys, both kinds at once, another schema version, a media type that
    /// contradicts the fields, a field of another type.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, OciError> {
        if bytes.len() > limits.manifest_bytes {
            return Err(OciError::TooLarge { found: bytes.len(), limit: limits.manifest_bytes });
        }
        let document = json::parse(bytes, limits.depth).map_err(OciError::NotJson)?;
        let fields = Fields::of(&document, "")?;
        check_schema_version(&fields)?;
        let media_type = fields.text("mediaType")?;
        let of_manifest = ["layers", "config"].into_iter().find(|name| fields.has(name));
        match (of_manifest, fields.has("manifests")) {
            (Some(manifest), true) => Err(OciError::Ambiguous { manifest }),
            (_, true) => {
                check_media_type(media_type, media_type::is_index, "an index")?;
                Index::read(&fields).map(Self::Index)
            }
            (_, false) => {
                check_media_type(media_type, media_type::is_manifest, "an image manifest")?;
                Manifest::read(&fields).map(Self::Manifest)
            }
        }
    }

    /// Its kind, for messages.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Index(_) => "an index",
            Self::Manifest(_) => "an image manifest",
        }
    }
}

impl Manifest {
    /// Parses an image manifest, OCI's or Docker's.
    ///
    /// Errors: as [`Document::parse`]; [`OciError::Kind`] for an index.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, OciError> {
        match Document::parse(bytes, limits)? {
            Document::Manifest(manifest) => Ok(manifest),
            Document::Index(_) => Err(OciError::Kind { expected: "an image manifest", found: "an index" }),
        }
    }

    fn read(fields: &Fields<'_>) -> Result<Self, OciError> {
        let config = fields.required("config", "a descriptor")?;
        Ok(Self {
            media_type: fields.text("mediaType")?.map(str::to_owned),
            artifact_type: fields.text("artifactType")?.map(str::to_owned),
            config: Descriptor::read(config, "config")?,
            layers: read_list(fields, "layers")?,
            subject: fields.field("subject").map(|subject| Descriptor::read(subject, "subject")).transpose()?,
            annotations: fields.string_map("annotations")?,
        })
    }
}

/// Version 1 is another format, without descriptors. go-containerregistry takes documents that leave the version out.
fn check_schema_version(fields: &Fields<'_>) -> Result<(), OciError> {
    match fields.field("schemaVersion") {
        None => Ok(()),
        Some(version) if version.as_u64() == Some(2) => Ok(()),
        Some(other) => Err(OciError::SchemaVersion { found: other.to_string() }),
    }
}

fn check_media_type(found: Option<&str>, fits: fn(&str) -> bool, kind: &'static str) -> Result<(), OciError> {
    match found {
        Some(found) if !found.is_empty() && !fits(found) => Err(OciError::MediaType { kind, found: found.to_owned() }),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "manifest_tests.rs"]
mod tests;
