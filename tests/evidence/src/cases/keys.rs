//! Kinds of key and hashes.

use super::{good, image, stranger, team, with_layers, with_signatures};
use crate::{Hash, KeyKind, Payload, Requirements, Scenario, SignatureLayer, Signatures, Signer};

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut all = Vec::new();
    all.extend(plain());
    all.extend(hashes());
    all.extend(mismatches());
    all
}

/// cosign signs with SHA-256 whatever the key; a policy without `signatureAlgorithm` means that.
fn plain() -> Vec<Scenario> {
    let kinds = [
        ("p256", KeyKind::P256),
        ("p384", KeyKind::P384),
        ("p521", KeyKind::P521),
        ("rsa-2048", KeyKind::Rsa2048),
        ("rsa-3072", KeyKind::Rsa3072),
        ("ed25519", KeyKind::Ed25519),
    ];
    let case = |(name, kind): (&str, KeyKind)| {
        let what = format!("Signed with a key of kind {name} as cosign does it: verified.");
        signed(&format!("signed-{name}"), &what, &Signer::new(kind, name), Hash::Sha256, None)
    };
    kinds.into_iter().map(case).collect()
}

fn hashes() -> Vec<Scenario> {
    let cases = [
        ("p256", KeyKind::P256, "sha224", Hash::Sha224),
        ("p256", KeyKind::P256, "sha384", Hash::Sha384),
        ("p256", KeyKind::P256, "sha512", Hash::Sha512),
        ("p384", KeyKind::P384, "sha384", Hash::Sha384),
        ("p521", KeyKind::P521, "sha512", Hash::Sha512),
        ("rsa-2048", KeyKind::Rsa2048, "sha384", Hash::Sha384),
        ("rsa-2048", KeyKind::Rsa2048, "sha512", Hash::Sha512),
        ("ed25519", KeyKind::Ed25519, "sha512", Hash::Sha512),
    ];
    let case = |(name, kind, algorithm, hash): (&str, KeyKind, &str, Hash)| {
        let what =
            format!("Key of kind {name}, the payload hashed with {algorithm}, and the policy says so: verified.");
        signed(&format!("signed-{name}-{algorithm}"), &what, &Signer::new(kind, name), hash, Some(algorithm))
    };
    cases.into_iter().map(case).collect()
}

fn mismatches() -> Vec<Scenario> {
    let p256 = Signer::new(KeyKind::P256, "p256");
    let rsa = Signer::new(KeyKind::Rsa2048, "rsa-2048");
    let by_team = |name: &str, what: &str, key: &Signer| {
        let image = image(name);
        with_signatures(name, what, &image, &Signatures::new(vec![good(&image)])).trusting(key).fails("wrong-key")
    };
    vec![
        signed(
            "hash-not-declared",
            "The payload is hashed with SHA-512 and the policy leaves the default, SHA-256: rejected.",
            &p256,
            Hash::Sha512,
            None,
        )
        .fails("wrong-key"),
        signed(
            "rsa-sha224",
            "RSA with SHA-224: a combination that Kyverno refuses.",
            &rsa,
            Hash::Sha224,
            Some("sha224"),
        )
        .fails("hash-unsupported"),
        by_team("wrong-key", "The policy trusts another key of the same kind: rejected.", &stranger()),
        by_team("wrong-key-kind", "The policy trusts an RSA key and the signature is ECDSA: rejected.", &rsa),
        by_team("wrong-curve", "The policy trusts a P-384 key and the signature is P-256: rejected.", &other_curve()),
        unsigned(),
        with_layers("signed-by-stranger", "The only signature is by a key that nobody trusts: rejected.", |image| {
            vec![SignatureLayer::sign(&stranger(), &Payload::of(image))]
        })
        .fails("wrong-key"),
    ]
}

fn signed(name: &str, what: &str, signer: &Signer, hash: Hash, algorithm: Option<&str>) -> Scenario {
    let image = image(name);
    let layer = SignatureLayer::sign_bytes(signer, hash, &Payload::of(&image).to_bytes());
    let signature_algorithm = algorithm.map(str::to_owned);
    with_signatures(name, what, &image, &Signatures::new(vec![layer]))
        .trusting(signer)
        .requiring(Requirements { signature_algorithm, ..Requirements::default() })
}

fn other_curve() -> Signer {
    Signer::new(KeyKind::P384, "p384")
}

fn unsigned() -> Scenario {
    let image = image("unsigned");
    let mut document = crate::Document::new();
    document.image(&image, "v1").unsigned(&image.repository, &image.digest());
    Scenario::new("unsigned", "The image exists and nobody has signed it: rejected.", &image.tagged("v1"), document)
        .trusting(&team())
        .fails("no-signatures")
}
