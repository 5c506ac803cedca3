//! The sample policies, with resources and evidence, and the list that the demo runs.

use crate::cases::{stranger, team};
use crate::document::pretty;
use crate::output::File;
use crate::{CAPTURED_AT, Document, Image, KeyKind, Payload, SignatureLayer, Signatures, Signer};
use serde_json::{Value, json};

/// A sample under construction: its name, and a resource name with its image and the status that is expected.
struct Sample {
    name: &'static str,
    policy: String,
    document: Document,
    resources: Vec<(&'static str, String, &'static str)>,
}

/// Every file of every sample, and `policies/demo.json`.
pub(crate) fn files() -> Vec<File> {
    let samples = [require_signed_image(), two_of_three_signers(), signed_controllers()];
    let mut files: Vec<File> = samples.iter().flat_map(Sample::files).collect();
    files.push(File::new("policies/demo.json", pretty(&demo())));
    files
}

impl Sample {
    fn files(&self) -> Vec<File> {
        let folder = format!("policies/{}", self.name);
        let mut files = vec![
            File::new(&format!("{folder}/{}.yaml", self.name), self.policy.as_str()),
            File::new(&format!("{folder}/evidence.json"), self.document.to_json()),
            File::new(&format!("{folder}/kyverno-test.yaml"), self.test()),
        ];
        for (name, yaml, _) in &self.resources {
            files.push(File::new(&format!("{folder}/resources/{name}.yaml"), yaml.as_str()));
        }
        files
    }

    /// A Kyverno test, with the two fields that image verification without a registry needs.
    fn test(&self) -> String {
        let resources: String = self.resources.iter().map(|(name, ..)| format!("- resources/{name}.yaml\n")).collect();
        let row = |(name, yaml, result): &(&str, String, &str)| {
            let kind = yaml.lines().find_map(|line| line.strip_prefix("kind: ")).unwrap_or("Pod");
            format!(
                "- policy: {0}\n  rule: {0}\n  kind: {kind}\n  resources: [{name}]\n  result: {result}\n",
                self.name
            )
        };
        let results: String = self.resources.iter().map(row).collect();
        format!(
            "apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\nmetadata:\n  name: {0}\npolicies:\n- {0}.yaml\nresources:\n{resources}\
             artifacts:\n- evidence.json\nnow: {CAPTURED_AT}\nresults:\n{results}",
            self.name
        )
    }
}

/// An image of a sample, signed by these.
fn signed_by(document: &mut Document, name: &str, layers: impl FnOnce(&Image) -> Vec<SignatureLayer>) -> String {
    let image = Image::new(&format!("shop/{name}"), "v1");
    document.image(&image, "v1");
    match layers(&image) {
        layers if layers.is_empty() => document.unsigned(&image.repository, &image.digest()),
        layers => document.signatures(&image.repository, &image.digest(), &Signatures::new(layers)),
    };
    image.tagged("v1")
}

fn good(image: &Image) -> Vec<SignatureLayer> {
    vec![SignatureLayer::sign(&team(), &Payload::of(image))]
}

fn pod(name: &str, image: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  namespace: shop\nspec:\n  containers:\n  - name: app\n    image: {image}\n"
    )
}

fn require_signed_image() -> Sample {
    let mut document = Document::new();
    let tampered = |image: &Image| {
        let signature = team().sign(crate::Hash::Sha256, &Payload::of(image).to_bytes());
        vec![SignatureLayer::raw(&Payload::of(image).annotated("approved", "yes").to_bytes(), &signature)]
    };
    let images = [
        ("signed", signed_by(&mut document, "checkout", good), "pass"),
        ("unsigned", signed_by(&mut document, "cart", |_| Vec::new()), "fail"),
        (
            "other-key",
            signed_by(&mut document, "search", |image| vec![SignatureLayer::sign(&stranger(), &Payload::of(image))]),
            "fail",
        ),
        ("tampered", signed_by(&mut document, "payment", tampered), "fail"),
    ];
    Sample {
        name: "require-signed-image",
        policy: policy(
            "require-signed-image",
            "Require signed images",
            "Every image of the shop must carry a cosign signature by the release key.",
            &format!("      attestors:\n      - entries:\n{}", entry(&team())),
        ),
        document,
        resources: images.map(|(name, image, status)| (name, pod(name, &image), status)).into(),
    }
}

fn two_of_three_signers() -> Sample {
    let signers = ["alice", "bob", "carol"].map(|name| Signer::new(KeyKind::P256, name));
    let mut document = Document::new();
    let by = |names: &[usize], image: &Image| -> Vec<SignatureLayer> {
        names.iter().map(|at| SignatureLayer::sign(&signers[*at], &Payload::of(image))).collect()
    };
    let images = [
        ("two-signers", signed_by(&mut document, "stock", |image| by(&[0, 2], image)), "pass"),
        ("one-signer", signed_by(&mut document, "prices", |image| by(&[1], image)), "fail"),
    ];
    let entries: String = signers.iter().map(entry).collect();
    Sample {
        name: "two-of-three-signers",
        policy: policy(
            "two-of-three-signers",
            "Two of three must have signed",
            "A release needs the signatures of two of three people; which two does not matter.",
            &format!(
                "      attestors:\n      # How many of the entries must have signed. Without it, all of them.\n      - count: 2\n        entries:\n{entries}"
            ),
        ),
        document,
        resources: images.map(|(name, image, status)| (name, pod(name, &image), status)).into(),
    }
}

fn signed_controllers() -> Sample {
    let mut document = Document::new();
    let (app, tool) = (signed_by(&mut document, "web", good), signed_by(&mut document, "migrate", good));
    let unsigned = signed_by(&mut document, "report", |_| Vec::new());
    let deployment = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: deployment\n  namespace: shop\nspec:\n  selector:\n    matchLabels:\n      app: web\n  \
         template:\n    metadata:\n      labels:\n        app: web\n    spec:\n      initContainers:\n      - name: migrate\n        image: {tool}\n      containers:\n      \
         - name: web\n        image: {app}\n"
    );
    let cron_job = format!(
        "apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: cron-job\n  namespace: shop\nspec:\n  schedule: 0 3 * * *\n  jobTemplate:\n    spec:\n      template:\n        \
         spec:\n          restartPolicy: Never\n          containers:\n          - name: report\n            image: {unsigned}\n"
    );
    Sample {
        name: "signed-controllers",
        policy: policy(
            "signed-controllers",
            "Signed images in controllers",
            "A rule for Pods; the rules for Deployments, CronJobs and the others are generated from it.",
            &format!("      attestors:\n      - entries:\n{}", entry(&team())),
        ),
        document,
        resources: vec![("deployment", deployment, "pass"), ("cron-job", cron_job, "fail")],
    }
}

fn policy(name: &str, title: &str, description: &str, attestors: &str) -> String {
    format!(
        "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: {name}\n  annotations:\n    policies.kyverno.io/title: {title}\n    \
         policies.kyverno.io/category: Supply Chain Security\n    policies.kyverno.io/severity: high\n    policies.kyverno.io/description: >-\n      {description}\nspec:\n  \
         background: false\n  rules:\n  - name: {name}\n    match:\n      any:\n      - resources:\n          kinds:\n          - Pod\n    verifyImages:\n    \
         - imageReferences:\n      - registry.example/shop/*\n      # A failed check denies the request. The digest that was verified replaces the tag, so that nobody can move it.\n      \
         failureAction: Enforce\n{attestors}"
    )
}

fn entry(signer: &Signer) -> String {
    let key: String = signer.public_pem().lines().map(|line| format!("              {line}\n")).collect();
    format!(
        "        - keys:\n            publicKeys: |-\n{key}            # These signatures are in no transparency log. Leave this out where yours are.\n            \
         rekor:\n              ignoreTlog: true\n"
    )
}

fn demo() -> Value {
    let scenario = |title: &str, sample: &str, resource: &str, exit: u8| {
        json!({
            "title": title,
            "policy": format!("policies/{sample}/{sample}.yaml"),
            "resource": format!("policies/{sample}/resources/{resource}.yaml"),
            "artifacts": format!("policies/{sample}/evidence.json"),
            "now": CAPTURED_AT,
            "expectExit": exit,
        })
    };
    let one = "require-signed-image";
    json!([
        scenario("a signed image: admitted", one, "signed", 0),
        scenario("an unsigned image: denied", one, "unsigned", 1),
        scenario("an image signed with another key: denied", one, "other-key", 1),
        scenario("an image whose signed payload was changed: denied", one, "tampered", 1),
        scenario("two of three signers: admitted", "two-of-three-signers", "two-signers", 0),
        scenario("one of three signers: denied", "two-of-three-signers", "one-signer", 1),
        scenario("a Deployment with an init container: admitted", "signed-controllers", "deployment", 0),
        scenario("a CronJob with an unsigned image: denied", "signed-controllers", "cron-job", 1),
    ])
}
