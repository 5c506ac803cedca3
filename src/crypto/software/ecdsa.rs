//! ECDSA on the NIST curves.

use super::ecdsa_signature;
use crate::crypto::key::KeyMaterial;
use crate::crypto::{Curve, EcdsaEncoding, HashAlgorithm, PublicKey, SignatureError, VerificationAlgorithm};
use ecdsa::signature::hazmat::PrehashVerifier as _;

/// The algorithm for a curve, a hash function and an encoding: every combination has one.
pub(super) fn find(
    curve: Curve,
    hash: HashAlgorithm,
    encoding: EcdsaEncoding,
) -> Option<&'static dyn VerificationAlgorithm> {
    let wanted =
        |algorithm: &&Ecdsa| algorithm.curve == curve && algorithm.hash == hash && algorithm.encoding == encoding;
    let found = ALGORITHMS.as_flattened().iter().find(wanted)?;
    Some(found)
}

macro_rules! encodings {
    ($curve:ident, $curve_name:literal, $hash:ident, $hash_name:literal) => {
        [
            encodings!($curve, $curve_name, $hash, $hash_name, Asn1, "asn1"),
            encodings!($curve, $curve_name, $hash, $hash_name, Cosign, "cosign"),
            encodings!($curve, $curve_name, $hash, $hash_name, P1363, "p1363"),
        ]
    };
    ($curve:ident, $curve_name:literal, $hash:ident, $hash_name:literal, $encoding:ident, $encoding_name:literal) => {
        Ecdsa {
            id: concat!("ecdsa-", $curve_name, "-", $hash_name, "-", $encoding_name),
            curve: Curve::$curve,
            hash: HashAlgorithm::$hash,
            encoding: EcdsaEncoding::$encoding,
        }
    };
}

static ALGORITHMS: [[Ecdsa; 3]; 12] = [
    encodings!(P256, "p256", Sha224, "sha224"),
    encodings!(P256, "p256", Sha256, "sha256"),
    encodings!(P256, "p256", Sha384, "sha384"),
    encodings!(P256, "p256", Sha512, "sha512"),
    encodings!(P384, "p384", Sha224, "sha224"),
    encodings!(P384, "p384", Sha256, "sha256"),
    encodings!(P384, "p384", Sha384, "sha384"),
    encodings!(P384, "p384", Sha512, "sha512"),
    encodings!(P521, "p521", Sha224, "sha224"),
    encodings!(P521, "p521", Sha256, "sha256"),
    encodings!(P521, "p521", Sha384, "sha384"),
    encodings!(P521, "p521", Sha512, "sha512"),
];

#[derive(Debug)]
struct Ecdsa {
    id: &'static str,
    curve: Curve,
    hash: HashAlgorithm,
    encoding: EcdsaEncoding,
}

impl VerificationAlgorithm for Ecdsa {
    fn id(&self) -> &'static str {
        self.id
    }

    /// High S is accepted, as in Go: nothing here takes the signature's bytes for an identity.
    fn verify(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let numbers = ecdsa_signature::read(signature, self.encoding, self.curve)?;
        let hash = self.hash.digest(message);
        let matches = match (self.curve, &key.material) {
            (Curve::P256, KeyMaterial::P256(key)) => key.verify_hash(&numbers, hash.as_bytes()),
            (Curve::P384, KeyMaterial::P384(key)) => p384::ecdsa::Signature::from_slice(&numbers)
                .is_ok_and(|signature| key.verify_prehash(hash.as_bytes(), &signature).is_ok()),
            (Curve::P521, KeyMaterial::P521(key)) => p521::ecdsa::Signature::from_slice(&numbers)
                .is_ok_and(|signature| key.verify_prehash(hash.as_bytes(), &signature).is_ok()),
            _ => return Err(SignatureError::WrongKey { algorithm: self.id, key: key.kind() }),
        };
        if matches { Ok(()) } else { Err(SignatureError::Mismatch { algorithm: self.id }) }
    }
}
