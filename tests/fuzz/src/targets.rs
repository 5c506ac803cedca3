//! The targets.

use crate::{Target, seeds};
use serde_json::{Value, json};
use vidimus::bundle::Bundle;
use vidimus::crypto::PublicKey;
use vidimus::digest::Digest;
use vidimus::encoding::{base64, gzip, pem};
use vidimus::in_toto::{Envelope, Statement};
use vidimus::oci::{ImageReference, Index, Manifest};
use vidimus::policy::Operation;
use vidimus::scalar::regex::GoRegex;
use vidimus::scalar::time::Timestamp;
use vidimus::scalar::{duration, quantity, semver, time, url};
use vidimus::simple_signing::SimpleSigningPayload;
use vidimus::suite::TestFile;
use vidimus::timestamp::{Authority, verify_token};
use vidimus::transparency_log::{LoggedEntry, RekorBundle};
use vidimus::trust_root::TrustRoot;
use vidimus::x509::{Certificate, sct};
use vidimus::{AdmissionRequest, Artifacts, Limits, Options, PolicySet, SourceName};
use vidimus::{jmespath, json as strict_json, notation, pattern, wildcard, wire, yaml};

/// Every parser of bytes from outside.
pub const TARGETS: &[Target] = &[
    target("bundle", seeds::bundles, |bytes| Bundle::parse(bytes).is_ok()),
    target("certificate", seeds::certificates, certificate),
    target("certificates-pem", seeds::pems, |bytes| {
        Certificate::all_from_pem(&text(bytes)).is_ok_and(|all| !all.is_empty())
    }),
    target(
        "condition",
        || seeds::texts(&["Pod", "<=1Gi & >10Mi | !5", "100m-2", "*a?b*", "2024-01-01T00:00:00Z", "1h30m"]),
        scalars,
    ),
    target("encodings", || seeds::texts(&["QUJD", "QUI=", "YQ", "H4sIAAAAAAAAA0tMAgBtNeAIAwAAAA=="]), encodings),
    target("envelope", seeds::envelopes, |bytes| Envelope::parse(bytes).is_ok()),
    target("evidence", || seeds::texts(&[seeds::EVIDENCE]), evidence),
    target("expression", || seeds::texts(EXPRESSIONS), expression),
    target(
        "json",
        || seeds::texts(&[seeds::EVIDENCE, "{\"a\":[1,2.5e3,\"\\u00e9\\ud83d\\ude00\",null,true]}"]),
        json_text,
    ),
    target("key", seeds::pems, |bytes| PublicKey::from_pem(&text(bytes)).is_ok()),
    target("log-entry", seeds::log_entries, |bytes| LoggedEntry::parse(bytes).is_ok()),
    target("manifest", || seeds::blobs("schemaVersion"), manifest),
    target("notation-cose", || seeds::notation("cose"), |bytes| notation_envelope("application/cose", bytes)),
    target("notation-jws", || seeds::notation("jws"), |bytes| notation_envelope("application/jose+json", bytes)),
    target("payload", || seeds::blobs("critical"), |bytes| SimpleSigningPayload::parse(bytes).is_ok()),
    target("policy", seeds::policies, policy),
    target("reference", || seeds::texts(REFERENCES), reference),
    target(
        "regular-expression",
        || seeds::texts(&["^a.+$", "(?i:[[:alpha:]\\pL]+)\\b{2,5}", "a{2,}|(?P<n>b)*?"]),
        regular_expression,
    ),
    target("rekor-bundle", seeds::rekor_bundles, |bytes| RekorBundle::parse(&text(bytes)).is_ok()),
    target("request", || seeds::texts(&[REQUEST, REVIEW]), request),
    target("resource", || seeds::texts(&[seeds::POD]), resource),
    target("sct", seeds::certificates, |bytes| Certificate::from_der(bytes).is_ok_and(|it| sct::embedded(&it).is_ok())),
    target("statement", seeds::statements, |bytes| Statement::parse(bytes).is_ok()),
    target("test-file", || seeds::texts(&[seeds::TEST]), test_file),
    target("timestamp", seeds::timestamps, timestamp),
    target("trust-root", seeds::trust_roots, |bytes| TrustRoot::parse(bytes).is_ok()),
    target(
        "yaml",
        || seeds::texts(&[seeds::POLICY, "a: &x [1, 0o7, 1_0, yes, ~]\nb: *x\n<<: {c: |-\n  t}\n--- >+\n f\n"]),
        yaml_text,
    ),
];

const EXPRESSIONS: &[&str] = &[
    "a.b[0].c[?d == 'x' && e > `1`] | [*].{f: g, h: length(@)}",
    "join(', ', sort_by(keys(@), &to_string(@)))",
    "time_add('2024-01-01T00:00:00Z', '1h')",
    "{{ request.object.spec.containers[?image=='{{ element.image }}'] | [0] }}",
    "sum(`[1,2]`) + divide('10Mi', '2') || !\"q\\u00e9\"[::-1]",
];
const REFERENCES: &[&str] = &[
    "nginx",
    "registry.example:5000/a/b:v1",
    "r.example/a@sha256:0a25425eced0ddabd149d15dfc9d6b464654e1ac82e13e0f293940d49d72b3ab",
    "localhost/x_y--z:L.1",
    "[::1]:80/a",
];
const REQUEST: &str = r#"{"resource":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"registry.example/shop/a:1"}]}},"operation":"CREATE","userInfo":{"username":"u","groups":["g"]},"namespaceLabels":{"default":{"a":"b"}},"options":{"now":"2026-01-31T12:00:00Z","compat":"exact","trace":"full","evidence":true,"limits":{"images":5},"values":{"a.b":1}}}"#;
const REVIEW: &str = r#"{"request":{"operation":"UPDATE","object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}},"oldObject":{"apiVersion":"v1","kind":"Pod"},"userInfo":{"username":"u"}}}"#;

const fn target(name: &'static str, seeds: fn() -> Vec<Vec<u8>>, run: fn(&[u8]) -> bool) -> Target {
    Target { name, seeds, run }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A certificate is kept as it was read.
fn certificate(bytes: &[u8]) -> bool {
    let Ok(certificate) = Certificate::from_der(bytes) else { return false };
    assert_eq!(certificate.der(), bytes);
    let _ = (certificate.public_key().is_ok(), certificate.subject().to_string(), certificate.serial_hex());
    true
}

fn scalars(bytes: &[u8]) -> bool {
    let text = text(bytes);
    let _ = (quantity::Quantity::parse(&text).is_some(), time::duration::parse(&text).is_ok());
    let _ = (duration::Duration::parse(&text).is_some(), url::Url::parse(&text).is_ok());
    let _ = (semver::Version::parse(&text).is_ok(), semver::Range::parse(&text).is_ok());
    assert!(wildcard::matches("*", &text));
    let pattern = json!({"spec": {text.as_str(): text, "a": text}});
    let resource = json!({"spec": {"a": text, "b": 5}});
    let _ = pattern::match_pattern(&resource, &pattern).is_ok();
    Timestamp::parse_rfc3339(&text).is_ok()
}

/// What is decoded is decoded again from the one text that is written for it; readers are as lenient as Go's.
fn encodings(bytes: &[u8]) -> bool {
    let text = text(bytes);
    let decoded = base64::decode(&text);
    if let Ok(content) = &decoded {
        assert_eq!(base64::decode(&base64::encode(content)).as_ref(), Ok(content));
    }
    let _ = (pem::decode(&text).is_ok(), gzip::decode(bytes, 1 << 16).is_ok(), base64::decode_url(&text).is_ok());
    decoded.is_ok()
}

/// Nothing signs the image of the request: whatever the evidence says of others, it is not verified.
fn evidence(bytes: &[u8]) -> bool {
    let mut artifacts = Artifacts::new();
    let Ok(()) = artifacts.add_document(bytes) else { return false };
    refuse_verified(&policies(), &artifacts);
    true
}

fn policies() -> PolicySet {
    PolicySet::load(&[(SourceName::new("p"), seeds::POLICY)], &Limits::default()).expect("the sample is good")
}

fn refuse_verified(set: &PolicySet, artifacts: &Artifacts) {
    let pod = yaml::parse_documents(seeds::POD, &Limits::default()).expect("the sample is good")[0].to_value();
    let request = AdmissionRequest::new(Operation::Create, pod, None).expect("a pod");
    let answer = set.evaluate(&request, artifacts, &Options::default());
    assert!(!answer.results.iter().any(|result| result.code == "image-verified"), "nobody signed it");
}

fn expression(bytes: &[u8]) -> bool {
    let text = text(bytes);
    let parsed = jmespath::Expression::parse(&text).is_ok();
    let input = "{\"a\": {\"b\": [{\"c\": [1, \"x\"]}]}, \"request\": {\"object\": {}}}";
    let answer = wire::query(&text, input, "input", "2026-01-31T12:00:00Z", Some(1));
    let answer: Value = serde_json::from_str(&answer).expect("answers are JSON");
    assert!(answer.is_object());
    parsed
}

/// What is accepted is JSON to everybody else too, and the same.
fn json_text(bytes: &[u8]) -> bool {
    let Ok(value) = strict_json::parse(bytes, 64) else { return false };
    let other: Value = serde_json::from_slice(bytes).expect("serde_json accepts it");
    assert_eq!(value, other);
    true
}

fn manifest(bytes: &[u8]) -> bool {
    let limits = Limits::default();
    let index = Index::parse(bytes, &limits).is_ok();
    Manifest::parse(bytes, &limits).is_ok() || index
}

fn notation_envelope(media_type: &str, bytes: &[u8]) -> bool {
    notation::parse(media_type, bytes).is_ok()
}

/// What is refused says why, and no policy verifies what nobody signed.
fn policy(bytes: &[u8]) -> bool {
    let text = text(bytes);
    match PolicySet::load(&[(SourceName::new("p"), text.as_str())], &Limits::default()) {
        Err(diagnostics) => {
            assert!(diagnostics.iter().all(|found| !found.code.is_empty() && !found.message.is_empty()));
            false
        }
        Ok(set) => {
            refuse_verified(&set, &Artifacts::new());
            true
        }
    }
}

/// A reference in full says the same as the reference itself.
fn reference(bytes: &[u8]) -> bool {
    let text = text(bytes);
    let digest = Digest::parse(&text);
    assert!(digest.is_err() || digest.expect("a digest").to_string() == text);
    let Ok(reference) = ImageReference::parse(&text) else { return false };
    let again = ImageReference::parse(reference.canonical()).expect("the full form is a reference");
    assert_eq!(again.canonical(), reference.canonical());
    true
}

/// Matching ends: the engine has no back-tracking.
fn regular_expression(bytes: &[u8]) -> bool {
    let Ok(expression) = GoRegex::new(&text(bytes)) else { return false };
    let _ = expression.is_match(&"ab c".repeat(64));
    true
}

/// Every answer is an answer, or says what is wrong.
fn request(bytes: &[u8]) -> bool {
    let answer: Value = serde_json::from_str(&wire::evaluate(&policies(), bytes, &Artifacts::new())).expect("JSON");
    assert!(answer["diagnostics"].is_array());
    answer.get("status").is_some()
}

fn resource(bytes: &[u8]) -> bool {
    let answer: Value = serde_json::from_str(&wire::objects(&text(bytes), "r")).expect("JSON");
    let Some(objects) = answer["objects"].as_array() else { return false };
    for object in objects {
        for operation in [Operation::Create, Operation::Delete] {
            if let Ok(request) = AdmissionRequest::new(operation, object.clone(), None) {
                let answer = policies().evaluate(&request, &Artifacts::new(), &Options::default());
                assert!(!answer.results.iter().any(|result| result.code == "image-verified"));
            }
        }
    }
    true
}

fn test_file(bytes: &[u8]) -> bool {
    TestFile::parse(&text(bytes), &SourceName::new("t"), &Limits::default()).is_ok()
}

/// A stamp is by an authority that is trusted: here none is.
fn timestamp(bytes: &[u8]) -> bool {
    let chain = seeds::certificates();
    let text: String = chain.iter().take(2).map(|der| pem::encode("CERTIFICATE", der)).collect();
    if let Ok(authority) = Authority::from_pem_chain(&text) {
        assert!(verify_token(bytes, b"message", &authority).is_err());
    }
    vidimus_tests::timestamps::token(bytes).len() > 1
}

/// What is YAML comes to JSON, and that is YAML of the same value.
fn yaml_text(bytes: &[u8]) -> bool {
    let Ok(documents) = yaml::parse_documents(&text(bytes), &Limits::default()) else { return false };
    for document in &documents {
        let value = document.to_value();
        let written = value.to_string();
        let again = yaml::parse_documents(&written, &Limits::default()).expect("JSON is YAML");
        assert_eq!(again[0].to_value(), value);
    }
    true
}
