//! Do trusted logs have the signature?
//!
//! Source: sigstore-go v1.3, `verify/tlog.go` (`VerifyTlogEntry`).

use super::signer::Signer;
use super::{Bundle, BundleContent, BundleError};
use crate::scalar::time::Timestamp;
use crate::transparency_log::{
    EntryContent, EntrySigner, LogEvidence, SignedContent, TransparencyLogEntry, verify_entry,
};
use crate::trust_root::TrustRoot;
use crate::x509::Certificate;

/// The entries of trusted logs; at least one.
pub(super) fn check_log(
    bundle: &Bundle,
    signer: &Signer<'_>,
    trust: &TrustRoot,
) -> Result<Vec<LogEvidence>, BundleError> {
    check_different(&bundle.log_entries)?;
    let content = EntryContent {
        signature: bundle.signature()?,
        signer: match signer {
            Signer::Certificate(certificate) => EntrySigner::Certificate(certificate),
            Signer::Key { key, .. } => EntrySigner::Key(key),
        },
        signed: match &bundle.content {
            BundleContent::Envelope(envelope) => SignedContent::Envelope(envelope),
            BundleContent::Message(message) => {
                SignedContent::Message { algorithm: &message.algorithm, digest: &message.digest }
            }
        },
    };
    let (mut found, mut skipped) = (Vec::new(), Vec::new());
    for entry in &bundle.log_entries {
        match verify_entry(entry, &content, &trust.transparency_logs).map_err(BundleError::Log)? {
            None => skipped.push(why_skipped(entry, trust)),
            Some(evidence) => {
                if let Signer::Certificate(certificate) = signer {
                    check_integrated_time(entry, certificate)?;
                }
                found.push(evidence);
            }
        }
    }
    if found.is_empty() { Err(BundleError::LogEntryMissing { skipped }) } else { Ok(found) }
}

/// Whoever has one entry could otherwise have many.
fn check_different(entries: &[TransparencyLogEntry]) -> Result<(), BundleError> {
    for (index, entry) in entries.iter().enumerate() {
        let is_same = |other: &TransparencyLogEntry| other.log_id == entry.log_id && other.log_index == entry.log_index;
        if entries.iter().take(index).any(is_same) {
            let at = format!("verificationMaterial.tlogEntries[{index}]");
            return Err(BundleError::malformed(at, "an entry that is not there already"));
        }
    }
    Ok(())
}

fn why_skipped(entry: &TransparencyLogEntry, trust: &TrustRoot) -> String {
    let log = format!("entry {} of log {}", entry.log_index, hex::encode(&entry.log_id));
    if trust.transparency_logs.iter().any(|known| known.log_id == entry.log_id) {
        return format!("{log}: its promise (SET) is not the log's, or of a time when the log did not use its key");
    }
    match trust.unusable_logs.iter().find(|known| known.log_id == entry.log_id) {
        Some(known) => format!("{log}: {}", known.error),
        None => format!("{log}: the trust root does not have this log"),
    }
}

/// The certificate was valid when the log took the signature in, whoever proves that.
fn check_integrated_time(entry: &TransparencyLogEntry, certificate: &Certificate) -> Result<(), BundleError> {
    let time = Timestamp::from_unix(entry.integrated_time);
    if entry.integrated_time == 0 || (*certificate.not_before() <= time && time <= *certificate.not_after()) {
        return Ok(());
    }
    Err(BundleError::IntegratedTime {
        time: time.to_rfc3339(),
        not_before: certificate.not_before().to_rfc3339(),
        not_after: certificate.not_after().to_rfc3339(),
    })
}
