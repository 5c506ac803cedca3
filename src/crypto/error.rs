//! What can be wrong with keys and signatures.

use super::HashAlgorithm;
use thiserror::Error;

/// Why a key cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// A hash that the key's scheme does not have. The first words are sigstore's.
    #[error("invalid hash function specified: {key} keys do not verify with {hash}")]
    Hash {
        /// The key.
        key: String,
        /// The hash.
        hash: HashAlgorithm,
    },
    /// The key itself is malformed.
    #[error("pem to public key: {reason}: expected the DER of a public key, such as `cosign public-key` prints")]
    Malformed {
        /// What is wrong.
        reason: String,
    },
    /// No PEM block. The first words are sigstore's.
    #[error("pem to public key: PEM decoding failed: {reason}")]
    PemMissing {
        /// What stands there instead.
        reason: &'static str,
    },
    /// A PEM block of another kind.
    #[error("pem to public key: unknown public key PEM file type `{label}`: expected PUBLIC KEY or RSA PUBLIC KEY")]
    PemLabel {
        /// Its label.
        label: String,
    },
    /// An RSA key whose size is out of bounds.
    #[error("the RSA key has {bits} bits, expected {min} to {max}")]
    RsaSize {
        /// Its size.
        bits: usize,
        /// The smallest that is verified.
        min: usize,
        /// The largest that is verified.
        max: usize,
    },
    /// A kind of key that is not verified with.
    #[error("unsupported public key type {found}: expected ECDSA P-256, P-384 or P-521, RSA or Ed25519")]
    Unsupported {
        /// What it is.
        found: String,
    },
}

impl KeyError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Hash { .. } => "key-hash-unsupported",
            Self::Malformed { .. } => "key-malformed",
            Self::PemLabel { .. } => "key-pem-label",
            Self::PemMissing { .. } => "key-pem-missing",
            Self::RsaSize { .. } => "key-size-unsupported",
            Self::Unsupported { .. } => "key-type-unsupported",
        }
    }
}

/// Why a signature does not verify.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SignatureError {
    /// The bytes are no signature of the scheme.
    #[error("malformed signature: expected {expected}, found {found} bytes that are not one")]
    Malformed {
        /// What was expected.
        expected: &'static str,
        /// How many bytes there are.
        found: usize,
    },
    /// The signature is not by this key over these bytes.
    #[error("invalid signature: it was not made by this key over this payload")]
    Mismatch,
    /// The key is of another kind than the scheme's.
    #[error("the key is of another kind than the algorithm's")]
    WrongKey,
}

impl SignatureError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "signature-malformed",
            Self::Mismatch => "signature-mismatch",
            Self::WrongKey => "signature-wrong-key",
        }
    }
}
