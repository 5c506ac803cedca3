//! The manifest that holds signatures, and its layers.

use super::{good, image, stranger, team, with_layers, with_signatures};
use crate::{Blob, Document, Image, Index, Payload, Scenario, SignatureLayer, Signatures};

const UNKNOWN: &str = "application/vnd.example.unknown.v1+json";

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = vec![
        with_layers(
            "second-signature-good",
            "The first signature is a stranger's, the second good: verified.",
            |image| vec![by_stranger(image), good(image)],
        ),
        with_layers(
            "first-signature-good",
            "The first signature is good, the second a stranger's: verified.",
            |image| vec![good(image), by_stranger(image)],
        ),
        with_layers(
            "unreadable-then-good",
            "The first layer has no signature, the second is good: verified.",
            |image| vec![by_stranger(image).with_annotation(None), good(image)],
        ),
        with_layers("all-signatures-bad", "Three signatures, each bad in its own way: rejected.", |image| {
            let elsewhere = Payload::named(&image.repository, &crate::digest(b"elsewhere"));
            vec![
                by_stranger(image),
                SignatureLayer::sign(&team(), &elsewhere),
                good(image).with_annotation(Some("AAAA")),
            ]
        })
        .fails("no-valid-signature"),
        with_layers("signature-manifest-without-layers", "The signature manifest has no layers: rejected.", |_| vec![])
            .fails("no-signatures"),
        with_layers("layer-media-type-unknown", "The layer's media type is unknown; nobody asks: verified.", |image| {
            let mut layer = good(image);
            layer.blob.media_type = UNKNOWN.to_owned();
            vec![layer]
        }),
    ];
    all.extend(manifests());
    all
}

fn manifests() -> Vec<Scenario> {
    vec![
        foreign_manifest(
            "signature-manifest-not-json",
            "The signature tag names bytes that are no JSON: rejected.",
            &Blob::new(UNKNOWN, "no manifest"),
        ),
        foreign_manifest(
            "signature-manifest-is-index",
            "The signature tag names an index of images: rejected.",
            &Index::new("team/signature-manifest-is-index", "v1").manifest,
        ),
        unknown_signature_manifest(),
        unknown_image_manifest(),
    ]
}

fn foreign_manifest(name: &str, what: &str, manifest: &Blob) -> Scenario {
    let image = image(name);
    let tag = Signatures::tag(&image.digest());
    let mut document = Document::new();
    document.image(&image, "v1").tag(&image.tagged(&tag), manifest);
    Scenario::new(name, what, &image.tagged("v1"), document).trusting(&team()).fails("manifest-malformed")
}

/// go-containerregistry warns of an unknown media type and reads on.
fn unknown_signature_manifest() -> Scenario {
    let name = "signature-manifest-media-type-unknown";
    let image = image(name);
    let signatures = Signatures::new(vec![good(&image)]).with_media_type(UNKNOWN);
    let what = "The signature manifest calls itself something unknown, and its layers are as ever: rejected.";
    with_signatures(name, what, &image, &signatures).trusting(&team()).fails("manifest-malformed")
}

fn unknown_image_manifest() -> Scenario {
    let name = "image-media-type-unknown";
    let image = image(name).with_media_type(UNKNOWN);
    let signatures = Signatures::new(vec![good(&image)]);
    let what = "The image's manifest calls itself something unknown; its digest is signed: verified.";
    with_signatures(name, what, &image, &signatures).trusting(&team())
}

fn by_stranger(image: &Image) -> SignatureLayer {
    SignatureLayer::sign(&stranger(), &Payload::of(image))
}
