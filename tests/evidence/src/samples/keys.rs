//! Samples with public keys.

use super::{Sample, filled, image, pod};
use crate::cases::{good, stranger, team};
use crate::{Document, Image, KeyKind, Payload, SignatureLayer, Signatures, Signer};

pub(super) fn require_signed_image() -> Sample {
    let mut document = Document::new();
    let tampered = |image: &Image| {
        let signature = team().sign(crate::Hash::Sha256, &Payload::of(image).to_bytes());
        vec![SignatureLayer::raw(&Payload::of(image).annotated("approved", "yes").to_bytes(), &signature)]
    };
    let by_stranger = |image: &Image| vec![SignatureLayer::sign(&stranger(), &Payload::of(image))];
    let resources = vec![
        pod("signed", &signed(&mut document, "checkout", |image| vec![good(image)]), "pass"),
        pod("unsigned", &unsigned(&mut document, "cart"), "fail"),
        pod("other-key", &signed(&mut document, "search", by_stranger), "fail"),
        pod("tampered", &signed(&mut document, "payment", tampered), "fail"),
    ];
    let policy = include_str!("../../policies/require-signed-image.yaml");
    Sample { name: "require-signed-image", policy: with_keys(policy, &[team()]), document, resources }
}

pub(super) fn two_of_three_signers() -> Sample {
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|name| Signer::new(KeyKind::P256, name));
    let mut document = Document::new();
    let resources = vec![
        pod("two-signers", &signed(&mut document, "stock", |image| by(&[&alice, &carol], image)), "pass"),
        pod("one-signer", &signed(&mut document, "prices", |image| by(&[&bob], image)), "fail"),
    ];
    let policy = with_keys(include_str!("../../policies/two-of-three-signers.yaml"), &[alice, bob, carol]);
    Sample { name: "two-of-three-signers", policy, document, resources }
}

pub(super) fn either_of_two_keys() -> Sample {
    let [old, new] = ["key of 2025", "key of 2026"].map(|name| Signer::new(KeyKind::P256, name));
    let mut document = Document::new();
    let resources = vec![
        pod("old-key", &signed(&mut document, "billing", |image| by(&[&old], image)), "pass"),
        pod("new-key", &signed(&mut document, "refunds", |image| by(&[&new], image)), "pass"),
        pod("neither-key", &signed(&mut document, "coupons", |image| by(&[&stranger()], image)), "fail"),
    ];
    let policy = with_keys(include_str!("../../policies/either-of-two-keys.yaml"), &[old, new]);
    Sample { name: "either-of-two-keys", policy, document, resources }
}

pub(super) fn signed_controllers() -> Sample {
    let mut document = Document::new();
    let mut good = |name: &str| signed(&mut document, name, |image| vec![good(image)]).tagged("v1");
    let (app, tool) = (good("web"), good("migrate"));
    let unsigned = unsigned(&mut document, "report").tagged("v1");
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
        policy: with_keys(include_str!("../../policies/signed-controllers.yaml"), &[team()]),
        document,
        resources: vec![("deployment", deployment, "pass"), ("cron-job", cron_job, "fail")],
    }
}

/// Each key stands for the name of its signer; the team's is the release key.
fn with_keys(policy: &str, signers: &[Signer]) -> String {
    let name = |signer: &Signer| if signer.name() == team().name() { "release key" } else { signer.name() }.to_owned();
    let named: Vec<_> = signers.iter().map(|signer| (name(signer), signer.public_pem())).collect();
    let values: Vec<_> = named.iter().map(|(name, pem)| (name.as_str(), pem.clone())).collect();
    filled(policy, &values)
}

fn by(signers: &[&Signer], image: &Image) -> Vec<SignatureLayer> {
    signers.iter().map(|signer| SignatureLayer::sign(signer, &Payload::of(image))).collect()
}

fn signed(document: &mut Document, name: &str, layers: impl FnOnce(&Image) -> Vec<SignatureLayer>) -> Image {
    let image = image(document, name);
    document.signatures(&image.repository, &image.digest(), &Signatures::new(layers(&image)));
    image
}

fn unsigned(document: &mut Document, name: &str) -> Image {
    let image = image(document, name);
    document.unsigned(&image.repository, &image.digest());
    image
}
