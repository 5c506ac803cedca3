//! Content digests, as OCI writes them.

use sha2::{Digest as _, Sha256, Sha384, Sha512};
use std::fmt;
use thiserror::Error;

/// A digest: algorithm and lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest {
    text: Box<str>,
}

/// Why a text is no digest.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DigestError {
    /// No `algorithm:hex`.
    #[error("expected a digest such as sha256:0f..., found `{0}`")]
    Form(String),
    /// Not one of the registered algorithms.
    #[error("expected a sha256, sha384 or sha512 digest, found algorithm `{0}`")]
    UnknownAlgorithm(String),
    /// The hex part has another length than the algorithm's.
    #[error("expected {expected} lower-case hex digits after {algorithm}:, found `{found}`")]
    Hex {
        /// The algorithm.
        algorithm: String,
        /// Its length in hex digits.
        expected: usize,
        /// What stands there.
        found: String,
    },
}

impl Digest {
    /// Parses `sha256:...`, `sha384:...` or `sha512:...` with lower-case hex of the right length.
    ///
    /// Source: OCI image specification, "digests".
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        let (algorithm, encoded) = text.split_once(':').ok_or_else(|| DigestError::Form(text.to_owned()))?;
        let expected = match algorithm {
            "sha256" => 64,
            "sha384" => 96,
            "sha512" => 128,
            _ => return Err(DigestError::UnknownAlgorithm(algorithm.to_owned())),
        };
        let is_hex = encoded.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if encoded.len() != expected || !is_hex {
            return Err(DigestError::Hex { algorithm: algorithm.to_owned(), expected, found: encoded.to_owned() });
        }
        Ok(Self { text: text.into() })
    }

    /// The SHA-256 digest of `bytes`.
    pub fn sha256(bytes: &[u8]) -> Self {
        Self { text: format!("sha256:{}", hex::encode(Sha256::digest(bytes))).into() }
    }

    /// Is this the digest of `bytes`?
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        let actual = match self.algorithm() {
            "sha256" => hex::encode(Sha256::digest(bytes)),
            "sha384" => hex::encode(Sha384::digest(bytes)),
            _ => hex::encode(Sha512::digest(bytes)),
        };
        actual == self.encoded()
    }

    /// `sha256`, `sha384` or `sha512`.
    pub fn algorithm(&self) -> &str {
        self.text.split_once(':').map_or("", |(algorithm, _)| algorithm)
    }

    /// The hex part.
    pub fn encoded(&self) -> &str {
        self.text.split_once(':').map_or("", |(_, encoded)| encoded)
    }

    /// `algorithm:hex`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The tag that names things attached to this digest: `sha256-HEX` and `suffix` (cosign's tag layout, OCI 1.1 fallback).
    pub fn tag(&self, suffix: &str) -> String {
        format!("{}-{}{suffix}", self.algorithm(), self.encoded())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
