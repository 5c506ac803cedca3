//! The six signature algorithms of the Notary Project, each bound to one kind of key.
//!
//! Source: Notary Project signature specification, "Algorithm selection"; notation-core-go v1.3.0
//! `internal/algorithm/algorithm.go`.

use super::{Format, NotationError};
use crate::crypto::{Curve, EcdsaEncoding, HashAlgorithm, KeyKind, PublicKey, SaltLength, SignatureScheme, algorithm};
use std::fmt;

/// A signature algorithm, by its JOSE name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256 over SHA-256.
    Es256,
    /// ECDSA on P-384 over SHA-384.
    Es384,
    /// ECDSA on P-521 over SHA-512.
    Es512,
    /// RSASSA-PSS with 2048 bits over SHA-256.
    Ps256,
    /// RSASSA-PSS with 3072 bits over SHA-384.
    Ps384,
    /// RSASSA-PSS with 4096 bits over SHA-512.
    Ps512,
}

/// Algorithm, JOSE name, COSE number (RFC 9053, section 2.1; RFC 8230, section 2).
const NAMES: [(Algorithm, &str, i64); 6] = [
    (Algorithm::Es256, "ES256", -7),
    (Algorithm::Es384, "ES384", -35),
    (Algorithm::Es512, "ES512", -36),
    (Algorithm::Ps256, "PS256", -37),
    (Algorithm::Ps384, "PS384", -38),
    (Algorithm::Ps512, "PS512", -39),
];

impl Algorithm {
    /// By its JOSE name.
    pub(super) fn from_jose(name: &str) -> Result<Self, NotationError> {
        let found = NAMES.iter().find(|(_, other, _)| *other == name).map(|(algorithm, ..)| *algorithm);
        found.ok_or_else(|| NotationError::AlgorithmUnsupported { found: name.to_owned() })
    }

    /// By its COSE number.
    pub(super) fn from_cose(number: i64) -> Result<Self, NotationError> {
        let found = NAMES.iter().find(|(.., other)| *other == number).map(|(algorithm, ..)| *algorithm);
        found.ok_or_else(|| NotationError::AlgorithmUnsupported { found: number.to_string() })
    }

    /// The one that a key must sign with.
    pub(super) fn for_key(key: KeyKind) -> Option<Self> {
        match key {
            KeyKind::Ecdsa(Curve::P256) => Some(Self::Es256),
            KeyKind::Ecdsa(Curve::P384) => Some(Self::Es384),
            KeyKind::Ecdsa(Curve::P521) => Some(Self::Es512),
            KeyKind::Rsa { bits: 2048 } => Some(Self::Ps256),
            KeyKind::Rsa { bits: 3072 } => Some(Self::Ps384),
            KeyKind::Rsa { bits: 4096 } => Some(Self::Ps512),
            KeyKind::Ed25519 | KeyKind::Rsa { .. } => None,
        }
    }

    /// Checks a signature by `key`, which must be of the kind of this algorithm.
    pub(super) fn verify(
        self,
        format: Format,
        key: &PublicKey,
        signed: &[u8],
        signature: &[u8],
    ) -> Result<(), NotationError> {
        match Self::for_key(key.kind()) {
            None => return Err(NotationError::KeyUnsupported { key: key.kind() }),
            Some(expected) if expected != self => {
                return Err(NotationError::AlgorithmMismatch { key: key.kind(), expected, found: self });
            }
            Some(_) => {}
        }
        let malformed = |error| NotationError::Key { error };
        let algorithm = algorithm(key, self.scheme(format)).map_err(malformed)?;
        algorithm.verify(key, signed, signature).map_err(NotationError::Signature)
    }

    /// golang-jwt finds the length of the salt itself; go-cose wants that of the hash (RFC 8230, section 2).
    fn scheme(self, format: Format) -> SignatureScheme {
        let hash = match self {
            Self::Es256 | Self::Ps256 => HashAlgorithm::Sha256,
            Self::Es384 | Self::Ps384 => HashAlgorithm::Sha384,
            Self::Es512 | Self::Ps512 => HashAlgorithm::Sha512,
        };
        let salt = match format {
            Format::Cose => SaltLength::HashLength,
            Format::Jws => SaltLength::Any,
        };
        match self {
            Self::Es256 | Self::Es384 | Self::Es512 => SignatureScheme::Ecdsa(hash, EcdsaEncoding::P1363),
            Self::Ps256 | Self::Ps384 | Self::Ps512 => SignatureScheme::RsaPss(hash, salt),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(algorithm, ..)| algorithm == self).map_or("", |(_, name, _)| name);
        f.write_str(name)
    }
}
