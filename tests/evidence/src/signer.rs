//! Keys derived from public text, and deterministic signatures by them.

use ecdsa::hazmat::sign_prehashed_rfc6979;
use ed25519_dalek::Signer as _;
use pem_rfc7468::LineEnding;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use spki::EncodePublicKey;
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

/// What every key is derived from. Changing it changes every key and every signature.
const SEED: &str = "vidimus test evidence: these keys are public and protect nothing";

/// RSA keys found so far: a prime search takes about a second.
static RSA_KEYS: LazyLock<Mutex<BTreeMap<(usize, String), RsaPrivateKey>>> = LazyLock::new(Mutex::default);

/// The kinds of key that a Kyverno policy can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519 (RFC 8032), pure.
    Ed25519,
    /// ECDSA over NIST P-256.
    P256,
    /// ECDSA over NIST P-384.
    P384,
    /// ECDSA over NIST P-521.
    P521,
    /// RSA of 2048 bits, PKCS#1 v1.5 signatures.
    Rsa2048,
    /// RSA of 3072 bits, PKCS#1 v1.5 signatures.
    Rsa3072,
}

/// The hash over the signed bytes. Ed25519 ignores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-224.
    Sha224,
    /// SHA-256: cosign's choice for every kind of key.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// A key pair with a name.
#[derive(Clone, Debug)]
pub struct Signer {
    name: String,
    key: Key,
}

#[derive(Clone, Debug)]
enum Key {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Rsa(Box<RsaPrivateKey>),
}

impl Signer {
    /// The key of this kind that belongs to `name`: always the same one.
    pub fn new(kind: KeyKind, name: &str) -> Self {
        let key = match kind {
            KeyKind::Ed25519 => Key::Ed25519(ed25519_dalek::SigningKey::from_bytes(&block(name, 0))),
            KeyKind::P256 => Key::P256(scalar(name, 32, 0xff, p256::ecdsa::SigningKey::from_slice)),
            KeyKind::P384 => Key::P384(scalar(name, 48, 0xff, p384::ecdsa::SigningKey::from_slice)),
            KeyKind::P521 => Key::P521(scalar(name, 66, 0x01, p521::ecdsa::SigningKey::from_slice)),
            KeyKind::Rsa2048 => Key::Rsa(Box::new(rsa_key(2048, name))),
            KeyKind::Rsa3072 => Key::Rsa(Box::new(rsa_key(3072, name))),
        };
        Self { name: name.to_owned(), key }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// DER of the public key: SubjectPublicKeyInfo.
    pub fn public_der(&self) -> Vec<u8> {
        let der = match &self.key {
            Key::Ed25519(key) => key.verifying_key().to_public_key_der(),
            Key::P256(key) => key.verifying_key().to_public_key_der(),
            Key::P384(key) => key.verifying_key().to_public_key_der(),
            Key::P521(key) => key.verifying_key().to_public_key_der(),
            Key::Rsa(key) => key.to_public_key().to_public_key_der(),
        };
        der.expect("a public key made here can be encoded").into_vec()
    }

    /// PEM of the public key, as `cosign.pub` has it.
    pub fn public_pem(&self) -> String {
        pem_rfc7468::encode_string("PUBLIC KEY", LineEnding::LF, &self.public_der()).expect("the label is valid")
    }

    /// Signs `message` as cosign does: ASN.1 DER for ECDSA, PKCS#1 v1.5 for RSA.
    pub fn sign(&self, hash: Hash, message: &[u8]) -> Vec<u8> {
        match &self.key {
            Key::Ed25519(key) => key.sign(message).to_vec(),
            Key::P256(_) => self.sign_p256(hash, message).to_der().as_bytes().to_vec(),
            Key::P384(key) => ecdsa_der(hash, message, |prehash| sign_with(hash, key.as_nonzero_scalar(), prehash)),
            Key::P521(key) => ecdsa_der(hash, message, |prehash| sign_with(hash, key.as_nonzero_scalar(), prehash)),
            Key::Rsa(key) => rsa_signature(key, hash, message),
        }
    }

    /// Signs `message` with a P-256 key and leaves the encoding to the caller.
    ///
    /// # Panics
    ///
    /// With a key of another kind: which encodings ECDSA has is tested with P-256.
    pub fn sign_p256(&self, hash: Hash, message: &[u8]) -> p256::ecdsa::Signature {
        let Key::P256(key) = &self.key else { panic!("`{}` is no P-256 key", self.name) };
        sign_with(hash, key.as_nonzero_scalar(), &prehash(hash, message))
    }
}

/// 32 bytes that belong to `name` and `counter`.
fn block(name: &str, counter: u32) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in [SEED, name] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    hasher.update(counter.to_be_bytes());
    hasher.finalize().into()
}

/// The first candidate of `length` bytes that is a scalar of the curve.
fn scalar<K, E>(name: &str, length: usize, first_byte: u8, key: impl Fn(&[u8]) -> Result<K, E>) -> K {
    let candidate = |attempt: u32| {
        let blocks = (0..3).flat_map(|part| block(name, attempt * 3 + part));
        let mut bytes: Vec<u8> = blocks.take(length).collect();
        bytes[0] &= first_byte;
        key(&bytes).ok()
    };
    (0..).find_map(candidate).expect("nearly every candidate is below the group order")
}

fn rsa_key(bits: usize, name: &str) -> RsaPrivateKey {
    let mut known = RSA_KEYS.lock().expect("no prime search panics");
    let entry = known.entry((bits, name.to_owned()));
    let key = entry.or_insert_with(|| {
        let mut rng = ChaCha20Rng::from_seed(block(name, 0));
        RsaPrivateKey::new(&mut rng, bits).expect("the size is allowed")
    });
    key.clone()
}

fn prehash(hash: Hash, message: &[u8]) -> Vec<u8> {
    match hash {
        Hash::Sha224 => Sha224::digest(message).to_vec(),
        Hash::Sha256 => Sha256::digest(message).to_vec(),
        Hash::Sha384 => Sha384::digest(message).to_vec(),
        Hash::Sha512 => Sha512::digest(message).to_vec(),
    }
}

fn ecdsa_der<C>(hash: Hash, message: &[u8], sign: impl Fn(&[u8]) -> ecdsa::Signature<C>) -> Vec<u8>
where
    C: ecdsa::EcdsaCurve,
    ecdsa::der::MaxSize<C>: ecdsa::elliptic_curve::array::ArraySize,
    <ecdsa::elliptic_curve::FieldBytesSize<C> as std::ops::Add>::Output:
        std::ops::Add<ecdsa::der::MaxOverhead> + ecdsa::elliptic_curve::array::ArraySize,
{
    sign(&prehash(hash, message)).to_der().as_bytes().to_vec()
}

/// RFC 6979: the nonce comes from the key and the message, by the hash that the message was hashed with.
fn sign_with<C>(hash: Hash, key: &ecdsa::elliptic_curve::NonZeroScalar<C>, prehash: &[u8]) -> ecdsa::Signature<C>
where
    C: ecdsa::EcdsaCurve + ecdsa::elliptic_curve::CurveArithmetic,
{
    match hash {
        Hash::Sha224 => sign_prehashed_rfc6979::<C, Sha224>(key, prehash, &[]).0,
        Hash::Sha256 => sign_prehashed_rfc6979::<C, Sha256>(key, prehash, &[]).0,
        Hash::Sha384 => sign_prehashed_rfc6979::<C, Sha384>(key, prehash, &[]).0,
        Hash::Sha512 => sign_prehashed_rfc6979::<C, Sha512>(key, prehash, &[]).0,
    }
}

fn rsa_signature(key: &RsaPrivateKey, hash: Hash, message: &[u8]) -> Vec<u8> {
    let scheme = match hash {
        Hash::Sha224 => Pkcs1v15Sign::new::<Sha224>(),
        Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
        Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
        Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
    };
    key.sign(scheme, &prehash(hash, message)).expect("the key is longer than the padding")
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [KeyKind; 5] = [KeyKind::Ed25519, KeyKind::P256, KeyKind::P384, KeyKind::P521, KeyKind::Rsa2048];

    #[test]
    fn same_name_gives_same_key_and_signature() {
        for kind in KINDS {
            let (one, two) = (Signer::new(kind, "a"), Signer::new(kind, "a"));
            assert_eq!(one.public_pem(), two.public_pem(), "{kind:?}");
            assert_eq!(one.sign(Hash::Sha256, b"x"), two.sign(Hash::Sha256, b"x"), "{kind:?}");
        }
    }

    #[test]
    fn other_name_gives_other_key() {
        for kind in KINDS {
            assert_ne!(Signer::new(kind, "a").public_pem(), Signer::new(kind, "b").public_pem(), "{kind:?}");
        }
    }

    /// RFC 6979, A.2.5: P-256, SHA-512, message "sample".
    #[test]
    fn nonce_is_that_of_rfc_6979() {
        let secret = hex::decode("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721").unwrap();
        let key = Key::P256(p256::ecdsa::SigningKey::from_slice(&secret).unwrap());
        let signature = Signer { name: String::new(), key }.sign_p256(Hash::Sha512, b"sample");
        assert_eq!(
            hex::encode_upper(signature.to_bytes()),
            "8496A60B5E9B47C825488827E0495B0E3FA109EC4568FD3F8D1097678EB97F00\
             2362AB1ADBE2B8ADF9CB9EDAB740EA6049C028114F2460F96554F61FAE3302FE"
        );
    }
}
