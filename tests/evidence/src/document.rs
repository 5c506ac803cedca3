//! The `vidimus.evidence/v1` document: what a registry answered.

use crate::{Blob, CAPTURED_AT, Image, Index, NotationSignature, Signatures, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Answers of a registry, under construction.
#[derive(Clone, Debug, Default)]
pub struct Document {
    tags: BTreeMap<String, Option<String>>,
    referrers: BTreeMap<String, Value>,
    blobs: BTreeMap<String, Vec<u8>>,
    failures: Vec<Value>,
    extra: Map<String, Value>,
}

/// How a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// The registry answered with this HTTP status.
    Status(u16),
    /// No answer: the connection was refused.
    Transport,
}

impl Document {
    /// Nothing was asked yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// `reference` (`registry/repository:tag`) leads to `manifest`.
    pub fn tag(&mut self, reference: &str, manifest: &Blob) -> &mut Self {
        self.tags.insert(reference.to_owned(), Some(manifest.digest()));
        self.blob(&manifest.bytes)
    }

    /// The registry said that `reference` does not exist.
    pub fn absent(&mut self, reference: &str) -> &mut Self {
        self.tags.insert(reference.to_owned(), None);
        self
    }

    /// The registry has these bytes.
    pub fn blob(&mut self, bytes: &[u8]) -> &mut Self {
        self.blobs.insert(digest(bytes), bytes.to_vec());
        self
    }

    /// The registry answered with other bytes than `digest` says.
    pub fn forge(&mut self, digest: &str, bytes: &[u8]) -> &mut Self {
        self.blobs.insert(digest.to_owned(), bytes.to_vec());
        self
    }

    /// The request for a tag failed.
    pub fn tag_failed(&mut self, repository: &str, tag: &str, absence: Absence) -> &mut Self {
        self.failed("manifest", repository, "tag", tag, absence)
    }

    /// The request for a manifest by digest failed.
    pub fn manifest_failed(&mut self, repository: &str, digest: &str, absence: Absence) -> &mut Self {
        self.failed("manifest", repository, "digest", digest, absence)
    }

    /// The request for a blob failed.
    pub fn blob_failed(&mut self, repository: &str, digest: &str, absence: Absence) -> &mut Self {
        self.failed("blob", repository, "digest", digest, absence)
    }

    /// `image` exists under `tag`.
    pub fn image(&mut self, image: &Image, tag: &str) -> &mut Self {
        self.tag(&image.tagged(tag), &image.manifest)
    }

    /// `index` and its platforms exist under `tag`.
    pub fn index(&mut self, index: &Index, tag: &str) -> &mut Self {
        for image in &index.images {
            self.blob(&image.manifest.bytes);
        }
        self.tag(&format!("{}:{tag}", index.repository), &index.manifest)
    }

    /// `repository` has these signatures of the image with `digest`.
    pub fn signatures(&mut self, repository: &str, digest: &str, signatures: &Signatures) -> &mut Self {
        for layer in &signatures.layers {
            self.blob(&layer.blob.bytes);
        }
        self.tag(&format!("{repository}:{}", Signatures::tag(digest)), &signatures.manifest)
    }

    /// `repository` has no signatures of the image with `digest`.
    pub fn unsigned(&mut self, repository: &str, digest: &str) -> &mut Self {
        self.absent(&format!("{repository}:{}", Signatures::tag(digest)))
    }

    /// The repository of `image` has these attestations of it.
    pub fn attestations(&mut self, image: &Image, attestations: &Signatures) -> &mut Self {
        for layer in &attestations.layers {
            self.blob(&layer.blob.bytes);
        }
        let tag = Signatures::attestation_tag(&image.digest());
        self.tag(&format!("{}:{tag}", image.repository), &attestations.manifest)
    }

    /// The repository of `image` has no attestations of it.
    pub fn unattested(&mut self, image: &Image) -> &mut Self {
        self.absent(&format!("{}:{}", image.repository, Signatures::attestation_tag(&image.digest())))
    }

    /// The registry lists these signatures as the only referrers of `image`.
    pub fn referrers(&mut self, image: &Image, signatures: &[NotationSignature]) -> &mut Self {
        for signature in signatures {
            self.blob(&signature.manifest.bytes).blob(&signature.envelope.bytes);
        }
        let descriptors: Vec<Value> = signatures.iter().map(NotationSignature::referrer).collect();
        self.referrers.insert(image.pinned(), json!({ "source": "api", "descriptors": descriptors }));
        self
    }

    /// A further top-level field, such as `policies`.
    pub fn with(&mut self, field: &str, value: Value) -> &mut Self {
        self.extra.insert(field.to_owned(), value);
        self
    }

    /// The document as JSON text, pretty-printed, keys sorted, with a final newline.
    pub fn to_json(&self) -> String {
        let blobs: BTreeMap<_, _> = self.blobs.iter().map(|(key, bytes)| (key, STANDARD.encode(bytes))).collect();
        let mut fields = self.extra.clone();
        fields.insert("schema".to_owned(), json!("vidimus.evidence/v1"));
        fields.insert("capturedAt".to_owned(), json!(CAPTURED_AT));
        fields.insert("tags".to_owned(), json!(self.tags));
        fields.insert("blobs".to_owned(), json!(blobs));
        if !self.referrers.is_empty() {
            fields.insert("referrers".to_owned(), json!(self.referrers));
        }
        if !self.failures.is_empty() {
            fields.insert("failures".to_owned(), json!(self.failures));
        }
        pretty(&Value::Object(fields))
    }

    fn failed(&mut self, kind: &str, repository: &str, by: &str, id: &str, absence: Absence) -> &mut Self {
        let (registry, repository) = repository.split_once('/').expect("a repository names its registry");
        let mut failure = json!({ "kind": kind, "registry": registry, "repository": repository, by: id });
        let (error, transport) = match absence {
            Absence::Status(status) => {
                failure["status"] = json!(status);
                (format!("the registry answered with HTTP status {status}"), false)
            }
            Absence::Transport => (format!("connect to {registry}: connection refused"), true),
        };
        failure["error"] = json!(error);
        failure["transport"] = json!(transport);
        self.failures.push(failure);
        self
    }
}

pub(crate) fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("a value is JSON");
    text.push('\n');
    text
}
