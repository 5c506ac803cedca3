//! When was it signed?
//!
//! Source: sigstore-go v1.3, `verify/signed_entity.go` (`VerifyObserverTimestamps`), `verify/tsa.go`.

use super::signer::Signer;
use super::{Bundle, BundleError, Requirements};
use crate::scalar::time::Timestamp;
use crate::timestamp::{TimestampError, VerifiedTime, verify_token};
use crate::transparency_log::LogEvidence;
use crate::trust_root::TrustRoot;

/// As many timestamps may be in a bundle (sigstore-go, `internal/limits`).
const MOST: usize = 32;

/// A time at which the signature was there.
#[derive(Clone, Debug, PartialEq)]
pub struct ProvenTime {
    /// When.
    pub time: Timestamp,
    /// Who says so.
    pub proof: TimeProof,
}

/// Who vouches for a time.
#[derive(Clone, Debug, PartialEq)]
pub enum TimeProof {
    /// A timestamp authority.
    Authority {
        /// Its address in the trust root; may be empty.
        uri: String,
        /// What it signed.
        stamp: Box<VerifiedTime>,
    },
    /// A log, which promised to include an entry.
    Log {
        /// Which log, in hex.
        log_id: String,
        /// Which entry.
        log_index: i64,
    },
    /// Nobody: it is the time of the evaluation.
    Now,
}

/// The times at which a certificate must have been valid; of a key none are needed.
pub(super) fn proven_times(
    bundle: &Bundle,
    logged: &[LogEvidence],
    requirements: Requirements,
    trust: &TrustRoot,
    now: Option<&Timestamp>,
    signer: &Signer<'_>,
) -> Result<Vec<ProvenTime>, BundleError> {
    if requirements.time {
        let mut times = log_times(logged);
        let (stamped, reason) = stamped_times(bundle, trust)?;
        times.extend(stamped);
        return if times.is_empty() { Err(BundleError::TimeMissing { reason }) } else { Ok(times) };
    }
    match signer {
        Signer::Certificate(_) => {
            let time = now.ok_or(BundleError::TimeUnknown)?.clone();
            Ok(vec![ProvenTime { time, proof: TimeProof::Now }])
        }
        Signer::Key { .. } => Ok(Vec::new()),
    }
}

/// Of each log the first.
fn log_times(logged: &[LogEvidence]) -> Vec<ProvenTime> {
    let mut times: Vec<ProvenTime> = Vec::new();
    let mut logs: Vec<&str> = Vec::new();
    for evidence in logged {
        if let (Some(time), false) = (&evidence.integrated_time, logs.contains(&evidence.log_id.as_str())) {
            let proof = TimeProof::Log { log_id: evidence.log_id.clone(), log_index: evidence.log_index };
            times.push(ProvenTime { time: time.clone(), proof });
            logs.push(&evidence.log_id);
        }
    }
    times
}

/// Of each authority the first, and why the last one of those that count for nothing does.
fn stamped_times(bundle: &Bundle, trust: &TrustRoot) -> Result<(Vec<ProvenTime>, Option<TimestampError>), BundleError> {
    let found = bundle.timestamps.len();
    if found > MOST {
        return Err(BundleError::TooMany { what: "timestamps", found, limit: MOST });
    }
    let signature = bundle.signature()?;
    let mut times: Vec<ProvenTime> = Vec::new();
    let mut reason = None;
    for token in &bundle.timestamps {
        match stamped_time(token, signature, trust) {
            Ok(time) => {
                if !times.iter().any(|other| is_same_authority(&other.proof, &time.proof)) {
                    times.push(time);
                }
            }
            Err(error) => reason = Some(error),
        }
    }
    Ok((times, reason))
}

/// Authorities are told apart by their addresses alone.
fn is_same_authority(left: &TimeProof, right: &TimeProof) -> bool {
    match (left, right) {
        (TimeProof::Authority { uri: left, .. }, TimeProof::Authority { uri: right, .. }) => left == right,
        _ => false,
    }
}

fn stamped_time(token: &[u8], signature: &[u8], trust: &TrustRoot) -> Result<ProvenTime, TimestampError> {
    let mut reason = TimestampError::RootsMissing;
    for authority in &trust.timestamp_authorities {
        match verify_token(token, signature, &authority.authority) {
            Ok(stamp) if authority.authority.is_valid_at(&stamp.time) => {
                let time = stamp.time.clone();
                let proof = TimeProof::Authority { uri: authority.uri.clone(), stamp: Box::new(stamp) };
                return Ok(ProvenTime { time, proof });
            }
            Ok(stamp) => reason = TimestampError::NotInUse { time: stamp.time.to_rfc3339() },
            Err(error) => reason = error,
        }
    }
    Err(reason)
}
