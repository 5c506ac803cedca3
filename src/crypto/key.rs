//! Public keys, parsed once.

use super::KeyError;
use super::spki;
use crate::digest::Digest;
use crate::encoding::pem;
use std::fmt;

/// A public key that signatures can be verified with: its numbers are in range and its point is on the curve.
#[derive(Clone, Debug)]
pub struct PublicKey {
    spki_der: Box<[u8]>,
    pub(super) material: KeyMaterial,
}

/// The parsed key, in the form of the library that computes with it.
#[derive(Clone, Debug)]
pub(super) enum KeyMaterial {
    Ed25519(ed25519_dalek::VerifyingKey),
    P256(crrl::p256::PublicKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Rsa(Box<rsa::RsaPublicKey>),
}

impl PublicKey {
    /// Reads the first PEM block of `text`: `PUBLIC KEY`, or `RSA PUBLIC KEY` (PKCS#1).
    ///
    /// Text before the block, headers and everything behind it are ignored. Errors: no block, another label, or bytes
    /// that are no usable key. Source: sigstore v1.10, `pkg/cryptoutils/publickey.go`, `UnmarshalPEMToPublicKey`.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let (block, _) = pem::decode(text)?;
        match block.label.as_str() {
            "PUBLIC KEY" => Self::from_spki_der(&block.bytes),
            "RSA PUBLIC KEY" => Self::from_pkcs1_der(&block.bytes),
            _ => Err(KeyError::Label { found: block.label }),
        }
    }

    /// Reads a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
    ///
    /// Source: Go 1.26, `crypto/x509`, `ParsePKIXPublicKey`.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        Ok(Self { spki_der: der.into(), material: spki::parse_spki(der)? })
    }

    /// Reads the RSAPublicKey of PKCS#1 (RFC 8017, appendix A.1.1).
    pub fn from_pkcs1_der(der: &[u8]) -> Result<Self, KeyError> {
        let key = spki::parse_pkcs1(der)?;
        Ok(Self { spki_der: spki::rsa_spki_der(&key)?, material: KeyMaterial::Rsa(Box::new(key)) })
    }

    /// What kind of key this is.
    pub fn kind(&self) -> KeyKind {
        match &self.material {
            KeyMaterial::Ed25519(_) => KeyKind::Ed25519,
            KeyMaterial::P256(_) => KeyKind::Ecdsa(Curve::P256),
            KeyMaterial::P384(_) => KeyKind::Ecdsa(Curve::P384),
            KeyMaterial::P521(_) => KeyKind::Ecdsa(Curve::P521),
            KeyMaterial::Rsa(key) => KeyKind::Rsa { bits: spki::modulus_bits(key) },
        }
    }

    /// The key as a DER SubjectPublicKeyInfo.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki_der
    }

    /// SHA-256 of [`Self::spki_der`]: what transparency logs call the id of their key.
    pub fn fingerprint(&self) -> Digest {
        Digest::sha256(&self.spki_der)
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki_der == other.spki_der
    }
}

impl Eq for PublicKey {}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind().fmt(f)
    }
}

/// What kind of key something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyKind {
    /// A point on a NIST curve.
    Ecdsa(Curve),
    /// A point on Edwards25519.
    Ed25519,
    /// A modulus and an exponent.
    Rsa {
        /// Length of the modulus.
        bits: usize,
    },
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ecdsa(curve) => write!(f, "ecdsa-{curve}"),
            Self::Ed25519 => f.write_str("ed25519"),
            Self::Rsa { bits } => write!(f, "rsa-{bits}"),
        }
    }
}

/// The NIST curves of ECDSA keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Curve {
    /// `secp256r1`.
    P256,
    /// `secp384r1`.
    P384,
    /// `secp521r1`.
    P521,
}

impl Curve {
    /// Bytes of a coordinate, and of each of the two numbers of a signature.
    pub fn field_length(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::P521 => "p521",
        })
    }
}
