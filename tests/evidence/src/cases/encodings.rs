//! Encodings of a signature: ECDSA forms and the text of the annotation.

use super::{image, team, with_layers, with_signatures};
use crate::{Hash, Image, KeyKind, Payload, Scenario, SignatureLayer, Signatures, Signer};
use p256::ecdsa::Signature;

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = vec![
        encoded(
            "signature-p1363",
            "The ECDSA signature is r and s of fixed length instead of DER: verified.",
            |good| good.to_bytes().to_vec(),
        ),
        encoded("signature-high-s", "s is the larger of its two valid values, as Go allows: verified.", |good| {
            let low = low_s(&good);
            Signature::from_scalars(*low.r(), -*low.s()).expect("both are scalars").to_der().as_bytes().to_vec()
        }),
        encoded("signature-low-s", "s is the smaller of its two valid values: verified.", |good| {
            low_s(&good).to_der().as_bytes().to_vec()
        }),
    ];
    all.extend(malformed());
    all.extend(texts());
    all
}

fn malformed() -> Vec<Scenario> {
    let flipped = |mut der: Vec<u8>| {
        *der.last_mut().expect("DER is not empty") ^= 1;
        der
    };
    let rejected = |name: &str, what: &str, encode: fn(Signature) -> Vec<u8>| {
        encoded(name, what, encode).fails("signature-invalid")
    };
    vec![
        encoded("signature-bit-flipped", "One bit of the signature is flipped: rejected.", |good| flipped(der(&good)))
            .fails("signature-invalid"),
        rejected("signature-trailing-bytes", "Two bytes follow the DER signature: rejected.", |good| {
            [der(&good), vec![0, 0]].concat()
        }),
        rejected("signature-der-padded", "r has a leading zero that DER forbids: rejected.", padded_der),
        rejected(
            "signature-der-long-length",
            "The length of the sequence is written in two bytes: rejected.",
            |good| {
                let der = der(&good);
                [&[0x30, 0x81], &der[1..]].concat()
            },
        ),
        rejected("signature-truncated", "The last byte of the signature is missing: rejected.", |good| {
            let mut der = der(&good);
            der.pop();
            der
        }),
        rejected("signature-zero", "r and s are zero: rejected.", |_| vec![0x30, 6, 2, 1, 0, 2, 1, 0]),
        rejected("signature-p1363-zero", "r and s are zero in fixed length: rejected.", |_| vec![0; 64]),
    ]
}

fn texts() -> Vec<Scenario> {
    let annotated = |name: &str, what: &str, annotation: Option<&str>| {
        with_layers(name, what, |image| vec![super::good(image).with_annotation(annotation)])
    };
    vec![
        annotated("annotation-missing", "The layer has no signature annotation: rejected.", None)
            .fails("signature-missing"),
        annotated("annotation-empty", "The signature annotation is the empty text: rejected.", Some(""))
            .fails("signature-invalid"),
        annotated("annotation-not-base64", "The signature annotation is not base64: rejected.", Some("not base64!"))
            .fails("signature-malformed"),
        ed25519_text(
            "annotation-unpadded",
            "The signature annotation lacks the padding of base64: rejected.",
            |text| text.trim_end_matches('=').to_owned(),
        ),
        ed25519_text("annotation-url-alphabet", "The annotation is base64 in the URL alphabet: rejected.", |text| {
            text.replace('+', "-").replace('/', "_")
        }),
    ]
}

/// The team's signature of the case's image in another form.
fn encoded(name: &str, what: &str, encode: impl Fn(Signature) -> Vec<u8>) -> Scenario {
    with_layers(name, what, |image| {
        let payload = Payload::of(image).to_bytes();
        vec![SignatureLayer::raw(&payload, &encode(team().sign_p256(Hash::Sha256, &payload)))]
    })
}

/// An Ed25519 signature has 64 bytes: its base64 always ends in padding.
fn ed25519_text(name: &str, what: &str, edit: impl Fn(&str) -> String) -> Scenario {
    let signer = Signer::new(KeyKind::Ed25519, "ed25519");
    let image: Image = image(name);
    let layer = SignatureLayer::sign(&signer, &Payload::of(&image));
    let good = layer.annotation.clone().expect("it was signed");
    let edited = edit(&good);
    assert_ne!(good, edited, "{name} must differ from what cosign writes");
    let signatures = Signatures::new(vec![layer.with_annotation(Some(&edited))]);
    with_signatures(name, what, &image, &signatures).trusting(&signer).fails("signature-malformed")
}

fn der(signature: &Signature) -> Vec<u8> {
    signature.to_der().as_bytes().to_vec()
}

fn low_s(signature: &Signature) -> Signature {
    signature.normalize_s()
}

fn padded_der(signature: Signature) -> Vec<u8> {
    let der = der(&signature);
    let (length, r_length) = (der[1], der[3]);
    [&[0x30, length + 1, 0x02, r_length + 1, 0x00], &der[4..]].concat()
}
