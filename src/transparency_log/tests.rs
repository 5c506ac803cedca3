//! Parts of their own; whole entries are judged in `tests/transparency_log.rs`, beside cosign and sigstore-go.

use super::checkpoint::Checkpoint;
use super::proof::{leaf_hash, root_from_proof};
use super::{LogError, LogKey, LoggedEntry, LoggedSubject, RekorBundle, proposed_entries, verify_retrieved};
use crate::crypto::PublicKey;
use crate::encoding::base64;
use crate::scalar::time::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const PEM: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEHT86QoVaCyc/WDQMtn95Wz/n9mJM\n9UIDvFoByUyt0ScMEKcqn5y6rjHRxk3XFw6HW2X+esveUXIAZ09OuWD3RQ==\n-----END PUBLIC KEY-----\n";

fn key() -> PublicKey {
    PublicKey::from_pem(PEM).unwrap()
}

/// The definition of RFC 6962, section 2.1: the root of a tree, and the path to one of its leaves.
fn tree(leaves: &[[u8; 32]], index: usize) -> ([u8; 32], Vec<Vec<u8>>) {
    if let [leaf] = leaves {
        return (*leaf, Vec::new());
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let here = if index < left.len() { index } else { index - left.len() };
    let ((left_root, left_path), (right_root, right_path)) =
        (tree(left, here.min(left.len() - 1)), tree(right, here.min(right.len() - 1)));
    let root = Sha256::new().chain_update([1]).chain_update(left_root).chain_update(right_root).finalize().into();
    let (mut path, sibling) = if index < left.len() { (left_path, right_root) } else { (right_path, left_root) };
    path.push(sibling.to_vec());
    (root, path)
}

#[test]
fn leaves_are_hashed_as_in_certificate_transparency() {
    let expected = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
    assert_eq!(hex::encode(leaf_hash(b"")), expected);
}

#[test]
fn every_leaf_of_every_small_tree_is_proven_at_its_place_alone() {
    for size in 1..=20_usize {
        let leaves: Vec<[u8; 32]> = (0..size).map(|leaf| leaf_hash(&[u8::try_from(leaf).unwrap()])).collect();
        for index in 0..size {
            let (root, path) = tree(&leaves, index);
            let proven = |leaf: usize, index: usize, path: &[Vec<u8>]| {
                let (index, size) = (u64::try_from(index).unwrap(), u64::try_from(size).unwrap());
                root_from_proof(leaves[leaf], index, size, path).is_ok_and(|found| found == root)
            };
            assert!(proven(index, index, &path), "{index} of {size}");
            assert!((0..size + 2).all(|other| other == index || !proven(index, other, &path)), "{index} of {size}");
            assert!((0..size).all(|other| other == index || !proven(other, index, &path)), "{index} of {size}");
            let longer = [path.clone(), vec![vec![0; 32]]].concat();
            assert!(!proven(index, index, &longer), "{index} of {size}");
            for altered in 0..path.len() {
                let mut other = path.clone();
                other[altered][0] ^= 1;
                assert!(!proven(index, index, &other), "{index} of {size}");
                other[altered].pop();
                assert!(!proven(index, index, &other), "{index} of {size}");
            }
        }
    }
}

#[test]
fn a_proof_in_an_endless_tree_ends() {
    let proof = vec![vec![0; 32]; 10_000];
    assert!(root_from_proof([0; 32], u64::MAX - 1, u64::MAX, &proof).is_err());
    assert!(root_from_proof([0; 32], 0, 0, &[]).is_err());
}

#[test]
fn a_checkpoint_is_read_in_one_way_or_not_at_all() {
    let of = |text: &str| Checkpoint::parse(text).map(|checkpoint| (checkpoint.origin.to_owned(), checkpoint.size));
    let line = "— log.test AAAAAAE=\n";
    assert_eq!(of(&format!("log.test\n7\nAQI=\n\n{line}")).unwrap(), ("log.test".to_owned(), 7));
    for (text, reason) in [
        (format!("log.test\n7\nAQI=\n{line}"), "no blank line"),
        (format!("\n7\nAQI=\n\n{line}"), "no origin"),
        (format!("log.test\n+7\nAQI=\n\n{line}"), "no size"),
        (format!("log.test\n18446744073709551616\nAQI=\n\n{line}"), "no size"),
        (format!("log.test\n7\n%\n\n{line}"), "no root hash"),
        (format!("log.test\n7\n\n{line}"), "no root hash"),
        (format!("log.test\r\n7\nAQI=\n\n{line}"), "a control character"),
        (format!("log.test\n7\nAQI=\n\n{}", line.trim_end()), "no signature, or no line feed at the end"),
        ("log.test\n7\nAQI=\n\n".to_owned(), "no signature, or no line feed at the end"),
        ("log.test\n7\nAQI=\n\n— log.test AAAAAA==\n".to_owned(), "a line that is no signature"),
        ("log.test\n7\nAQI=\n\n- log.test AAAAAAE=\n".to_owned(), "a line that is no signature"),
        (format!("log.test\n7\nAQI=\n\n{}", line.repeat(101)), "more than 100 signatures"),
    ] {
        assert_eq!(of(&text), Err(LogError::CheckpointMalformed(reason)), "{text}");
    }
}

#[test]
fn the_times_of_a_key_include_both_ends() {
    let at = Timestamp::from_unix;
    let key = LogKey { valid_from: Some(at(10)), valid_until: Some(at(20)), ..LogKey::new(key()) };
    let valid: Vec<i64> = (8..23).filter(|time| key.is_valid_at(&at(*time))).collect();
    assert_eq!(valid, (10..=20).collect::<Vec<_>>());
}

#[test]
fn annotations_that_are_none_are_told_apart() {
    let reason = |text: &str| RekorBundle::parse(text).unwrap_err().to_string();
    for (text, expected) in [
        ("{", "expected JSON at `bundle`"),
        (r#"{"Payload":{},"Payload":{}}"#, "expected JSON at `bundle`"),
        ("null", "expected base64 at `SignedEntryTimestamp`"),
        (r#"{"SignedEntryTimestamp":"%"}"#, "expected base64 at `SignedEntryTimestamp`"),
        (r#"{"SignedEntryTimestamp":""}"#, "expected an object at `Payload`"),
        (r#"{"SignedEntryTimestamp":"","Payload":{"body":{}}}"#, "expected a text at `Payload.body`"),
        (
            r#"{"SignedEntryTimestamp":"","Payload":{"body":"","logID":"","logIndex":1.5}}"#,
            "expected an integer at `Payload.logIndex`",
        ),
    ] {
        assert!(reason(text).contains(expected), "{text}: {}", reason(text));
    }
}

fn dsse(signatures: usize) -> Value {
    let signature = json!({"signature": "AQI=", "verifier": base64::encode(PEM.as_bytes())});
    json!({"kind": "dsse", "apiVersion": "0.0.1", "spec": {
        "envelopeHash": {"algorithm": "sha256", "value": "00"},
        "payloadHash": {"algorithm": "sha256", "value": "01"},
        "signatures": vec![signature; signatures],
    }})
}

#[test]
fn a_body_is_of_one_known_kind_and_has_one_signature() {
    let parse = |body: &Value| LoggedEntry::parse(body.to_string().as_bytes());
    assert_eq!(parse(&dsse(1)).unwrap().kind, "dsse");
    assert_eq!(parse(&dsse(2)), Err(LogError::SeveralSignatures));
    assert_eq!(parse(&dsse(0)).unwrap_err().code(), "log-entry-malformed");
    for (kind, version) in [("helm", "0.0.1"), ("dsse", "0.0.2"), ("intoto", "0.0.3"), ("hashedrekord", "0.0.3")] {
        let body = json!({"kind": kind, "apiVersion": version, "spec": {}});
        assert_eq!(parse(&body).unwrap_err().code(), "log-entry-kind", "{kind} {version}");
    }
    for field in ["envelopeHash", "payloadHash", "signatures"] {
        let mut body = dsse(1);
        body["spec"].as_object_mut().unwrap().remove(field);
        assert_eq!(parse(&body).unwrap_err().code(), "log-entry-malformed", "{field}");
    }
    assert!(LoggedEntry::parse("[".repeat(10_000).as_bytes()).is_err());
}

#[test]
fn a_signature_without_a_signer_is_not_looked_up() {
    let subject = LoggedSubject { signature: None, blob: b"{}", certificate: None, key: None };
    assert!(proposed_entries(&subject).is_err());
    let key = key();
    let subject = LoggedSubject { key: Some(&key), ..subject };
    let kinds: Vec<Value> = proposed_entries(&subject).unwrap()["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["kind"].clone())
        .collect();
    assert_eq!(kinds, ["dsse", "intoto"]);
}

#[test]
fn an_answer_that_is_no_list_of_entries_proves_nothing() {
    let key = key();
    let subject = LoggedSubject { signature: Some("AQI="), blob: b"", certificate: None, key: Some(&key) };
    let code = |answer: Value| verify_retrieved(&answer, &subject, &[LogKey::new(key.clone())]).unwrap_err().code();
    assert_eq!(code(json!([])), "log-entry-not-found");
    assert_eq!(code(json!([1, "x", null, {}])), "log-entry-not-found");
    assert_eq!(code(json!({"code": 404})), "log-entry-malformed");
    assert_eq!(code(json!([{"00": {}}])), "log-entry-malformed");
    let entry = json!({"body": "e30=", "integratedTime": 1, "logIndex": 1, "logID": "00",
        "verification": {"signedEntryTimestamp": ""}});
    assert_eq!(code(json!([{"00": entry.clone()}])), "log-entry-id-mismatch");
    let id = hex::encode(leaf_hash(b"{}"));
    assert_eq!(code(json!([{id: entry}])), "log-entry-unproven");
}
