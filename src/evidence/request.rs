//! What can be asked of the host.

use crate::digest::Digest;
use crate::oci::Repository;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// One thing that the host can fetch. Equal requests are one request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Request {
    /// A blob by digest.
    Blob {
        /// Where.
        repository: Repository,
        /// Which.
        digest: Digest,
    },
    /// Entries of a transparency log.
    LogEntry {
        /// The log.
        url: String,
        /// The search, as compact JSON with sorted keys.
        body: String,
    },
    /// What an OCSP responder says of a certificate.
    OcspResponse {
        /// The responder.
        url: String,
        /// The OCSPRequest, in base64.
        body: String,
    },
    /// A manifest or index by digest.
    Manifest {
        /// Where.
        repository: Repository,
        /// Which.
        digest: Digest,
    },
    /// A Kubernetes object.
    Object {
        /// Group and version.
        api_version: String,
        /// Kind.
        kind: String,
        /// Namespace; empty for cluster-scoped ones.
        namespace: String,
        /// Name.
        name: String,
    },
    /// The referrers of a digest.
    Referrers {
        /// Where.
        repository: Repository,
        /// Of which subject.
        digest: Digest,
    },
    /// A certificate revocation list.
    RevocationList {
        /// Where it is.
        url: String,
    },
    /// The manifest or index that a tag names, and with it the digest.
    Tag {
        /// Where.
        repository: Repository,
        /// Which.
        tag: String,
    },
    /// The keys and authorities of a Sigstore instance.
    TrustRoot,
}

impl Request {
    /// The request that a Kubernetes object answers.
    pub fn of_object(object: &Value) -> Self {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self::Object {
            api_version: text("/apiVersion"),
            kind: text("/kind"),
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name"),
        }
    }

    /// The search of a log. JSON objects are sorted here, so that equal searches are one request.
    pub fn log_entry(url: &str, body: &Value) -> Self {
        Self::LogEntry { url: url.trim_end_matches('/').to_owned(), body: body.to_string() }
    }
}

/// What answers about certificates are kept by: the URL of a list, or that of a responder and the digest of the question,
/// which is taken of its text.
pub(super) fn revocation_key(request: &Request) -> Option<String> {
    match request {
        Request::OcspResponse { url, body } => Some(format!("{url}#{}", Digest::sha256(body.as_bytes()))),
        Request::RevocationList { url } => Some(url.clone()),
        _ => None,
    }
}

/// What log entries are kept by: the URL of the log and the digest of the search.
pub(super) fn log_key(url: &str, body: &str) -> String {
    format!("{url}#{}", Digest::sha256(body.as_bytes()))
}

/// Who needs it: policy, rule and the path of the attestor, which is empty where the rule itself asks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Asker {
    /// Policy name.
    pub policy: String,
    /// Rule name.
    pub rule: String,
    /// Path such as `.attestors[0].entries[1].keys`.
    pub attestor: String,
}

/// A request that is still open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// What.
    pub request: Request,
    /// Larger answers are refused; in bytes.
    pub max_bytes: Option<usize>,
    /// For whom.
    pub asked_by: BTreeSet<Asker>,
}
