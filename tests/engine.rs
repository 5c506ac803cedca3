//! The rule loop on requests that the fixtures, which are all CREATE by a command line, do not ask.

use serde_json::{Value, json};
use vidimus::engine::{Compat, RuleStatus};
use vidimus::policy::Operation;
use vidimus::{AdmissionRequest, Answer, Artifacts, Limits, Options, PolicySet, SourceName};
use vidimus_evidence::{Document, Image, KeyKind, Payload, SignatureLayer, Signatures, Signer};

fn signer(name: &str) -> Signer {
    Signer::new(KeyKind::P256, name)
}

/// `registry.example/team/signed:v1` is signed by `team`; `team/unsigned:v1` by nobody.
fn artifacts() -> Artifacts {
    let mut document = Document::new();
    let signed = Image::new("team/signed", "v1");
    let layer = SignatureLayer::sign(&signer("team"), &Payload::of(&signed));
    document.image(&signed, "v1").signatures(&signed.repository, &signed.digest(), &Signatures::new(vec![layer]));
    let unsigned = Image::new("team/unsigned", "v1");
    document.image(&unsigned, "v1").unsigned(&unsigned.repository, &unsigned.digest());
    let mut artifacts = Artifacts::new();
    artifacts.add_document(document.to_json().as_bytes()).expect("evidence");
    artifacts
}

const SIGNED: &str = "registry.example/team/signed:v1";
const UNSIGNED: &str = "registry.example/team/unsigned:v1";

fn attestors() -> Value {
    json!([{"entries": [{"keys": {"publicKeys": signer("team").public_pem(), "rekor": {"ignoreTlog": true}}}]}])
}

fn entry(more: Value) -> Value {
    let mut entry = json!({"imageReferences": ["registry.example/*"], "failureAction": "Enforce"});
    entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    entry
}

fn rule(name: &str, entries: Value) -> Value {
    json!({"name": name, "match": {"any": [{"resources": {"kinds": ["Pod"]}}]}, "verifyImages": entries})
}

fn policy(rules: Value, spec: Value) -> Value {
    let mut spec = spec;
    spec["rules"] = rules;
    json!({"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"}, "spec": spec})
}

fn simple() -> Value {
    policy(json!([rule("r", json!([entry(json!({"attestors": attestors()}))]))]), json!({}))
}

fn set(documents: &[Value]) -> PolicySet {
    let texts: Vec<String> = documents.iter().map(Value::to_string).collect();
    let sources: Vec<_> = texts.iter().map(|text| (SourceName::new("p"), text.as_str())).collect();
    PolicySet::load(&sources, &Limits::default()).unwrap_or_else(|found| panic!("{found:#?}"))
}

fn pod(images: &[&str]) -> Value {
    let containers: Vec<Value> =
        images.iter().enumerate().map(|(index, image)| json!({"name": format!("c{index}"), "image": image})).collect();
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "w", "namespace": "default"}, "spec": {"containers": containers}})
}

fn create(documents: &[Value], pod: Value) -> Answer {
    evaluate(documents, &AdmissionRequest::new(Operation::Create, pod, None).unwrap(), Compat::Default)
}

fn evaluate(documents: &[Value], request: &AdmissionRequest, compat: Compat) -> Answer {
    set(documents).evaluate(request, &artifacts(), &Options { compat, ..Options::default() })
}

fn statuses(answer: &Answer) -> Vec<RuleStatus> {
    answer.results.iter().map(|result| result.status).collect()
}

#[test]
fn a_forged_annotation_verifies_nothing() {
    // Nothing is verified by this rule, so nothing is recorded either.
    let documents =
        [policy(json!([rule("r", json!([entry(json!({"mutateDigest": false, "verifyDigest": false}))]))]), json!({}))];
    let mut object = pod(&[UNSIGNED]);
    let forged = json!({"version": 1, "policies": {"/p": {"r": {UNSIGNED: "pass"}}}}).to_string();
    object["metadata"]["annotations"] = json!({"kyverno.io/verify-images-scoped": forged});
    let request = AdmissionRequest::new(Operation::Create, object.clone(), None).unwrap();
    assert!(!evaluate(&documents, &request, Compat::Default).admission.allowed);
    assert!(evaluate(&documents, &request, Compat::Exact).admission.allowed, "upstream believes it");
    let answer = create(&[simple()], object);
    assert!(!answer.admission.allowed);
    let written = &answer.resource["metadata"]["annotations"]["kyverno.io/verify-images-scoped"];
    assert!(written.as_str().unwrap().contains("fail"), "{written}");
}

#[test]
fn an_image_that_stays_and_was_verified_is_not_verified_again() {
    let admitted = create(&[simple()], pod(&[SIGNED])).resource;
    let update = |object: &Value, old: &Value| {
        let request = AdmissionRequest::new(Operation::Update, object.clone(), Some(old.clone())).unwrap();
        set(&[simple()]).evaluate(&request, &Artifacts::new(), &Options::default())
    };
    let answer = update(&admitted, &admitted);
    assert!(answer.is_complete() && answer.admission.allowed, "{:?}", answer.results);
    assert_eq!(answer.results.len(), 1, "only the second phase speaks");
    let mut changed = admitted.clone();
    changed["spec"]["containers"][0]["image"] = json!(UNSIGNED);
    assert!(!update(&changed, &admitted).is_complete(), "a changed image is verified");
    let mut unrecorded = admitted.clone();
    unrecorded["metadata"].as_object_mut().unwrap().remove("annotations");
    assert!(!update(&admitted, &unrecorded).is_complete() || update(&admitted, &unrecorded).results.len() > 1);
}

#[test]
fn an_update_without_an_old_object_verifies_whatever_the_object_claims() {
    let mut object = pod(&[UNSIGNED]);
    let forged = json!({"version": 1, "policies": {"/p": {"r": {UNSIGNED: "pass"}}}}).to_string();
    object["metadata"]["annotations"] = json!({"kyverno.io/verify-images-scoped": forged, "kept": "yes"});
    let request = AdmissionRequest::new(Operation::Update, object, None).unwrap();
    assert!(!evaluate(&[simple()], &request, Compat::Default).admission.allowed);
    assert_eq!(request.old_object.unwrap()["metadata"]["annotations"], json!({"kept": "yes"}));
}

#[test]
fn an_admission_review_is_the_request_within_it() {
    let review = json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": "u", "operation": "CREATE", "namespace": "shop", "object": pod(&[UNSIGNED])}});
    let ask = |document: Value| -> Value {
        serde_json::from_str(&vidimus::wire::evaluate(&set(&[simple()]), document.to_string().as_bytes(), &artifacts()))
            .unwrap()
    };
    assert_eq!(ask(json!({"resource": review}))["diagnostics"][0]["code"], "resource-namespace");
    let mut good = review.clone();
    good["request"]["namespace"] = json!("default");
    assert_eq!(ask(json!({"resource": good}))["admission"]["allowed"], false);
    assert_eq!(ask(json!({"request": good["request"]}))["admission"]["allowed"], false);
    let list = json!({"apiVersion": "v1", "kind": "List", "items": [pod(&[UNSIGNED])]});
    assert_eq!(ask(json!({"resource": list}))["diagnostics"][0]["code"], "resource-list");
}

#[test]
fn on_delete_there_is_nothing_to_verify() {
    let request = AdmissionRequest::new(Operation::Delete, pod(&[UNSIGNED]), None).unwrap();
    let answer = evaluate(&[simple()], &request, Compat::Default);
    assert!(answer.results.is_empty() && answer.admission.allowed);
    assert_eq!(answer.resource, Value::Null);
}

#[test]
fn a_later_entry_does_not_hide_an_earlier_failure() {
    let verified =
        json!({"attestors": attestors(), "mutateDigest": false, "verifyDigest": false, "failureAction": "Audit"});
    let mut other = entry(
        json!({"attestors": attestors(), "mutateDigest": false, "verifyDigest": false, "failureAction": "Audit"}),
    );
    other["imageReferences"] = json!(["registry.example/elsewhere/*"]);
    let documents = [policy(json!([rule("r", json!([entry(verified), other]))]), json!({}))];
    let request = AdmissionRequest::new(Operation::Create, pod(&[UNSIGNED]), None).unwrap();
    let last = |compat| evaluate(&documents, &request, compat).results.last().unwrap().status;
    assert_eq!(last(Compat::Default), RuleStatus::Fail);
    assert_eq!(last(Compat::Exact), RuleStatus::Skip, "upstream lets the skip stand");
}

#[test]
fn an_image_that_cannot_be_parsed_is_an_error_and_switches_nothing_off() {
    let request = AdmissionRequest::new(Operation::Create, pod(&["++", UNSIGNED]), None).unwrap();
    let answer = evaluate(&[simple()], &request, Compat::Default);
    assert_eq!(answer.results[0].code, "image-unparsable");
    assert!(!answer.admission.allowed);
    let exact = evaluate(&[simple()], &request, Compat::Exact);
    assert!(exact.results.is_empty() && exact.admission.allowed, "upstream does not apply the rule");
}

#[test]
fn containers_of_one_name_are_each_verified() {
    let mut object = pod(&[UNSIGNED, SIGNED]);
    object["spec"]["containers"][0]["name"] = json!("c1");
    let request = AdmissionRequest::new(Operation::Create, object, None).unwrap();
    assert!(!evaluate(&[simple()], &request, Compat::Default).admission.allowed);
}

#[test]
fn an_entry_without_attestors_leaves_other_images_alone() {
    let mut digests = entry(json!({"verifyDigest": false, "required": false}));
    digests["imageReferences"] = json!(["registry.example/elsewhere/*"]);
    let mut named =
        entry(json!({"attestors": attestors(), "mutateDigest": false, "verifyDigest": false, "required": false}));
    named["imageReferences"] = json!(["registry.example/team/*"]);
    let documents = [policy(json!([rule("r", json!([digests, named]))]), json!({}))];
    let request = AdmissionRequest::new(Operation::Create, pod(&[SIGNED]), None).unwrap();
    let image = |compat| evaluate(&documents, &request, compat).resource["spec"]["containers"][0]["image"].clone();
    assert_eq!(image(Compat::Default), json!(SIGNED));
    assert_ne!(image(Compat::Exact), json!(SIGNED), "upstream adds the digest");
}

#[test]
fn audit_reports_and_admits() {
    let audit = entry(
        json!({"attestors": attestors(), "failureAction": "Audit", "mutateDigest": false, "verifyDigest": false}),
    );
    let answer = create(&[policy(json!([rule("r", json!([audit]))]), json!({}))], pod(&[UNSIGNED]));
    assert_eq!(statuses(&answer), [RuleStatus::Fail, RuleStatus::Fail]);
    assert!(answer.admission.allowed);
    assert!(
        answer.admission.warnings[0].starts_with("policy p.r: failed to verify image"),
        "{:?}",
        answer.admission.warnings
    );
}

#[test]
fn one_rule_is_enough_where_the_policy_says_so() {
    let rules = json!([
        rule("a", json!([entry(json!({"attestors": attestors()}))])),
        rule("b", json!([entry(json!({"attestors": attestors()}))]))
    ]);
    let answer = create(&[policy(rules.clone(), json!({"applyRules": "One"}))], pod(&[SIGNED]));
    assert!(answer.results.iter().all(|result| result.rule == "a"), "{:?}", answer.results);
    assert!(create(&[policy(rules, json!({}))], pod(&[SIGNED])).results.iter().any(|result| result.rule == "b"));
}

#[test]
fn what_cannot_be_evaluated_is_admitted_only_where_the_policy_says_so() {
    let mut keys = json!({"entries": [{"keys": {"kms": "awskms:///alias/key", "rekor": {"ignoreTlog": true}}}]});
    let rules = |set: &Value| json!([rule("r", json!([entry(json!({"attestors": [set], "required": false}))]))]);
    let answer = create(&[policy(rules(&keys), json!({}))], pod(&[SIGNED]));
    assert!(
        answer.results.iter().any(|r| r.status == RuleStatus::Error && r.code == "not-built"),
        "{:?}",
        answer.results
    );
    assert!(!answer.admission.allowed);
    let ignore = json!({"webhookConfiguration": {"failurePolicy": "Ignore"}});
    assert!(create(&[policy(rules(&keys), ignore)], pod(&[SIGNED])).admission.allowed);
    // One good entry of two suffices, whatever the other one is.
    keys["count"] = json!(1);
    keys["entries"].as_array_mut().unwrap().push(attestors()[0]["entries"][0].clone());
    assert!(create(&[policy(rules(&keys), json!({}))], pod(&[SIGNED])).admission.allowed);
}

#[test]
fn bodies_that_are_not_built_say_so() {
    let validate = json!({"name": "v", "match": {"any": [{"resources": {"kinds": ["Pod"]}}]},
        "validate": {"podSecurity": {"level": "baseline", "version": "latest"}}});
    let answer = create(&[policy(json!([validate]), json!({}))], pod(&[SIGNED]));
    assert_eq!(answer.results[0].code, "not-built");
    assert!(
        answer.results[0].message.contains("podSecurity is not available: spec.rules[0].validate.podSecurity (line 1"),
        "{:?}",
        answer.results
    );
    assert!(!answer.admission.allowed);
}

#[test]
fn a_policy_applies_to_its_own_namespace() {
    let mut documents = simple();
    documents["kind"] = json!("Policy");
    documents["metadata"]["namespace"] = json!("shop");
    assert!(create(&[documents.clone()], pod(&[UNSIGNED])).results.is_empty());
    let mut object = pod(&[UNSIGNED]);
    object["metadata"]["namespace"] = json!("shop");
    let answer = create(&[documents], object);
    assert_eq!(answer.results[0].policy_key, "shop/p");
    assert!(!answer.admission.allowed);
}

#[test]
fn an_exception_lifts_a_rule_for_what_it_matches() {
    let exception = json!({"apiVersion": "kyverno.io/v2", "kind": "PolicyException", "metadata": {"name": "e", "namespace": "ops"},
        "spec": {"exceptions": [{"policyName": "p", "ruleNames": ["r*"]}], "match": {"any": [{"resources": {"kinds": ["Pod"], "names": ["w"]}}]}}});
    let answer = create(&[simple(), exception.clone()], pod(&[UNSIGNED]));
    assert!(answer.admission.allowed);
    assert_eq!(answer.results[0].message, "rule is skipped due to policy exceptionsops/e");
    let mut object = pod(&[UNSIGNED]);
    object["metadata"]["name"] = json!("other");
    assert!(!create(&[simple(), exception.clone()], object).admission.allowed);
    let mut conditional = exception;
    conditional["spec"]["conditions"] = json!({"any": [{"key": "a", "operator": "Equals", "value": "b"}]});
    let answer = create(&[simple(), conditional.clone()], pod(&[UNSIGNED]));
    assert_eq!(answer.results[0].code, "no-signatures", "the conditions do not hold");
    conditional["spec"]["conditions"]["any"][0]["value"] = json!("{{ request.object.metadata.name == 'w' && 'a' }}");
    assert!(create(&[simple(), conditional.clone()], pod(&[UNSIGNED])).admission.allowed, "the conditions hold");
    conditional["spec"]["conditions"]["any"][0]["value"] = json!("{{ nothing }}");
    assert!(!create(&[simple(), conditional], pod(&[UNSIGNED])).admission.allowed, "the conditions have no value");
}

#[test]
fn a_key_in_a_secret_verifies_and_the_private_one_beside_it_is_not_kept() {
    let mut documents = simple();
    let keys = &mut documents["spec"]["rules"][0]["verifyImages"][0]["attestors"][0]["entries"][0]["keys"];
    *keys = json!({"publicKeys": "k8s://shop/cosign", "rekor": {"ignoreTlog": true}});
    let request = AdmissionRequest::new(Operation::Create, pod(&[SIGNED]), None).unwrap();
    let (set, mut artifacts) = (set(&[documents]), artifacts());
    let first = set.evaluate(&request, &artifacts, &Options::default());
    assert_eq!(first.needs.len(), 1, "{:?}", first.needs);
    let encode = |text: &str| vidimus::encoding::base64::encode(text.as_bytes());
    artifacts
        .add_object(json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"namespace": "shop", "name": "cosign"},
        "data": {"cosign.pub": encode(&signer("team").public_pem()), "cosign.key": "cHJpdmF0ZQ=="}}));
    let answer = set.evaluate(&request, &artifacts, &Options::default());
    assert!(answer.admission.allowed, "{:?}", answer.results);
    let evidence = artifacts.to_document(Some(&answer.used));
    assert!(!evidence.to_string().contains("cHJpdmF0ZQ=="), "{evidence}");
    let mut again = Artifacts::new();
    again.add_document(evidence.to_string().as_bytes()).unwrap();
    assert!(set.evaluate(&request, &again, &Options::default()).admission.allowed);
}

#[test]
fn unknown_labels_of_a_namespace_leave_no_rule_out() {
    let ask = |block: &str, operator: &str, labels: Option<&str>, compat| {
        let mut documents = simple();
        let selector = json!({"any": [{"resources": {"kinds": ["Pod"], "namespaceSelector": {"matchExpressions": [{"key": "enforce", "operator": operator}]}}}]});
        documents["spec"]["rules"][0][block] = selector;
        let mut request = AdmissionRequest::new(Operation::Create, pod(&[UNSIGNED]), None).unwrap();
        if let Some(label) = labels {
            request.namespace_labels.entry("default".to_owned()).or_default().insert(label.to_owned(), String::new());
        }
        evaluate(&[documents], &request, compat)
    };
    for (block, operator) in [("match", "Exists"), ("exclude", "DoesNotExist")] {
        let unknown = ask(block, operator, None, Compat::Default);
        assert_eq!(unknown.results[0].code, "namespace-labels-unknown");
        assert!(!unknown.admission.allowed);
        assert!(ask(block, operator, None, Compat::Exact).admission.allowed, "upstream takes them for none");
        assert!(!ask(block, operator, Some("enforce"), Compat::Default).admission.allowed);
        assert!(ask(block, operator, Some("other"), Compat::Default).results.is_empty());
    }
}

#[test]
fn what_the_request_brings_about_does_not_open_the_gate() {
    let ignore = json!({"webhookConfiguration": {"failurePolicy": "Ignore"}});
    let documents = [policy(json!([rule("r", json!([entry(json!({"attestors": attestors()}))]))]), ignore)];
    let request = AdmissionRequest::new(Operation::Create, pod(&[UNSIGNED, "UP PER//x"]), None).unwrap();
    assert!(!evaluate(&documents, &request, Compat::Default).admission.allowed);
    assert!(evaluate(&documents, &request, Compat::Exact).admission.allowed);
}

#[test]
fn an_empty_map_of_annotations_does_not_lift_those_of_the_entry() {
    let mut documents = simple();
    let entry = &mut documents["spec"]["rules"][0]["verifyImages"][0];
    entry["annotations"] = json!({"approved": "yes"});
    entry["attestors"][0]["entries"][0]["annotations"] = json!({});
    let answer = create(&[documents], pod(&[SIGNED]));
    assert_eq!(answer.results[0].code, "annotations-mismatch");
}

#[test]
fn evidence_with_unknown_or_contradicting_fields_is_refused() {
    let failure = |more: Value| {
        let mut failure =
            json!({"kind": "manifest", "registry": "r.example", "repository": "a", "tag": "v1", "error": "e"});
        failure.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let document = json!({"schema": "vidimus.evidence/v1", "failures": [failure]});
        Artifacts::new().add_document(document.to_string().as_bytes()).is_ok()
    };
    assert!(failure(json!({"transport": true})) && failure(json!({"status": 500})));
    assert!(!failure(json!({"transprot": true})));
    assert!(!failure(json!({"transport": true, "status": 404})));
    assert!(!failure(json!({"digest": format!("sha256:{}", "0".repeat(64))})));
}

#[test]
fn many_entries_over_many_images_are_refused_and_not_worked_through() {
    let entries: Vec<Value> = (0..60).map(|_| entry(json!({"attestors": attestors()}))).collect();
    let answer = create(&[policy(json!([rule("r", json!(entries))]), json!({}))], pod(&[UNSIGNED; 200]));
    assert_eq!(answer.results[0].code, "too-many-images");
    assert!(!answer.admission.allowed);
}

#[test]
fn needs_are_listed_once_and_say_who_asks() {
    let request = AdmissionRequest::new(Operation::Create, pod(&[SIGNED, SIGNED, UNSIGNED]), None).unwrap();
    let answer = set(&[simple()]).evaluate(&request, &Artifacts::new(), &Options::default());
    assert_eq!(answer.needs.len(), 2);
    assert!(!answer.admission.allowed);
    let asker = answer.needs[0].asked_by.first().unwrap();
    assert_eq!(
        (asker.policy.as_str(), asker.rule.as_str(), asker.attestor.as_str()),
        ("p", "r", ".attestors[0].entries[0].keys")
    );
}

#[test]
fn report_properties_come_with_the_results() {
    let mut rule = rule("r", json!([entry(json!({"attestors": attestors()}))]));
    rule["reportProperties"] = json!({"team": "shop"});
    let answer = create(&[policy(json!([rule]), json!({}))], pod(&[SIGNED]));
    assert_eq!(answer.results[0].properties["team"], "shop");
}

#[test]
fn equal_input_gives_equal_answers_whatever_was_asked_before() {
    let request = AdmissionRequest::new(Operation::Create, pod(&[SIGNED, UNSIGNED]), None).unwrap();
    let (set, artifacts) = (set(&[simple()]), artifacts());
    let text = || {
        let answer = set.evaluate(&request, &artifacts, &Options::default());
        serde_json::to_string(&vidimus::wire::AnswerDocument::new(&answer, &request, None)).unwrap()
    };
    assert_eq!(text(), text());
}
