//! Indexes and manifest lists.
//!
//! Source: OCI image specification 1.1 `image-index.md`; Docker image manifest version 2, schema 2.

use super::descriptor::read_list;
use super::fields::Fields;
use super::{Descriptor, Document, OciError};
use crate::limits::Limits;
use std::collections::BTreeMap;

/// An index: several manifests under one digest. Also what lists referrers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The media type that it gives itself.
    pub media_type: Option<String>,
    /// What kind of artifact it is.
    pub artifact_type: Option<String>,
    /// Its manifests, in order.
    pub manifests: Vec<Descriptor>,
    /// What it refers to.
    pub subject: Option<Descriptor>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
}

impl Index {
    /// Parses an index, OCI's or Docker's.
    ///
    /// Errors: as [`Document::parse`]; [`OciError::Kind`] for an image manifest.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, OciError> {
        match Document::parse(bytes, limits)? {
            Document::Index(index) => Ok(index),
            Document::Manifest(_) => Err(OciError::Kind { expected: "an index", found: "an image manifest" }),
        }
    }

    pub(super) fn read(fields: &Fields<'_>) -> Result<Self, OciError> {
        Ok(Self {
            media_type: fields.text("mediaType")?.map(str::to_owned),
            artifact_type: fields.text("artifactType")?.map(str::to_owned),
            manifests: read_list(fields, "manifests")?,
            subject: fields.field("subject").map(|subject| Descriptor::read(subject, "subject")).transpose()?,
            annotations: fields.string_map("annotations")?,
        })
    }
}
