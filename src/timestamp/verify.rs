//! Is it the authority's word, and about these bytes?

use super::cms::SignedData;
use super::info::TstInfo;
use super::{Authority, TimestampError};
use crate::crypto::{HashAlgorithm, KeyKind, algorithm_for};
use crate::encoding::der::{INTEGER, Reader, SEQUENCE};
use crate::scalar::time::Timestamp;
use crate::x509::{Certificate, Chaining, Usage, verify_chain};

const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
const ANY_USAGE: &str = "2.5.29.37.0";

/// A time that an authority vouches for.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifiedTime {
    /// When it saw the bytes.
    pub time: Timestamp,
    /// The authority.
    pub signer: Certificate,
}

/// Did `authority` stamp `message`? `token` is the DER of a TimeStampResp, or of the token in one.
pub fn verify_token(token: &[u8], message: &[u8], authority: &Authority) -> Result<VerifiedTime, TimestampError> {
    let data = SignedData::parse(content(token)?)?;
    let info = TstInfo::parse(data.content)?;
    let signer = signer(&data, authority)?;
    check_signature(&data, signer)?;
    check_usage(signer, authority)?;
    check_chain(signer, authority, &info.time)?;
    let expected = info.hash.digest(message);
    if expected.as_bytes() != info.imprint {
        let (expected, found) = (hex::encode(expected.as_bytes()), hex::encode(&info.imprint));
        return Err(TimestampError::Imprint { expected, found });
    }
    Ok(VerifiedTime { time: info.time, signer: signer.clone() })
}

/// What is in the token, which may be within a response.
fn content(token: &[u8]) -> Result<Reader<'_>, TimestampError> {
    let malformed = TimestampError::Malformed;
    let mut outer = Reader::new(token);
    let mut response = outer.read(SEQUENCE).filter(|_| outer.is_empty()).ok_or(malformed("no sequence"))?;
    if !response.peek(SEQUENCE) {
        return Ok(response);
    }
    let status = response.read(SEQUENCE).and_then(|mut status| status.int64(INTEGER));
    match status.ok_or(malformed("no status"))? {
        0 => response.read(SEQUENCE).ok_or(malformed("no token in the response")),
        status => Err(TimestampError::Refused(status)),
    }
}

/// The certificate that the signature names: one in the token, or where it has none the authority's own.
fn signer<'t>(data: &'t SignedData<'_>, authority: &'t Authority) -> Result<&'t Certificate, TimestampError> {
    let is_signer = |certificate: &&Certificate| {
        certificate.issuer().der() == data.signer.issuer && certificate.serial() == data.signer.serial
    };
    if data.certificates.is_empty() {
        return authority.leaf.as_ref().filter(is_signer).ok_or(TimestampError::CertificateMissing);
    }
    let signer = data.certificates.iter().find(is_signer).ok_or(TimestampError::CertificateMissing)?;
    let leaf = data.certificates.iter().find(|certificate| !certificate.is_ca());
    match &authority.leaf {
        Some(given) if given != signer || leaf != Some(signer) => Err(TimestampError::EmbeddedCertificate),
        _ if leaf != Some(signer) => Err(TimestampError::CertificateMissing),
        _ => Ok(signer),
    }
}

fn check_signature(data: &SignedData<'_>, signer: &Certificate) -> Result<(), TimestampError> {
    let key = signer.public_key().map_err(|error| TimestampError::Key(error.clone()))?;
    let info = &data.signer;
    let hash = match (info.algorithm.as_str(), key.kind()) {
        ("1.2.840.10045.4.3.2", KeyKind::Ecdsa(_)) => HashAlgorithm::Sha256,
        ("1.2.840.10045.4.3.3", KeyKind::Ecdsa(_)) => HashAlgorithm::Sha384,
        ("1.2.840.10045.4.3.4", KeyKind::Ecdsa(_)) => HashAlgorithm::Sha512,
        // The key's own identifier: the hash is that of the digest algorithm.
        ("1.2.840.10045.2.1", KeyKind::Ecdsa(_)) => info.hash,
        (
            "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.11" | "1.2.840.113549.1.1.12" | "1.2.840.113549.1.1.13",
            KeyKind::Rsa { .. },
        ) => info.hash,
        (other, _) => return Err(TimestampError::Algorithm(format!("the signature algorithm {other}"))),
    };
    let verifier = algorithm_for(key, hash).map_err(TimestampError::Key)?;
    verifier.verify(key, &info.signed, info.signature).map_err(TimestampError::Signature)
}

/// The authority stamps times and does nothing else (RFC 3161, section 2.3).
fn check_usage(signer: &Certificate, authority: &Authority) -> Result<(), TimestampError> {
    let usages = |certificate: &Certificate| certificate.extended_key_usage().map(|usage| usage.usages.clone());
    if !signer.extended_key_usage().is_some_and(|usage| usage.critical) {
        return Err(TimestampError::UsageNotCritical);
    }
    let found = usages(signer).unwrap_or_default();
    if found != [TIME_STAMPING] {
        return Err(TimestampError::Usage { whose: "leaf", found });
    }
    for intermediate in &authority.intermediates {
        let found = usages(intermediate).unwrap_or_default();
        if !found.is_empty() && !found.iter().any(|usage| usage == TIME_STAMPING || usage == ANY_USAGE) {
            return Err(TimestampError::Usage { whose: "intermediate", found });
        }
    }
    Ok(())
}

fn check_chain(signer: &Certificate, authority: &Authority, time: &Timestamp) -> Result<(), TimestampError> {
    if authority.roots.is_empty() {
        return Err(TimestampError::RootsMissing);
    }
    let chaining = Chaining {
        roots: &authority.roots,
        intermediates: &authority.intermediates,
        time,
        usage: Usage::TimeStamping,
        tolerated_critical: &[],
    };
    verify_chain(signer, &chaining).map(|_| ()).map_err(TimestampError::Chain)
}
