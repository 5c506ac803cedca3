//! ECDSA over the NIST curves (FIPS 186-5), in both encodings of signatures.

use super::algorithm::{Encoding, Scheme};
use super::key::Material;
use super::{HashAlgorithm, PublicKey, SignatureError, VerificationAlgorithm};
use p384::ecdsa::signature::hazmat::PrehashVerifier as _;

/// ECDSA with one hash and encoding, over whichever curve the key is on.
#[derive(Debug)]
pub(super) struct Ecdsa {
    pub(super) scheme: Scheme,
    pub(super) hash: HashAlgorithm,
    pub(super) encoding: Encoding,
}

/// The longest signature that is tried as IEEE P1363: two numbers of P-521.
const MAX_P1363: usize = 132;

impl VerificationAlgorithm for Ecdsa {
    fn scheme(&self) -> Scheme {
        self.scheme
    }

    fn verify(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let prehash = self.hash.digest(message);
        match self.encoding {
            Encoding::Asn1 => verify_asn1(key, &prehash, signature),
            Encoding::P1363 => verify_p1363(key, &prehash, signature),
            Encoding::Asn1OrP1363 => verify_asn1(key, &prehash, signature).or_else(|error| {
                let is_candidate = signature.len() <= MAX_P1363 && signature.len().is_multiple_of(2);
                if is_candidate { verify_p1363(key, &prehash, signature).map_err(|_| error) } else { Err(error) }
            }),
        }
    }
}

/// Strict DER of two positive integers, as Go's `ecdsa.VerifyASN1`. A high `s` is good.
fn verify_asn1(key: &PublicKey, prehash: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let malformed = || SignatureError::Malformed { expected: "ASN.1 of two integers", found: signature.len() };
    match &key.material {
        Material::P256(key) => {
            let parsed = p256::ecdsa::Signature::from_der(signature).map_err(|_| malformed())?;
            checked(key.verify_hash(&parsed.to_bytes(), prehash))
        }
        Material::P384(key) => {
            let parsed = p384::ecdsa::Signature::from_der(signature).map_err(|_| malformed())?;
            checked(key.verify_prehash(&widened(prehash, 48), &parsed).is_ok())
        }
        Material::P521(key) => {
            let parsed = p521::ecdsa::Signature::from_der(signature).map_err(|_| malformed())?;
            checked(key.verify_prehash(&widened(prehash, 66), &parsed).is_ok())
        }
        Material::Ed25519(_) | Material::Rsa(_) => Err(SignatureError::WrongKey),
    }
}

/// `r` and `s` of the curve's length, one after the other.
fn verify_p1363(key: &PublicKey, prehash: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let malformed = || SignatureError::Malformed { expected: "r and s of the curve's length", found: signature.len() };
    match &key.material {
        Material::P256(key) => {
            let parsed = p256::ecdsa::Signature::from_slice(signature).map_err(|_| malformed())?;
            checked(key.verify_hash(&parsed.to_bytes(), prehash))
        }
        Material::P384(key) => {
            let parsed = p384::ecdsa::Signature::from_slice(signature).map_err(|_| malformed())?;
            checked(key.verify_prehash(&widened(prehash, 48), &parsed).is_ok())
        }
        Material::P521(key) => {
            let parsed = p521::ecdsa::Signature::from_slice(signature).map_err(|_| malformed())?;
            checked(key.verify_prehash(&widened(prehash, 66), &parsed).is_ok())
        }
        Material::Ed25519(_) | Material::Rsa(_) => Err(SignatureError::WrongKey),
    }
}

fn checked(good: bool) -> Result<(), SignatureError> {
    if good { Ok(()) } else { Err(SignatureError::Mismatch) }
}

/// A hash shorter than the field is the same number with zeros in front; the crates refuse one of less than half.
fn widened(prehash: &[u8], field: usize) -> Vec<u8> {
    let zeros = field.saturating_sub(prehash.len());
    std::iter::repeat_n(0, zeros).chain(prehash.iter().copied()).collect()
}
