//! The algorithms in Rust: RustCrypto, dalek, and crrl for P-256.

mod ecdsa;
mod ecdsa_signature;
mod ed25519;
mod rsa;

use super::{KeyError, KeyKind, SignatureScheme, VerificationAlgorithm};

/// The algorithm for keys of `kind` and signatures of `scheme`.
pub(super) fn find(kind: KeyKind, scheme: SignatureScheme) -> Result<&'static dyn VerificationAlgorithm, KeyError> {
    let found = match (kind, scheme) {
        (KeyKind::Ecdsa(curve), SignatureScheme::Ecdsa(hash, encoding)) => ecdsa::find(curve, hash, encoding),
        (KeyKind::Ed25519, SignatureScheme::Ed25519) => Some(ed25519::ALGORITHM),
        (KeyKind::Rsa { .. }, SignatureScheme::RsaPkcs1v15(hash)) => {
            return rsa::find_pkcs1v15(hash).ok_or(KeyError::HashUnsupported { key: kind, hash });
        }
        (KeyKind::Rsa { .. }, SignatureScheme::RsaPss(hash, salt)) => {
            return rsa::find_pss(hash, salt).ok_or(KeyError::HashUnsupported { key: kind, hash });
        }
        _ => None,
    };
    found.ok_or(KeyError::SchemeMismatch { key: kind, scheme })
}
