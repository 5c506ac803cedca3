//! The JSON of a trust root.
//!
//! Source: sigstore-go v1.3, `root/trusted_root.go`. As there, a field that is not known is an error: `valid_fro` would
//! trust for ever. Other than there, version 0.2 is read, and a log whose key cannot be used spoils itself alone.

use super::{CertificateAuthority, TimestampAuthority, TrustRoot, TrustRootError, UnusableLog};
use crate::crypto::{KeyKind, PublicKey};
use crate::encoding::message::{Message, MessageError};
use crate::json;
use crate::scalar::time::Timestamp;
use crate::timestamp::Authority;
use crate::transparency_log::LogKey;
use crate::x509::Certificate;

const MEDIA_TYPES: &[&str] = &[
    "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    "application/vnd.dev.sigstore.trustedroot.v0.1+json",
    "application/vnd.dev.sigstore.trustedroot.v0.2+json",
];
const DEPTH: usize = 16;

impl TrustRoot {
    /// Parses a TrustedRoot document.
    pub fn parse(text: &[u8]) -> Result<Self, TrustRootError> {
        let document = json::parse(text, DEPTH).map_err(|error| TrustRootError::Json(error.to_string()))?;
        let root = Message::root(&document)?;
        root.only(&["media_type", "tlogs", "certificate_authorities", "ctlogs", "timestamp_authorities"])?;
        let media_type = root.text("media_type")?;
        if !MEDIA_TYPES.contains(&media_type) {
            return Err(TrustRootError::MediaType(media_type.to_owned()));
        }
        let authorities = root.messages("certificate_authorities")?;
        let timestamp_authorities = root.messages("timestamp_authorities")?;
        let mut unusable_logs = Vec::new();
        Ok(Self {
            certificate_authorities: authorities.iter().map(authority).collect::<Result<_, _>>()?,
            transparency_logs: logs(&root.messages("tlogs")?, &mut unusable_logs)?,
            certificate_logs: logs(&root.messages("ctlogs")?, &mut unusable_logs)?,
            unusable_logs,
            timestamp_authorities: timestamp_authorities.iter().map(timestamp_authority).collect::<Result<_, _>>()?,
        })
    }
}

type Window = (Option<Timestamp>, Option<Timestamp>);

/// `validFor`: begin and end, both included.
fn window(part: &Message<'_>) -> Result<Window, MessageError> {
    let Some(window) = part.message("valid_for")? else { return Ok((None, None)) };
    window.only(&["start", "end"])?;
    let time = |field: &str| match window.has(field)? {
        false => Ok(None),
        true => match Timestamp::parse_rfc3339(window.text(field)?) {
            Ok(time) => Ok(Some(time)),
            Err(_) => Err(window.expected(field, "an RFC 3339 time")),
        },
    };
    Ok((time("start")?, time("end")?))
}

fn chain(part: &Message<'_>) -> Result<Vec<Certificate>, TrustRootError> {
    part.only(&["subject", "uri", "cert_chain", "valid_for", "operator"])?;
    if let Some(subject) = part.message("subject")? {
        subject.only(&["organization", "common_name"])?;
        subject.text("organization")?;
        subject.text("common_name")?;
    }
    let chain = part.required("cert_chain")?;
    chain.only(&["certificates"])?;
    let mut certificates = Vec::new();
    for certificate in chain.messages("certificates")? {
        certificate.only(&["raw_bytes"])?;
        let parsed = Certificate::from_der(&certificate.bytes("raw_bytes")?);
        let at = || certificate.expected("raw_bytes", "").at;
        certificates.push(parsed.map_err(|error| TrustRootError::Certificate { at: at(), error })?);
    }
    if certificates.is_empty() { Err(chain.expected("certificates", "a certificate").into()) } else { Ok(certificates) }
}

fn authority(part: &Message<'_>) -> Result<CertificateAuthority, TrustRootError> {
    let (valid_from, valid_until) = window(part)?;
    Ok(CertificateAuthority { uri: part.text("uri")?.to_owned(), chain: chain(part)?, valid_from, valid_until })
}

/// The first certificate is the authority, unless it is one that issues certificates; the last one is the root, unless it
/// is the first one, too.
fn timestamp_authority(part: &Message<'_>) -> Result<TimestampAuthority, TrustRootError> {
    let (valid_from, valid_until) = window(part)?;
    let mut intermediates = chain(part)?;
    let has_leaf = intermediates.first().is_some_and(|first| !first.is_ca());
    let leaf = has_leaf.then(|| intermediates.remove(0));
    let roots = intermediates.pop().into_iter().collect();
    let authority = Authority { leaf, intermediates, roots, valid_from, valid_until };
    Ok(TimestampAuthority { uri: part.text("uri")?.to_owned(), authority })
}

/// The logs by their ids: of two with one id the later one counts.
fn logs(parts: &[Message<'_>], unusable: &mut Vec<UnusableLog>) -> Result<Vec<LogKey>, TrustRootError> {
    let mut found: Vec<LogKey> = Vec::new();
    for part in parts {
        part.only(&["base_url", "hash_algorithm", "public_key", "log_id", "checkpoint_key_id", "operator"])?;
        let (written, id) = (part.required("public_key")?, part.required("log_id")?);
        written.only(&["raw_bytes", "key_details", "valid_for"])?;
        id.only(&["key_id"])?;
        let (valid_from, valid_until) = window(&written)?;
        if valid_from.is_none() {
            // A key that was always valid could be one that nobody retired.
            return Err(written.expected("valid_for.start", "the time since when the log uses the key").into());
        }
        let log_id = id.bytes("key_id")?;
        if log_id.is_empty() {
            return Err(id.expected("key_id", "the id of the log").into());
        }
        found.retain(|other| other.log_id != log_id);
        let url = part.text("base_url")?.to_owned();
        match log_key(part, &written) {
            Ok(key) => found.push(LogKey { key, log_id, url, valid_from, valid_until }),
            Err(TrustRootError::Malformed { at, expected }) => return Err(TrustRootError::Malformed { at, expected }),
            Err(error) => unusable.push(UnusableLog { log_id, error }),
        }
    }
    Ok(found)
}

fn log_key(part: &Message<'_>, written: &Message<'_>) -> Result<PublicKey, TrustRootError> {
    let hash = part.text("hash_algorithm")?;
    if hash != "SHA2_256" {
        let at = part.expected("hash_algorithm", "").at;
        return Err(TrustRootError::HashAlgorithm { at, found: hash.to_owned() });
    }
    let details = written.text("key_details")?;
    let bytes = written.bytes("raw_bytes")?;
    let parsed = match details {
        "PKCS1_RSA_PKCS1V5" => PublicKey::from_pkcs1_der(&bytes),
        _ => PublicKey::from_spki_der(&bytes),
    };
    let at = || written.expected("raw_bytes", "").at;
    let key = parsed.map_err(|error| TrustRootError::Key { at: at(), error })?;
    if is_kind(key.kind(), details) {
        Ok(key)
    } else {
        Err(TrustRootError::KeyDetails { at: at(), key: key.kind(), details: details.to_owned() })
    }
}

/// Whatever its curve or length is said to be.
fn is_kind(kind: KeyKind, details: &str) -> bool {
    match kind {
        KeyKind::Ecdsa(_) => {
            matches!(details, "PKIX_ECDSA_P256_SHA_256" | "PKIX_ECDSA_P384_SHA_384" | "PKIX_ECDSA_P521_SHA_512")
        }
        KeyKind::Ed25519 => details == "PKIX_ED25519",
        KeyKind::Rsa { .. } => matches!(
            details,
            "PKCS1_RSA_PKCS1V5"
                | "PKIX_RSA_PKCS1V15_2048_SHA256"
                | "PKIX_RSA_PKCS1V15_3072_SHA256"
                | "PKIX_RSA_PKCS1V15_4096_SHA256"
        ),
    }
}
