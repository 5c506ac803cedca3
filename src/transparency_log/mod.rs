//! Transparency logs: what a log says of a signature, and whether the log said it.
//!
//! Three forms carry that: the bundle annotation of cosign's tag layout ([`verify_bundle`]), the answer of a log that was
//! asked ([`verify_retrieved`]), and the entries of Sigstore bundles ([`verify_entry`]), of Rekor v1 and v2.
//!
//! Not checked: consistency of a log over time, cosignatures of witnesses.

mod bundle_entry;
mod checkpoint;
mod entry;
mod error;
mod key_details;
mod proof;
mod rekor_bundle;
mod retrieved;

pub use bundle_entry::{EntryContent, EntrySigner, InclusionProof, SignedContent, TransparencyLogEntry, verify_entry};
pub use entry::LoggedEntry;
pub use error::LogError;
pub use rekor_bundle::{LoggedSubject, RekorBundle, verify_bundle};
pub use retrieved::{proposed_entries, verify_retrieved};

use crate::crypto::PublicKey;
use crate::scalar::time::Timestamp;

/// The key of a log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogKey {
    /// The key.
    pub key: PublicKey,
    /// What entries call it: SHA-256 of the key, or for Rekor v2 the id of the checkpoint's key.
    pub log_id: Vec<u8>,
    /// Address of the log; empty where it is not known.
    pub url: String,
    /// When it began to sign.
    pub valid_from: Option<Timestamp>,
    /// When it ceased to sign.
    pub valid_until: Option<Timestamp>,
}

impl LogKey {
    /// A key that is trusted at any time, under its usual id.
    pub fn new(key: PublicKey) -> Self {
        let log_id = hex::decode(key.fingerprint().encoded()).unwrap_or_default();
        Self { key, log_id, url: String::new(), valid_from: None, valid_until: None }
    }

    /// Did the log sign with this key at `time`?
    pub fn is_valid_at(&self, time: &Timestamp) -> bool {
        self.valid_from.as_ref().is_none_or(|from| from <= time)
            && self.valid_until.as_ref().is_none_or(|until| time <= until)
    }
}

/// What a log was found to say.
#[derive(Clone, Debug, PartialEq)]
pub struct LogEvidence {
    /// Which log, in hex.
    pub log_id: String,
    /// Which entry.
    pub log_index: i64,
    /// Kind of the entry.
    pub kind: String,
    /// Its version.
    pub version: String,
    /// When the log took it in, where the log signed that.
    pub integrated_time: Option<Timestamp>,
    /// Was it proven to be in the tree of a signed checkpoint?
    pub is_included: bool,
}

#[cfg(test)]
mod tests;
