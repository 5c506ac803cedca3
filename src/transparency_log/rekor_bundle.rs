//! The bundle annotation of cosign's tag layout: an entry with the log's promise to include it.
//!
//! Source: cosign `pkg/cosign/verify.go` (`VerifyBundle`): the order of checks, and their words.

use super::{LogError, LogEvidence, LogKey, LoggedEntry};
use crate::crypto::{HashAlgorithm, KeyKind, PublicKey, algorithm_for};
use crate::digest::Digest;
use crate::encoding::base64;
use crate::json;
use crate::scalar::time::Timestamp;
use crate::x509::Certificate;
use serde_json::Value;

/// An entry, as a log gives it back, with its promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RekorBundle {
    pub(super) promise: Vec<u8>,
    /// Base64 of the body, as it was signed.
    pub(super) body: String,
    pub(super) integrated_time: i64,
    pub(super) log_index: i64,
    pub(super) log_id: String,
}

/// What the log should have.
#[derive(Clone, Copy, Debug)]
pub struct LoggedSubject<'a> {
    /// Base64 of the signature; `None` for an envelope, which has its signatures within.
    pub signature: Option<&'a str>,
    /// What is hashed: the payload, or the whole envelope.
    pub blob: &'a [u8],
    /// The certificate that comes with the signature.
    pub certificate: Option<&'a Certificate>,
    /// The key that is trusted.
    pub key: Option<&'a PublicKey>,
}

impl LoggedSubject<'_> {
    /// The signer, as entries name it: the certificate where there is one, else the key.
    pub(super) fn signer(&self) -> Result<&[u8], LogError> {
        match (self.certificate, self.key) {
            (Some(certificate), Some(key)) if certificate.spki_der() != key.spki_der() => {
                Err(LogError::KeyAndCertificate)
            }
            (Some(certificate), _) => Ok(certificate.der()),
            (None, Some(key)) => Ok(key.spki_der()),
            (None, None) => Err(LogError::malformed("the signature", "a certificate")),
        }
    }
}

impl RekorBundle {
    /// Parses the annotation: `{"SignedEntryTimestamp": base64, "Payload": {body, integratedTime, logIndex, logID}}`.
    pub fn parse(text: &str) -> Result<Self, LogError> {
        let document = json::parse(text.as_bytes(), 8).map_err(|_| LogError::malformed("bundle", "JSON"))?;
        let promise =
            document.get("SignedEntryTimestamp").and_then(Value::as_str).and_then(|it| base64::decode(it).ok());
        let promise = promise.ok_or_else(|| LogError::malformed("SignedEntryTimestamp", "base64"))?;
        let payload = document.get("Payload").ok_or_else(|| LogError::malformed("Payload", "an object"))?;
        Self::of(payload, promise)
    }

    /// Which log, in hex.
    pub fn log_id(&self) -> &str {
        &self.log_id
    }

    /// Which entry.
    pub fn log_index(&self) -> i64 {
        self.log_index
    }

    /// When the log took it in, in seconds since 1970 began; 0: not told.
    pub fn integrated_time(&self) -> i64 {
        self.integrated_time
    }

    /// An entry as Rekor v1 writes it.
    pub(super) fn of(payload: &Value, promise: Vec<u8>) -> Result<Self, LogError> {
        // An absent number is zero, as Go's decoder has it.
        let number = |field: &str| {
            let number = payload.get(field).map_or(Some(0), Value::as_i64);
            number.ok_or_else(|| LogError::malformed(format!("Payload.{field}"), "an integer"))
        };
        let text = |field: &str| {
            let text = payload.get(field).and_then(Value::as_str).map(str::to_owned);
            text.ok_or_else(|| LogError::malformed(format!("Payload.{field}"), "a text"))
        };
        Ok(Self {
            promise,
            body: text("body")?,
            integrated_time: number("integratedTime")?,
            log_index: number("logIndex")?,
            log_id: text("logID")?,
        })
    }

    /// The body, parsed.
    pub fn entry(&self) -> Result<LoggedEntry, LogError> {
        let body = base64::decode(&self.body).map_err(|_| LogError::malformed("Payload.body", "base64"))?;
        LoggedEntry::parse(&body)
    }

    /// Is the promise that of one of the logs?
    pub(super) fn check_promise(&self, keys: &[LogKey]) -> Result<LogEvidence, LogError> {
        let entry = self.entry()?;
        let key = find(&self.log_id, keys)?;
        let time = Timestamp::from_unix(self.integrated_time);
        // RFC 8785: keys in order, no spaces; what stands in them needs no escapes.
        let message = serde_json::json!({
            "body": self.body,
            "integratedTime": self.integrated_time,
            "logID": self.log_id,
            "logIndex": self.log_index,
        });
        if !matches!(key.key.kind(), KeyKind::Ecdsa(_)) {
            return Err(LogError::LogKeyKind { log_id: self.log_id.clone() });
        }
        let verifier = algorithm_for(&key.key, HashAlgorithm::Sha256)
            .map_err(|_| LogError::LogKeyKind { log_id: self.log_id.clone() })?;
        verifier.verify(&key.key, message.to_string().as_bytes(), &self.promise).map_err(LogError::Set)?;
        if !key.is_valid_at(&time) {
            return Err(LogError::OutsideValidity { log_id: self.log_id.clone(), time: time.to_rfc3339() });
        }
        Ok(LogEvidence {
            log_id: self.log_id.clone(),
            log_index: self.log_index,
            kind: entry.kind,
            version: entry.version,
            integrated_time: Some(time),
            is_included: false,
        })
    }
}

/// The log with this id.
pub(super) fn find<'k>(log_id: &str, keys: &'k [LogKey]) -> Result<&'k LogKey, LogError> {
    let known = || keys.iter().map(|key| hex::encode(&key.log_id)).collect();
    let found = keys.iter().find(|key| hex::encode(&key.log_id) == log_id);
    found.ok_or_else(|| LogError::LogUnknown { log_id: log_id.to_owned(), known: known() })
}

/// Does a trusted log promise to have the signature?
pub fn verify_bundle(
    bundle: &RekorBundle,
    subject: &LoggedSubject<'_>,
    keys: &[LogKey],
) -> Result<LogEvidence, LogError> {
    compare(&bundle.entry()?, subject)?;
    bundle.check_promise(keys)
}

/// Is the entry about the signature?
pub(super) fn compare(entry: &LoggedEntry, subject: &LoggedSubject<'_>) -> Result<(), LogError> {
    if subject.signature.is_some_and(|signature| entry.signature_text.as_deref() != Some(signature)) {
        return Err(LogError::Signature);
    }
    let signer = subject.signer()?;
    if signer != entry.verifier {
        let name = |der: &[u8]| Digest::sha256(der).encoded().to_owned();
        return Err(LogError::Verifier { expected: name(signer), found: name(&entry.verifier) });
    }
    entry.check_key(subject.key.or(subject.certificate.and_then(|certificate| certificate.public_key().ok())))?;
    let (algorithm, found) = entry.hash.clone().unwrap_or_default();
    if algorithm != "sha256" {
        return Err(LogError::HashAlgorithm(algorithm));
    }
    let expected = Digest::sha256(subject.blob).encoded().to_owned();
    if found == expected { Ok(()) } else { Err(LogError::Hash { expected, found }) }
}
