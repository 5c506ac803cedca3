//! Which algorithm a key and a format call for.

use super::ecdsa::Ecdsa;
use super::ed25519::Ed25519;
use super::rsa::Rsa;
use super::{HashAlgorithm, KeyError, KeyKind, PublicKey, SignatureError};
use std::fmt::Debug;

/// The port that every signature is verified through.
pub trait VerificationAlgorithm: Debug + Sync {
    /// Which scheme it is.
    fn scheme(&self) -> Scheme;

    /// Checks that `signature` was made over `message` with the private half of `key`.
    ///
    /// Errors tell a malformed signature from one that does not fit; both mean that nothing is proved.
    fn verify(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), SignatureError>;

    /// The name of the scheme.
    fn id(&self) -> &'static str {
        self.scheme().id()
    }
}

/// How ECDSA signatures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Asn1,
    Asn1OrP1363,
    P1363,
}

/// How RSA signatures are padded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Padding {
    Pkcs1,
    Pss,
}

macro_rules! schemes {
    ($($scheme:ident $id:literal $doc:literal = $algorithm:expr;)*) => {
        /// A signature scheme: algorithm, hash and encoding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Scheme {
            $(#[doc = $doc] $scheme,)*
        }

        impl Scheme {
            /// Its name in traces.
            pub fn id(self) -> &'static str {
                match self { $(Self::$scheme => $id,)* }
            }
        }

        /// The algorithm of a scheme.
        pub fn algorithm(scheme: Scheme) -> &'static dyn VerificationAlgorithm {
            match scheme { $(Scheme::$scheme => { const ALGORITHM: &dyn VerificationAlgorithm = $algorithm; ALGORITHM })* }
        }
    };
}

macro_rules! ecdsa {
    ($scheme:ident, $hash:ident, $encoding:ident) => {
        &Ecdsa { scheme: Scheme::$scheme, hash: HashAlgorithm::$hash, encoding: Encoding::$encoding }
    };
}

macro_rules! rsa {
    ($scheme:ident, $hash:ident, $padding:ident) => {
        &Rsa { scheme: Scheme::$scheme, hash: HashAlgorithm::$hash, padding: Padding::$padding }
    };
}

schemes! {
    CosignEcdsaSha224 "ecdsa-sha224" "ECDSA with SHA-224, ASN.1 or, failing that, IEEE P1363." = ecdsa!(CosignEcdsaSha224, Sha224, Asn1OrP1363);
    CosignEcdsaSha256 "ecdsa-sha256" "ECDSA with SHA-256, ASN.1 or, failing that, IEEE P1363." = ecdsa!(CosignEcdsaSha256, Sha256, Asn1OrP1363);
    CosignEcdsaSha384 "ecdsa-sha384" "ECDSA with SHA-384, ASN.1 or, failing that, IEEE P1363." = ecdsa!(CosignEcdsaSha384, Sha384, Asn1OrP1363);
    CosignEcdsaSha512 "ecdsa-sha512" "ECDSA with SHA-512, ASN.1 or, failing that, IEEE P1363." = ecdsa!(CosignEcdsaSha512, Sha512, Asn1OrP1363);
    EcdsaSha256Asn1 "ecdsa-sha256-asn1" "ECDSA with SHA-256, ASN.1." = ecdsa!(EcdsaSha256Asn1, Sha256, Asn1);
    EcdsaSha256P1363 "ecdsa-sha256-p1363" "ECDSA with SHA-256, IEEE P1363." = ecdsa!(EcdsaSha256P1363, Sha256, P1363);
    EcdsaSha384Asn1 "ecdsa-sha384-asn1" "ECDSA with SHA-384, ASN.1." = ecdsa!(EcdsaSha384Asn1, Sha384, Asn1);
    EcdsaSha384P1363 "ecdsa-sha384-p1363" "ECDSA with SHA-384, IEEE P1363." = ecdsa!(EcdsaSha384P1363, Sha384, P1363);
    EcdsaSha512Asn1 "ecdsa-sha512-asn1" "ECDSA with SHA-512, ASN.1." = ecdsa!(EcdsaSha512Asn1, Sha512, Asn1);
    EcdsaSha512P1363 "ecdsa-sha512-p1363" "ECDSA with SHA-512, IEEE P1363." = ecdsa!(EcdsaSha512P1363, Sha512, P1363);
    Ed25519 "ed25519" "Ed25519." = &Ed25519;
    RsaPkcs1Sha256 "rsa-pkcs1-sha256" "RSA PKCS #1 v1.5 with SHA-256." = rsa!(RsaPkcs1Sha256, Sha256, Pkcs1);
    RsaPkcs1Sha384 "rsa-pkcs1-sha384" "RSA PKCS #1 v1.5 with SHA-384." = rsa!(RsaPkcs1Sha384, Sha384, Pkcs1);
    RsaPkcs1Sha512 "rsa-pkcs1-sha512" "RSA PKCS #1 v1.5 with SHA-512." = rsa!(RsaPkcs1Sha512, Sha512, Pkcs1);
    RsaPssSha256 "rsa-pss-sha256" "RSA PSS with SHA-256, the salt as long as the hash." = rsa!(RsaPssSha256, Sha256, Pss);
    RsaPssSha384 "rsa-pss-sha384" "RSA PSS with SHA-384, the salt as long as the hash." = rsa!(RsaPssSha384, Sha384, Pss);
    RsaPssSha512 "rsa-pss-sha512" "RSA PSS with SHA-512, the salt as long as the hash." = rsa!(RsaPssSha512, Sha512, Pss);
}

/// What cosign verifies with: ECDSA with the hash that is asked for, whatever the curve; RSA PKCS #1 v1.5, which has no
/// SHA-224; Ed25519, which has its own hash.
///
/// Source: sigstore `pkg/signature/verifier.go` (`LoadVerifier`), `pkg/signature/ecdsa.go`.
pub fn cosign_algorithm(key: &PublicKey, hash: HashAlgorithm) -> Result<&'static dyn VerificationAlgorithm, KeyError> {
    let scheme = match (key.kind(), hash) {
        (KeyKind::Ed25519, _) => Scheme::Ed25519,
        (KeyKind::Ecdsa(_), HashAlgorithm::Sha224) => Scheme::CosignEcdsaSha224,
        (KeyKind::Ecdsa(_), HashAlgorithm::Sha256) => Scheme::CosignEcdsaSha256,
        (KeyKind::Ecdsa(_), HashAlgorithm::Sha384) => Scheme::CosignEcdsaSha384,
        (KeyKind::Ecdsa(_), HashAlgorithm::Sha512) => Scheme::CosignEcdsaSha512,
        (KeyKind::Rsa(_), HashAlgorithm::Sha224) => {
            return Err(KeyError::Hash { key: key.kind().to_string(), hash });
        }
        (KeyKind::Rsa(_), HashAlgorithm::Sha256) => Scheme::RsaPkcs1Sha256,
        (KeyKind::Rsa(_), HashAlgorithm::Sha384) => Scheme::RsaPkcs1Sha384,
        (KeyKind::Rsa(_), HashAlgorithm::Sha512) => Scheme::RsaPkcs1Sha512,
    };
    Ok(algorithm(scheme))
}
