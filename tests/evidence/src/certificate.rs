//! X.509 certificates with P-256 keys (RFC 5280).

use crate::der::{
    BOOLEAN, INTEGER, OCTET_STRING, SET, UTC_TIME, UTF8_STRING, bit_string, element, explicit, oid, sequence,
};
use crate::{Hash, KeyKind, Signer, Time};
use pem_rfc7468::LineEnding;
use sha2::{Digest, Sha256};

/// `codeSigning`.
const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
/// `ecdsa-with-SHA256` (RFC 5758, section 3.2).
const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";
/// The first bit.
const DIGITAL_SIGNATURE: [u8; 2] = [7, 0x80];
/// `keyCertSign` and `cRLSign`.
const AUTHORITY_USAGE: [u8; 2] = [1, 0x06];

/// What a certificate says, until it is signed.
#[derive(Clone, Debug)]
pub struct Draft {
    subject: Vec<u8>,
    /// SubjectPublicKeyInfo.
    key: Vec<u8>,
    validity: [Time; 2],
    extensions: Vec<Vec<u8>>,
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate.
    pub der: Vec<u8>,
    /// What of it is signed.
    pub(crate) tbs: Vec<u8>,
}

impl Certificate {
    /// PEM.
    pub fn pem(&self) -> String {
        pem_rfc7468::encode_string("CERTIFICATE", LineEnding::LF, &self.der).expect("the label is valid")
    }
}

/// Who issues certificates.
#[derive(Clone, Debug)]
pub struct Authority {
    name: String,
    key: Signer,
    /// Its own certificate.
    pub certificate: Certificate,
}

impl Authority {
    /// A root: it vouches for itself.
    pub fn root(name: &str, validity: [Time; 2]) -> Self {
        let key = Signer::new(KeyKind::P256, name);
        let draft = Draft::authority(name, &key, validity);
        let certificate = draft.signed(name, &key);
        Self { name: name.to_owned(), key, certificate }
    }

    /// An authority below this one, for code signing alone.
    pub fn intermediate(&self, name: &str, validity: [Time; 2]) -> Self {
        let key = Signer::new(KeyKind::P256, name);
        let certificate = self.issue(&Draft::authority(name, &key, validity).with(&code_signing()));
        Self { name: name.to_owned(), key, certificate }
    }

    /// Signs what the draft says.
    pub fn issue(&self, draft: &Draft) -> Certificate {
        let key_id = element(0x80, &[&key_id(&self.key.public_der())]);
        draft.clone().with(&extension("2.5.29.35", false, &sequence(&[&key_id]))).signed(&self.name, &self.key)
    }

    /// SHA-256 of its public key, as certificate logs name an issuer (RFC 6962, section 3.2).
    pub(crate) fn key_hash(&self) -> [u8; 32] {
        Sha256::digest(self.key.public_der()).into()
    }
}

impl Draft {
    fn authority(name: &str, key: &Signer, validity: [Time; 2]) -> Self {
        let constraints = sequence(&[&element(BOOLEAN, &[&[0xff]])]);
        Self { subject: subject(name), key: key.public_der(), validity, extensions: Vec::new() }
            .with(&extension("2.5.29.15", true, &element(0x03, &[&AUTHORITY_USAGE])))
            .with(&extension("2.5.29.19", true, &constraints))
            .with_key_id()
    }

    /// A certificate for code signing whose holder has `key`. An empty name: it names its holder elsewhere.
    pub fn code_signing(name: &str, key: &Signer, validity: [Time; 2]) -> Self {
        let subject = if name.is_empty() { sequence(&[]) } else { subject(name) };
        Self { subject, key: key.public_der(), validity, extensions: Vec::new() }
            .with(&extension("2.5.29.15", true, &element(0x03, &[&DIGITAL_SIGNATURE])))
            .with(&code_signing())
            .with_key_id()
    }

    /// The same with an extension.
    pub(crate) fn with(mut self, extension: &[u8]) -> Self {
        self.extensions.push(extension.to_vec());
        self
    }

    fn with_key_id(self) -> Self {
        let id = key_id(&self.key);
        self.with(&extension("2.5.29.14", false, &element(OCTET_STRING, &[&id])))
    }

    fn signed(&self, issuer: &str, key: &Signer) -> Certificate {
        let algorithm = sequence(&[&oid(ECDSA_SHA256)]);
        let tbs = self.to_be_signed(&algorithm, &subject(issuer));
        let signature = bit_string(&key.sign(Hash::Sha256, &tbs));
        Certificate { der: sequence(&[&tbs, &algorithm, &signature]), tbs }
    }

    fn to_be_signed(&self, algorithm: &[u8], issuer: &[u8]) -> Vec<u8> {
        let version = explicit(0, &[&element(INTEGER, &[&[2]])]);
        let [from, until] = self.validity.map(|time| element(UTC_TIME, &[time.utc().as_bytes()]));
        let validity = sequence(&[&from, &until]);
        let extensions: Vec<&[u8]> = self.extensions.iter().map(Vec::as_slice).collect();
        let extensions = explicit(3, &[&sequence(&extensions)]);
        let rest = [algorithm, issuer, &validity, &self.subject, &self.key, &extensions];
        // The same for a certificate with and without the list of its logs: these belong together.
        let mut serial: [u8; 16] = Sha256::digest([&self.key, from.as_slice()].concat())[..16].try_into().expect("16");
        serial[0] = serial[0] & 0x7f | 0x40;
        let serial = element(INTEGER, &[&serial]);
        sequence(&[&[version.as_slice(), &serial], &rest[..]].concat())
    }
}

pub(crate) fn extension(identifier: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { element(BOOLEAN, &[&[0xff]]) } else { Vec::new() };
    sequence(&[&oid(identifier), &critical, &element(OCTET_STRING, &[value])])
}

/// `subjectAltName` with one URI: critical, for it is all that names the holder (RFC 5280, section 4.2.1.6).
pub(crate) fn uri_name(uri: &str) -> Vec<u8> {
    extension("2.5.29.17", true, &sequence(&[&element(0x86, &[uri.as_bytes()])]))
}

fn code_signing() -> Vec<u8> {
    extension("2.5.29.37", false, &sequence(&[&oid(CODE_SIGNING)]))
}

/// An organisation that RFC 2606 keeps from existing, and a name in it.
fn subject(name: &str) -> Vec<u8> {
    let attribute =
        |kind: &str, text: &str| element(SET, &[&sequence(&[&oid(kind), &element(UTF8_STRING, &[text.as_bytes()])])]);
    sequence(&[&attribute("2.5.4.6", "XX"), &attribute("2.5.4.10", "shop.example"), &attribute("2.5.4.3", name)])
}

/// RFC 7093, section 2, method 1: the left 160 bits of the key's hash.
fn key_id(public_key: &[u8]) -> [u8; 20] {
    Sha256::digest(public_key)[..20].try_into().expect("20 bytes of 32")
}
