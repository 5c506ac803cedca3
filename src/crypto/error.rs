//! Why a key cannot be used, and why a signature does not count.

use super::{HashAlgorithm, KeyKind, SignatureScheme};
use crate::encoding::pem::{self, PemError, placeholder_hint};
use thiserror::Error;

/// Why something is no public key, or none that can be used as asked.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The bytes are no DER of the structure that their PEM label promises.
    #[error(
        "expected the DER of {structure}, found {length} bytes that are not: {problem}{}; paste the whole file that \
         `cosign generate-key-pair` or `openssl pkey -pubout` wrote",
        placeholder_hint(*.placeholder)
    )]
    Der {
        /// What was expected.
        structure: &'static str,
        /// How many bytes there are.
        length: usize,
        /// What is wrong with them.
        problem: String,
        /// Does their base64 look like the filling of an example?
        placeholder: bool,
    },
    /// An RSA exponent that crypto/rsa of Go refuses.
    #[error("expected an odd RSA public exponent from 3 to 2147483647, found {found}; generate another key")]
    Exponent {
        /// The exponent: decimal, or its length in bits.
        found: String,
    },
    /// No such signature is defined for this kind of key. The first words are those of sigstore.
    #[error(
        "invalid hash function specified: an {key} key signs over sha256, sha384 or sha512, found {hash}; set \
         signatureAlgorithm to the one that was signed with"
    )]
    HashUnsupported {
        /// The key.
        key: KeyKind,
        /// The hash function.
        hash: HashAlgorithm,
    },
    /// A PEM block of another kind.
    #[error("expected a PEM block PUBLIC KEY or RSA PUBLIC KEY, found {}{}", pem::shorten(.found), label_hint(.found))]
    Label {
        /// Its label.
        found: String,
    },
    /// No readable PEM block.
    #[error("{0}; paste the whole file that `cosign generate-key-pair` or `openssl pkey -pubout` wrote")]
    Pem(#[from] PemError),
    /// The point is not on the curve, or not written uncompressed.
    #[error("expected {expected}, found {found}")]
    Point {
        /// What a point of this curve looks like.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// The key cannot make such signatures.
    #[error("expected a key for {scheme} signatures, found an {key} key")]
    SchemeMismatch {
        /// The key.
        key: KeyKind,
        /// The signature scheme.
        scheme: SignatureScheme,
    },
    /// More than the verifier is willing to compute with.
    #[error("expected an RSA key of at most {maximum} bits, found {bits}")]
    TooLarge {
        /// Its size.
        bits: usize,
        /// The limit.
        maximum: usize,
    },
    /// So short that others can compute its private key.
    #[error("expected an RSA key of at least {minimum} bits, found {bits}; sign with a longer key")]
    TooSmall {
        /// Its size.
        bits: usize,
        /// The limit.
        minimum: usize,
    },
    /// Another kind of key.
    #[error("unsupported public key type: expected ECDSA (P-256, P-384, P-521), RSA or Ed25519, found {found}")]
    TypeUnsupported {
        /// The name of the algorithm or curve, and its object identifier.
        found: String,
    },
    /// A key that anybody can sign for.
    #[error(
        "expected an ed25519 key, found a point of small order: anybody can make signatures for it; generate a key"
    )]
    Weak,
}

impl KeyError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der { .. } => "key-der-malformed",
            Self::Exponent { .. } => "key-exponent-invalid",
            Self::HashUnsupported { .. } => "key-hash-unsupported",
            Self::Label { .. } => "key-label-unsupported",
            Self::Pem(PemError::Missing { .. }) => "key-pem-missing",
            Self::Pem(_) => "key-pem-malformed",
            Self::Point { .. } => "key-point-invalid",
            Self::SchemeMismatch { .. } => "key-scheme-mismatch",
            Self::TooLarge { .. } => "key-too-large",
            Self::TooSmall { .. } => "key-too-small",
            Self::TypeUnsupported { .. } => "key-type-unsupported",
            Self::Weak => "key-weak",
        }
    }
}

fn label_hint(label: &str) -> &'static str {
    if label.contains("PRIVATE KEY") {
        "; this is a private key: take it out of the policy, do not use it again, and put the public key here"
    } else if label.contains("CERTIFICATE") {
        "; a certificate belongs into an attestor of type certificates"
    } else {
        "; `openssl pkey -pubout` writes a key in the expected form"
    }
}

/// Why a signature does not count. Exhaustive: whoever reports a rejection handles every reason.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SignatureError {
    /// Well-formed, and not made by this key over these bytes.
    #[error(
        "the {algorithm} signature does not match: it was made with another key, over other bytes or over another hash"
    )]
    Mismatch {
        /// The algorithm.
        algorithm: &'static str,
    },
    /// Not the form that such a signature has.
    #[error("expected {expected}, found {found}")]
    Malformed {
        /// The form.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// The algorithm is for another kind of key.
    #[error("expected a key for {algorithm} signatures, found an {key} key")]
    WrongKey {
        /// The algorithm.
        algorithm: &'static str,
        /// The key.
        key: KeyKind,
    },
}

impl SignatureError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Mismatch { .. } => "signature-mismatch",
            Self::Malformed { .. } => "signature-malformed",
            Self::WrongKey { .. } => "signature-key-mismatch",
        }
    }
}
