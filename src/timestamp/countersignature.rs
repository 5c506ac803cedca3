//! A timestamp over the signature in a notation envelope: notation's rules.
//!
//! Source: `notaryproject/tspclient-go` v1.0.0 (`token.go`, `internal/cms/signed.go`), as `notation-go` v1.3.2 calls it.
//! What notation asks of the chain beyond that, and its check of revocation, are not here.

use super::attributes::SIGNING_CERTIFICATE_V2;
use super::cms::{SignedData, SignerId, algorithm_identifier, hash_algorithm};
use super::info::TstInfo;
use super::verify::{chaining, check_signing_time, check_usage, signing_time};
use super::{TimestampError, VerifiedTime};
use crate::crypto::{HashAlgorithm, SaltLength, SignatureScheme};
use crate::encoding::der::{Element, INTEGER, OCTET_STRING, Reader, SEQUENCE, context_constructed};
use crate::scalar::time::Timestamp;
use crate::x509::{Certificate, verify_chain};
use std::time::Duration;

const RSA_PSS: &str = "1.2.840.113549.1.1.10";
/// ETSI EN 319 421: times are exact to the second at least.
const BASELINE_POLICY: &str = "0.4.0.2023.1.1";

/// Did an authority below `roots` stamp `message`, the signature of an envelope? `token` is a ContentInfo, as
/// `io.cncf.notary.timestampSignature` holds it.
pub fn verify_countersignature(
    token: &[u8],
    message: &[u8],
    roots: &[Certificate],
) -> Result<VerifiedTime, TimestampError> {
    if roots.is_empty() {
        return Err(TimestampError::RootsMissing);
    }
    let data = SignedData::parse(token)?;
    if (data.version, data.signer.version) != (3, 1) {
        return Err(TimestampError::Malformed("expected signed data of version 3 with a signer of version 1"));
    }
    let info = TstInfo::parse(data.content)?;
    info.check_imprint(message)?;
    let signer = signer(&data)?;
    check_usage(signer)?;
    let chains = verify_chain(signer, &chaining(roots, &data.certificates, &info.time));
    let chains = chains.map_err(TimestampError::Chain)?;
    data.signer.check_signature(signer, pss)?;
    if let Some(time) = signing_time(&data)? {
        check_signing_time_of_any(&time, &chains)?;
    }
    let is_baseline = info.policy == BASELINE_POLICY && info.accuracy.is_zero();
    let accuracy = if is_baseline { Duration::from_secs(1) } else { info.accuracy };
    Ok(VerifiedTime { time: info.time, accuracy, signer: signer.clone(), policy: info.policy })
}

/// One chain that was valid as a whole will do.
fn check_signing_time_of_any(time: &Timestamp, chains: &[Vec<&Certificate>]) -> Result<(), TimestampError> {
    let mut outcome = Ok(());
    for chain in chains {
        outcome = check_signing_time(time, chain);
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

fn pss(oid: &str, hash: HashAlgorithm) -> Option<SignatureScheme> {
    (oid == RSA_PSS).then_some(SignatureScheme::RsaPss(hash, SaltLength::HashLength))
}

/// The certificate that a signed attribute names by its hash (RFC 5816).
fn signer<'t>(data: &'t SignedData<'_>) -> Result<&'t Certificate, TimestampError> {
    let attribute = data.signer.attributes.value(SIGNING_CERTIFICATE_V2)?;
    let named = attribute.and_then(signing_certificate).ok_or(TimestampError::SigningCertificate)?;
    let certificate = data.certificate(named.id.unwrap_or(data.signer.id)).ok_or(TimestampError::CertificateMissing)?;
    let hash = named.hash.map_or(Ok(HashAlgorithm::Sha256), |oid| hash_algorithm(&oid))?;
    if hash.digest(certificate.der()).as_bytes() == named.value {
        Ok(certificate)
    } else {
        Err(TimestampError::SigningCertificate)
    }
}

/// ESSCertIDv2 (RFC 5035, section 4).
struct CertificateId<'a> {
    hash: Option<String>,
    value: &'a [u8],
    id: Option<SignerId<'a>>,
}

/// The first certificate of SigningCertificateV2: the signer's.
fn signing_certificate(value: Element<'_>) -> Option<CertificateId<'_>> {
    let mut signing = Reader::new(value.full).read(SEQUENCE)?;
    let mut named = signing.read(SEQUENCE)?.read(SEQUENCE)?;
    let hash = if named.peek(SEQUENCE) { Some(algorithm_identifier(&mut named)?) } else { None };
    let value = named.bytes(OCTET_STRING)?;
    let id = match named.optional(SEQUENCE)? {
        None => None,
        Some(mut serial) => {
            // GeneralNames with one directoryName.
            let issuer = serial.read(SEQUENCE)?.read(context_constructed(4))?.element(SEQUENCE)?.full;
            Some(SignerId { issuer, serial: serial.integer(INTEGER)? })
        }
    };
    named.is_empty().then_some(CertificateId { hash, value, id })
}
