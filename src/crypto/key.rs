//! Public keys.

use super::{KeyError, pem, rsa};
use crate::digest::Digest;
use spki::ObjectIdentifier;
use spki::der::asn1::AnyRef;
use spki::der::{Decode, Encode};
use std::fmt;

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

/// The elliptic curves of NIST that signatures are verified on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Curve {
    /// P-256, secp256r1.
    P256,
    /// P-384, secp384r1.
    P384,
    /// P-521, secp521r1.
    P521,
}

/// What kind of key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// ECDSA.
    Ecdsa(Curve),
    /// Ed25519.
    Ed25519,
    /// RSA, with its size in bits.
    Rsa(usize),
}

/// A public key that is ready to verify with.
#[derive(Clone, Debug)]
pub struct PublicKey {
    pub(super) material: Material,
    spki: Vec<u8>,
    fingerprint: Digest,
}

#[derive(Clone, Debug)]
pub(super) enum Material {
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
    P256(Box<crrl::p256::PublicKey>),
    P384(Box<p384::ecdsa::VerifyingKey>),
    P521(Box<p521::ecdsa::VerifyingKey>),
    Rsa(Box<::rsa::RsaPublicKey>),
}

impl PublicKey {
    /// Parses the first PEM block of `text`: `PUBLIC KEY` (RFC 5280 SubjectPublicKeyInfo) or `RSA PUBLIC KEY` (PKCS #1).
    ///
    /// Text around the block, headers and line lengths do not matter (Go `encoding/pem`). Source: sigstore
    /// `pkg/cryptoutils/publickey.go`.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let block = pem::first_block(text)?;
        match block.label.as_str() {
            "PUBLIC KEY" => Self::from_spki_der(&block.bytes),
            "RSA PUBLIC KEY" => {
                let key = rsa::from_pkcs1(&block.bytes)?;
                Self::new(Material::Rsa(Box::new(key)), &rsa::spki(&block.bytes))
            }
            _ => Err(KeyError::PemLabel { label: block.label }),
        }
    }

    /// Parses a SubjectPublicKeyInfo.
    ///
    /// Points must be uncompressed and on the curve, RSA parameters null, and nothing may follow, as in Go's
    /// `x509.ParsePKIXPublicKey`.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let info = spki::SubjectPublicKeyInfoRef::from_der(der).map_err(|e| malformed(e.to_string()))?;
        let bits = info.subject_public_key.as_bytes().ok_or_else(|| malformed("the key is not whole bytes"))?;
        let material = match info.algorithm.oid {
            EC_PUBLIC_KEY => ec_key(info.algorithm.parameters, bits)?,
            ED25519 => ed25519_key(bits)?,
            RSA_ENCRYPTION => {
                if info.algorithm.parameters != Some(AnyRef::NULL) {
                    return Err(malformed("RSA key missing NULL parameters"));
                }
                Material::Rsa(Box::new(rsa::from_pkcs1(bits)?))
            }
            other => return Err(KeyError::Unsupported { found: format!("with object identifier {other}") }),
        };
        Self::new(material, der)
    }

    fn new(material: Material, spki: &[u8]) -> Result<Self, KeyError> {
        Ok(Self { material, spki: spki.to_vec(), fingerprint: Digest::sha256(spki) })
    }

    /// What kind of key it is.
    pub fn kind(&self) -> KeyKind {
        match &self.material {
            Material::Ed25519(_) => KeyKind::Ed25519,
            Material::P256(_) => KeyKind::Ecdsa(Curve::P256),
            Material::P384(_) => KeyKind::Ecdsa(Curve::P384),
            Material::P521(_) => KeyKind::Ecdsa(Curve::P521),
            Material::Rsa(key) => KeyKind::Rsa(rsa::bits(key)),
        }
    }

    /// The DER of its SubjectPublicKeyInfo.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// SHA-256 over the DER of its SubjectPublicKeyInfo: what transparency logs call a log id.
    pub fn fingerprint(&self) -> &Digest {
        &self.fingerprint
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki == other.spki
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ecdsa(Curve::P256) => f.write_str("ecdsa-p256"),
            Self::Ecdsa(Curve::P384) => f.write_str("ecdsa-p384"),
            Self::Ecdsa(Curve::P521) => f.write_str("ecdsa-p521"),
            Self::Ed25519 => f.write_str("ed25519"),
            Self::Rsa(bits) => write!(f, "rsa-{bits}"),
        }
    }
}

fn malformed(reason: impl Into<String>) -> KeyError {
    KeyError::Malformed { reason: reason.into() }
}

fn ec_key(parameters: Option<AnyRef<'_>>, point: &[u8]) -> Result<Material, KeyError> {
    let parameters = parameters.ok_or_else(|| malformed("the curve is missing"))?;
    let curve = parameters.decode_as::<ObjectIdentifier>().map_err(|_| malformed("the curve is not named"))?;
    if point.first() != Some(&4) {
        return Err(malformed("the point is not an uncompressed one"));
    }
    let off_curve = |_| malformed("the point is not on the curve");
    match curve {
        P256 => {
            let key = crrl::p256::PublicKey::decode(point).ok_or_else(|| malformed("the point is not on the curve"))?;
            Ok(Material::P256(Box::new(key)))
        }
        P384 => {
            p384::ecdsa::VerifyingKey::from_sec1_bytes(point).map(|k| Material::P384(Box::new(k))).map_err(off_curve)
        }
        P521 => {
            p521::ecdsa::VerifyingKey::from_sec1_bytes(point).map(|k| Material::P521(Box::new(k))).map_err(off_curve)
        }
        other => Err(KeyError::Unsupported { found: format!("on the curve {other}") }),
    }
}

fn ed25519_key(bits: &[u8]) -> Result<Material, KeyError> {
    let bytes = bits.try_into().map_err(|_| malformed("an Ed25519 key has 32 bytes"))?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| malformed("the point is not on the curve"))?;
    Ok(Material::Ed25519(Box::new(key)))
}

/// The SubjectPublicKeyInfo of a PKCS #1 key.
pub(super) fn rsa_spki(pkcs1: &[u8]) -> Option<Vec<u8>> {
    let algorithm = spki::AlgorithmIdentifierRef { oid: RSA_ENCRYPTION, parameters: Some(AnyRef::NULL) };
    let subject_public_key = spki::der::asn1::BitStringRef::from_bytes(pkcs1).ok()?;
    spki::SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().ok()
}

#[cfg(test)]
mod tests;
