//! The tree.

use super::certificate::CertificateDetails;
use super::notation::NotationDetails;
use super::statement::StatementDetails;
use crate::crypto::PublicKey;
use crate::digest::Digest;
use crate::encoding::pem;
use crate::oci::Descriptor;
use crate::scalar::time::Timestamp;
use crate::timestamp::stated_time;
use crate::transparency_log::LoggedEntry;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Display;

/// What a node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "InspectionKind"))]
pub enum NodeKind {
    /// Something that refers to the image and is none of the others.
    Artifact,
    /// An attestation in cosign's tag layout: a layer.
    CosignAttestation,
    /// A manifest whose layers are attestations.
    CosignAttestations,
    /// A signature in cosign's tag layout: a layer.
    CosignSignature,
    /// A manifest whose layers are signatures.
    CosignSignatures,
    /// An index: several manifests under one digest.
    Index,
    /// An image manifest.
    Manifest,
    /// A signature of the Notary Project.
    NotationSignature,
    /// A Sigstore bundle.
    SigstoreBundle,
    /// The image could not be read.
    #[default]
    Unknown,
}

/// Something that was found, and what was found below it. Nothing in it is verified.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "InspectionNode", optional_fields))]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Digest of the bytes it was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// What kind of artifact it says it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// Length in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Where it runs, such as `linux/arm64/v8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// How it was found: `tag sha256-....sig`, `referrers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_by: Option<String>,
    /// The repository, where it is not the image's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Annotations, without those that are decoded in `signature`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<BTreeMap<String, String>>"))]
    pub annotations: BTreeMap<String, String>,
    /// What a signature says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// What could not be read or had.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Problem>>"))]
    pub problems: Vec<Problem>,
    /// What belongs to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Node>>"))]
    pub children: Vec<Node>,
}

/// What a signature says. Nothing of it is verified.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "InspectedSignature", optional_fields))]
pub struct Signature {
    /// `simple-signing`, `dsse`, `message`, `jws` or `cose`.
    #[cfg_attr(
        feature = "typescript",
        ts(type = "\"simple-signing\" | \"dsse\" | \"message\" | \"jws\" | \"cose\" | \"\"")
    )]
    pub format: &'static str,
    /// The digest it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<String>,
    /// The image as the signer named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What the signer said about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional, type = "Record<string, unknown>"))]
    pub claimed_annotations: Option<serde_json::Value>,
    /// The statement of an attestation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<StatementDetails>,
    /// Media type of a bundle, which names its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_type: Option<String>,
    /// Hints at keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<String>>"))]
    pub key_hints: Vec<String>,
    /// What an envelope of the Notary Project says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notation: Option<NotationDetails>,
    /// Certificates, the signer's first. Without any the algorithm is that of a key that only the policy names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<CertificateDetails>>"))]
    pub certificates: Vec<CertificateDetails>,
    /// Entries of transparency logs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<LogEntryDetails>>"))]
    pub log_entries: Vec<LogEntryDetails>,
    /// Timestamps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<TimestampDetails>>"))]
    pub timestamps: Vec<TimestampDetails>,
}

/// An entry of a transparency log, as whoever signed hands it on.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "InspectedLogEntry", optional_fields))]
pub struct LogEntryDetails {
    /// Which log, in hex.
    pub log_id: String,
    /// Which entry.
    pub log_index: i64,
    /// When the log took it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrated_time: Option<String>,
    /// Kind and version, such as `hashedrekord 0.0.1`.
    pub kind: String,
    /// Is there a promise to include it?
    pub promise: bool,
    /// Is there a proof that it is included?
    pub inclusion_proof: bool,
    /// The signer's key as PEM, where the entry names a key and no certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}

/// A timestamp.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "InspectedTimestamp", optional_fields))]
pub struct TimestampDetails {
    /// When the signature was seen.
    pub time: String,
    /// Subject of the authority's certificate, where the timestamp carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Who issued that certificate.
    pub issuer: String,
}

/// Something that could not be read or had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "InspectionProblem"))]
pub struct Problem {
    /// Which part, such as `certificate`.
    pub part: &'static str,
    /// Stable kebab-case code.
    pub code: &'static str,
    /// One line for people.
    pub message: String,
}

impl Problem {
    pub(super) fn new(part: &'static str, code: &'static str, message: &dyn Display) -> Self {
        Self { part, code, message: message.to_string() }
    }
}

impl Node {
    pub(super) fn of(kind: NodeKind, digest: &Digest) -> Self {
        Self { kind, digest: Some(digest.to_string()), ..Self::default() }
    }

    /// What a descriptor says.
    pub(super) fn described(kind: NodeKind, descriptor: &Descriptor) -> Self {
        let platform = descriptor.platform.as_ref().map(|platform| {
            let slash = if platform.variant.is_some() { "/" } else { "" };
            let variant = platform.variant.as_deref().unwrap_or_default();
            format!("{}/{}{slash}{variant}", platform.os, platform.architecture)
        });
        Self {
            media_type: Some(descriptor.media_type.clone()),
            artifact_type: descriptor.artifact_type.clone(),
            size: Some(descriptor.size),
            platform,
            annotations: descriptor.annotations.clone(),
            ..Self::of(kind, &descriptor.digest)
        }
    }

    pub(super) fn problem(&mut self, part: &'static str, code: &'static str, message: &dyn Display) {
        self.problems.push(Problem::new(part, code, message));
    }

    /// Decodes a timestamp into the signature.
    pub(super) fn timestamp(&mut self, answer: &[u8], signature: &mut Signature) {
        match stated_time(answer) {
            Ok(stated) => signature.timestamps.push(TimestampDetails {
                time: stated.time.to_rfc3339(),
                authority: stated.authority,
                issuer: stated.issuer,
            }),
            Err(error) => self.problem("timestamp", error.code(), &error),
        }
    }
}

/// A time of a log, which has none where it is zero.
pub(super) fn integrated(seconds: i64) -> Option<String> {
    (seconds != 0).then(|| Timestamp::from_unix(seconds).to_rfc3339())
}

/// The key of an entry; `None`: there is a certificate, or something that cannot be used.
pub(super) fn logged_key(entry: &LoggedEntry) -> Option<String> {
    let key = PublicKey::from_spki_der(entry.verifier_der()).ok()?;
    Some(pem::encode("PUBLIC KEY", key.spki_der()))
}
