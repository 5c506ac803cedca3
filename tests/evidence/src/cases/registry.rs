//! Registries that lie, lack or fail.

use super::{good, image, team, with_layers};
use crate::{Absence, Document, Image, Scenario, Signatures, digest};

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = vec![image_missing(), digest_missing()];
    all.extend(forged());
    all.extend(image_failures());
    all.extend(signature_failures());
    all.extend(blob_failures());
    all
}

fn image_missing() -> Scenario {
    let image = image("image-missing");
    let mut document = Document::new();
    document.absent(&image.tagged("v1"));
    let what = "The registry says that the tag does not exist: rejected.";
    Scenario::new("image-missing", what, &image.tagged("v1"), document).trusting(&team()).fails("image-not-found")
}

/// cosign looks for the signatures of a digest without asking for the image: what is missing is the signature.
fn digest_missing() -> Scenario {
    let image = image("digest-missing");
    let mut document = Document::new();
    let status = Absence::Status(404);
    document.manifest_failed(&image.repository, &image.digest(), status).unsigned(&image.repository, &image.digest());
    let what = "The workload names a digest that the registry does not have, nor signatures of it: rejected.";
    Scenario::new("digest-missing", what, &image.pinned(), document).trusting(&team()).fails("no-signatures")
}

/// Bytes that are not what their digest says.
fn forged() -> Vec<Scenario> {
    let swap = |name: &str, what: &str, digest_of: fn(&Image, &Signatures) -> String, bytes: &[u8]| {
        let mut scenario = with_layers(name, what, |image| vec![good(image)]);
        let image = image(name);
        let signatures = Signatures::new(vec![good(&image)]);
        scenario.document.forge(&digest_of(&image, &signatures), bytes);
        scenario.fails("digest-mismatch")
    };
    let other = Image::new("team/other", "v1");
    vec![
        swap(
            "payload-blob-forged",
            "The registry sends other bytes for the signed payload than its digest says: rejected.",
            |_, signatures| digest(&signatures.layers[0].blob.bytes),
            b"{}",
        ),
        swap(
            "signature-manifest-forged",
            "The registry sends another signature manifest than its digest says: rejected.",
            |_, signatures| signatures.manifest.digest(),
            &other.manifest.bytes,
        ),
        swap(
            "image-manifest-forged",
            "The registry sends another image manifest than its digest says: rejected.",
            |image, _| image.digest(),
            &other.manifest.bytes,
        ),
    ]
}

fn image_failures() -> Vec<Scenario> {
    let case = |(name, what, absence): (&str, &str, Absence)| {
        let image = image(name);
        let mut document = Document::new();
        document.tag_failed(&image.repository, "v1", absence);
        verdict(Scenario::new(name, what, &image.tagged("v1"), document).trusting(&team()), absence)
    };
    let cases = [
        ("image-unreachable", "The registry cannot be reached: not evaluated.", Absence::Transport),
        ("image-status-401", "The registry wants other credentials: rejected.", Absence::Status(401)),
        ("image-status-500", "The registry fails when asked for the image: rejected.", Absence::Status(500)),
    ];
    cases.into_iter().map(case).collect()
}

fn signature_failures() -> Vec<Scenario> {
    let case = |(name, what, absence): (&str, &str, Absence)| {
        let image = image(name);
        let mut document = Document::new();
        let tag = Signatures::tag(&image.digest());
        document.image(&image, "v1").tag_failed(&image.repository, &tag, absence);
        verdict(Scenario::new(name, what, &image.tagged("v1"), document).trusting(&team()), absence)
    };
    let cases = [
        (
            "signatures-unreachable",
            "The connection breaks when the signatures are asked for: not evaluated.",
            Absence::Transport,
        ),
        ("signatures-status-401", "The registry hides the signatures: rejected.", Absence::Status(401)),
        ("signatures-status-500", "The registry fails when asked for signatures: rejected.", Absence::Status(500)),
    ];
    cases.into_iter().map(case).collect()
}

/// cosign takes what goes wrong within one layer for a layer that does not verify, a broken connection too.
fn blob_failures() -> Vec<Scenario> {
    let case = |(name, what, absence): (&str, &str, Absence)| {
        let image = image(name);
        let signatures = Signatures::new(vec![good(&image)]);
        let tag = Signatures::tag(&image.digest());
        let mut document = Document::new();
        document.image(&image, "v1").tag(&image.tagged(&tag), &signatures.manifest);
        document.blob_failed(&image.repository, &digest(&signatures.layers[0].blob.bytes), absence);
        Scenario::new(name, what, &image.tagged("v1"), document).trusting(&team()).fails("blob-unavailable")
    };
    let cases = [
        ("payload-missing", "The registry does not have the signed payload: rejected.", Absence::Status(404)),
        ("payload-unreachable", "The connection breaks at the signed payload: rejected.", Absence::Transport),
    ];
    cases.into_iter().map(case).collect()
}

/// Kyverno: a broken connection could not be evaluated, any HTTP answer is a rejection.
fn verdict(scenario: Scenario, absence: Absence) -> Scenario {
    match absence {
        Absence::Status(_) => scenario.fails("registry-status"),
        Absence::Transport => scenario.errors("registry-unreachable"),
    }
}
