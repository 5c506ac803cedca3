//! Entries of Sigstore bundles.
//!
//! Source: sigstore-go v1.3 `pkg/verify/tlog.go` (`VerifyTlogEntry`), `pkg/tlog/entry.go`.

use super::checkpoint::Checkpoint;
use super::key_details::{details, hash_name, usual_hash};
use super::proof::{leaf_hash, root_from_proof};
use super::rekor_bundle::find;
use super::{LogError, LogEvidence, LogKey, LoggedEntry, RekorBundle};
use crate::crypto::{HashAlgorithm, PublicKey};
use crate::digest::Digest;
use crate::encoding::base64;
use crate::in_toto::Envelope;
use crate::x509::Certificate;
use serde_json::json;

/// An entry as a bundle carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransparencyLogEntry {
    /// Which entry.
    pub log_index: i64,
    /// Which log.
    pub log_id: Vec<u8>,
    /// What it says it is.
    pub kind: String,
    /// Of which version.
    pub version: String,
    /// When the log took it in; 0: not told.
    pub integrated_time: i64,
    /// The log's promise to include it.
    pub promise: Option<Vec<u8>>,
    /// The proof that it is included.
    pub proof: Option<InclusionProof>,
    /// The body.
    pub body: Vec<u8>,
}

/// The way from an entry to the root of its tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// Index in the tree.
    pub log_index: i64,
    /// Root of the tree.
    pub root_hash: Vec<u8>,
    /// How many entries the tree has.
    pub tree_size: i64,
    /// Hashes of the siblings, the lowest first.
    pub hashes: Vec<Vec<u8>>,
    /// The signed root.
    pub checkpoint: String,
}

/// What an entry must be about.
#[derive(Clone, Copy, Debug)]
pub struct EntryContent<'a> {
    /// The signature.
    pub signature: &'a [u8],
    /// Whose it is.
    pub signer: EntrySigner<'a>,
    /// What is signed.
    pub signed: SignedContent<'a>,
}

/// Whose signature was logged.
#[derive(Clone, Copy, Debug)]
pub enum EntrySigner<'a> {
    /// The holder of a certificate.
    Certificate(&'a Certificate),
    /// The holder of a key.
    Key(&'a PublicKey),
}

impl<'a> EntrySigner<'a> {
    fn der(self) -> &'a [u8] {
        match self {
            Self::Certificate(certificate) => certificate.der(),
            Self::Key(key) => key.spki_der(),
        }
    }

    /// `None`: of a kind that nobody can compute with.
    fn key(self) -> Option<&'a PublicKey> {
        match self {
            Self::Certificate(certificate) => certificate.public_key().ok(),
            Self::Key(key) => Some(key),
        }
    }
}

/// What was signed.
#[derive(Clone, Copy, Debug)]
pub enum SignedContent<'a> {
    /// An envelope.
    Envelope(&'a Envelope),
    /// Something with this digest.
    Message {
        /// Name of the hash function, such as `sha256`.
        algorithm: &'a str,
        /// Its value.
        digest: &'a [u8],
    },
}

/// Does a trusted log have the signature?
///
/// `Ok(None)`: the entry is of a log that nobody named, or its promise does not hold: it counts for nothing (sigstore-go
/// passes over both). An error speaks against the whole bundle.
pub fn verify_entry(
    entry: &TransparencyLogEntry,
    content: &EntryContent<'_>,
    keys: &[LogKey],
) -> Result<Option<LogEvidence>, LogError> {
    let logged = LoggedEntry::parse(&entry.body)?;
    positive(entry.log_index, "logIndex")?;
    if (entry.kind.as_str(), entry.version.as_str()) != (logged.kind.as_str(), logged.version.as_str()) {
        return Err(LogError::UnsupportedKind { kind: entry.kind.clone(), version: entry.version.clone() });
    }
    if logged.kind == "rekord" || (logged.kind == "intoto" && logged.version == "0.0.1") {
        return Err(LogError::UnsupportedKind { kind: logged.kind, version: logged.version });
    }
    let log_id = hex::encode(&entry.log_id);
    let Ok(key) = find(&log_id, keys) else { return Ok(None) };
    let (proof, promise) = (&entry.proof, &entry.promise);
    if proof.is_none() && (promise.is_none() || logged.is_version_2()) {
        return Err(LogError::Unproven(if logged.is_version_2() { "inclusion proof" } else { "proof and no promise" }));
    }
    let mut integrated_time = None;
    if let Some(promise) = promise {
        let bundle = RekorBundle {
            promise: promise.clone(),
            body: base64::encode(&entry.body),
            integrated_time: entry.integrated_time,
            log_index: entry.log_index,
            log_id: log_id.clone(),
        };
        if logged.is_version_2() {
            return Ok(None);
        }
        match bundle.check_promise(keys) {
            Ok(evidence) => integrated_time = evidence.integrated_time,
            Err(_) => return Ok(None),
        }
    }
    if let Some(proof) = proof {
        check_inclusion(entry, &logged, proof, key)?;
    }
    compare(&logged, content)?;
    if logged.is_version_2() {
        check_body(&entry.body, content)?;
    }
    Ok(Some(LogEvidence {
        log_id,
        log_index: entry.log_index,
        kind: logged.kind,
        version: logged.version,
        integrated_time,
        is_included: proof.is_some(),
    }))
}

fn positive(number: i64, at: &str) -> Result<u64, LogError> {
    u64::try_from(number).map_err(|_| LogError::malformed(at, "a positive integer"))
}

fn check_inclusion(
    entry: &TransparencyLogEntry,
    logged: &LoggedEntry,
    proof: &InclusionProof,
    key: &LogKey,
) -> Result<(), LogError> {
    let checkpoint = Checkpoint::parse(&proof.checkpoint)?;
    // A Rekor v2 proof is one for the tree of the checkpoint, at the index of the entry.
    let (index, size) = match (checkpoint.is_version_1(), logged.is_version_2()) {
        (true, _) => (
            positive(proof.log_index, "inclusionProof.logIndex")?,
            positive(proof.tree_size, "inclusionProof.treeSize")?,
        ),
        (false, true) => (positive(entry.log_index, "logIndex")?, checkpoint.size),
        (false, false) => return Err(LogError::CheckpointMalformed("no tree behind the name of the log")),
    };
    let found = root_from_proof(leaf_hash(&entry.body), index, size, &proof.hashes)?;
    if found != proof.root_hash.as_slice() {
        let (expected, found) = (hex::encode(&proof.root_hash), hex::encode(found));
        return Err(LogError::InclusionProof { expected, found });
    }
    if checkpoint.root != proof.root_hash {
        let (expected, found) = (hex::encode(&proof.root_hash), hex::encode(&checkpoint.root));
        return Err(LogError::CheckpointRoot { expected, found });
    }
    checkpoint.check_signature(key)
}

fn compare(entry: &LoggedEntry, content: &EntryContent<'_>) -> Result<(), LogError> {
    if entry.signature.as_deref() != Some(content.signature) {
        return Err(LogError::Signature);
    }
    let (der, key) = (content.signer.der(), content.signer.key());
    if der != entry.verifier {
        let name = |der: &[u8]| Digest::sha256(der).encoded().to_owned();
        return Err(LogError::Verifier { expected: name(der), found: name(&entry.verifier) });
    }
    entry.check_key(key)?;
    let (expected, found) = match content.signed {
        SignedContent::Message { algorithm, digest } => {
            ((algorithm.to_owned(), hex::encode(digest)), entry.hash.clone().filter(|_| entry.kind == "hashedrekord"))
        }
        SignedContent::Envelope(envelope) if entry.is_version_2() => {
            let hash = key.map_or(HashAlgorithm::Sha256, usual_hash);
            let digest = hash.digest(&envelope.pre_authentication_encoding());
            ((hash.to_string(), hex::encode(digest.as_bytes())), entry.hash.clone())
        }
        SignedContent::Envelope(envelope) => {
            let digest = Digest::sha256(&envelope.payload).encoded().to_owned();
            (("sha256".to_owned(), digest), entry.payload_hash.clone())
        }
    };
    match found {
        Some(found) if found == expected => Ok(()),
        Some((algorithm, _)) if algorithm != expected.0 => Err(LogError::HashAlgorithm(algorithm)),
        Some((_, found)) => Err(LogError::Hash { expected: expected.1, found }),
        None => Err(LogError::UnsupportedKind { kind: entry.kind.clone(), version: entry.version.clone() }),
    }
}

/// The body of a Rekor v2 entry says what the bundle says, and nothing else.
///
/// Source: sigstore-go v1.3 `pkg/verify/tlog.go` (`reconstructV2EntryHash`).
fn check_body(body: &[u8], content: &EntryContent<'_>) -> Result<(), LogError> {
    let unexpected = || LogError::malformed("body", "nothing but the signature, its key and what is signed");
    let key = content.signer.key().ok_or_else(unexpected)?;
    let hash = usual_hash(key);
    let digest = match content.signed {
        SignedContent::Message { digest, .. } => digest.to_vec(),
        SignedContent::Envelope(envelope) => hash.digest(&envelope.pre_authentication_encoding()).as_bytes().to_vec(),
    };
    let signer = match content.signer {
        EntrySigner::Certificate(_) => "x509Certificate",
        EntrySigner::Key(_) => "publicKey",
    };
    // RFC 8785: keys in order, no spaces.
    let expected = json!({"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": {
        "data": {"algorithm": hash_name(hash), "digest": base64::encode(&digest)},
        "signature": {"content": base64::encode(content.signature), "verifier": {
            "keyDetails": details(key).ok_or_else(unexpected)?,
            signer: {"rawBytes": base64::encode(content.signer.der())},
        }},
    }}});
    if expected.to_string().as_bytes() == body { Ok(()) } else { Err(unexpected()) }
}
