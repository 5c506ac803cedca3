//! What a certificate's key signed: certificates, revocation lists, OCSP responses.
//!
//! Source: Go `crypto/x509/x509.go` (`checkSignature`, `CheckSignatureFrom`, `getSignatureAlgorithmFromAI`).

use super::{Certificate, ChainError};
use crate::crypto::{HashAlgorithm, KeyKind, SaltLength, SignatureScheme, algorithm, algorithm_for};
use crate::encoding::der::{INTEGER, Reader, SEQUENCE, context_constructed, dotted};

/// Something with a signature over it.
#[derive(Clone, Debug)]
pub struct Signed<'a> {
    /// What messages call it.
    pub what: String,
    /// The sequence of the signature's algorithm.
    pub algorithm: &'a [u8],
    /// What is signed.
    pub body: &'a [u8],
    /// The signature.
    pub signature: Vec<u8>,
}

impl Signed<'_> {
    /// Is it signed by the key of `signer`, whatever that key may be used for?
    pub fn check(&self, signer: &Certificate) -> Result<(), ChainError> {
        let issuer = signer.subject().to_string();
        let key = signer
            .public_key()
            .map_err(|error| ChainError::IssuerKey { issuer: issuer.clone(), error: error.clone() })?;
        let unsupported = |algorithm: String| ChainError::Algorithm { subject: self.what.clone(), algorithm };
        let scheme = scheme(self.algorithm).map_err(unsupported)?;
        let verifier = match (scheme, key.kind()) {
            (Scheme::Ecdsa(hash), KeyKind::Ecdsa(_)) | (Scheme::Rsa(hash), KeyKind::Rsa { .. }) => {
                algorithm_for(key, hash)
            }
            (Scheme::RsaPss(hash), KeyKind::Rsa { .. }) => {
                algorithm(key, SignatureScheme::RsaPss(hash, SaltLength::HashLength))
            }
            (Scheme::Ed25519, KeyKind::Ed25519) => algorithm(key, SignatureScheme::Ed25519),
            (_, kind) => {
                return Err(unsupported(format!("an algorithm that does not go with the issuer's {kind} key")));
            }
        };
        let verifier = verifier.map_err(|error| ChainError::IssuerKey { issuer: issuer.clone(), error })?;
        verifier.verify(key, self.body, &self.signature).map_err(|error| ChainError::Signature {
            subject: self.what.clone(),
            issuer,
            error,
        })
    }
}

/// Is the certificate that of an authority, which may use its key so?
pub fn check_authority(certificate: &Certificate, usage: u16) -> Result<(), ChainError> {
    let is_authority = match certificate.basic_constraints() {
        Some(constraints) => constraints.ca,
        None => certificate.version() != 3,
    };
    let usages = certificate.key_usage().filter(|usages| !usages.is_empty());
    if !is_authority || usages.is_some_and(|usages| !usages.allows(usage)) {
        return Err(ChainError::NotAuthority { issuer: certificate.subject().to_string() });
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Scheme {
    Ecdsa(HashAlgorithm),
    Ed25519,
    Rsa(HashAlgorithm),
    RsaPss(HashAlgorithm),
}

/// The scheme of an AlgorithmIdentifier; the error is its object identifier. SHA-1 and MD5 are no longer safe.
fn scheme(der: &[u8]) -> Result<Scheme, String> {
    use HashAlgorithm::{Sha256, Sha384, Sha512};
    let unknown = || "an algorithm that cannot be read".to_owned();
    let mut reader = Reader::new(der).read(SEQUENCE).ok_or_else(unknown)?;
    let oid = dotted(&reader.object_identifier().ok_or_else(unknown)?);
    match oid.as_str() {
        "1.2.840.113549.1.1.11" => Ok(Scheme::Rsa(Sha256)),
        "1.2.840.113549.1.1.12" => Ok(Scheme::Rsa(Sha384)),
        "1.2.840.113549.1.1.13" => Ok(Scheme::Rsa(Sha512)),
        "1.2.840.10045.4.3.2" => Ok(Scheme::Ecdsa(Sha256)),
        "1.2.840.10045.4.3.3" => Ok(Scheme::Ecdsa(Sha384)),
        "1.2.840.10045.4.3.4" => Ok(Scheme::Ecdsa(Sha512)),
        "1.3.101.112" if reader.is_empty() => Ok(Scheme::Ed25519),
        "1.2.840.113549.1.1.10" => pss_hash(reader).map(Scheme::RsaPss).ok_or(oid),
        _ => Err(oid),
    }
}

/// The hash of RSASSA-PSS, where hash, mask and salt go together as Go wants them.
fn pss_hash(mut reader: Reader<'_>) -> Option<HashAlgorithm> {
    let mut parameters = reader.read(SEQUENCE)?;
    let mut hash_field = parameters.read(context_constructed(0))?;
    let hash = dotted(&hash_field.read(SEQUENCE)?.object_identifier()?);
    let mut mask = parameters.read(context_constructed(1))?.read(SEQUENCE)?;
    let is_mgf1 = dotted(&mask.object_identifier()?) == "1.2.840.113549.1.1.8";
    let mask_hash = dotted(&mask.read(SEQUENCE)?.object_identifier()?);
    let salt = parameters.read(context_constructed(2))?.int64(INTEGER)?;
    let trailer = match parameters.optional(context_constructed(3))? {
        None => 1,
        Some(mut trailer) => trailer.int64(INTEGER)?,
    };
    let known = [
        ("2.16.840.1.101.3.4.2.1", 32, HashAlgorithm::Sha256),
        ("2.16.840.1.101.3.4.2.2", 48, HashAlgorithm::Sha384),
        ("2.16.840.1.101.3.4.2.3", 64, HashAlgorithm::Sha512),
    ];
    let (_, _, algorithm) = known.into_iter().find(|(oid, length, _)| *oid == hash && *length == salt)?;
    (is_mgf1 && mask_hash == hash && trailer == 1).then_some(algorithm)
}
