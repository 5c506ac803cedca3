use super::*;
use crate::limits::Limits;
use crate::trust_root::TrustRoot;
use serde_json::{Value, json};

fn asker() -> Asker {
    Asker { policy: "p".to_owned(), rule: "r".to_owned(), attestor: String::new() }
}

#[test]
fn a_search_of_a_log_is_a_need_until_its_answer_is_there() {
    let (mut artifacts, limits) = (Artifacts::new(), Limits::default());
    let body = json!({"entries": [{"kind": "hashedrekord", "apiVersion": "0.0.1"}]});
    {
        let session = Session::new(&artifacts, &limits);
        assert_eq!(session.log_entry("https://log.example/", &body, &asker()), Err(Unavailable::Pending));
        let document = RequestDocument::from(&session.needs()[0].request);
        assert_eq!(document.url.as_deref(), Some("https://log.example"));
        assert_eq!(document.body.as_ref(), Some(&body));
        assert_eq!(Request::try_from(document), Ok(session.needs()[0].request.clone()));
    }
    artifacts.add_log_entry("https://log.example", &body, json!([{"id": {"logIndex": 7}}]));
    let session = Session::new(&artifacts, &limits);
    let found = session.log_entry("https://log.example", &body, &asker()).unwrap();
    assert_eq!(found.pointer("/0/id/logIndex"), Some(&json!(7)));
    assert!(session.needs().is_empty());

    let document = artifacts.to_document(Some(&session.used()));
    let mut replayed = Artifacts::new();
    replayed.add_document(document.to_string().as_bytes()).unwrap();
    let session = Session::new(&replayed, &limits);
    assert_eq!(session.log_entry("https://log.example/", &body, &asker()), Ok(found));
    assert!(artifacts.to_document(Some(&std::collections::BTreeSet::new())).get("logEntries").is_none());
}

#[test]
fn a_search_that_failed_is_kept_as_such() {
    let mut artifacts = Artifacts::new();
    let failure = json!({"kind": "rekor-entry", "url": "https://log.example", "body": {"b": 1, "a": 2}, "status": 502,
        "error": "bad gateway", "transport": false});
    let document = |failures: Value| json!({"schema": SCHEMA, "failures": [failures]}).to_string();
    artifacts.add_document(document(failure.clone()).as_bytes()).unwrap();
    let limits = Limits::default();
    let session = Session::new(&artifacts, &limits);
    let found = session.log_entry("https://log.example", &json!({"a": 2, "b": 1}), &asker());
    assert!(matches!(found, Err(Unavailable::Failed(Failure { status: Some(502), .. }))), "{found:?}");
    let written = artifacts.to_document(None);
    assert_eq!(written.pointer("/failures/0/body"), Some(&json!({"a": 2, "b": 1})));
    for missing in ["url", "body"] {
        let mut part = failure.clone();
        part.as_object_mut().unwrap().remove(missing);
        assert_eq!(artifacts.add_document(document(part).as_bytes()).unwrap_err().at, missing);
    }
    let key = json!({"schema": SCHEMA, "logEntries": {"https://log.example": []}}).to_string();
    assert_eq!(artifacts.add_document(key.as_bytes()).unwrap_err().at, "logEntries.https://log.example");
}

#[test]
fn a_trust_root_is_asked_for_and_never_taken_from_evidence() {
    let (mut artifacts, limits) = (Artifacts::new(), Limits::default());
    artifacts.add_document(json!({"schema": SCHEMA, "trustRoot": {"tlogs": []}}).to_string().as_bytes()).unwrap();
    {
        let session = Session::new(&artifacts, &limits);
        assert_eq!(session.trust_root(&asker()), Err(Unavailable::Pending));
        assert_eq!(RequestDocument::from(&session.needs()[0].request).kind, "trust-root");
    }
    artifacts.set_trust_root(TrustRoot::default());
    assert_eq!(Session::new(&artifacts, &limits).trust_root(&asker()), Ok(&TrustRoot::default()));
}

#[test]
fn of_two_objects_with_one_name_the_first_counts() {
    let mut artifacts = Artifacts::new();
    let object = |value: u8| json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "value": value});
    for value in [1, 2] {
        artifacts.add_object(object(value));
        artifacts.add_object(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "p-"}}));
    }
    assert_eq!(artifacts.objects().len(), 3);
    assert_eq!(artifacts.object("v1", "Secret", "", "s"), Some(&object(1)));
    assert_eq!(artifacts.object("v1", "Secret", "n", "s"), None);
}

#[test]
fn another_version_of_the_document_is_refused_by_its_name() {
    let document = json!({"schema": "vidimus.evidence/v2", "signatures": []}).to_string();
    let error = Artifacts::new().add_document(document.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "schema: expected `vidimus.evidence/v1`, found `vidimus.evidence/v2`");
    assert!(Artifacts::new().add_document(b"{}").unwrap_err().reason.contains("missing field `schema`"));
}

#[test]
fn records_for_replay_are_read_over_whatever_they_hold() {
    let document = json!({"schema": SCHEMA, "capturedAt": 1, "trustRoot": {}, "policies": [], "exceptions": [],
        "resource": null, "requests": [{}], "verdict": "x"});
    assert_eq!(Artifacts::new().add_document(document.to_string().as_bytes()), Ok(()));
    let unknown = json!({"schema": SCHEMA, "request": []}).to_string();
    assert!(Artifacts::new().add_document(unknown.as_bytes()).unwrap_err().reason.contains("unknown field `request`"));
}
