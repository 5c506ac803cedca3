//! What an evaluation costs, beside the bare signature check that it contains.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::{EncodePublicKey as _, LineEnding};
use serde_json::{Value, json};
use std::hint::black_box;
use vidimus::crypto::{HashAlgorithm, PublicKey, cosign_verifier};
use vidimus::digest::Digest;
use vidimus::policy::Operation;
use vidimus::{AdmissionRequest, Artifacts, Limits, Options, PolicySet, SourceName};

/// A signed image, the policy that wants it signed, and the evidence.
struct Scene {
    pem: String,
    payload: Vec<u8>,
    signature: Vec<u8>,
    policy: String,
    evidence: String,
}

fn scene() -> Scene {
    let key = SigningKey::from_slice(&[7; 32]).expect("a scalar");
    let pem = key.verifying_key().to_public_key_pem(LineEnding::LF).expect("a key");
    let image = Digest::sha256(b"image");
    let payload = json!({"critical": {"identity": {"docker-reference": "r.example/app"},
        "image": {"docker-manifest-digest": image.as_str()}, "type": "cosign container image signature"}, "optional": null});
    let payload = payload.to_string().into_bytes();
    let signature: Signature = key.sign(&payload);
    let signature = signature.to_der().as_bytes().to_vec();
    let layer = Digest::sha256(&payload);
    let manifest = json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": layer.as_str(), "size": 2},
        "layers": [{"mediaType": "application/vnd.dev.cosign.simplesigning.v1+json", "digest": layer.as_str(), "size": payload.len(),
            "annotations": {"dev.cosignproject.cosign/signature": vidimus::encoding::base64::encode(&signature)}}]});
    let manifest = manifest.to_string().into_bytes();
    let manifest_digest = Digest::sha256(&manifest);
    let evidence = json!({"schema": "vidimus.evidence/v1",
        "tags": {"r.example/app:v1": image.as_str(), format!("r.example/app:{}", image.tag(".sig")): manifest_digest.as_str()},
        "blobs": {manifest_digest.as_str(): vidimus::encoding::base64::encode(&manifest),
            layer.as_str(): vidimus::encoding::base64::encode(&payload)}});
    Scene { policy: policy(&pem, 1), pem, payload, signature, evidence: evidence.to_string() }
}

fn policy(pem: &str, rules: usize) -> String {
    let key: String = pem.lines().map(|line| format!("              {line}\n")).collect();
    let rule = |index: usize| {
        format!(
            "  - name: signed-{index}\n    match:\n      any:\n      - resources:\n          kinds: [Pod]\n    verifyImages:\n    \
             - imageReferences: [\"r.example/*\"]\n      failureAction: Enforce\n      attestors:\n      - entries:\n        \
             - keys:\n            publicKeys: |\n{key}            rekor:\n              ignoreTlog: true\n"
        )
    };
    let rules: String = (0..rules).map(rule).collect();
    format!("apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: signed\nspec:\n  rules:\n{rules}")
}

fn pod(index: usize) -> AdmissionRequest {
    let pod: Value = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": format!("pod-{index}"), "namespace": "default"},
        "spec": {"containers": [{"name": "app", "image": "r.example/app:v1"}]}});
    AdmissionRequest::new(Operation::Create, pod, None).expect("a pod")
}

fn load(text: &str) -> PolicySet {
    PolicySet::load(&[(SourceName::new("policy.yaml"), text)], &Limits::default()).expect("a good policy")
}

fn artifacts(scene: &Scene) -> Artifacts {
    let mut artifacts = Artifacts::new();
    artifacts.add_document(scene.evidence.as_bytes()).expect("evidence");
    artifacts
}

fn verification(c: &mut Criterion) {
    let scene = scene();
    let set = load(&scene.policy);
    let request = pod(0);
    let options = Options::default();
    let mut group = c.benchmark_group("one signed image");
    let key = PublicKey::from_pem(&scene.pem).expect("a key");
    let algorithm = cosign_verifier(&key, HashAlgorithm::Sha256).expect("an algorithm");
    group.bench_function("bare P-256 verification", |b| {
        b.iter(|| algorithm.verify(&key, black_box(&scene.payload), &scene.signature).expect("a signature"));
    });
    group.bench_function("evaluate, evidence new", |b| {
        b.iter_batched(
            || artifacts(&scene),
            |artifacts| {
                let answer = set.evaluate(&request, &artifacts, &options);
                assert!(answer.admission.allowed);
            },
            criterion::BatchSize::SmallInput,
        );
    });
    let warm = artifacts(&scene);
    group.bench_function("evaluate, evidence seen before", |b| {
        b.iter(|| assert!(set.evaluate(&request, &warm, &options).admission.allowed));
    });
    group.finish();
}

/// Eight containers of one image cost one verification.
fn containers(c: &mut Criterion) {
    let scene = scene();
    let set = load(&scene.policy);
    let options = Options::default();
    let mut group = c.benchmark_group("containers of one image, evidence new");
    for count in [1, 8] {
        let containers: Vec<Value> =
            (0..count).map(|index| json!({"name": format!("c{index}"), "image": "r.example/app:v1"})).collect();
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod", "namespace": "default"},
            "spec": {"containers": containers}});
        let request = AdmissionRequest::new(Operation::Create, pod, None).expect("a pod");
        group.bench_with_input(BenchmarkId::from_parameter(count), &request, |b, request| {
            b.iter_batched(
                || artifacts(&scene),
                |artifacts| assert!(set.evaluate(request, &artifacts, &options).admission.allowed),
                criterion::BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn many(c: &mut Criterion) {
    let scene = scene();
    let mut group = c.benchmark_group("policy compile");
    for rules in [1, 100, 1000] {
        let text = policy(&scene.pem, rules);
        group.throughput(Throughput::Elements(rules as u64));
        group.sample_size(10);
        group.bench_with_input(BenchmarkId::from_parameter(rules), &text, |b, text| b.iter(|| load(text)));
    }
    group.finish();
    let mut group = c.benchmark_group("pods of one image");
    let set = load(&scene.policy);
    for pods in [1, 100, 1000] {
        let requests: Vec<AdmissionRequest> = (0..pods).map(pod).collect();
        group.throughput(Throughput::Elements(pods as u64));
        group.sample_size(10);
        group.bench_with_input(BenchmarkId::from_parameter(pods), &requests, |b, requests| {
            b.iter(|| {
                let artifacts = artifacts(&scene);
                for request in requests {
                    assert!(set.evaluate(request, &artifacts, &Options::default()).admission.allowed);
                }
            });
        });
    }
    group.finish();
}

/// A policy of the language: preconditions, a variable, a pattern, conditions for each container.
fn language_policy(index: usize) -> String {
    let rule = |name: &str, body: Value| {
        json!({"name": name, "match": {"any": [{"resources": {"kinds": ["Pod"]}}]},
            "preconditions": {"all": [{"key": "{{ request.operation }}", "operator": "AnyIn", "value": ["CREATE", "UPDATE"]}]},
            "validate": body})
    };
    let pattern = json!({"message": "labels", "pattern": {"metadata": {"=(labels)": {"=(team)": "?*"}},
        "spec": {"containers": [{"image": "!*:latest"}]}}});
    let foreach = json!({"message": "{{ element.name }}", "foreach": [{"list": "request.object.spec.containers[]",
        "deny": {"conditions": {"any": [{"key": "{{ to_lower(element.image) }}", "operator": "Equals", "value": "*:latest"}]}}}]});
    json!({"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": format!("p{index}")},
        "spec": {"background": false, "rules": [rule("pattern", pattern), rule("foreach", foreach)]}})
    .to_string()
}

/// One pod against many policies, and one policy on many pods: both grow linearly.
fn language(c: &mut Criterion) {
    let artifacts = Artifacts::new();
    let mut group = c.benchmark_group("language/one-pod");
    for policies in [1, 10, 100] {
        let texts: Vec<String> = (0..policies).map(language_policy).collect();
        let sources: Vec<_> = texts.iter().map(|text| (SourceName::new("p"), text.as_str())).collect();
        let set = PolicySet::load(&sources, &Limits::default()).expect("good policies");
        let request = pod(0);
        group.throughput(Throughput::Elements(2 * policies as u64));
        group.bench_function(BenchmarkId::new("policies", policies), |b| {
            b.iter(|| black_box(set.evaluate(&request, &artifacts, &Options::default())));
        });
    }
    group.finish();
    let mut group = c.benchmark_group("language/one-policy");
    let set = load(&language_policy(0));
    group.sample_size(10);
    for pods in [50, 500, 5_000] {
        let requests: Vec<AdmissionRequest> = (0..pods).map(pod).collect();
        group.throughput(Throughput::Elements(pods as u64));
        group.bench_function(BenchmarkId::new("pods", pods), |b| {
            b.iter(|| {
                for request in &requests {
                    black_box(set.evaluate(request, &artifacts, &Options::default()));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, verification, containers, many, language);
criterion_main!(benches);
