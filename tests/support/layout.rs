//! Answers needs from a layout root: one OCI image layout a repository, below the folder of the registry's host.

use serde_json::Value;
use std::path::{Path, PathBuf};
use vidimus::Artifacts;
use vidimus::digest::Digest;
use vidimus::evidence::{Failure, Need, Referrers, ReferrersSource, Request};
use vidimus::oci::{Descriptor, Repository};

/// A layout root.
pub struct LayoutRoot(pub PathBuf);

impl LayoutRoot {
    /// Fetches what is needed. A layout is complete: what it does not hold does not exist.
    pub fn answer(&self, need: &Need, artifacts: &mut Artifacts) {
        match &need.request {
            Request::Tag { repository, tag } => {
                let digest = self.tag(repository, tag);
                if let Some(digest) = &digest {
                    self.add(repository, digest, artifacts);
                }
                artifacts.add_tag(&repository.to_string(), tag, digest);
            }
            Request::Manifest { repository, digest } | Request::Blob { repository, digest } => {
                if !self.add(repository, digest, artifacts) {
                    artifacts.add_failure(need.request.clone(), not_found());
                }
            }
            Request::Referrers { repository, digest } => {
                let referrers =
                    Referrers { source: ReferrersSource::Api, descriptors: self.referrers(repository, digest) };
                artifacts.add_referrers(&repository.to_string(), digest, referrers);
            }
            // Nothing but the registry could be reached where the answers were recorded.
            Request::LogEntry { .. } | Request::OcspResponse { .. } | Request::RevocationList { .. } => {
                artifacts.add_failure(need.request.clone(), unreachable());
            }
            Request::Object { .. } | Request::TrustRoot => artifacts.add_failure(need.request.clone(), not_found()),
        }
    }

    fn folder(&self, repository: &Repository) -> PathBuf {
        let registry = repository.registry();
        let host = match registry.split_once(':') {
            Some((host, port)) => format!("{host}_{port}_"),
            None => registry.to_owned(),
        };
        self.0.join(host).join(repository.path())
    }

    fn index(&self, repository: &Repository) -> Vec<Value> {
        let text = std::fs::read(self.folder(repository).join("index.json")).unwrap_or_default();
        let index: Value = serde_json::from_slice(&text).unwrap_or_default();
        index["manifests"].as_array().cloned().unwrap_or_default()
    }

    fn tag(&self, repository: &Repository, tag: &str) -> Option<Digest> {
        let named = |manifest: &&Value| manifest["annotations"]["org.opencontainers.image.ref.name"] == tag;
        let index = self.index(repository);
        let digest = index.iter().find(named)?["digest"].as_str()?;
        Digest::parse(digest).ok()
    }

    fn referrers(&self, repository: &Repository, subject: &Digest) -> Vec<Descriptor> {
        let refers = |manifest: &&Value| {
            let bytes = blob(&self.folder(repository), manifest["digest"].as_str().unwrap_or_default());
            let document: Value = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
            document["subject"]["digest"] == subject.as_str()
        };
        let index = self.index(repository);
        let mut found: Vec<Descriptor> =
            index.iter().filter(refers).filter_map(|manifest| Descriptor::read(manifest, "").ok()).collect();
        found.dedup_by(|a, b| a.digest == b.digest);
        found
    }

    fn add(&self, repository: &Repository, digest: &Digest, artifacts: &mut Artifacts) -> bool {
        let bytes = blob(&self.folder(repository), digest.as_str());
        bytes.map(|bytes| artifacts.add_blob(digest.clone(), bytes)).is_some()
    }
}

/// Evaluates until nothing is missing.
pub fn evaluate(
    set: &vidimus::PolicySet,
    request: &vidimus::AdmissionRequest,
    root: &LayoutRoot,
    artifacts: &mut Artifacts,
    options: &vidimus::Options,
) -> vidimus::Answer {
    for _ in 0..50 {
        let answer = set.evaluate(request, artifacts, options);
        if answer.is_complete() {
            return answer;
        }
        answer.needs.iter().for_each(|need| root.answer(need, artifacts));
    }
    panic!("the needs never end");
}

fn blob(folder: &Path, digest: &str) -> Option<Vec<u8>> {
    let (algorithm, encoded) = digest.split_once(':')?;
    std::fs::read(folder.join("blobs").join(algorithm).join(encoded)).ok()
}

fn not_found() -> Failure {
    Failure { status: Some(404), error: "not found".to_owned(), transport: false }
}

fn unreachable() -> Failure {
    Failure { status: None, error: "offline: not in the artifacts that were given".to_owned(), transport: true }
}
