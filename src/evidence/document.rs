//! The evidence document: what was fetched, as JSON that can be kept, sent and replayed.

use super::request::{log_key, revocation_key};
use super::{Artifacts, Failure, Referrers, ReferrersSource, Request, RequestDocument};
use crate::digest::Digest;
use crate::encoding::base64;
use crate::json;
use crate::oci::Descriptor;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// What `schema` says.
pub const SCHEMA: &str = "vidimus.evidence/v1";

/// Nesting of an evidence document: Kubernetes objects in it are the deepest part.
const DEPTH: usize = 128;

/// Why a text is no evidence document.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{at}: {reason}")]
pub struct DocumentError {
    /// Where in the document.
    pub at: String,
    /// What is wrong.
    pub reason: String,
}

impl DocumentError {
    pub(super) fn new(at: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { at: at.into(), reason: reason.into() }
    }
}

#[derive(Serialize, Deserialize)]
struct FailureDocument {
    #[serde(flatten)]
    request: RequestDocument,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    error: String,
    #[serde(default)]
    transport: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferrersDocument {
    source: String,
    descriptors: Vec<Value>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct EvidenceDocument {
    #[serde(rename = "schema")]
    _schema: String,
    #[serde(default)]
    tags: BTreeMap<String, Option<String>>,
    #[serde(default)]
    referrers: BTreeMap<String, ReferrersDocument>,
    #[serde(default)]
    blobs: BTreeMap<String, String>,
    #[serde(default)]
    objects: Vec<Value>,
    #[serde(default)]
    log_entries: BTreeMap<String, Value>,
    #[serde(default)]
    revocation: BTreeMap<String, String>,
    #[serde(default)]
    failures: Vec<Value>,
    // Records for people and for replay; the engine takes its inputs from its caller.
    #[serde(default, rename = "capturedAt")]
    _captured_at: IgnoredAny,
    #[serde(default, rename = "trustRoot")]
    _trust_root: IgnoredAny,
    #[serde(default, rename = "policies")]
    _policies: IgnoredAny,
    #[serde(default, rename = "exceptions")]
    _exceptions: IgnoredAny,
    #[serde(default, rename = "resource")]
    _resource: IgnoredAny,
    #[serde(default, rename = "requests")]
    _requests: IgnoredAny,
    #[serde(default, rename = "verdict")]
    _verdict: IgnoredAny,
}

pub(super) fn parse_digest(text: &str, at: &str) -> Result<Digest, DocumentError> {
    Digest::parse(text).map_err(|error| DocumentError::new(at, error.to_string()))
}

impl Artifacts {
    /// Adds what an evidence document holds.
    ///
    /// Unknown fields, digests that are none and text that is not base64 are errors, and nothing is added then. Whether
    /// bytes are what their digest says is checked when they are used.
    pub fn add_document(&mut self, text: &[u8]) -> Result<(), DocumentError> {
        let value = json::parse(text, DEPTH).map_err(|error| DocumentError::new("evidence", error.to_string()))?;
        // Before the fields: those of another version would be unknown, which says less.
        if let Some(schema) = value.get("schema").and_then(Value::as_str).filter(|schema| *schema != SCHEMA) {
            return Err(DocumentError::new("schema", format!("expected `{SCHEMA}`, found `{schema}`")));
        }
        let document: EvidenceDocument =
            serde_json::from_value(value).map_err(|error| DocumentError::new("evidence", error.to_string()))?;
        let added = read(document)?;
        added.objects().iter().for_each(|object| self.add_object(object.clone()));
        self.tags.extend(added.tags);
        self.referrers.extend(added.referrers);
        self.blobs.extend(added.blobs);
        self.log_entries.extend(added.log_entries);
        self.revocation.extend(added.revocation);
        self.failures.extend(added.failures);
        Ok(())
    }

    /// The document of everything in the store, or of what `used` names.
    pub fn to_document(&self, used: Option<&BTreeSet<Request>>) -> Value {
        let wants = |request: &Request| used.is_none_or(|used| used.contains(request));
        let wants_key = |key: &str| {
            used.is_none_or(|used| {
                used.iter().any(|request| match request {
                    Request::Tag { repository, tag } => key == format!("{repository}:{tag}"),
                    Request::Referrers { repository, digest } => key == format!("{repository}@{digest}"),
                    Request::LogEntry { url, body } => *key == log_key(url, body),
                    Request::OcspResponse { .. } | Request::RevocationList { .. } => {
                        revocation_key(request).as_deref() == Some(key)
                    }
                    Request::Blob { .. } | Request::Manifest { .. } | Request::Object { .. } | Request::TrustRoot => {
                        false
                    }
                })
            })
        };
        let wants_blob = |wanted: &Digest| {
            used.is_none_or(|used| {
                used.iter().any(|request| {
                    matches!(request, Request::Blob { digest, .. } | Request::Manifest { digest, .. } if digest == wanted)
                })
            })
        };
        let wants_object =
            |object: &Value| used.is_none_or(|used| used.iter().any(|request| names_object(request, object)));
        let tags: BTreeMap<&str, Option<&str>> = (self.tags.iter().filter(|(key, _)| wants_key(key)))
            .map(|(key, digest)| (key.as_str(), digest.as_ref().map(Digest::as_str)))
            .collect();
        let referrers: BTreeMap<&str, ReferrersDocument> = (self.referrers.iter().filter(|(key, _)| wants_key(key)))
            .map(|(key, referrers)| (key.as_str(), write_referrers(referrers)))
            .collect();
        let blobs: BTreeMap<&str, String> = (self.blobs.iter().filter(|(digest, _)| wants_blob(digest)))
            .map(|(digest, blob)| (digest.as_str(), base64::encode(&blob.bytes)))
            .collect();
        // What is kept for replay holds no more of a Secret than what was read of it: the private key often lies beside.
        let kept = |object: &Value| if used.is_some() { without_secrets(object) } else { object.clone() };
        let objects: Vec<Value> = self.objects().iter().filter(|object| wants_object(object)).map(kept).collect();
        let log_entries: BTreeMap<&str, &Value> = (self.log_entries.iter().filter(|(key, _)| wants_key(key)))
            .map(|(key, answer)| (key.as_str(), answer))
            .collect();
        let revocation: BTreeMap<&str, String> = (self.revocation.iter().filter(|(key, _)| wants_key(key)))
            .map(|(key, answer)| (key.as_str(), base64::encode(answer)))
            .collect();
        let failures: Vec<FailureDocument> = (self.failures.iter().filter(|(request, _)| wants(request)))
            .map(|(request, failure)| FailureDocument {
                request: request.into(),
                status: failure.status,
                error: failure.error.clone(),
                transport: failure.transport,
            })
            .collect();
        let mut document = serde_json::json!({
            "schema": SCHEMA, "tags": tags, "referrers": referrers, "blobs": blobs, "objects": objects, "failures": failures,
        });
        // Later fields of the schema: documents without them stay as readers before them take them.
        if let Some(fields) = document.as_object_mut() {
            if !log_entries.is_empty() {
                fields.insert("logEntries".to_owned(), serde_json::json!(log_entries));
            }
            if !revocation.is_empty() {
                fields.insert("revocation".to_owned(), serde_json::json!(revocation));
            }
        }
        document
    }
}

/// A Secret with nothing but its name and public key; any other object as it is.
fn without_secrets(object: &Value) -> Value {
    if object.get("kind").and_then(Value::as_str) != Some("Secret") {
        return object.clone();
    }
    let text = |pointer: &str| object.pointer(pointer).cloned().unwrap_or_default();
    let mut data = serde_json::Map::new();
    if let Some(key) = object.pointer("/data").and_then(|data| data.get("cosign.pub")) {
        data.insert("cosign.pub".to_owned(), key.clone());
    }
    serde_json::json!({
        "apiVersion": text("/apiVersion"), "kind": "Secret", "data": data,
        "metadata": {"name": text("/metadata/name"), "namespace": text("/metadata/namespace")},
    })
}

fn names_object(request: &Request, object: &Value) -> bool {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or("");
    matches!(request, Request::Object { kind, namespace, name, .. }
        if text("/kind") == kind && text("/metadata/namespace") == namespace && text("/metadata/name") == name)
}

fn write_referrers(referrers: &Referrers) -> ReferrersDocument {
    let source = match referrers.source {
        ReferrersSource::Api => "api",
        ReferrersSource::FallbackTag => "fallback-tag",
    };
    ReferrersDocument {
        source: source.to_owned(),
        descriptors: referrers.descriptors.iter().map(Descriptor::to_value).collect(),
    }
}

fn read(document: EvidenceDocument) -> Result<Artifacts, DocumentError> {
    let mut artifacts = Artifacts::new();
    for (key, digest) in document.tags {
        let at = format!("tags.{key}");
        let digest = digest.map(|digest| parse_digest(&digest, &at)).transpose()?;
        artifacts.tags.insert(key, digest);
    }
    for (key, referrers) in document.referrers {
        let at = format!("referrers.{key}");
        artifacts.referrers.insert(key, read_referrers(&referrers, &at)?);
    }
    for (digest, text) in document.blobs {
        let at = format!("blobs.{digest}");
        let digest = parse_digest(&digest, &at)?;
        let bytes = base64::decode(&text).map_err(|error| DocumentError::new(at, format!("not base64: {error}")))?;
        artifacts.add_blob(digest, bytes);
    }
    document.objects.into_iter().for_each(|object| artifacts.add_object(object));
    for key in document.log_entries.keys() {
        let digest = key.rsplit_once('#').map(|(_, digest)| digest).unwrap_or_default();
        parse_digest(digest, &format!("logEntries.{key}"))?;
    }
    artifacts.log_entries = document.log_entries;
    for (key, text) in document.revocation {
        let bytes = base64::decode(&text)
            .map_err(|error| DocumentError::new(format!("revocation.{key}"), format!("not base64: {error}")))?;
        artifacts.revocation.insert(key, bytes);
    }
    for (index, failure) in document.failures.into_iter().enumerate() {
        let (request, failure) = read_failure(failure, &format!("failures[{index}]"))?;
        artifacts.add_failure(request, failure);
    }
    Ok(artifacts)
}

/// Every field of a failure; flattening in serde would let unknown ones through.
const FAILURE_FIELDS: [&str; 14] = [
    "kind",
    "registry",
    "repository",
    "tag",
    "digest",
    "apiVersion",
    "objectKind",
    "namespace",
    "name",
    "url",
    "body",
    "status",
    "error",
    "transport",
];

fn read_failure(value: Value, at: &str) -> Result<(Request, Failure), DocumentError> {
    let fields = value.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    if let Some(unknown) = fields.into_iter().find(|name| !FAILURE_FIELDS.contains(name)) {
        return Err(DocumentError::new(at, format!("unknown field `{unknown}`")));
    }
    let document: FailureDocument =
        serde_json::from_value(value).map_err(|error| DocumentError::new(at, error.to_string()))?;
    let FailureDocument { request, status, error, transport } = document;
    if transport && status.is_some() {
        return Err(DocumentError::new(at, "a transport failure has no status: no answer came"));
    }
    if request.tag.is_some() && request.digest.is_some() {
        return Err(DocumentError::new(at, "expected a tag or a digest, found both"));
    }
    Ok((Request::try_from(request)?, Failure { status, error, transport }))
}

fn read_referrers(document: &ReferrersDocument, at: &str) -> Result<Referrers, DocumentError> {
    let source = match document.source.as_str() {
        "api" => ReferrersSource::Api,
        "fallback-tag" => ReferrersSource::FallbackTag,
        other => return Err(DocumentError::new(at, format!("expected source api or fallback-tag, found {other}"))),
    };
    let read = |(index, value): (usize, &Value)| {
        Descriptor::read(value, &format!("descriptors[{index}]")).map_err(|e| DocumentError::new(at, e.to_string()))
    };
    let descriptors = document.descriptors.iter().enumerate().map(read).collect::<Result<_, _>>()?;
    Ok(Referrers { source, descriptors })
}
