//! Log entries that cosign and sigstore-go were asked about: the verdict must be theirs.
//!
//! The logs of these cases sign what no real one would, so that a case is decided by the one thing that it is about. The
//! verdicts are those of cosign v3.1.3 (`VerifyBundle`, `FindTlogEntry`, `VerifyTLogEntryOffline`) and sigstore-go v1.3.0
//! (`NewBundle`, `VerifyTlogEntry`).

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;
use std::collections::BTreeMap;
use vidimus::crypto::PublicKey;
use vidimus::in_toto::{Envelope, EnvelopeSignature};
use vidimus::scalar::time::Timestamp;
use vidimus::transparency_log::{
    EntryContent, EntrySigner, InclusionProof, LogError, LogKey, LoggedSubject, RekorBundle, SignedContent,
    TransparencyLogEntry, proposed_entries, verify_bundle, verify_entry, verify_retrieved,
};
use vidimus::x509::Certificate;

/// Cases that are decided otherwise: the verdict, and why.
const DIVERGENCES: &[(&str, &str, &str)] = &[
    ("a signature that does not verify", "verified", "the signature is verified in the next step, with the same key"),
    (
        "a log with an Ed25519 key beside the right one",
        "verified",
        "a trust root has keys of Rekor v2 too, which Kyverno does not load for annotations",
    ),
    ("text behind the body", "refused", "two readings of one text"),
    ("dsse as it is proposed", "refused", "what a client proposes is not what a log writes"),
    ("an entry that was not asked for", "refused", "cosign trusts the log to answer what it was asked"),
    ("another attestation is answered", "refused", "cosign trusts the log to answer what it was asked"),
    ("v1 of another kind than it says", "refused", "sigstore-go compares the kind with itself"),
    ("v1 of another version than it says", "refused", "sigstore-go compares the version with itself"),
    ("v2 of another version than it says", "refused", "sigstore-go compares the version with itself"),
    ("v1 body with a chain", "refused", "one key makes one signature; cosign refuses a chain"),
    ("v1 body with the digest in capitals", "refused", "no log writes it so; cosign refuses it"),
    ("v1 envelope with two signatures", "refused", "a bundle has one signature; cosign refuses several"),
    ("v2 proof with another root", "refused", "the proof contradicts its checkpoint"),
    ("v2 proof without a root", "refused", "the proof contradicts its checkpoint"),
    ("v2 body with white space, logged without", "refused", "the body is not what the log has"),
    ("v2 body of another signature, logged is the right one", "refused", "the body is not what the log has"),
    (
        "v2 body of another signature in a tree of Rekor v1",
        "refused",
        "sigstore-go compares nothing where a body of Rekor v2 has a checkpoint of Rekor v1",
    ),
];

#[test]
fn annotations_are_judged_as_cosign_does() {
    let mut check = Check::default();
    for case in cases("annotations") {
        let subject = Subject::of(&case);
        let outcome = RekorBundle::parse(text(&case, "annotation"))
            .and_then(|bundle| verify_bundle(&bundle, &subject.as_logged(), &subject.logs));
        check.case(&case, if case["verified"] == true { "verified" } else { "refused" }, verdict(&outcome));
    }
    check.finish(70);
}

#[test]
fn answers_of_logs_are_judged_as_cosign_does() {
    let mut check = Check::default();
    for case in cases("answers") {
        let subject = Subject::of(&case);
        let outcome = verify_retrieved(&case["answer"], &subject.as_logged(), &subject.logs);
        if let (Ok(evidence), Some(index)) = (&outcome, case["index"].as_i64()) {
            assert_eq!(evidence.log_index, index, "{}", case["name"]);
        }
        check.case(&case, if case["verified"] == true { "verified" } else { "refused" }, verdict(&outcome));
    }
    check.finish(20);
}

#[test]
fn logs_are_asked_as_cosign_asks_them() {
    for case in cases("answers") {
        let subject = Subject::of(&case);
        let question = proposed_entries(&subject.as_logged()).expect("the subject is complete");
        // Go writes an absent list as null.
        let mut expected = case["question"]["entries"].clone();
        without_nulls(&mut expected);
        assert_eq!(question["entries"], expected, "{}", case["name"]);
    }
}

#[test]
fn entries_are_judged_as_sigstore_go_does() {
    let mut check = Check::default();
    for case in cases("entries") {
        let outcome = entry(&case).and_then(|entry| ask(&case, &entry));
        let found = match &outcome {
            Ok(true) => "verified",
            Ok(false) => "skipped",
            Err(_) => "refused",
        };
        check.case(&case, text(&case, "outcome"), (found, outcome.err().map(|error| error.to_string())));
    }
    check.finish(140);
}

/// `Ok(false)`: the entry counts for nothing.
fn ask(case: &Value, entry: &TransparencyLogEntry) -> Result<bool, LogError> {
    let subject = Subject::of(case);
    let (signature, digest) = (bytes(case, "signature"), bytes(case, "digest"));
    let envelope = Envelope {
        payload_type: "application/vnd.in-toto+json".to_owned(),
        payload: bytes(case, "payload"),
        signatures: vec![EnvelopeSignature { key_id: String::new(), signature: signature.clone() }],
    };
    let content = EntryContent {
        signature: &signature,
        signer: match (&subject.certificate, &subject.key) {
            (Some(certificate), _) => EntrySigner::Certificate(certificate),
            (None, Some(key)) => EntrySigner::Key(key),
            (None, None) => panic!("{} has no signer", case["name"]),
        },
        signed: match case["payload"].is_null() {
            true => SignedContent::Message { algorithm: text(case, "algorithm"), digest: &digest },
            false => SignedContent::Envelope(&envelope),
        },
    };
    verify_entry(entry, &content, &subject.logs).map(|evidence| evidence.is_some())
}

fn entry(case: &Value) -> Result<TransparencyLogEntry, LogError> {
    let entry = &case["entry"];
    let number = |value: &Value| value.as_str().map_or(0, |text| text.parse().expect("a number"));
    let proof = entry.get("inclusionProof").map(|proof| InclusionProof {
        log_index: number(&proof["logIndex"]),
        root_hash: bytes(proof, "rootHash"),
        tree_size: number(&proof["treeSize"]),
        hashes: proof["hashes"].as_array().expect("hashes").iter().map(decoded).collect(),
        checkpoint: proof["checkpoint"]["envelope"].as_str().unwrap_or_default().to_owned(),
    });
    Ok(TransparencyLogEntry {
        log_index: number(&entry["logIndex"]),
        log_id: bytes(&entry["logId"], "keyId"),
        kind: text(&entry["kindVersion"], "kind").to_owned(),
        version: text(&entry["kindVersion"], "version").to_owned(),
        integrated_time: number(&entry["integratedTime"]),
        promise: entry.get("inclusionPromise").map(|promise| bytes(promise, "signedEntryTimestamp")),
        proof,
        body: bytes(entry, "canonicalizedBody"),
    })
}

/// What is asked about, and the logs that are trusted.
struct Subject {
    signature: String,
    blob: Vec<u8>,
    certificate: Option<Certificate>,
    key: Option<PublicKey>,
    logs: Vec<LogKey>,
}

impl Subject {
    fn of(case: &Value) -> Self {
        let certificates =
            case["certificate"].as_str().map(|pem| Certificate::all_from_pem(pem).expect("a certificate"));
        Self {
            signature: text(case, "signature").to_owned(),
            blob: bytes(case, "blob"),
            certificate: certificates.and_then(|all| all.into_iter().next()),
            key: case["key"].as_str().map(|pem| PublicKey::from_pem(pem).expect("a key")),
            logs: case["logs"].as_array().map(|logs| logs.iter().map(log).collect()).unwrap_or_default(),
        }
    }

    fn as_logged(&self) -> LoggedSubject<'_> {
        LoggedSubject {
            signature: Some(self.signature.as_str()).filter(|text| !text.is_empty()),
            blob: &self.blob,
            certificate: self.certificate.as_ref(),
            key: self.key.as_ref(),
        }
    }
}

/// A PEM key, or a log with all its properties.
fn log(value: &Value) -> LogKey {
    if let Some(pem) = value.as_str() {
        return LogKey::new(PublicKey::from_pem(pem).expect("a key"));
    }
    LogKey {
        key: PublicKey::from_pem(text(value, "key")).expect("a key"),
        log_id: bytes(value, "id"),
        url: text(value, "url").to_owned(),
        valid_from: value["from"].as_i64().map(Timestamp::from_unix),
        valid_until: value["until"].as_i64().map(Timestamp::from_unix),
    }
}

fn verdict<T>(outcome: &Result<T, LogError>) -> (&'static str, Option<String>) {
    match outcome {
        Ok(_) => ("verified", None),
        Err(error) => ("refused", Some(error.to_string())),
    }
}

/// The cases of one kind; long texts that occur twice are kept once.
fn cases(kind: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(include_str!("data/transparency-log.json")).expect("the cases are JSON");
    let mut cases = document[kind].as_array().expect("cases").clone();
    cases.iter_mut().for_each(|case| expand(case, &document["texts"]));
    cases
}

fn expand(value: &mut Value, texts: &Value) {
    match value {
        Value::String(text) if text.starts_with('@') => *value = texts[text.as_str()].clone(),
        Value::Array(values) => values.iter_mut().for_each(|value| expand(value, texts)),
        Value::Object(fields) => fields.values_mut().for_each(|value| expand(value, texts)),
        _ => {}
    }
}

fn without_nulls(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(without_nulls),
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(without_nulls);
        }
        _ => {}
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("no text `{field}` in {value}"))
}

/// Absent bytes are none.
fn bytes(value: &Value, field: &str) -> Vec<u8> {
    value.get(field).map(decoded).unwrap_or_default()
}

fn decoded(value: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(value.as_str().unwrap_or_default()).expect("base64")
}

/// Compares verdicts with those of upstream; the divergences are strict in both directions.
#[derive(Default)]
struct Check {
    cases: usize,
    names: BTreeMap<String, ()>,
    complaints: Vec<String>,
}

impl Check {
    fn case(&mut self, case: &Value, upstream: &str, (found, error): (&'static str, Option<String>)) {
        let name = text(case, "name");
        self.cases += 1;
        assert!(self.names.insert(name.to_owned(), ()).is_none(), "two cases are named `{name}`");
        let divergence = DIVERGENCES.iter().find(|(other, _, _)| *other == name);
        let expected = divergence.map_or(upstream, |(_, verdict, _)| verdict);
        let error = error.unwrap_or_default();
        if found != expected {
            self.complaints.push(format!("{name}: {found} ({error}), expected {expected}: {}", case["says"]));
        }
        if divergence.is_some() && found == upstream {
            self.complaints.push(format!("{name}: the divergence is stale"));
        }
    }

    fn finish(self, at_least: usize) {
        println!("{} cases", self.cases);
        assert!(self.complaints.is_empty(), "{}", self.complaints.join("\n"));
        assert!(self.cases >= at_least, "only {} cases", self.cases);
    }
}
