//! Requests as JSON.

use super::Request;
use super::document::{DocumentError, parse_digest};
use crate::digest::Digest;
use crate::oci::{OciError, Repository};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A request as JSON: of a need, or of a failure. `kind` is `manifest` (with `tag` or `digest`), `blob`, `referrers`,
/// `object`, `rekor-entry` (POST `body` to `URL/api/v1/log/entries/retrieve`), `trust-root` (a Sigstore TrustedRoot), `ocsp`
/// (POST the bytes of `body`, which is base64, to `url`) or `revocation-list` (GET `url`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct RequestDocument {
    /// What is asked for.
    #[cfg_attr(
        feature = "typescript",
        ts(
            type = "\"manifest\" | \"blob\" | \"referrers\" | \"object\" | \"rekor-entry\" | \"trust-root\" | \"ocsp\" | \"revocation-list\""
        )
    )]
    pub kind: String,
    /// Host and port, as the image names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
    /// Path of the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Tag of a manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Digest of a manifest or blob, subject of referrers, or sha256 of `body`: as compact JSON with sorted keys, or of its
    /// text (`ocsp`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Group and version of an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// Kind of an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_kind: Option<String>,
    /// Namespace of an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Name of an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// URL of a transparency log, an OCSP responder or a revocation list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The search of a transparency log, or an OCSPRequest in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub body: Option<Value>,
}

impl From<&Request> for RequestDocument {
    fn from(request: &Request) -> Self {
        let of = |kind: &str, repository: &Repository| Self {
            kind: kind.to_owned(),
            registry: Some(repository.registry().to_owned()),
            repository: Some(repository.path().to_owned()),
            ..Self::default()
        };
        let digest = |digest: &Digest| Some(digest.to_string());
        match request {
            Request::Blob { repository, digest: d } => Self { digest: digest(d), ..of("blob", repository) },
            Request::Manifest { repository, digest: d } => Self { digest: digest(d), ..of("manifest", repository) },
            Request::Referrers { repository, digest: d } => Self { digest: digest(d), ..of("referrers", repository) },
            Request::Tag { repository, tag } => Self { tag: Some(tag.clone()), ..of("manifest", repository) },
            Request::LogEntry { url, body } => Self {
                kind: "rekor-entry".to_owned(),
                url: Some(url.clone()),
                body: serde_json::from_str(body).ok(),
                digest: Some(Digest::sha256(body.as_bytes()).to_string()),
                ..Self::default()
            },
            Request::OcspResponse { url, body } => Self {
                kind: "ocsp".to_owned(),
                url: Some(url.clone()),
                body: Some(Value::String(body.clone())),
                digest: Some(Digest::sha256(body.as_bytes()).to_string()),
                ..Self::default()
            },
            Request::RevocationList { url } => {
                Self { kind: "revocation-list".to_owned(), url: Some(url.clone()), ..Self::default() }
            }
            Request::TrustRoot => Self { kind: "trust-root".to_owned(), ..Self::default() },
            Request::Object { api_version, kind, namespace, name } => Self {
                kind: "object".to_owned(),
                api_version: Some(api_version.clone()),
                object_kind: Some(kind.clone()),
                namespace: Some(namespace.clone()),
                name: Some(name.clone()),
                ..Self::default()
            },
        }
    }
}

impl TryFrom<RequestDocument> for Request {
    type Error = DocumentError;

    fn try_from(document: RequestDocument) -> Result<Self, DocumentError> {
        let kind = document.kind.clone();
        let missing = |name: &str| DocumentError::new(name, format!("a request of kind {kind} needs it"));
        let need = |field: Option<String>, name: &str| field.ok_or_else(|| missing(name));
        match kind.as_str() {
            "object" => {
                return Ok(Self::Object {
                    api_version: need(document.api_version, "apiVersion")?,
                    kind: need(document.object_kind, "objectKind")?,
                    namespace: document.namespace.unwrap_or_default(),
                    name: need(document.name, "name")?,
                });
            }
            "rekor-entry" => {
                let body = document.body.ok_or_else(|| missing("body"))?;
                return Ok(Self::log_entry(&need(document.url, "url")?, &body));
            }
            "ocsp" => {
                let body = document.body.as_ref().and_then(Value::as_str).ok_or_else(|| missing("body"))?.to_owned();
                return Ok(Self::OcspResponse { url: need(document.url, "url")?, body });
            }
            "revocation-list" => return Ok(Self::RevocationList { url: need(document.url, "url")? }),
            "trust-root" => return Ok(Self::TrustRoot),
            _ => {}
        }
        let registry = need(document.registry, "registry")?;
        let path = need(document.repository, "repository")?;
        let repository = Repository::from_parts(&registry, &path)
            .map_err(|error: OciError| DocumentError::new("repository", error.to_string()))?;
        if kind == "manifest"
            && let Some(tag) = document.tag
        {
            return Ok(Self::Tag { repository, tag });
        }
        let digest = parse_digest(&need(document.digest, "digest")?, "digest")?;
        match kind.as_str() {
            "blob" => Ok(Self::Blob { repository, digest }),
            "manifest" => Ok(Self::Manifest { repository, digest }),
            "referrers" => Ok(Self::Referrers { repository, digest }),
            other => Err(DocumentError::new(
                "kind",
                format!(
                    "expected manifest, blob, referrers, object, rekor-entry, trust-root, ocsp or revocation-list, found {other}"
                ),
            )),
        }
    }
}
