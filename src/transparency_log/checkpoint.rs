//! Checkpoints: the root of a tree, signed by its log as a signed note.
//!
//! Source: [C2SP tlog-checkpoint](https://c2sp.org/tlog-checkpoint) and [signed-note](https://c2sp.org/signed-note); rekor
//! `pkg/util/checkpoint.go`, rekor-tiles `pkg/note`.

use super::{LogError, LogKey};
use crate::crypto::{HashAlgorithm, KeyKind, PublicKey, algorithm_for};
use crate::digest::Digest;
use crate::encoding::base64;

/// A checkpoint whose signatures nobody has looked at.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint<'a> {
    /// Name of the log.
    pub(super) origin: &'a str,
    /// How many entries the tree has.
    pub(super) size: u64,
    pub(super) root: Vec<u8>,
    /// What is signed: everything up to the blank line.
    note: &'a str,
    /// Name, first four bytes of the key's id, signature.
    signatures: Vec<(&'a str, Vec<u8>, Vec<u8>)>,
}

impl<'a> Checkpoint<'a> {
    pub(super) fn parse(envelope: &'a str) -> Result<Self, LogError> {
        let malformed = LogError::CheckpointMalformed;
        let (text, signatures) = envelope.split_once("\n\n").ok_or(malformed("no blank line"))?;
        let note = envelope.get(..=text.len()).ok_or(malformed("no blank line"))?;
        let mut lines = text.lines();
        let origin = lines.next().filter(|line| !line.is_empty()).ok_or(malformed("no origin"))?;
        let size = lines.next().and_then(|line| line.parse().ok()).ok_or(malformed("no size"))?;
        let root = lines.next().and_then(|line| base64::decode(line).ok()).ok_or(malformed("no root hash"))?;
        let signatures: Option<Vec<_>> = signatures.lines().map(signature).collect();
        let signatures = signatures.filter(|all| !all.is_empty()).ok_or(malformed("no signatures"))?;
        Ok(Self { origin, size, root, note, signatures })
    }

    /// Rekor v1 writes the number of the tree behind the name.
    pub(super) fn is_version_1(&self) -> bool {
        self.origin
            .rsplit_once(" - ")
            .is_some_and(|(_, tree)| !tree.is_empty() && tree.bytes().all(|b| b.is_ascii_digit()))
    }

    /// Did the log sign it? Signatures by others are passed over.
    pub(super) fn check_signature(&self, log: &LogKey) -> Result<(), LogError> {
        let name = if self.is_version_1() { None } else { Some(host(&log.url)) };
        let hash = match name {
            None => key_hash(&log.key, ""),
            Some(name) => key_hash(&log.key, name),
        };
        let verifier = algorithm_for(&log.key, HashAlgorithm::Sha256).map_err(|_| LogError::CheckpointSignature)?;
        let is_good = |(signer, id, signature): &(&str, Vec<u8>, Vec<u8>)| {
            name.is_none_or(|name| *signer == name && self.origin == name)
                && Some(id) == hash.as_ref()
                && verifier.verify(&log.key, self.note.as_bytes(), signature).is_ok()
        };
        if self.signatures.iter().any(is_good) { Ok(()) } else { Err(LogError::CheckpointSignature) }
    }
}

/// `— NAME BASE64`.
fn signature(line: &str) -> Option<(&str, Vec<u8>, Vec<u8>)> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = base64::decode(encoded).ok()?;
    let (id, signature) = bytes.split_at_checked(4)?;
    Some((name, id.to_vec(), signature.to_vec()))
}

/// The first four bytes of the key's id. Ed25519 keys are named together with the log, others alone.
fn key_hash(key: &PublicKey, name: &str) -> Option<Vec<u8>> {
    let digest = match key.kind() {
        KeyKind::Ed25519 if !name.is_empty() => {
            // The last 32 bytes of the SubjectPublicKeyInfo are the key (RFC 8410, section 4).
            let spki = key.spki_der();
            let raw = spki.get(spki.len().checked_sub(32)?..)?;
            Digest::sha256(&[name.as_bytes(), &[b'\n', 1], raw].concat())
        }
        _ => Digest::sha256(key.spki_der()),
    };
    hex::decode(digest.encoded().get(..8)?).ok()
}

/// The host of the log's address, which is its name.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    authority.rsplit_once(':').map_or(authority, |(host, _)| host)
}
