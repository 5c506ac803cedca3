//! Signed certificate timestamps that are embedded in a certificate.
//!
//! Source: RFC 6962, sections 3.2 and 3.3.

use super::Certificate;
use crate::crypto::{Curve, HashAlgorithm, KeyError, KeyKind, PublicKey, SignatureError, algorithm_for};
use crate::digest::Digest;
use crate::encoding::der::{OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE, context_constructed, dotted};
use crate::scalar::time::Timestamp;
use thiserror::Error;

const LIST: &str = "1.3.6.1.4.1.11129.2.4.2";

/// A log's promise to have a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sct {
    /// SHA-256 of the log's key.
    pub log_id: [u8; 32],
    /// Milliseconds since 1970 began.
    pub milliseconds: u64,
    extensions: Vec<u8>,
    hash: u8,
    signature_kind: u8,
    signature: Vec<u8>,
}

/// Why a certificate timestamp does not hold.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SctError {
    /// The key of the log cannot be used.
    #[error("the key of the certificate log cannot be used: {0}")]
    Key(KeyError),
    /// The key of the log is of a kind that no log may have.
    #[error("a certificate log signs with a P-256 key, or an RSA key of at least 2048 bits, found a {0} key")]
    KeyKind(KeyKind),
    /// The list is not that of RFC 6962.
    #[error("the list of certificate timestamps cannot be read: {0}")]
    Malformed(&'static str),
    /// The signature is not the log's.
    #[error("the certificate timestamp is not signed by its log over this certificate: {0}")]
    Signature(SignatureError),
}

impl SctError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Key(error) => error.code(),
            Self::KeyKind(_) => "sct-key-kind",
            Self::Malformed(_) => "sct-malformed",
            Self::Signature(_) => "sct-signature-mismatch",
        }
    }
}

/// The timestamps in the certificate; none where it has no list.
pub fn embedded(certificate: &Certificate) -> Result<Vec<Sct>, SctError> {
    let Some(extension) = certificate.extension(LIST) else { return Ok(Vec::new()) };
    let malformed = SctError::Malformed;
    let mut reader = Reader::new(&extension.value);
    let list = reader.bytes(OCTET_STRING).filter(|_| reader.is_empty()).ok_or(malformed("no bytes"))?;
    let mut list = Bytes(list);
    let mut entries = list.prefixed(2).filter(|_| list.0.is_empty()).ok_or(malformed("its length"))?;
    if entries.0.is_empty() {
        return Err(malformed("no entry is in it"));
    }
    let mut found = Vec::new();
    while !entries.0.is_empty() {
        let entry = entries.prefixed(2).ok_or(malformed("the length of an entry"))?;
        found.push(parse(entry).ok_or(malformed("an entry"))?);
    }
    Ok(found)
}

fn parse(mut entry: Bytes<'_>) -> Option<Sct> {
    let version = entry.number(1)?;
    let log_id = <[u8; 32]>::try_from(entry.take(32)?).ok()?;
    let milliseconds = entry.number(8)?;
    let extensions = entry.prefixed(2)?.0.to_vec();
    let [hash, signature_kind] = <[u8; 2]>::try_from(entry.take(2)?).ok()?;
    let signature = entry.prefixed(2)?.0.to_vec();
    let sct = Sct { log_id, milliseconds, extensions, hash, signature_kind, signature };
    (version == 0 && entry.0.is_empty()).then_some(sct)
}

impl Sct {
    /// When the log saw the certificate.
    pub fn time(&self) -> Timestamp {
        Timestamp::from_unix(i64::try_from(self.milliseconds / 1000).unwrap_or(i64::MAX))
    }

    /// Checks that `key` signed the promise to have `leaf`, issued by `issuer`. Whether `key` is that of the log with this
    /// id is for the caller to know.
    pub fn verify(&self, leaf: &Certificate, issuer: &Certificate, key: &PublicKey) -> Result<(), SctError> {
        // SHA-256, and the kind of signature that goes with the key (RFC 5246, section 7.4.1.4.1). RFC 6962, section 2.1.4,
        // has these two kinds of keys (certificate-transparency-go, `NewSignatureVerifier`).
        let expected = match key.kind() {
            KeyKind::Ecdsa(Curve::P256) => 3,
            KeyKind::Rsa { bits: 2048.. } => 1,
            other => return Err(SctError::KeyKind(other)),
        };
        if self.hash != 4 || self.signature_kind != expected {
            return Err(SctError::Malformed("an algorithm that does not go with the log's key"));
        }
        let message = self.signed(leaf, issuer).ok_or(SctError::Malformed("the certificate around it"))?;
        let verifier = algorithm_for(key, HashAlgorithm::Sha256).map_err(SctError::Key)?;
        verifier.verify(key, &message, &self.signature).map_err(SctError::Signature)
    }

    /// The struct that the log signs (RFC 6962, section 3.2), over the certificate as it was before the list was put in.
    fn signed(&self, leaf: &Certificate, issuer: &Certificate) -> Option<Vec<u8>> {
        let tbs = without_list(leaf.tbs_der())?;
        let issuer_key_hash = hex::decode(Digest::sha256(issuer.spki_der()).encoded()).ok()?;
        let mut message = vec![0, 0];
        message.extend(self.milliseconds.to_be_bytes());
        message.extend([0, 1]);
        message.extend(issuer_key_hash);
        let length = u32::try_from(tbs.len()).ok()?.to_be_bytes();
        message.extend(length.get(1..)?);
        message.extend(tbs);
        message.extend(u16::try_from(self.extensions.len()).ok()?.to_be_bytes());
        message.extend(&self.extensions);
        Some(message)
    }
}

/// The body of a certificate without the list of timestamps.
fn without_list(tbs: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader::new(tbs).read(SEQUENCE)?;
    let mut body = Vec::new();
    while !reader.is_empty() {
        let element = reader.any()?;
        if element.tag != context_constructed(3) {
            body.extend(element.full);
            continue;
        }
        let mut list = element.inside().read(SEQUENCE)?;
        let mut kept = Vec::new();
        while !list.is_empty() {
            let extension = list.element(SEQUENCE)?;
            let mut inside = extension.inside();
            let is_list = inside.peek(OBJECT_IDENTIFIER) && dotted(&inside.object_identifier()?) == LIST;
            if !is_list {
                kept.extend(extension.full);
            }
        }
        body.extend(wrapped(context_constructed(3), &wrapped(SEQUENCE, &kept)));
    }
    Some(wrapped(SEQUENCE, &body))
}

/// An element of these contents.
fn wrapped(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    let significant = length.iter().skip_while(|byte| **byte == 0);
    let mut element = vec![tag];
    match u8::try_from(contents.len()) {
        Ok(short @ 0..=0x7f) => element.push(short),
        _ => {
            element.push(0x80 | u8::try_from(significant.clone().count()).unwrap_or(8));
            element.extend(significant);
        }
    }
    element.extend(contents);
    element
}

/// Bytes with lengths in front, as TLS writes them.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self, bytes: usize) -> Option<u64> {
        Some(self.take(bytes)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// What follows its own length of `bytes` bytes.
    fn prefixed(&mut self, bytes: usize) -> Option<Self> {
        let length = usize::try_from(self.number(bytes)?).ok()?;
        self.take(length).map(Bytes)
    }
}

#[cfg(test)]
#[path = "sct_tests.rs"]
mod tests;
