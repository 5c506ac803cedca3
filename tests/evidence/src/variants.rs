//! Cases of any size, made in memory.

use crate::cases::{good, stranger, team, with_layers};
use crate::{Hash, Payload, Scenario, SignatureLayer};

/// An image with `count` signatures, of which only the one at `good_at` (from 0) is by the trusted key.
///
/// The others are by a stranger, over payloads that differ. Verified if `good_at` is below `count`; whoever bounds the
/// number of layers (cosign: 1000) expects another verdict beyond it.
pub fn many_signatures(count: usize, good_at: Option<usize>) -> Scenario {
    let name = format!("signatures-{count}");
    let what = format!("{count} signatures, of which at most one is by the trusted key.");
    let scenario = with_layers(&name, &what, |image| {
        let layer = |at: usize| match good_at == Some(at) {
            true => good(image),
            false => SignatureLayer::sign(&stranger(), &Payload::of(image).annotated("number", at)),
        };
        (0..count).map(layer).collect()
    });
    match good_at.is_some_and(|at| at < count) {
        true => scenario,
        false => scenario.fails("no-valid-signature"),
    }
}

/// An image with one good signature whose payload has at least `bytes` bytes, most of them in one annotation.
pub fn large_payload(bytes: usize) -> Scenario {
    let name = format!("payload-{bytes}");
    with_layers(&name, &format!("A good signature over a payload of {bytes} bytes or more."), |image| {
        let payload = Payload::of(image).annotated("filler", "x".repeat(bytes));
        vec![SignatureLayer::sign_bytes(&team(), Hash::Sha256, &payload.to_bytes())]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;
    use crate::cases::image;

    #[test]
    fn many_signatures_makes_as_many_layers() {
        let scenario = many_signatures(1001, Some(1000));
        let manifest = scenario.to_json();
        assert_eq!(scenario.expect.verdict, Verdict::Pass);
        assert!(manifest.len() > 1001 * 250, "{}", manifest.len());
        assert_eq!(image(&scenario.name).tagged("v1"), scenario.image);
    }

    #[test]
    fn many_signatures_without_a_good_one_fails() {
        assert_eq!(many_signatures(3, None).expect.verdict, Verdict::Fail);
    }
}
