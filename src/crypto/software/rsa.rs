//! RSA signatures.

use crate::crypto::key::KeyMaterial;
use crate::crypto::{HashAlgorithm, PublicKey, SaltLength, SignatureError, VerificationAlgorithm};
use const_oid::AssociatedOid;
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::digest::FixedOutputReset;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// RSASSA-PKCS1-v1_5 over `hash`; `None` for SHA-224, which sigstore does not take (`rsaSupportedHashFuncs`).
pub(super) fn find_pkcs1v15(hash: HashAlgorithm) -> Option<&'static dyn VerificationAlgorithm> {
    find(&PKCS1V15, |padding| *padding == Padding::Pkcs1v15, hash)
}

/// RSASSA-PSS over `hash`; `None` for SHA-224.
pub(super) fn find_pss(hash: HashAlgorithm, salt: SaltLength) -> Option<&'static dyn VerificationAlgorithm> {
    find(&PSS, |padding| *padding == Padding::Pss(salt), hash)
}

fn find(
    algorithms: &'static [Rsa],
    has_padding: impl Fn(&Padding) -> bool,
    hash: HashAlgorithm,
) -> Option<&'static dyn VerificationAlgorithm> {
    let found = algorithms.iter().find(|algorithm| algorithm.hash == hash && has_padding(&algorithm.padding))?;
    Some(found)
}

static PKCS1V15: [Rsa; 3] = [
    Rsa { id: "rsa-pkcs1v15-sha256", hash: HashAlgorithm::Sha256, padding: Padding::Pkcs1v15 },
    Rsa { id: "rsa-pkcs1v15-sha384", hash: HashAlgorithm::Sha384, padding: Padding::Pkcs1v15 },
    Rsa { id: "rsa-pkcs1v15-sha512", hash: HashAlgorithm::Sha512, padding: Padding::Pkcs1v15 },
];

static PSS: [Rsa; 6] = [
    Rsa { id: "rsa-pss-sha256", hash: HashAlgorithm::Sha256, padding: Padding::Pss(SaltLength::HashLength) },
    Rsa { id: "rsa-pss-sha384", hash: HashAlgorithm::Sha384, padding: Padding::Pss(SaltLength::HashLength) },
    Rsa { id: "rsa-pss-sha512", hash: HashAlgorithm::Sha512, padding: Padding::Pss(SaltLength::HashLength) },
    Rsa { id: "rsa-pss-sha256-any-salt", hash: HashAlgorithm::Sha256, padding: Padding::Pss(SaltLength::Any) },
    Rsa { id: "rsa-pss-sha384-any-salt", hash: HashAlgorithm::Sha384, padding: Padding::Pss(SaltLength::Any) },
    Rsa { id: "rsa-pss-sha512-any-salt", hash: HashAlgorithm::Sha512, padding: Padding::Pss(SaltLength::Any) },
];

#[derive(Debug)]
struct Rsa {
    id: &'static str,
    hash: HashAlgorithm,
    padding: Padding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Padding {
    Pkcs1v15,
    Pss(SaltLength),
}

impl VerificationAlgorithm for Rsa {
    fn id(&self) -> &'static str {
        self.id
    }

    fn verify(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
        let KeyMaterial::Rsa(rsa_key) = &key.material else {
            return Err(SignatureError::WrongKey { algorithm: self.id, key: key.kind() });
        };
        if signature.len() != rsa_key.size() {
            return Err(SignatureError::Malformed {
                expected: format!("an rsa signature of {} bytes, the length of the key", rsa_key.size()),
                found: format!("{} bytes", signature.len()),
            });
        }
        if self.matches(rsa_key, message, signature) {
            Ok(())
        } else {
            Err(SignatureError::Mismatch { algorithm: self.id })
        }
    }
}

impl Rsa {
    fn matches(&self, key: &RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
        let hash = self.hash.digest(message);
        match self.hash {
            // No algorithm in the tables above has it.
            HashAlgorithm::Sha224 => false,
            HashAlgorithm::Sha256 => self.padding.matches::<Sha256>(key, hash.as_bytes(), signature),
            HashAlgorithm::Sha384 => self.padding.matches::<Sha384>(key, hash.as_bytes(), signature),
            HashAlgorithm::Sha512 => self.padding.matches::<Sha512>(key, hash.as_bytes(), signature),
        }
    }
}

impl Padding {
    fn matches<D>(self, key: &RsaPublicKey, hashed: &[u8], signature: &[u8]) -> bool
    where
        D: Digest + AssociatedOid + FixedOutputReset,
    {
        match self {
            Self::Pkcs1v15 => key.verify(Pkcs1v15Sign::new::<D>(), hashed, signature).is_ok(),
            Self::Pss(SaltLength::Any) => {
                key.verify(Pss::<D> { salt_len: None, ..Pss::new() }, hashed, signature).is_ok()
            }
            Self::Pss(SaltLength::HashLength) => key.verify(Pss::<D>::new(), hashed, signature).is_ok(),
        }
    }
}
