//! The store of what was fetched.

use super::Request;
use super::request::{log_key, revocation_key};
use crate::crypto::SignatureError;
use crate::digest::Digest;
use crate::oci::Descriptor;
use crate::trust_root::TrustRoot;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

/// Everything the host fetched so far.
///
/// A blob is hashed the first time it is used and a signature verified the first time it is met; both outcomes are kept,
/// so that a store that serves many evaluations pays once. Neither changes an answer.
#[derive(Debug, Default)]
pub struct Artifacts {
    pub(super) tags: BTreeMap<String, Option<Digest>>,
    pub(super) referrers: BTreeMap<String, Referrers>,
    pub(super) blobs: BTreeMap<Digest, Blob>,
    objects: Vec<Value>,
    /// Where an object with a name is.
    positions: BTreeMap<Request, usize>,
    pub(super) log_entries: BTreeMap<String, Value>,
    pub(super) revocation: BTreeMap<String, Vec<u8>>,
    trust_root: Option<TrustRoot>,
    pub(super) failures: BTreeMap<Request, Failure>,
    verified: Mutex<BTreeMap<SignatureId, Result<(), SignatureError>>>,
}

/// What identifies one cryptographic question: scheme and key, digest of the message, signature.
type SignatureId = (String, Digest, Vec<u8>);

/// Bytes, and whether they are what their digest says, once somebody looked.
#[derive(Debug)]
pub(super) struct Blob {
    pub(super) bytes: Vec<u8>,
    intact: OnceLock<bool>,
}

/// The referrers of one digest.
#[derive(Clone, Debug, PartialEq)]
pub struct Referrers {
    /// How they were found.
    pub source: ReferrersSource,
    /// What was found.
    pub descriptors: Vec<Descriptor>,
}

/// How referrers were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferrersSource {
    /// The registry's referrers API.
    Api,
    /// The index behind the tag `sha256-HEX`.
    FallbackTag,
}

/// A request that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// What went wrong.
    pub error: String,
    /// No answer came: refused, unknown host, timed out, offline.
    pub transport: bool,
}

impl Artifacts {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes under the digest that they were asked for. They are checked when they are used.
    pub fn add_blob(&mut self, digest: Digest, bytes: Vec<u8>) {
        self.blobs.insert(digest, Blob { bytes, intact: OnceLock::new() });
    }

    /// Records what a tag resolved to; `None`: the registry says that it does not exist.
    pub fn add_tag(&mut self, repository: &str, tag: &str, digest: Option<Digest>) {
        self.tags.insert(format!("{repository}:{tag}"), digest);
    }

    /// Records the referrers of a digest.
    pub fn add_referrers(&mut self, repository: &str, digest: &Digest, referrers: Referrers) {
        self.referrers.insert(format!("{repository}@{digest}"), referrers);
    }

    /// Adds a Kubernetes object; of two with one kind, namespace and name the first counts.
    pub fn add_object(&mut self, object: Value) {
        let request = Request::of_object(&object);
        if !matches!(&request, Request::Object { name, .. } if name.is_empty()) {
            if self.positions.contains_key(&request) {
                return;
            }
            self.positions.insert(request, self.objects.len());
        }
        self.objects.push(object);
    }

    /// The Kubernetes objects.
    pub fn objects(&self) -> &[Value] {
        &self.objects
    }

    /// A Kubernetes object.
    pub fn object(&self, api_version: &str, kind: &str, namespace: &str, name: &str) -> Option<&Value> {
        let request = Request::Object {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        };
        self.objects.get(*self.positions.get(&request)?)
    }

    /// Records what a transparency log answered to a search.
    pub fn add_log_entry(&mut self, url: &str, body: &Value, answer: Value) {
        if let Request::LogEntry { url, body } = Request::log_entry(url, body) {
            self.log_entries.insert(log_key(&url, &body), answer);
        }
    }

    /// Records an OCSP response or a revocation list; anything else that `request` may be is passed over.
    pub fn add_revocation(&mut self, request: &Request, answer: Vec<u8>) {
        if let Some(key) = revocation_key(request) {
            self.revocation.insert(key, answer);
        }
    }

    /// Sets the Sigstore TrustedRoot. It is never taken from an evidence document: what is checked does not say by what
    /// it is checked.
    pub fn set_trust_root(&mut self, trust_root: TrustRoot) {
        self.trust_root = Some(trust_root);
    }

    /// The Sigstore TrustedRoot.
    pub fn trust_root(&self) -> Option<&TrustRoot> {
        self.trust_root.as_ref()
    }

    /// Records that a request failed.
    pub fn add_failure(&mut self, request: Request, failure: Failure) {
        self.failures.insert(request, failure);
    }

    /// The outcome of a signature check, computed once for equal questions.
    ///
    /// `scheme` names algorithm and key; `message` is the digest of the signed bytes.
    pub fn verified_once(
        &self,
        scheme: &str,
        message: &Digest,
        signature: &[u8],
        verify: impl FnOnce() -> Result<(), SignatureError>,
    ) -> Result<(), SignatureError> {
        let id = (scheme.to_owned(), message.clone(), signature.to_vec());
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        verified.entry(id).or_insert_with(verify).clone()
    }

    /// How many bytes there are under a digest.
    pub(super) fn length(&self, digest: &Digest) -> Option<usize> {
        self.blobs.get(digest).map(|blob| blob.bytes.len())
    }

    /// Bytes whose digest was checked, `Some(None)` where they are not what the digest says.
    pub(super) fn intact(&self, digest: &Digest) -> Option<Option<&[u8]>> {
        let blob = self.blobs.get(digest)?;
        let intact = *blob.intact.get_or_init(|| digest.is_of(&blob.bytes));
        Some(intact.then_some(blob.bytes.as_slice()))
    }
}
