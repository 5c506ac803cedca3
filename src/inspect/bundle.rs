//! Sigstore bundles.

use super::certificate::CertificateDetails;
use super::node::{integrated, logged_key};
use super::{LogEntryDetails, Node, Signature, statement};
use crate::bundle::{Bundle, BundleContent, BundleSigner};
use crate::transparency_log::{LoggedEntry, TransparencyLogEntry};
use crate::x509::Certificate;

/// Reads a bundle into the node.
pub(super) fn read(bytes: &[u8], most: usize, node: &mut Node) {
    let bundle = match Bundle::parse(bytes) {
        Ok(bundle) => bundle,
        Err(error) => return node.problem("bundle", error.code(), &error),
    };
    let mut signature = Signature { bundle_type: Some(bundle.media_type), ..Signature::default() };
    match bundle.content {
        BundleContent::Envelope(envelope) => statement::read(&envelope, most, node, &mut signature),
        BundleContent::Message(message) => {
            signature.format = "message";
            let digest = || format!("{}:{}", message.algorithm, hex::encode(&message.digest));
            signature.claims = (!message.digest.is_empty()).then(digest);
        }
    }
    match bundle.signer {
        BundleSigner::Certificate(der) => match Certificate::from_der(&der) {
            Ok(certificate) => signature.certificates.push(CertificateDetails::of(&certificate, node)),
            Err(error) => node.problem("certificate", error.code(), &error),
        },
        BundleSigner::Key(hint) => signature.key_hints.push(hint),
    }
    signature.log_entries = bundle.log_entries.iter().map(log_entry).collect();
    bundle.timestamps.iter().for_each(|timestamp| node.timestamp(timestamp, &mut signature));
    node.signature = Some(signature);
}

fn log_entry(entry: &TransparencyLogEntry) -> LogEntryDetails {
    LogEntryDetails {
        log_id: hex::encode(&entry.log_id),
        log_index: entry.log_index,
        integrated_time: integrated(entry.integrated_time),
        kind: format!("{} {}", entry.kind, entry.version),
        promise: entry.promise.is_some(),
        inclusion_proof: entry.proof.is_some(),
        public_key: LoggedEntry::parse(&entry.body).ok().as_ref().and_then(logged_key),
    }
}
