//! The examples of the gallery natively: each has its verdict, and nothing in the evidence of those that are admitted can be
//! altered.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use vidimus::evidence::Failure;
use vidimus::policy::Operation;
use vidimus::scalar::time::Timestamp;
use vidimus::trust_root::TrustRoot;
use vidimus::yaml::parse_documents;
use vidimus::{AdmissionRequest, Answer, Artifacts, Limits, Options, PolicySet, SourceName};
use vidimus_tests::tamper::{Alteration, alterations};

struct Example {
    id: String,
    policy: Value,
    resource: Value,
    evidence: Option<Value>,
    options: Options,
    admitted: bool,
}

impl Example {
    fn all() -> Vec<Self> {
        let list: Value = serde_json::from_str(&read("policies/gallery.json")).expect("JSON");
        list.as_array().expect("a list").iter().map(Self::read).collect()
    }

    fn read(entry: &Value) -> Self {
        let text = |field: &str| entry[field].as_str();
        let file = |field: &str| read(text(field).expect("a path"));
        let evidence = text("evidence").map(|path| serde_json::from_str(&read(path)).expect("JSON"));
        let now = text("now").map(|now| Timestamp::parse_rfc3339(now).expect("a time"));
        Self {
            id: text("id").expect("an id").to_owned(),
            policy: yaml(&file("policy")),
            resource: yaml(&file("resource")),
            evidence,
            options: Options { now, ..Options::default() },
            admitted: text("expect") == Some("admitted"),
        }
    }

    fn artifacts(&self, evidence: &Value) -> Option<Artifacts> {
        let mut artifacts = Artifacts::new();
        artifacts.add_document(evidence.to_string().as_bytes()).ok().map(|()| artifacts)
    }

    /// Evaluates; what is missing is not there.
    fn answer(&self, artifacts: &mut Artifacts) -> Answer {
        let policy = self.policy.to_string();
        let set = PolicySet::load(&[(SourceName::new("policy"), &policy)], &Limits::default());
        let set = set.unwrap_or_else(|found| panic!("{}: {found:?}", self.id));
        let request = AdmissionRequest::new(Operation::Create, self.resource.clone(), None).expect("an object");
        for _ in 0..20 {
            let answer = set.evaluate(&request, artifacts, &self.options);
            if answer.is_complete() {
                return answer;
            }
            for need in answer.needs {
                let failure = Failure { status: Some(404), error: "not found".to_owned(), transport: false };
                artifacts.add_failure(need.request, failure);
            }
        }
        panic!("{}: the needs never end", self.id);
    }
}

fn read(path: &str) -> String {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn yaml(text: &str) -> Value {
    parse_documents(text, &Limits::default()).expect("YAML")[0].to_value()
}

#[test]
fn every_example_has_its_verdict() {
    let all = Example::all();
    assert!(all.len() >= 17, "{}", all.len());
    for example in &all {
        let mut artifacts = match &example.evidence {
            Some(evidence) => example.artifacts(evidence).expect("an evidence document"),
            None => Artifacts::new(),
        };
        let answer = example.answer(&mut artifacts);
        assert_eq!(answer.admission.allowed, example.admitted, "{}: {:?}", example.id, answer.results);
    }
}

/// A policy for the public Sigstore names no roots and no logs: these are the trust root's.
#[test]
fn the_trust_root_in_the_evidence_stands_for_the_keys_in_the_policy() {
    let mut tried = 0;
    for mut example in Example::all() {
        let Some(evidence) = example.evidence.clone() else { continue };
        let Some(trust) = evidence.get("trustRoot") else { continue };
        assert!(forget_keys(&mut example.policy), "{}: the policy names no keys", example.id);
        let trust = TrustRoot::parse(trust.to_string().as_bytes()).expect("a trust root");
        let mut artifacts = example.artifacts(&evidence).expect("an evidence document");
        for (trust, admitted) in [(TrustRoot::default(), false), (trust, example.admitted)] {
            example.options.trust_root = Some(Arc::new(trust));
            let answer = example.answer(&mut artifacts);
            assert_eq!(answer.admission.allowed, admitted, "{}: {:?}", example.id, answer.results);
        }
        tried += 1;
    }
    assert!(tried >= 5, "{tried}");
}

/// Takes roots and keys of logs out of a policy: were there any?
fn forget_keys(policy: &mut Value) -> bool {
    let mut found = false;
    match policy {
        Value::Object(fields) => {
            for name in ["roots", "pubkey"] {
                found |= fields.remove(name).is_some();
            }
            fields.values_mut().for_each(|value| found |= forget_keys(value));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| found |= forget_keys(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found
}

/// Whoever alters something makes the rest fit: the ledger of the tamper test says what nobody signs.
#[test]
fn no_altered_evidence_of_an_example_is_accepted() {
    let ledger: BTreeMap<String, String> =
        serde_json::from_str(include_str!("conformance/tamper.json")).expect("the ledger is JSON");
    let explained = |part: &str| {
        let plain = |text: &str| text.replace("[]", "??");
        ledger.keys().any(|entry| vidimus::wildcard::matches(&plain(entry), &plain(part)))
    };
    let mut tried = 0;
    for example in Example::all().iter().filter(|example| example.admitted) {
        let Some(evidence) = &example.evidence else { continue };
        let mut artifacts = example.artifacts(evidence).expect("an evidence document");
        let used = example.answer(&mut artifacts).used;
        for Alteration { part, change, evidence } in alterations(&artifacts.to_document(Some(&used))) {
            let Some(mut artifacts) = example.artifacts(&evidence) else { continue };
            let accepted = example.answer(&mut artifacts).admission.allowed;
            assert!(!accepted || explained(&part), "{}: {part}: {change}", example.id);
            tried += 1;
        }
    }
    println!("{tried} alterations of the gallery's evidence");
    assert!(tried > 500, "{tried}");
}
