//! RSA signatures: PKCS #1 v1.5 and PSS (RFC 8017).

use super::algorithm::{Padding, Scheme};
use super::key::{Material, rsa_spki};
use super::{HashAlgorithm, KeyError, PublicKey, SignatureError, VerificationAlgorithm};
use ::rsa::pkcs1::DecodeRsaPublicKey as _;
use ::rsa::traits::PublicKeyParts as _;
use ::rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Sha256, Sha384, Sha512};

/// The smallest modulus that is verified with: Go's `crypto/rsa` refuses smaller ones since 1.24.
pub const MIN_RSA_BITS: usize = 1024;
/// The largest modulus that is verified with: Go's TLS stops at 8192 as well; the work grows with the square.
pub const MAX_RSA_BITS: usize = 8192;

pub(super) fn from_pkcs1(der: &[u8]) -> Result<RsaPublicKey, KeyError> {
    let malformed = |e: ::rsa::pkcs1::Error| KeyError::Malformed { reason: e.to_string() };
    let raw = ::rsa::pkcs1::RsaPublicKeyRef::try_from(der).map_err(malformed)?;
    let bits = unsigned_bits(raw.modulus.as_bytes());
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
        return Err(KeyError::RsaSize { bits, min: MIN_RSA_BITS, max: MAX_RSA_BITS });
    }
    RsaPublicKey::from_pkcs1_der(der).map_err(malformed)
}

pub(super) fn spki(pkcs1: &[u8]) -> Vec<u8> {
    rsa_spki(pkcs1).unwrap_or_default()
}

pub(super) fn bits(key: &RsaPublicKey) -> usize {
    unsigned_bits(&key.n_bytes())
}

fn unsigned_bits(bytes: &[u8]) -> usize {
    let significant: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    let leading = significant.first().map_or(0, |byte| usize::try_from(byte.leading_zeros()).unwrap_or(0));
    significant.len() * 8 - leading
}

/// RSA with one hash and padding.
#[derive(Debug)]
pub(super) struct Rsa {
    pub(super) scheme: Scheme,
    pub(super) hash: HashAlgorithm,
    pub(super) padding: Padding,
}

impl VerificationAlgorithm for Rsa {
    fn scheme(&self) -> Scheme {
        self.scheme
    }

    fn verify(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let Material::Rsa(key) = &key.material else { return Err(SignatureError::WrongKey) };
        let hashed = self.hash.digest(message);
        let outcome = match (self.padding, self.hash) {
            (Padding::Pkcs1, HashAlgorithm::Sha256) => key.verify(Pkcs1v15Sign::new::<Sha256>(), &hashed, signature),
            (Padding::Pkcs1, HashAlgorithm::Sha384) => key.verify(Pkcs1v15Sign::new::<Sha384>(), &hashed, signature),
            (Padding::Pkcs1, HashAlgorithm::Sha512) => key.verify(Pkcs1v15Sign::new::<Sha512>(), &hashed, signature),
            (Padding::Pss, HashAlgorithm::Sha256) => key.verify(Pss::<Sha256>::new(), &hashed, signature),
            (Padding::Pss, HashAlgorithm::Sha384) => key.verify(Pss::<Sha384>::new(), &hashed, signature),
            (Padding::Pss, HashAlgorithm::Sha512) => key.verify(Pss::<Sha512>::new(), &hashed, signature),
            (_, HashAlgorithm::Sha224) => return Err(SignatureError::WrongKey),
        };
        outcome.map_err(|_| SignatureError::Mismatch)
    }
}
