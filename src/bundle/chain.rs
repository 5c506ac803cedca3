//! Who issued the certificate, and was that known to be done?
//!
//! Source: sigstore-go v1.3, `verify/certificate.go`, `root/certificate_authority.go`, `verify/sct.go`.

use super::error::ChainReason;
use super::{BundleError, ProvenTime};
use crate::scalar::time::Timestamp;
use crate::trust_root::{CertificateAuthority, TrustRoot};
use crate::x509::sct::{Sct, embedded};
use crate::x509::{Certificate, Chaining, Usage, verify_chain};

/// Subject alternative names: Fulcio marks them critical, whatever kind of name they are.
const NAMES: &str = "2.5.29.17";

/// An authority of the trust root, and the certificates that it issued the leaf with.
#[derive(Clone, Debug)]
pub(super) struct Issuer<'a> {
    pub(super) authority: &'a CertificateAuthority,
    /// One of each chain.
    certificates: Vec<&'a Certificate>,
}

/// Some authority vouches for `leaf` at every one of the times; the last one's, with which sigstore-go goes on.
pub(super) fn check_chains<'a>(
    leaf: &'a Certificate,
    times: &'a [ProvenTime],
    trust: &'a TrustRoot,
) -> Result<Issuer<'a>, BundleError> {
    let mut issuer = Err(BundleError::TimeMissing { reason: None });
    for proven in times {
        issuer = Ok(check_chain(leaf, &proven.time, trust)?);
    }
    issuer
}

fn check_chain<'a>(
    leaf: &'a Certificate,
    time: &'a Timestamp,
    trust: &'a TrustRoot,
) -> Result<Issuer<'a>, BundleError> {
    let mut reason = ChainReason::NoAuthority;
    for authority in &trust.certificate_authorities {
        let Some((root, intermediates)) = authority.chain.split_last() else { continue };
        if !authority.is_valid_at(time) {
            if reason == ChainReason::NoAuthority {
                reason = ChainReason::NotInUse;
            }
            continue;
        }
        let chaining = Chaining {
            roots: std::slice::from_ref(root),
            intermediates,
            time,
            usage: Usage::CodeSigning,
            tolerated_critical: &[NAMES],
        };
        match verify_chain(leaf, &chaining) {
            Ok(chains) => {
                let certificates = chains.iter().filter_map(|chain| chain.get(1).copied()).collect();
                return Ok(Issuer { authority, certificates });
            }
            Err(error) => reason = ChainReason::Error(error),
        }
    }
    Err(BundleError::Chain { time: time.to_rfc3339(), reason })
}

/// A log of the trust root promises to have the certificate.
pub(super) fn check_certificate_log(
    leaf: &Certificate,
    issuer: &Issuer<'_>,
    trust: &TrustRoot,
) -> Result<(), BundleError> {
    let timestamps = embedded(leaf).map_err(BundleError::CertificateLog)?;
    let is_good = |sct: &Sct| {
        let mut logs =
            trust.certificate_logs.iter().filter(|log| log.log_id == sct.log_id && log.is_valid_at(&sct.time()));
        logs.any(|log| issuer.certificates.iter().any(|issuer| sct.verify(leaf, issuer, &log.key).is_ok()))
    };
    if timestamps.iter().any(is_good) { Ok(()) } else { Err(BundleError::CertificateLogMissing) }
}
