//! The JSON of a bundle.
//!
//! Source: sigstore-go v1.3, `bundle/bundle.go` (`UnmarshalJSON`, `validate`), `tlog/entry.go`
//! (`ParseTransparencyLogEntry`). What these leave to the verification is left to it here too, as Kyverno fails an image
//! for a bundle that cannot be read, and passes over one that does not verify: certificates, counts of signatures.

use super::version::Version;
use super::{Bundle, BundleContent, BundleError, BundleSigner, MessageSignature};
use crate::encoding::message::{Message, MessageError};
use crate::in_toto::{Envelope, EnvelopeSignature};
use crate::json;
use crate::transparency_log::{InclusionProof, LogError, LoggedEntry, TransparencyLogEntry};

const DEPTH: usize = 16;
/// As many log entries may be in a bundle (sigstore-go, `internal/limits`).
const MOST_ENTRIES: usize = 32;
/// `HashAlgorithm` of `sigstore_common.proto`, in order of its numbers.
const HASHES: &[&str] = &["HASH_ALGORITHM_UNSPECIFIED", "SHA2_256", "SHA2_384", "SHA2_512", "SHA3_256", "SHA3_384"];

impl Bundle {
    /// Parses a bundle of version 0.1, 0.2 or 0.3.
    pub fn parse(text: &[u8]) -> Result<Self, BundleError> {
        let document = json::parse(text, DEPTH).map_err(|error| BundleError::Json(error.to_string()))?;
        let root = Message::root(&document)?;
        root.only(&["media_type", "verification_material", "dsse_envelope", "message_signature"])?;
        let version = Version::parse(root.text("media_type")?)?;
        let material = root.required("verification_material")?;
        material.only(&[
            "certificate",
            "x509_certificate_chain",
            "public_key",
            "tlog_entries",
            "timestamp_verification_data",
        ])?;
        let bundle = Self {
            media_type: root.text("media_type")?.to_owned(),
            content: content(&root)?,
            signer: signer(&material, version)?,
            log_entries: log_entries(&material)?,
            timestamps: timestamps(&material)?,
        };
        check_proofs(&bundle.log_entries, version)?;
        Ok(bundle)
    }
}

/// Bundles of 0.1 have promises, later ones proofs.
fn check_proofs(entries: &[TransparencyLogEntry], version: Version) -> Result<(), BundleError> {
    let has_promise = entries.iter().any(|entry| entry.promise.is_some());
    let has_proof = entries.iter().any(|entry| entry.proof.is_some());
    let (has, expected) = match version {
        Version::V01 => (has_promise, "an inclusion promise, as version 0.1 has it"),
        Version::V02 | Version::V03 => (has_proof, "an inclusion proof, as versions 0.2 and 0.3 have it"),
    };
    if has || entries.is_empty() {
        return Ok(());
    }
    Err(BundleError::malformed("verificationMaterial.tlogEntries", expected))
}

fn content(root: &Message<'_>) -> Result<BundleContent, BundleError> {
    match (root.message("dsse_envelope")?, root.message("message_signature")?) {
        (Some(part), None) => Ok(BundleContent::Envelope(envelope(&part)?)),
        (None, Some(part)) => Ok(BundleContent::Message(message(&part)?)),
        (None, None) => Err(root.expected("dsse_envelope", "this or messageSignature").into()),
        (Some(_), Some(_)) => Err(root.expected("dsse_envelope", "this or messageSignature, not both").into()),
    }
}

fn envelope(part: &Message<'_>) -> Result<Envelope, MessageError> {
    part.only(&["payload", "payloadType", "signatures"])?;
    let signature = |part: &Message<'_>| {
        part.only(&["sig", "keyid"])?;
        Ok(EnvelopeSignature { key_id: part.text("keyid")?.to_owned(), signature: part.bytes("sig")? })
    };
    Ok(Envelope {
        payload_type: part.text("payloadType")?.to_owned(),
        payload: part.bytes("payload")?,
        signatures: part.messages("signatures")?.iter().map(signature).collect::<Result<_, _>>()?,
    })
}

fn message(part: &Message<'_>) -> Result<MessageSignature, MessageError> {
    part.only(&["message_digest", "signature"])?;
    let signature = part.bytes("signature")?;
    let Some(digest) = part.message("message_digest")? else {
        return Ok(MessageSignature { algorithm: String::new(), digest: Vec::new(), signature });
    };
    digest.only(&["algorithm", "digest"])?;
    let algorithm = digest.choice("algorithm", HASHES)?.to_ascii_lowercase().replace("sha2_", "sha");
    Ok(MessageSignature { algorithm, digest: digest.bytes("digest")?, signature })
}

fn signer(material: &Message<'_>, version: Version) -> Result<BundleSigner, BundleError> {
    let written = ["certificate", "x509_certificate_chain", "public_key"].map(|field| material.message(field));
    match written {
        [Ok(Some(one)), Ok(None), Ok(None)] => Ok(BundleSigner::Certificate(certificate(&one)?)),
        [Ok(None), Ok(Some(chain)), Ok(None)] => {
            chain.only(&["certificates"])?;
            let all = chain.messages("certificates")?.iter().map(certificate).collect::<Result<Vec<_>, _>>()?;
            if version == Version::V03 {
                return Err(material.expected("certificate", "one certificate: version 0.3 has no chains").into());
            }
            Ok(BundleSigner::Certificate(all.into_iter().next().unwrap_or_default()))
        }
        [Ok(None), Ok(None), Ok(Some(key))] => {
            key.only(&["hint"])?;
            Ok(BundleSigner::Key(key.text("hint")?.to_owned()))
        }
        [Err(error), _, _] | [_, Err(error), _] | [_, _, Err(error)] => Err(error.into()),
        _ => Err(material.expected("certificate", "this, x509CertificateChain or publicKey, and one of them").into()),
    }
}

fn certificate(part: &Message<'_>) -> Result<Vec<u8>, MessageError> {
    part.only(&["raw_bytes"])?;
    part.bytes("raw_bytes")
}

fn timestamps(material: &Message<'_>) -> Result<Vec<Vec<u8>>, MessageError> {
    let Some(data) = material.message("timestamp_verification_data")? else { return Ok(Vec::new()) };
    data.only(&["rfc3161_timestamps"])?;
    let timestamp = |part: &Message<'_>| {
        part.only(&["signed_timestamp"])?;
        part.bytes("signed_timestamp")
    };
    data.messages("rfc3161_timestamps")?.iter().map(timestamp).collect()
}

fn log_entries(material: &Message<'_>) -> Result<Vec<TransparencyLogEntry>, BundleError> {
    let entries = material.messages("tlog_entries")?;
    if entries.len() > MOST_ENTRIES {
        return Err(BundleError::TooMany { what: "log entries", found: entries.len(), limit: MOST_ENTRIES });
    }
    entries.iter().map(log_entry).collect()
}

fn log_entry(part: &Message<'_>) -> Result<TransparencyLogEntry, BundleError> {
    part.only(&[
        "log_index",
        "log_id",
        "kind_version",
        "integrated_time",
        "inclusion_promise",
        "inclusion_proof",
        "canonicalized_body",
    ])?;
    let (log_id, kind) = (part.required("log_id")?, part.required("kind_version")?);
    log_id.only(&["key_id"])?;
    kind.only(&["kind", "version"])?;
    let entry = TransparencyLogEntry {
        log_index: part.integer("log_index")?,
        log_id: log_id.bytes("key_id")?,
        kind: kind.text("kind")?.to_owned(),
        version: kind.text("version")?.to_owned(),
        integrated_time: part.integer("integrated_time")?,
        promise: promise(part)?,
        proof: part.message("inclusion_proof")?.as_ref().map(inclusion_proof).transpose()?,
        body: part.bytes("canonicalized_body")?,
    };
    if entry.log_index < 0 {
        return Err(part.expected("log_index", "a positive integer").into());
    }
    if entry.log_id.is_empty() {
        return Err(log_id.expected("key_id", "the id of a log").into());
    }
    match LoggedEntry::parse(&entry.body) {
        // That counts where the log is looked at.
        Ok(_) | Err(LogError::SeveralSignatures) => Ok(entry),
        Err(error) => Err(BundleError::Log(error)),
    }
}

fn promise(part: &Message<'_>) -> Result<Option<Vec<u8>>, MessageError> {
    let Some(promise) = part.message("inclusion_promise")? else { return Ok(None) };
    promise.only(&["signed_entry_timestamp"])?;
    Ok(Some(promise.bytes("signed_entry_timestamp")?).filter(|bytes| !bytes.is_empty()))
}

fn inclusion_proof(part: &Message<'_>) -> Result<InclusionProof, MessageError> {
    part.only(&["log_index", "root_hash", "tree_size", "hashes", "checkpoint"])?;
    let checkpoint = part.required("checkpoint")?;
    checkpoint.only(&["envelope"])?;
    let envelope = checkpoint.text("envelope")?;
    if envelope.is_empty() {
        return Err(checkpoint.expected("envelope", "a signed note"));
    }
    Ok(InclusionProof {
        log_index: part.integer("log_index")?,
        root_hash: part.bytes("root_hash")?,
        tree_size: part.integer("tree_size")?,
        hashes: part.bytes_list("hashes")?,
        checkpoint: envelope.to_owned(),
    })
}
