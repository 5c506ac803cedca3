//! What was signed.

use super::{image, team, with_layers, with_signatures};
use crate::{Hash, Image, Payload, Scenario, SignatureLayer, Signatures};

const ELSEWHERE: &str = "sha256:abababababababababababababababababababababababababababababababab";

/// Name, sentence, payload of the image, reason of the rejection.
type Case = (&'static str, &'static str, fn(&Image) -> String, &'static str);

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = vec![
        tampered(),
        copied(),
        with_layers(
            "payload-other-digest",
            "A good signature whose payload names a digest that does not exist: rejected.",
            |image| vec![SignatureLayer::sign(&team(), &Payload::named(&image.repository, ELSEWHERE))],
        )
        .fails("claim-digest-mismatch"),
        with_layers(
            "payload-other-repository",
            "The payload names another repository and the right digest; Kyverno compares the digest only: verified.",
            |image| vec![SignatureLayer::sign(&team(), &Payload::named("registry.example/other", &image.digest()))],
        ),
        signed(
            "payload-other-type",
            "critical.type is another text, which Kyverno does not compare: verified.",
            |image| text(image).replace("cosign container image signature", "something else"),
        ),
    ];
    all.extend(malformed());
    all
}

fn malformed() -> Vec<Scenario> {
    let cases: [Case; 8] = [
        ("payload-not-json", "The signed payload is not JSON: rejected.", |_| "hello".to_owned(), "payload-malformed"),
        ("payload-empty", "The signed payload has no bytes: rejected.", |_| String::new(), "payload-malformed"),
        ("payload-array", "The signed payload is a JSON array: rejected.", |_| "[]".to_owned(), "payload-malformed"),
        (
            "payload-trailing-data",
            "A second JSON value follows the signed payload: rejected.",
            |image| format!("{}{{}}", text(image)),
            "payload-malformed",
        ),
        (
            "payload-without-digest",
            "The signed payload names no digest: rejected.",
            |image| text(image).replace(&format!("\"docker-manifest-digest\":\"{}\"", image.digest()), ""),
            "claim-digest-mismatch",
        ),
        (
            "payload-null-digest",
            "The digest in the signed payload is null: rejected.",
            |image| text(image).replace(&format!("\"{}\"", image.digest()), "null"),
            "claim-digest-mismatch",
        ),
        (
            "payload-number-digest",
            "The digest in the signed payload is a number: rejected.",
            |image| text(image).replace(&format!("\"{}\"", image.digest()), "7"),
            "payload-malformed",
        ),
        (
            "payload-duplicate-digest",
            "The signed payload names the right digest first and another one last: rejected.",
            |image| {
                let member = format!("\"docker-manifest-digest\":\"{}\"", image.digest());
                text(image).replace(&member, &format!("{member},\"docker-manifest-digest\":\"{ELSEWHERE}\""))
            },
            "claim-digest-mismatch",
        ),
    ];
    cases.into_iter().map(|(name, what, payload, reason)| signed(name, what, payload).fails(reason)).collect()
}

/// A signature for one image, its payload edited to name another.
fn tampered() -> Scenario {
    let what = "The payload of another image's good signature was edited to name this image: rejected.";
    with_layers("payload-tampered", what, |image| {
        let source = Payload::named(&image.repository, ELSEWHERE);
        vec![SignatureLayer::raw(&Payload::of(image).to_bytes(), &team().sign(Hash::Sha256, &source.to_bytes()))]
    })
    .fails("signature-invalid")
}

/// The untouched signatures of one image, pushed under the tag of another.
fn copied() -> Scenario {
    let name = "signature-copied";
    let (image, source) = (image(name), Image::new("team/signature-copied", "the signed one"));
    let signatures = Signatures::new(vec![super::good(&source)]);
    let what = "The signatures of another image of the repository were copied to this one's tag: rejected.";
    with_signatures(name, what, &image, &signatures).trusting(&team()).fails("claim-digest-mismatch")
}

/// Any payload, really signed by the team.
fn signed(name: &str, what: &str, payload: impl Fn(&Image) -> String) -> Scenario {
    with_layers(name, what, |image| {
        let payload = payload(image);
        vec![SignatureLayer::sign_bytes(&team(), Hash::Sha256, payload.as_bytes())]
    })
}

fn text(image: &Image) -> String {
    String::from_utf8(Payload::of(image).to_bytes()).expect("JSON is text")
}
