//! Is it the authority's word, and about these bytes? Sigstore's rules.
//!
//! Source: `sigstore/timestamp-authority` v2.1.3, `pkg/verification/verify.go`; `digitorus/pkcs7`, `verify.go`.

use super::attributes::SIGNING_TIME;
use super::cms::SignedData;
use super::info::TstInfo;
use super::{Authority, TimestampError, response};
use crate::crypto::SignatureScheme;
use crate::encoding::der::Reader;
use crate::scalar::certificate::asn1_time;
use crate::scalar::time::Timestamp;
use crate::x509::{Certificate, Chaining, Usage, verify_chain};
use std::time::Duration;

const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
const ED25519: &str = "1.3.101.112";

/// A time that an authority vouches for.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifiedTime {
    /// When it saw the bytes.
    pub time: Timestamp,
    /// How far it may be off; zero if it does not say.
    pub accuracy: Duration,
    /// The authority.
    pub signer: Certificate,
    /// Object identifier of the authority's policy.
    pub policy: String,
}

/// Did `authority` stamp `message`? `response` is the DER of a TimeStampResp; a token on its own is refused.
///
/// When the authority was in use is not looked at ([`Authority::is_valid_at`]).
pub fn verify_token(response: &[u8], message: &[u8], authority: &Authority) -> Result<VerifiedTime, TimestampError> {
    if authority.roots.is_empty() {
        return Err(TimestampError::RootsMissing);
    }
    let data = SignedData::parse(response::token(response)?)?;
    let info = TstInfo::parse(data.content)?;
    let signer = signer(&data, authority)?;
    data.signer.check_signature(signer, |oid, _| (oid == ED25519).then_some(SignatureScheme::Ed25519))?;
    if let Some(signed) = signing_time(&data)? {
        check_signing_time(&signed, &[signer])?;
    }
    check_usage(signer)?;
    let intermediates = [authority.intermediates.as_slice(), &data.certificates].concat();
    verify_chain(signer, &chaining(&authority.roots, &intermediates, &info.time)).map_err(TimestampError::Chain)?;
    info.check_imprint(message)?;
    Ok(VerifiedTime { time: info.time, accuracy: info.accuracy, signer: signer.clone(), policy: info.policy })
}

/// The certificate that the signature names: one in the token, or where it has none the authority's own.
fn signer<'t>(data: &'t SignedData<'_>, authority: &'t Authority) -> Result<&'t Certificate, TimestampError> {
    let found = match &authority.leaf {
        Some(leaf) if data.certificates.is_empty() => Some(leaf).filter(|leaf| data.signer.id.names(leaf)),
        _ => data.certificate(data.signer.id),
    };
    let signer = found.ok_or(TimestampError::CertificateMissing)?;
    match &authority.leaf {
        Some(given) if given != signer => Err(TimestampError::EmbeddedCertificate),
        _ => Ok(signer),
    }
}

/// When the signature says that it was made, beside when the token says so.
pub(super) fn signing_time(data: &SignedData<'_>) -> Result<Option<Timestamp>, TimestampError> {
    let Some(value) = data.signer.attributes.value(SIGNING_TIME)? else { return Ok(None) };
    asn1_time(&mut Reader::new(value.full)).map(Some).ok_or(TimestampError::Malformed("the signing time"))
}

pub(super) fn check_signing_time(time: &Timestamp, chain: &[&Certificate]) -> Result<(), TimestampError> {
    let is_valid = |certificate: &&Certificate| certificate.not_before() <= time && time <= certificate.not_after();
    match chain.iter().find(|certificate| !is_valid(certificate)) {
        None => Ok(()),
        Some(certificate) => {
            Err(TimestampError::SigningTime { time: time.to_rfc3339(), subject: certificate.subject().to_string() })
        }
    }
}

/// The authority stamps times and does nothing else (RFC 3161, section 2.3).
pub(super) fn check_usage(signer: &Certificate) -> Result<(), TimestampError> {
    if signer.is_ca() {
        return Err(TimestampError::SignerIsAuthority);
    }
    let usage = signer.extended_key_usage();
    if !usage.is_some_and(|usage| usage.critical) {
        return Err(TimestampError::UsageNotCritical);
    }
    let found = usage.map(|usage| usage.usages.clone()).unwrap_or_default();
    if found == [TIME_STAMPING] { Ok(()) } else { Err(TimestampError::Usage { found }) }
}

/// Everything valid when the time was stamped. Every certificate above the signer may be used for time stamping, too, as
/// the search for chains has it.
pub(super) fn chaining<'a>(
    roots: &'a [Certificate],
    intermediates: &'a [Certificate],
    time: &'a Timestamp,
) -> Chaining<'a> {
    Chaining { roots, intermediates, time, usage: Usage::TimeStamping, tolerated_critical: &[] }
}
