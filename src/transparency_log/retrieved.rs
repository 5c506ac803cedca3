//! Asking a log for a signature, and its answer.
//!
//! Source: cosign `pkg/cosign/tlog.go` (`FindTlogEntry`, `VerifyTLogEntryOffline`), rekor `openapi.yaml`
//! (`/api/v1/log/entries/retrieve`).

use super::proof::{leaf_hash, root_from_proof};
use super::rekor_bundle::compare;
use super::{LogError, LogEvidence, LogKey, LoggedSubject, RekorBundle};
use crate::digest::Digest;
use crate::encoding::{base64, pem};
use serde_json::{Value, json};

/// What to post to a log: the entries that a signature may have been logged as.
pub fn proposed_entries(subject: &LoggedSubject<'_>) -> Result<Value, LogError> {
    let label = if subject.certificate.is_some() { "CERTIFICATE" } else { "PUBLIC KEY" };
    let signer = base64::encode(pem::encode(label, subject.signer()?).as_bytes());
    let entries = match subject.signature {
        Some(signature) => vec![json!({
            "kind": "hashedrekord", "apiVersion": "0.0.1",
            "spec": {
                "data": {"hash": {"algorithm": "sha256", "value": Digest::sha256(subject.blob).encoded()}},
                "signature": {"content": signature, "publicKey": {"content": signer}},
            },
        })],
        None => {
            let envelope = String::from_utf8_lossy(subject.blob);
            let hash = json!({"algorithm": "sha256", "value": Digest::sha256(subject.blob).encoded()});
            vec![
                json!({
                    "kind": "dsse", "apiVersion": "0.0.1",
                    "spec": {"proposedContent": {"envelope": envelope, "verifiers": [signer]}},
                }),
                json!({
                    "kind": "intoto", "apiVersion": "0.0.1",
                    "spec": {"content": {"envelope": envelope, "hash": hash}, "publicKey": signer},
                }),
            ]
        }
    };
    Ok(json!({ "entries": entries }))
}

/// The oldest entry of the answer that holds.
pub fn verify_retrieved(answer: &Value, subject: &LoggedSubject<'_>, keys: &[LogKey]) -> Result<LogEvidence, LogError> {
    let entries = answer.as_array().ok_or_else(|| LogError::malformed("the answer", "a list"))?;
    let mut reason = None;
    let mut oldest: Option<LogEvidence> = None;
    for (uuid, entry) in entries.iter().filter_map(Value::as_object).flatten() {
        match verify_one(uuid, entry, subject, keys) {
            Ok(evidence) => {
                let is_older = oldest.as_ref().is_none_or(|other| evidence.integrated_time < other.integrated_time);
                oldest = if is_older { Some(evidence) } else { oldest };
            }
            Err(error) => reason = Some(reason.unwrap_or(error)),
        }
    }
    oldest.ok_or(reason.unwrap_or(LogError::NotFound))
}

fn verify_one(
    uuid: &str,
    entry: &Value,
    subject: &LoggedSubject<'_>,
    keys: &[LogKey],
) -> Result<LogEvidence, LogError> {
    let text = |pointer: &str| entry.pointer(pointer).and_then(Value::as_str);
    let promise = text("/verification/signedEntryTimestamp").and_then(|text| base64::decode(text).ok());
    let promise = promise.ok_or_else(|| LogError::malformed("verification.signedEntryTimestamp", "base64"))?;
    let bundle = RekorBundle::of(entry, promise)?;
    let body = base64::decode(&bundle.body).map_err(|_| LogError::malformed("body", "base64"))?;
    let leaf = leaf_hash(&body);
    // The id of an entry may have that of its tree in front: 16 digits.
    let (expected, found) = (hex::encode(leaf), uuid);
    let id = if found.len() == 80 { found.get(16..).unwrap_or_default() } else { found };
    if !id.eq_ignore_ascii_case(&expected) {
        return Err(LogError::Uuid { expected, found: found.to_owned() });
    }
    check_inclusion(entry, leaf)?;
    compare(&bundle.entry()?, subject)?;
    Ok(LogEvidence { is_included: true, ..bundle.check_promise(keys)? })
}

/// The proof leads to the root that it names. That root is not signed here: the promise is.
fn check_inclusion(entry: &Value, leaf: [u8; 32]) -> Result<(), LogError> {
    let proof = entry.pointer("/verification/inclusionProof");
    let proof = proof.ok_or(LogError::Unproven("inclusion proof"))?;
    let number = |field: &'static str| {
        let number = proof.get(field).and_then(Value::as_u64);
        number.ok_or_else(|| LogError::malformed(format!("inclusionProof.{field}"), "an integer"))
    };
    let hashes = proof.get("hashes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let hash = |text: &Value| text.as_str().and_then(|text| hex::decode(text).ok());
    let hashes: Option<Vec<Vec<u8>>> = hashes.iter().map(hash).collect();
    let hashes = hashes.ok_or_else(|| LogError::malformed("inclusionProof.hashes", "hexadecimal digits"))?;
    let computed = root_from_proof(leaf, number("logIndex")?, number("treeSize")?, &hashes)?;
    let expected = proof.get("rootHash").and_then(Value::as_str).unwrap_or_default();
    let found = hex::encode(computed);
    if found == expected { Ok(()) } else { Err(LogError::InclusionProof { expected: expected.to_owned(), found }) }
}
