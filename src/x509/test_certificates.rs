//! Certificates for tests: whatever a test needs wrong with them. The key of every name is derived from the name.

use super::Certificate;
use crate::encoding::der::{
    self, BOOLEAN, INTEGER, OCTET_STRING, SEQUENCE, SET, UTC_TIME, context, context_constructed,
};
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::Digest as _;

const ED25519: &str = "1.3.101.112";
const BIT_STRING: u8 = 0x03;
const UTF8_STRING: u8 = 0x0c;

/// A certificate that can still be changed.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) version: u8,
    pub(crate) serial: Vec<u8>,
    pub(crate) subject: &'static str,
    pub(crate) validity: [&'static str; 2],
    /// SubjectPublicKeyInfo.
    pub(crate) key: Vec<u8>,
    pub(crate) extensions: Vec<Vec<u8>>,
    /// Identifier of the signature's algorithm.
    pub(crate) algorithm: Vec<u8>,
}

impl Draft {
    /// Somebody who is no authority, with a certificate of 2024.
    pub(crate) fn leaf(subject: &'static str) -> Self {
        Self {
            version: 3,
            serial: vec![1],
            subject,
            validity: ["240101000000Z", "241231235959Z"],
            key: spki(subject),
            extensions: Vec::new(),
            algorithm: sequence(&[&oid(ED25519)]),
        }
    }

    /// An authority.
    pub(crate) fn authority(subject: &'static str) -> Self {
        Self::leaf(subject).with(basic_constraints(true, None))
    }

    pub(crate) fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    /// What is signed, and by whom.
    fn tbs(&self, issuer: &str) -> Vec<u8> {
        let version = match self.version {
            1 => Vec::new(),
            version => element(context_constructed(0), &[&element(INTEGER, &[&[version - 1]])]),
        };
        let [from, until] = self.validity.map(|time| element(UTC_TIME, &[time.as_bytes()]));
        let extensions = match self.extensions.is_empty() {
            true => Vec::new(),
            false => element(context_constructed(3), &[&sequence(&slices(&self.extensions))]),
        };
        let serial = element(INTEGER, &[&self.serial]);
        let validity = sequence(&[&from, &until]);
        let (issuer, subject) = (name(issuer), name(self.subject));
        sequence(&[&version, &serial, &self.algorithm, &issuer, &validity, &subject, &self.key, &extensions])
    }

    /// The certificate, as DER.
    pub(crate) fn der(&self, issuer: &str) -> Vec<u8> {
        let tbs = self.tbs(issuer);
        let signature = element(BIT_STRING, &[&[0], &signing_key(issuer).sign(&tbs).to_bytes()]);
        sequence(&[&tbs, &self.algorithm, &signature])
    }

    /// The certificate, signed with the issuer's key.
    pub(crate) fn issued_by(&self, issuer: &str) -> Certificate {
        Certificate::from_der(&self.der(issuer)).unwrap()
    }
}

/// The private key of this name.
pub(crate) fn signing_key(name: &str) -> SigningKey {
    let mut seed = [7; 32];
    seed.iter_mut().zip(name.bytes()).for_each(|(byte, letter)| *byte ^= letter);
    SigningKey::from_bytes(&seed)
}

/// The public key of this name.
pub(crate) fn spki(name: &str) -> Vec<u8> {
    let key = element(BIT_STRING, &[&[0], signing_key(name).verifying_key().as_bytes()]);
    sequence(&[&sequence(&[&oid(ED25519)]), &key])
}

/// A name with one part.
pub(crate) fn name(common_name: &str) -> Vec<u8> {
    let attribute = sequence(&[&oid("2.5.4.3"), &element(UTF8_STRING, &[common_name.as_bytes()])]);
    sequence(&[&element(SET, &[&attribute])])
}

pub(crate) fn extension(identifier: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { element(BOOLEAN, &[&[0xff]]) } else { Vec::new() };
    sequence(&[&oid(identifier), &critical, &element(OCTET_STRING, &[value])])
}

pub(crate) fn basic_constraints(is_authority: bool, path_len: Option<u8>) -> Vec<u8> {
    let authority = if is_authority { element(BOOLEAN, &[&[0xff]]) } else { Vec::new() };
    let path_len = path_len.map(|length| element(INTEGER, &[&[length]])).unwrap_or_default();
    extension("2.5.29.19", true, &sequence(&[&authority, &path_len]))
}

pub(crate) fn extended_key_usage(critical: bool, usages: &[&str]) -> Vec<u8> {
    let usages: Vec<Vec<u8>> = usages.iter().map(|usage| oid(usage)).collect();
    extension("2.5.29.37", critical, &sequence(&slices(&usages)))
}

/// Alternative names: number of the kind, and what is in it.
pub(crate) fn alternative_names(critical: bool, names: &[(u8, &[u8])]) -> Vec<u8> {
    let names: Vec<Vec<u8>> = names.iter().map(|(kind, name)| element(context(*kind), &[name])).collect();
    extension("2.5.29.17", critical, &sequence(&slices(&names)))
}

/// Constraints on names: those that are permitted and those that are excluded.
pub(crate) fn name_constraints(permitted: &[(u8, &[u8])], excluded: &[(u8, &[u8])]) -> Vec<u8> {
    let subtrees = |number: u8, names: &[(u8, &[u8])]| {
        let names: Vec<Vec<u8>> =
            names.iter().map(|(kind, name)| sequence(&[&element(context(*kind), &[name])])).collect();
        if names.is_empty() { Vec::new() } else { element(context_constructed(number), &slices(&names)) }
    };
    extension("2.5.29.30", true, &sequence(&[&subtrees(0, permitted), &subtrees(1, excluded)]))
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(SEQUENCE, parts)
}

pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    der::element(tag, &parts.concat())
}

pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let numbers: Vec<u32> = dotted.split('.').map(|number| number.parse().unwrap()).collect();
    let mut contents = Vec::new();
    for number in std::iter::once(numbers[0] * 40 + numbers[1]).chain(numbers[2..].iter().copied()) {
        let groups = (0..5_u32).rev().filter(|group| *group == 0 || number >> (group * 7) != 0);
        contents.extend(groups.map(|group| {
            let bits = u8::try_from(number >> (group * 7) & 0x7f).unwrap();
            if group == 0 { bits } else { bits | 0x80 }
        }));
    }
    element(0x06, &[&contents])
}

fn slices(parts: &[Vec<u8>]) -> Vec<&[u8]> {
    parts.iter().map(Vec::as_slice).collect()
}

/// The P-256 key of this name, which logs sign with.
fn log_key(name: &str) -> crrl::p256::PrivateKey {
    crrl::p256::PrivateKey::from_seed(name.as_bytes())
}

/// The public P-256 key of this name.
pub(crate) fn log_spki(name: &str) -> Vec<u8> {
    let point = log_key(name).to_public_key().encode_uncompressed();
    let algorithm = sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.2.840.10045.3.1.7")]);
    sequence(&[&algorithm, &element(BIT_STRING, &[&[0], &point])])
}

/// A signature with the P-256 key of this name, over SHA-256.
pub(crate) fn log_signature(name: &str, message: &[u8]) -> Vec<u8> {
    let hash: [u8; 32] = sha2::Sha256::digest(message).into();
    let signature = log_key(name).sign_hash(&hash, &[]);
    let number = |bytes: &[u8]| {
        let start = bytes.iter().position(|byte| *byte != 0).unwrap();
        let sign: &[u8] = if bytes[start] >= 0x80 { &[0] } else { &[] };
        element(INTEGER, &[sign, &bytes[start..]])
    };
    sequence(&[&number(&signature[..32]), &number(&signature[32..])])
}
