//! Signatures by workflows, whose keys lived for ten minutes.

use super::{Sample, filled, image, pod};
use crate::{Document, Image, Payload, Signatures, Sigstore, Time, Workflow};

/// The workflow that the samples trust.
pub(super) const RELEASE: Workflow = Workflow {
    repository: "https://github.com/acme/shop",
    file: ".github/workflows/release.yml",
    git_ref: "refs/tags/v1.4.0",
    trigger: "push",
};
/// Another one of the same repository.
const NIGHTLY: Workflow =
    Workflow { file: ".github/workflows/nightly.yml", git_ref: "refs/heads/main", trigger: "schedule", ..RELEASE };

/// How long certificates are valid.
pub(super) const TEN_MINUTES: [Time; 2] = [Time::new("2026-03-13T16:20:00Z"), Time::new("2026-03-13T16:30:00Z")];
pub(super) const WITHIN: Time = Time::new("2026-03-13T16:20:07Z");
const TOO_LATE: Time = Time::new("2026-03-13T17:05:41Z");

pub(super) fn keyless_release() -> Sample {
    let sigstore = Sigstore::new();
    let mut document = Document::new();
    document.with("trustRoot", sigstore.trusted_root());
    let mut signed = |name: &str, workflow: &Workflow, at: Time| -> Image {
        let image = image(&mut document, name);
        let layer = sigstore.sign(&sigstore.certify(workflow, TEN_MINUTES), &Payload::of(&image), at);
        document.signatures(&image.repository, &image.digest(), &Signatures::new(vec![layer]));
        image
    };
    let resources = vec![
        pod("released", &signed("checkout", &RELEASE, WITHIN), "pass"),
        pod("nightly", &signed("search", &NIGHTLY, WITHIN), "fail"),
        pod("late", &signed("payment", &RELEASE, TOO_LATE), "fail"),
    ];
    let policy = with_sigstore(include_str!("../../policies/keyless-release.yaml"), &sigstore);
    Sample { name: "keyless-release", policy, document, resources }
}

pub(super) fn with_sigstore(policy: &str, sigstore: &Sigstore) -> String {
    let values = [
        ("fulcio root", sigstore.root_pem()),
        ("rekor key", sigstore.log_pem()),
        ("certificate log key", sigstore.certificate_log_pem()),
    ];
    filled(policy, &values)
}
