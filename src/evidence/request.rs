//! What can be asked of the host.

use crate::digest::Digest;
use crate::oci::Repository;
use serde::{Deserialize, Serialize};
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
        /// Address of the log.
        url: String,
        /// What is asked, as canonical JSON.
        question: String,
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
    /// The manifest or index that a tag names, and with it the digest.
    Tag {
        /// Where.
        repository: Repository,
        /// Which.
        tag: String,
    },
    /// Sigstore's trust root: an option of the evaluation rather than an artifact.
    TrustRoot,
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
