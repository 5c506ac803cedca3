//! One evaluation's view of the store: answers look-ups, and remembers what was used and what is missing.

use super::request::{log_key, revocation_key};
use super::{Artifacts, Asker, Failure, Need, Referrers, Request};
use crate::digest::Digest;
use crate::limits::Limits;
use crate::oci::Repository;
use crate::trust_root::TrustRoot;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Why a look-up has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// The registry says that it does not exist.
    Absent,
    /// The bytes are not what their digest says.
    Corrupt(Digest),
    /// The request failed.
    Failed(Failure),
    /// Nobody has asked yet: the need is recorded.
    Pending,
    /// More bytes than the limit.
    TooLarge {
        /// How many there are.
        bytes: usize,
        /// How many may be.
        limit: usize,
    },
}

/// Look-ups of one evaluation.
#[derive(Debug)]
pub struct Session<'a> {
    artifacts: &'a Artifacts,
    limits: &'a Limits,
    trust_root: Option<&'a TrustRoot>,
    needs: RefCell<BTreeMap<Request, Need>>,
    used: RefCell<BTreeSet<Request>>,
}

impl<'a> Session<'a> {
    /// Nothing asked yet.
    pub fn new(artifacts: &'a Artifacts, limits: &'a Limits) -> Self {
        Self { artifacts, limits, trust_root: None, needs: RefCell::default(), used: RefCell::default() }
    }

    /// With Sigstore's trust root.
    #[must_use]
    pub fn with_trust_root(self, trust_root: Option<&'a TrustRoot>) -> Self {
        Self { trust_root, ..self }
    }

    /// The store behind it.
    pub fn artifacts(&self) -> &'a Artifacts {
        self.artifacts
    }

    /// The limits in force.
    pub fn limits(&self) -> &'a Limits {
        self.limits
    }

    /// What a tag names. The digest is an observation of whoever fetched; bytes that came with it and are not its own
    /// speak against the whole observation.
    pub fn tag(&self, repository: &Repository, tag: &str, asker: &Asker) -> Result<Digest, Unavailable> {
        let request = Request::Tag { repository: repository.clone(), tag: tag.to_owned() };
        match self.artifacts.tags.get(&format!("{repository}:{tag}")) {
            Some(Some(digest)) => {
                self.note(request);
                match self.artifacts.intact(digest) {
                    Some(None) => Err(Unavailable::Corrupt(digest.clone())),
                    Some(Some(_)) | None => Ok(digest.clone()),
                }
            }
            Some(None) => {
                self.note(request);
                Err(Unavailable::Absent)
            }
            None => Err(self.missing(request, Some(self.limits.manifest_bytes), asker)),
        }
    }

    /// The bytes of a manifest or index.
    pub fn manifest(&self, repository: &Repository, digest: &Digest, asker: &Asker) -> Result<&'a [u8], Unavailable> {
        let request = Request::Manifest { repository: repository.clone(), digest: digest.clone() };
        self.bytes(request, digest, self.limits.manifest_bytes, asker)
    }

    /// The bytes of a manifest, if they are at hand: for the trace alone, never asked for.
    pub fn manifest_at_hand(&self, digest: &Digest) -> Option<&'a [u8]> {
        self.artifacts.intact(digest).flatten()
    }

    /// The bytes of a blob of at most `limit` bytes.
    pub fn blob(
        &self,
        repository: &Repository,
        digest: &Digest,
        limit: usize,
        asker: &Asker,
    ) -> Result<&'a [u8], Unavailable> {
        let request = Request::Blob { repository: repository.clone(), digest: digest.clone() };
        self.bytes(request, digest, limit, asker)
    }

    /// What refers to a digest.
    pub fn referrers(
        &self,
        repository: &Repository,
        digest: &Digest,
        asker: &Asker,
    ) -> Result<&'a Referrers, Unavailable> {
        let request = Request::Referrers { repository: repository.clone(), digest: digest.clone() };
        match self.artifacts.referrers.get(&format!("{repository}@{digest}")) {
            Some(referrers) => {
                self.note(request);
                Ok(referrers)
            }
            None => Err(self.missing(request, Some(self.limits.manifest_bytes), asker)),
        }
    }

    /// A Kubernetes object.
    pub fn object(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
        asker: &Asker,
    ) -> Result<&'a Value, Unavailable> {
        let request = Request::Object {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        };
        match self.artifacts.object(api_version, kind, namespace, name) {
            Some(object) => {
                self.note(request);
                Ok(object)
            }
            None => Err(self.missing(request, None, asker)),
        }
    }

    /// Notes that the answer rests on objects of the store.
    pub fn rests_on_all<'o>(&self, objects: impl IntoIterator<Item = &'o Value>) {
        objects.into_iter().for_each(|object| self.note(Request::of_object(object)));
    }

    /// What the transparency log at `url` answers to a search.
    pub fn log_entry(&self, url: &str, body: &Value, asker: &Asker) -> Result<&'a Value, Unavailable> {
        let request = Request::log_entry(url, body);
        let found = match &request {
            Request::LogEntry { url, body } => self.artifacts.log_entries.get(&log_key(url, body)),
            _ => None,
        };
        match found {
            Some(answer) => {
                self.note(request);
                Ok(answer)
            }
            None => Err(self.missing(request, Some(self.limits.manifest_bytes), asker)),
        }
    }

    /// An OCSP response or a revocation list of at most `limit` bytes.
    pub fn revocation(&self, request: &Request, limit: usize, asker: &Asker) -> Result<&'a [u8], Unavailable> {
        match revocation_key(request).and_then(|key| self.artifacts.revocation.get(&key)) {
            Some(answer) => {
                self.note(request.clone());
                let bytes = answer.len();
                if bytes > limit { Err(Unavailable::TooLarge { bytes, limit }) } else { Ok(answer) }
            }
            None => Err(self.missing(request.clone(), Some(limit), asker)),
        }
    }

    /// Sigstore's trust root: that of the evaluation's options, else the host's.
    pub fn trust_root(&self, asker: &Asker) -> Result<&'a TrustRoot, Unavailable> {
        if let Some(given) = self.trust_root {
            return Ok(given);
        }
        match self.artifacts.trust_root() {
            Some(trust_root) => {
                self.note(Request::TrustRoot);
                Ok(trust_root)
            }
            None => Err(self.missing(Request::TrustRoot, None, asker)),
        }
    }

    /// What is still to be fetched, in a stable order.
    pub fn needs(&self) -> Vec<Need> {
        self.needs.borrow().values().cloned().collect()
    }

    /// Is anything still to be fetched?
    pub fn is_pending(&self) -> bool {
        !self.needs.borrow().is_empty()
    }

    /// What the answer rests on.
    pub fn used(&self) -> BTreeSet<Request> {
        self.used.borrow().clone()
    }

    fn bytes(&self, request: Request, digest: &Digest, limit: usize, asker: &Asker) -> Result<&'a [u8], Unavailable> {
        // Length first: a host stops reading one byte behind the limit, and what it read is not what the digest says.
        if let Some(bytes) = self.artifacts.length(digest).filter(|length| *length > limit) {
            self.note(request);
            return Err(Unavailable::TooLarge { bytes, limit });
        }
        match self.artifacts.intact(digest) {
            Some(bytes) => {
                self.note(request);
                bytes.ok_or_else(|| Unavailable::Corrupt(digest.clone()))
            }
            None => Err(self.missing(request, Some(limit), asker)),
        }
    }

    fn note(&self, request: Request) {
        self.used.borrow_mut().insert(request);
    }

    /// A failure that was recorded for `request`, or the request itself as a need.
    fn missing(&self, request: Request, max_bytes: Option<usize>, asker: &Asker) -> Unavailable {
        if let Some(failure) = self.artifacts.failures.get(&request) {
            self.note(request);
            return match failure.status {
                Some(404) => Unavailable::Absent,
                _ => Unavailable::Failed(failure.clone()),
            };
        }
        let mut needs = self.needs.borrow_mut();
        let need =
            needs.entry(request.clone()).or_insert_with(|| Need { request, max_bytes, asked_by: BTreeSet::new() });
        need.max_bytes = need.max_bytes.max(max_bytes);
        need.asked_by.insert(asker.clone());
        Unavailable::Pending
    }
}
