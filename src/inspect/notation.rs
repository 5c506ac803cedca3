//! Signatures of the Notary Project.

use super::certificate::CertificateDetails;
use super::{Node, Signature};
use crate::notation::{Format, parse};
use crate::scalar::time::Timestamp;
use crate::x509::Certificate;
use serde::Serialize;
use serde_json::Value;

/// What an envelope of the Notary Project says.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "InspectedNotation", optional_fields))]
pub struct NotationDetails {
    /// Its algorithm, such as `PS256`.
    pub algorithm: String,
    /// Who vouches for the time, such as `notary.x509`.
    pub scheme: String,
    /// When it was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_time: Option<String>,
    /// From when on it does not count any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<String>,
    /// Names of the signed attributes.
    pub attributes: Vec<String>,
    /// Those of them that a reader must understand.
    pub critical: Vec<String>,
    /// Is there a timestamp? Nobody looks at it.
    pub countersigned: bool,
    /// The program that signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_agent: Option<String>,
}

/// Reads an envelope into the node.
pub(super) fn read(media_type: &str, bytes: &[u8], node: &mut Node) {
    let envelope = match parse(media_type, bytes) {
        Ok(envelope) => envelope,
        Err(error) => return node.problem("envelope", error.code(), &error),
    };
    let stated = envelope.stated();
    let mut signature = Signature {
        format: match stated.format {
            Format::Cose => "cose",
            Format::Jws => "jws",
        },
        notation: Some(NotationDetails {
            algorithm: stated.algorithm.to_string(),
            scheme: stated.scheme.to_owned(),
            signing_time: stated.signing_time.map(Timestamp::to_rfc3339),
            expiry: stated.expiry.map(Timestamp::to_rfc3339),
            attributes: stated.attributes,
            critical: stated.critical.to_vec(),
            countersigned: stated.countersigned,
            signing_agent: stated.signing_agent.map(str::to_owned),
        }),
        ..Signature::default()
    };
    match stated.target {
        Ok((target, annotations)) => {
            signature.claims = Some(target.digest.to_string());
            signature.claimed_annotations = (!annotations.is_empty()).then_some(Value::Object(annotations));
        }
        Err(error) => node.problem("payload", error.code(), &error),
    }
    for der in stated.chain {
        match Certificate::from_der(der) {
            Ok(certificate) => signature.certificates.push(CertificateDetails::of(&certificate, node)),
            Err(error) => node.problem("certificate", error.code(), &error),
        }
    }
    node.signature = Some(signature);
}
