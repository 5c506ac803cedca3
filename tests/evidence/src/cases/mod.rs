//! Every case, by theme.

mod annotations;
mod encodings;
mod keys;
mod layers;
mod payloads;
mod references;
mod registry;
mod signers;

use crate::{Document, Image, KeyKind, Payload, Scenario, SignatureLayer, Signatures, Signer};

/// All cases that are small enough to be kept as files.
pub fn scenarios() -> Vec<Scenario> {
    [
        keys::scenarios(),
        encodings::scenarios(),
        payloads::scenarios(),
        annotations::scenarios(),
        layers::scenarios(),
        signers::scenarios(),
        references::scenarios(),
        registry::scenarios(),
    ]
    .concat()
}

/// The key that policies trust where a case is not about keys.
pub(crate) fn team() -> Signer {
    Signer::new(KeyKind::P256, "team")
}

/// A key that no policy trusts.
pub(crate) fn stranger() -> Signer {
    Signer::new(KeyKind::P256, "stranger")
}

/// The image that the case `name` is about: each has its own, so that documents can be merged.
pub(crate) fn image(name: &str) -> Image {
    Image::new(&format!("team/{name}"), "v1")
}

/// Tag `v1` of the case's image carries these signatures, and the policy trusts the team's key.
pub(crate) fn with_layers(name: &str, what: &str, layers: impl FnOnce(&Image) -> Vec<SignatureLayer>) -> Scenario {
    let image = image(name);
    let signatures = Signatures::new(layers(&image));
    with_signatures(name, what, &image, &signatures).trusting(&team())
}

/// The case in which `image` carries `signatures`; the policy trusts no key yet.
pub(crate) fn with_signatures(name: &str, what: &str, image: &Image, signatures: &Signatures) -> Scenario {
    let mut document = Document::new();
    document.image(image, "v1").signatures(&image.repository, &image.digest(), signatures);
    Scenario::new(name, what, &image.tagged("v1"), document)
}

/// A good signature by the team.
pub(crate) fn good(image: &Image) -> SignatureLayer {
    SignatureLayer::sign(&team(), &Payload::of(image))
}
