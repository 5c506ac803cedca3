//! Whether a certificate can have been revoked without anybody here knowing.
//!
//! Source: notation-core-go v1.3.0 `revocation/revocation.go` (`ValidateContext`): OCSP, then a list; a certificate that names
//! neither cannot be revoked, and the last of a chain is not asked about.

use super::NotationError;
use crate::encoding::der::{Reader, SEQUENCE, dotted};
use crate::x509::Certificate;

const AUTHORITY_INFORMATION: &str = "1.3.6.1.5.5.7.1.1";
const OCSP: &str = "1.3.6.1.5.5.7.48.1";
const DISTRIBUTION_POINTS: &str = "2.5.29.31";

/// The status of every certificate but the root must be known, and nothing is asked.
pub(super) fn check(chain: &[Certificate]) -> Result<(), NotationError> {
    let below_root = chain.split_last().map(|(_, below)| below).unwrap_or_default();
    match below_root.iter().find_map(|certificate| Some((certificate, location(certificate)?))) {
        None => Ok(()),
        Some((certificate, location)) => {
            Err(NotationError::RevocationUnknown { subject: certificate.subject().to_string(), location })
        }
    }
}

/// What the certificate names. An extension that cannot be read counts: it may name something.
fn location(certificate: &Certificate) -> Option<&'static str> {
    let information = certificate.extension(AUTHORITY_INFORMATION);
    if information.is_some_and(|extension| names_ocsp(Reader::new(&extension.value)).unwrap_or(true)) {
        return Some("an OCSP responder");
    }
    certificate.extension(DISTRIBUTION_POINTS).map(|_| "a revocation list")
}

/// RFC 5280, section 4.2.2.1.
fn names_ocsp(mut value: Reader<'_>) -> Option<bool> {
    let mut descriptions = value.read(SEQUENCE)?;
    let mut found = !value.is_empty();
    while !descriptions.is_empty() {
        found |= dotted(&descriptions.read(SEQUENCE)?.object_identifier()?) == OCSP;
    }
    Some(found)
}
