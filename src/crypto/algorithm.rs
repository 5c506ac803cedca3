//! The port that signatures are verified through.

use super::{HashAlgorithm, PublicKey, SignatureError};
use std::fmt::{self, Debug};

/// Verifies signatures of one scheme, hash function and kind of key.
///
/// Implementations are stateless values that live as long as the program; `software` holds those of this crate.
pub trait VerificationAlgorithm: Debug + Sync {
    /// Stable name, such as `ecdsa-p256-sha256-asn1`.
    fn id(&self) -> &'static str;

    /// Checks that `signature` was made over `message` with the private key of `key`.
    fn verify(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), SignatureError>;
}

/// How something was signed, but for the curve, which the key tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SignatureScheme {
    /// ECDSA (FIPS 186-5, section 6).
    Ecdsa(HashAlgorithm, EcdsaEncoding),
    /// Ed25519 over the message itself (RFC 8032, section 5.1).
    Ed25519,
    /// RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2).
    RsaPkcs1v15(HashAlgorithm),
    /// RSASSA-PSS with MGF1 over the same hash function (RFC 8017, section 8.1).
    RsaPss(HashAlgorithm, SaltLength),
}

impl fmt::Display for SignatureScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ecdsa(hash, _) => write!(f, "ecdsa-{hash}"),
            Self::Ed25519 => f.write_str("ed25519"),
            Self::RsaPkcs1v15(hash) => write!(f, "rsa-pkcs1v15-{hash}"),
            Self::RsaPss(hash, _) => write!(f, "rsa-pss-{hash}"),
        }
    }
}

/// How the two numbers of an ECDSA signature are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EcdsaEncoding {
    /// Strict DER (RFC 3279, section 2.2.3), as Go's `ecdsa.VerifyASN1` takes it.
    Asn1,
    /// What cosign takes: the one if it parses as ASN.1, else both numbers one after the other in halves of equal length.
    Cosign,
    /// Both numbers one after the other, each as long as the curve's field (IEEE P1363; JWS and COSE).
    P1363,
}

/// How long the salt of an RSASSA-PSS signature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SaltLength {
    /// Whatever the signature has (Go's `PSSSaltLengthAuto`).
    Any,
    /// As long as the hash value (Go's `PSSSaltLengthEqualsHash`).
    HashLength,
}
