//! Garbage in every position: never a panic, never an admission that was not there before.

use serde_json::{Value, json};
use vidimus::policy::Operation;
use vidimus::{AdmissionRequest, Artifacts, Limits, Options, PolicySet, SourceName, wire};

const POLICY: &str = r#"
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: p, annotations: {pod-policies.kyverno.io/autogen-controllers: Deployment}}
spec:
  validationFailureAction: Enforce
  rules:
  - name: r
    match: {any: [{resources: {kinds: [Pod], namespaces: [default], operations: [CREATE]}}]}
    exclude: {any: [{resources: {namespaces: [kube-system]}}]}
    verifyImages:
    - imageReferences: ["r.example/*"]
      skipImageReferences: ["r.example/skip*"]
      failureAction: Enforce
      repository: r.example/signatures
      cosignOCI11: true
      mutateDigest: true
      attestors:
      - count: 1
        entries:
        - keys:
            publicKeys: k8s://default/cosign
            signatureAlgorithm: sha256
            rekor: {url: "https://rekor.example", ignoreTlog: true}
            ctlog: {ignoreSCT: true}
          annotations: {a: b}
        - attestor: {entries: [{keyless: {issuer: i, subject: s, rekor: {url: "https://rekor.example"}}}]}
"#;

fn replacements() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("x"),
        json!("{{ x }}"),
        json!("\u{0}\u{ffff}"),
        json!([]),
        json!([null]),
        json!({}),
        json!({"x": {"y": []}}),
        json!("a".repeat(10_000)),
    ]
}

/// Every place of a document, as pointers.
fn places(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, format!("{pointer}/{index}"), found));
        }
        Value::Object(entries) => {
            entries.iter().for_each(|(key, item)| places(item, format!("{pointer}/{}", key.replace('/', "~1")), found))
        }
        _ => {}
    }
    found.push(pointer);
}

/// Every document that differs from `value` in one place.
fn mutations(value: &Value) -> Vec<Value> {
    let mut pointers = Vec::new();
    places(value, String::new(), &mut pointers);
    let mut mutated = Vec::new();
    for pointer in &pointers {
        for replacement in replacements() {
            let mut document = value.clone();
            *document.pointer_mut(pointer).expect("the place is there") = replacement;
            mutated.push(document);
        }
    }
    mutated
}

fn load(text: &str) -> Option<PolicySet> {
    PolicySet::load(&[(SourceName::new("p"), text)], &Limits::default()).ok()
}

fn pod() -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "w", "namespace": "default", "labels": {"a": "b"},
        "annotations": {"kyverno.io/verify-images-scoped": "{\"version\":1,\"policies\":{\"/p\":{\"r\":{\"r.example/a:1\":\"pass\"}}}}"}},
        "spec": {"containers": [{"name": "c", "image": "r.example/a:1"}], "initContainers": [{"name": "i", "image": "r.example/b"}]}})
}

#[test]
fn no_policy_panics_and_none_admits_the_unsigned_image() {
    let base = vidimus::yaml::parse_documents(POLICY, &Limits::default()).expect("YAML")[0].to_value();
    let request = AdmissionRequest::new(Operation::Create, pod(), None).expect("a pod");
    let unsigned = json!({"schema": "vidimus.evidence/v1", "tags": {}, "failures": []});
    let mut artifacts = Artifacts::new();
    artifacts.add_document(unsigned.to_string().as_bytes()).expect("evidence");
    let (mut evaluated, mut refused) = (0, 0);
    for policy in mutations(&base) {
        match load(&policy.to_string()) {
            None => refused += 1,
            Some(set) => {
                evaluated += 1;
                let answer = set.evaluate(&request, &artifacts, &Options::default());
                let verified = answer.results.iter().any(|result| result.code == "image-verified");
                assert!(!verified, "nothing was signed: {policy}");
            }
        }
    }
    assert!(evaluated > 50 && refused > 200, "{evaluated} evaluated, {refused} refused");
}

#[test]
fn no_resource_panics() {
    let set = load(POLICY).expect("the policy is good");
    let artifacts = Artifacts::new();
    for resource in mutations(&pod()) {
        for operation in [Operation::Create, Operation::Update, Operation::Delete, Operation::Connect] {
            if let Ok(request) = AdmissionRequest::new(operation, resource.clone(), None) {
                let answer = set.evaluate(&request, &artifacts, &Options::default());
                assert!(!answer.results.iter().any(|result| result.code == "image-verified"));
            }
        }
    }
}

#[test]
fn no_request_document_panics() {
    let set = load(POLICY).expect("the policy is good");
    let artifacts = Artifacts::new();
    let request = json!({"resource": pod(), "operation": "CREATE", "userInfo": {"username": "u", "groups": ["g"]},
        "namespaceLabels": {"default": {"a": "b"}},
        "options": {"now": "2026-01-31T12:00:00Z", "compat": "exact", "trace": "full", "evidence": true, "limits": {"images": 5}}});
    let review =
        json!({"request": {"operation": "UPDATE", "object": pod(), "oldObject": pod(), "userInfo": {"username": "u"}}});
    for document in mutations(&request).into_iter().chain(mutations(&review)) {
        let answer = wire::evaluate(&set, document.to_string().as_bytes(), &artifacts);
        let answer: Value = serde_json::from_str(&answer).expect("every answer is JSON");
        assert!(answer.get("diagnostics").is_some());
    }
    for text in ["", "{", "[]", "null", "\u{feff}{}", "{\"resource\":{}}", "{\"options\":{\"limit\":{}}}"] {
        let answer: Value = serde_json::from_str(&wire::evaluate(&set, text.as_bytes(), &artifacts)).expect("JSON");
        assert!(answer.get("status").is_none(), "{text}");
    }
}

#[test]
fn no_evidence_document_panics() {
    let digest = "sha256:0a25425eced0ddabd149d15dfc9d6b464654e1ac82e13e0f293940d49d72b3ab";
    let evidence = json!({"schema": "vidimus.evidence/v1", "tags": {"r.example/a:1": digest, "r.example/b:latest": null},
        "referrers": {format!("r.example/a@{digest}"): {"source": "api", "descriptors": [
            {"mediaType": "m", "digest": digest, "size": 1, "artifactType": "application/vnd.dev.cosign.artifact.sig.v1+json"}]}},
        "blobs": {digest: "e30="}, "objects": [{"apiVersion": "v1", "kind": "Secret", "metadata": {"namespace": "default", "name": "cosign"},
            "data": {"cosign.pub": "eA=="}}],
        "failures": [{"kind": "manifest", "registry": "r.example", "repository": "c", "tag": "1", "status": 500, "error": "e", "transport": false}]});
    let set = load(POLICY).expect("the policy is good");
    let request = AdmissionRequest::new(Operation::Create, pod(), None).expect("a pod");
    let mut added = 0;
    for document in mutations(&evidence) {
        let mut artifacts = Artifacts::new();
        if artifacts.add_document(document.to_string().as_bytes()).is_ok() {
            added += 1;
            let answer = set.evaluate(&request, &artifacts, &Options::default());
            assert!(!answer.results.iter().any(|result| result.code == "image-verified"));
        }
    }
    assert!(added > 20, "{added}");
}
