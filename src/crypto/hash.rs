//! Hash functions, as policies name them.

use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};
use std::fmt;

/// A hash function that something is signed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HashAlgorithm {
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashAlgorithm {
    /// The hash of `message`.
    pub fn digest(self, message: &[u8]) -> HashValue {
        HashValue(match self {
            Self::Sha224 => Sha224::digest(message).as_slice().into(),
            Self::Sha256 => Sha256::digest(message).as_slice().into(),
            Self::Sha384 => Sha384::digest(message).as_slice().into(),
            Self::Sha512 => Sha512::digest(message).as_slice().into(),
        })
    }

    /// Bytes of a value.
    pub fn output_length(self) -> usize {
        match self {
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// `sha224`, `sha256`, `sha384` or `sha512`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }
}

impl fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The value of a hash function.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HashValue(Box<[u8]>);

impl HashValue {
    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
