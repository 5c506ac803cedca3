//! A certificate, decoded for people.

use super::Node;
use crate::bundle::extension_text;
use crate::verify::{EXTENSIONS, subject_names};
use crate::x509::{Certificate, sct};
use serde::Serialize;
use std::collections::BTreeMap;

/// Fulcio's extensions.
const FULCIO: &str = "1.3.6.1.4.1.57264.1.";
/// Those whose value is a DER text, from number 8 on.
///
/// Source: Fulcio `docs/oid-info.md`.
const TEXTS: [&str; 15] = [
    "issuer",
    "buildSignerURI",
    "buildSignerDigest",
    "runnerEnvironment",
    "sourceRepositoryURI",
    "sourceRepositoryDigest",
    "sourceRepositoryRef",
    "sourceRepositoryIdentifier",
    "sourceRepositoryOwnerURI",
    "sourceRepositoryOwnerIdentifier",
    "buildConfigURI",
    "buildConfigDigest",
    "buildTrigger",
    "runInvocationURI",
    "sourceRepositoryVisibilityAtSigning",
];

/// What a certificate says.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "InspectedCertificate"))]
pub struct CertificateDetails {
    /// SHA-256 of the whole.
    pub fingerprint: String,
    /// Whose it is.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Serial number in hex.
    pub serial: String,
    /// Begin of its validity.
    pub not_before: String,
    /// End of its validity.
    pub not_after: String,
    /// Is it an authority's?
    pub authority: bool,
    /// Kind of its key, such as `ecdsa-p256`.
    pub key: String,
    /// Alternative names of the subject, in the order in which Kyverno compares them.
    pub names: Vec<String>,
    /// Fulcio's extensions, by name.
    pub extensions: BTreeMap<String, String>,
    /// Promises of certificate logs.
    pub scts: Vec<SctDetails>,
    /// The certificate itself.
    pub pem: String,
}

/// A promise of a certificate log.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "InspectedSct"))]
pub struct SctDetails {
    /// Which log, in hex.
    pub log_id: String,
    /// When it saw the certificate.
    pub time: String,
}

impl CertificateDetails {
    /// Decodes; what cannot be read is a problem of the node.
    pub(super) fn of(certificate: &Certificate, node: &mut Node) -> Self {
        let scts = sct::embedded(certificate).unwrap_or_else(|error| {
            node.problem("scts", error.code(), &error);
            Vec::new()
        });
        Self {
            fingerprint: certificate.fingerprint().to_string(),
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            serial: certificate.serial_hex(),
            not_before: certificate.not_before().to_rfc3339(),
            not_after: certificate.not_after().to_rfc3339(),
            authority: certificate.is_ca(),
            key: certificate.public_key().map_or_else(ToString::to_string, |key| key.kind().to_string()),
            names: subject_names(certificate),
            extensions: extensions(certificate, node),
            scts: scts
                .iter()
                .map(|sct| SctDetails { log_id: hex::encode(sct.log_id), time: sct.time().to_rfc3339() })
                .collect(),
            pem: crate::encoding::pem::encode("CERTIFICATE", certificate.der()),
        }
    }
}

fn extensions(certificate: &Certificate, node: &mut Node) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for extension in certificate.extensions() {
        let Some(number) = extension.oid.strip_prefix(FULCIO) else { continue };
        let text = |at: usize| TEXTS.get(at).copied();
        let of_der = number.parse::<usize>().ok().and_then(|number| number.checked_sub(8)).and_then(text);
        let plain = EXTENSIONS.iter().find(|(_, oid)| *oid == extension.oid).map(|(name, _)| *name);
        match (plain, of_der) {
            (Some(name), _) => {
                found.insert(name.to_owned(), String::from_utf8_lossy(&extension.value).into_owned());
            }
            (None, Some(name)) => match extension_text(extension) {
                Ok(value) => {
                    found.insert(name.to_owned(), value);
                }
                Err(error) => node.problem(name, error.code(), &error),
            },
            (None, None) => {
                found.insert(extension.oid.clone(), hex::encode(&extension.value));
            }
        }
    }
    found
}
