//! Bundles that sigstore-go was asked about: the verdict must be its own.
//!
//! They are signed by keys and authorities made for the purpose, so that each case is decided by the one thing that it is
//! about. `data/bundles.json` has the verdicts of sigstore-go v1.3.0, called as Kyverno 1.19 calls it; a text `@n` in it
//! stands for the n-th of its `texts`.

use serde_json::Value;
use std::collections::BTreeMap;
use vidimus::bundle::{Artifact, Bundle, BundleIdentity, BundlePolicy, Matcher, Requirements, verify};
use vidimus::crypto::{HashAlgorithm, PublicKey};
use vidimus::digest::Digest;
use vidimus::scalar::regex::GoRegex;
use vidimus::scalar::time::Timestamp;
use vidimus::trust_root::TrustRoot;

/// Cases that are decided otherwise: the verdict, and why.
const LEDGER: &[(&str, &str, &str)] = &[
    ("statement: type instead of _type", "rejected", SNAKE),
    ("statement: predicate_type", "rejected", SNAKE),
    ("statement: fields in snake case", "rejected", SNAKE),
    ("statement: very deep predicate", "rejected", "nesting has a limit"),
    ("message: algorithm 9", "malformed", "a number that no hash has"),
    ("certificate: issuer of version 2 with tag 1b", "rejected", "GeneralString, which Go's x509 does not read either"),
    ("issued by an authority in use with too many digits", "verified", TIME),
    ("issued by an authority in use with the year zero", "verified", TIME),
    ("issued by an authority of a trust root application/vnd.dev.sigstore.trustedroot.v0.1+json", "verified", NEWER),
    ("issued by an authority of a trust root application/vnd.dev.sigstore.trustedroot.v0.2+json", "verified", NEWER),
    ("form: media type .v0.3.0-rc1+json", "malformed", RELEASE),
    ("form: chain and media type .v0.3.0-rc1+json", "malformed", RELEASE),
    ("form: media type .v0.2.0-rc1+json", "malformed", RELEASE),
    ("form: chain and media type .v0.2.0-rc1+json", "malformed", RELEASE),
    ("form: media type .v0.3.0+b+json", "malformed", RELEASE),
];
const SNAKE: &str = "in-toto writes its names as JSON has them: two readers of one statement could differ";
const TIME: &str = "the time is plain";
const NEWER: &str = "the specification asks clients to read it";
const RELEASE: &str = "bundles have released versions";

#[test]
fn bundles_are_judged_as_sigstore_go_does() {
    let mut document: Value = serde_json::from_str(include_str!("data/bundles.json")).expect("the cases are JSON");
    let texts = document["texts"].take();
    expand(&mut document, &texts);
    let artifact = bytes(&document["artifact"]);
    let mut ledger: BTreeMap<&str, &str> = LEDGER.iter().map(|(name, verdict, _)| (*name, *verdict)).collect();
    let mut complaints = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let cases = document["cases"].as_array().expect("a list");
    for case in cases {
        let name = case["name"].as_str().expect("a name");
        let expected = ledger.remove(name).unwrap_or(case["outcome"].as_str().expect("a verdict"));
        let (found, reason) = judge(case, &document["trusts"], &artifact);
        *counts.entry(found).or_default() += 1;
        if found != expected {
            complaints.push(format!("{name}: {found} where {expected} is expected: {reason}"));
        }
    }
    println!("{} cases: {counts:?}", cases.len());
    assert!(complaints.is_empty(), "{}\n{}", complaints.len(), complaints.join("\n"));
    assert!(ledger.is_empty(), "ledger entries that are no cases: {ledger:?}");
    for (name, verdict, _) in LEDGER {
        let case = cases.iter().find(|case| case["name"] == *name).expect("a case");
        assert_ne!(case["outcome"], *verdict, "{name}: the ledger entry says nothing");
    }
}

fn expand(value: &mut Value, texts: &Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| expand(item, texts)),
        Value::Object(fields) => fields.values_mut().for_each(|item| expand(item, texts)),
        Value::String(text) => {
            if let Some(index) = text.strip_prefix('@') {
                *value = texts[index.parse::<usize>().expect("an index")].clone();
            }
        }
        Value::Bool(_) | Value::Null | Value::Number(_) => {}
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    base64::Engine::decode(&base64::engine::general_purpose::STANDARD, value.as_str().expect("base64")).expect("base64")
}

fn judge(case: &Value, trusts: &Value, artifact: &[u8]) -> (&'static str, String) {
    let field = |name: &str| case[name].as_str();
    let is = |name: &str| case[name].as_bool().unwrap_or(false);
    let trust = match TrustRoot::parse(trusts[field("trust").expect("a trust root")].to_string().as_bytes()) {
        Ok(trust) => trust,
        Err(error) => return ("trust", error.to_string()),
    };
    let bundle = &case["bundle"];
    let text = if bundle.is_null() { field("text").unwrap_or_default().to_owned() } else { bundle.to_string() };
    let bundle = match Bundle::parse(text.as_bytes()) {
        Ok(bundle) => bundle,
        Err(error) => return ("malformed", error.to_string()),
    };
    let matcher = |text: &str, expression: &str| Matcher {
        text: field(text).map(str::to_owned),
        expression: field(expression).map(|text| (text.to_owned(), GoRegex::new(text).expect("an expression"))),
    };
    let policy = match field("key") {
        Some(pem) => BundlePolicy::Key { key: PublicKey::from_pem(pem).expect("a key"), hash: hash(field("hash")) },
        None => BundlePolicy::Identity(BundleIdentity {
            issuer: matcher("issuer", "issuerRegExp"),
            subject: matcher("subject", "subjectRegExp"),
        }),
    };
    let digest = Digest::sha256(artifact);
    let artifact = Artifact { digest: &digest, bytes: Some(artifact) };
    let requirements = Requirements { log: is("log"), time: is("time"), certificate_log: false };
    let now = Timestamp::parse_rfc3339("2026-11-24T00:00:00Z").expect("a time");
    match verify(&bundle, &artifact, &policy, requirements, &trust, Some(&now)) {
        Ok(_) => ("verified", String::new()),
        Err(error) => ("rejected", error.to_string()),
    }
}

fn hash(name: Option<&str>) -> HashAlgorithm {
    match name {
        None | Some("sha256") => HashAlgorithm::Sha256,
        Some("sha384") => HashAlgorithm::Sha384,
        Some("sha512") => HashAlgorithm::Sha512,
        Some(other) => panic!("{other} is no hash of the cases"),
    }
}
