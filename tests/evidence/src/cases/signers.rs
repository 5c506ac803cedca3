//! Several keys in one policy.

use super::{image, with_signatures};
use crate::{KeyKind, Payload, Requirements, Scenario, SignatureLayer, Signatures, Signer};

pub(super) fn scenarios() -> Vec<Scenario> {
    let three = Requirements { count: Some(2), ..Requirements::default() };
    let one_text = |count| Requirements { count, one_text: true, ..Requirements::default() };
    vec![
        signed_by("two-of-three", "Two of three keys must have signed, and two have: verified.", 2, 3)
            .requiring(three.clone()),
        signed_by("one-of-three", "Two of three keys must have signed, and one has: rejected.", 1, 3)
            .requiring(three)
            .fails("too-few-signers"),
        signed_by("all-of-three", "Three keys, no count, and all three have signed: verified.", 3, 3),
        signed_by("two-of-all-three", "Three keys, no count, and two have signed: rejected.", 2, 3)
            .fails("too-few-signers"),
        signed_by("multi-pem-count", "Two keys in one text with count 1, and one has signed: verified.", 1, 2)
            .requiring(one_text(Some(1))),
        signed_by("multi-pem-all", "Two keys in one text, no count, and both have signed: verified.", 2, 2)
            .requiring(one_text(None)),
        signed_by("multi-pem-missing", "Two keys in one text, no count, and one has signed: rejected.", 1, 2)
            .requiring(one_text(None))
            .fails("too-few-signers"),
        second_pem(),
    ]
}

/// The policy trusts the first `keys` of the three; the first `signatures` of them have signed.
fn signed_by(name: &str, what: &str, signatures: usize, keys: usize) -> Scenario {
    let image = image(name);
    let signers = signers();
    let layers = signers[..signatures].iter().map(|signer| SignatureLayer::sign(signer, &Payload::of(&image)));
    let signatures = Signatures::new(layers.collect());
    with_signatures(name, what, &image, &signatures).trusting_all(&signers[..keys])
}

fn second_pem() -> Scenario {
    let name = "multi-pem-second";
    let image = image(name);
    let [first, second, _] = signers();
    let layer = SignatureLayer::sign(&second, &Payload::of(&image));
    let what = "Two keys in one text with count 1, and the second has signed: verified.";
    with_signatures(name, what, &image, &Signatures::new(vec![layer]))
        .trusting_all(&[first, second])
        .requiring(Requirements { count: Some(1), one_text: true, ..Requirements::default() })
}

fn signers() -> [Signer; 3] {
    [
        Signer::new(KeyKind::P256, "build"),
        Signer::new(KeyKind::P384, "quality"),
        Signer::new(KeyKind::Ed25519, "security"),
    ]
}
