//! The body of an entry: what the log was given.
//!
//! Source: rekor `pkg/types/*/*_schema.json`, rekor-tiles `api/proto/rekor/v2/entry.proto`.

use super::LogError;
use crate::crypto::{KeyKind, PublicKey};
use crate::encoding::{base64, pem};
use crate::json;
use serde_json::Value;

/// Nesting of a body.
const DEPTH: usize = 16;

/// An entry as far as it can be compared with a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedEntry {
    /// `hashedrekord`, `dsse`, `intoto` or `rekord`.
    pub kind: String,
    /// Its version.
    pub version: String,
    /// The signature, as the text in the entry; `intoto` 0.0.1 has none.
    pub(super) signature_text: Option<String>,
    /// The signature's bytes.
    pub(super) signature: Option<Vec<u8>>,
    /// The signer: DER of a certificate or of a key.
    pub(super) verifier: Vec<u8>,
    /// Algorithm and hex value of the hash over what was signed: payload or whole envelope.
    pub(super) hash: Option<(String, String)>,
    /// The same of an envelope's payload.
    pub(super) payload_hash: Option<(String, String)>,
}

impl LoggedEntry {
    /// Parses a body.
    pub fn parse(body: &[u8]) -> Result<Self, LogError> {
        let document = json::parse(body, DEPTH).map_err(|_| LogError::malformed("body", "JSON"))?;
        let body = Part { value: &document, at: "body" };
        let (kind, version) = (body.text("kind")?, body.text("apiVersion")?);
        match (kind, version) {
            ("hashedrekord" | "rekord", "0.0.1") => rekord(body),
            ("hashedrekord", "0.0.2") => hashed_rekord_2(body),
            ("dsse", "0.0.1") => dsse(body),
            ("intoto", "0.0.1") => intoto_1(body),
            ("intoto", "0.0.2") => intoto_2(body),
            _ => Err(LogError::UnsupportedKind { kind: kind.to_owned(), version: version.to_owned() }),
        }
    }

    /// Rekor v1 verifies what it logs over the hash alone, which with Ed25519 is another scheme than cosign's.
    pub(super) fn check_key(&self, key: Option<&PublicKey>) -> Result<(), LogError> {
        let is_hashed = self.kind == "hashedrekord" && !self.is_version_2();
        if is_hashed && key.is_some_and(|key| key.kind() == KeyKind::Ed25519) {
            return Err(LogError::Ed25519);
        }
        Ok(())
    }

    /// The signer: DER of a certificate or of a key.
    pub fn verifier_der(&self) -> &[u8] {
        &self.verifier
    }

    /// Is it an entry of Rekor v2?
    pub fn is_version_2(&self) -> bool {
        self.kind == "hashedrekord" && self.version == "0.0.2"
    }
}

/// A part of a body, with where it stands.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) value: &'a Value,
    pub(super) at: &'a str,
}

impl<'a> Part<'a> {
    /// The object behind a JSON pointer.
    fn inside(self, pointer: &'a str) -> Result<Self, LogError> {
        let value = self.value.pointer(pointer).filter(|value| value.is_object());
        Ok(Self { value: value.ok_or_else(|| LogError::malformed(pointer, "an object"))?, at: pointer })
    }

    pub(super) fn text(self, field: &str) -> Result<&'a str, LogError> {
        let text = self.value.get(field).and_then(Value::as_str);
        text.ok_or_else(|| LogError::malformed(format!("{}.{field}", self.at), "a text"))
    }

    pub(super) fn bytes(self, field: &str) -> Result<Vec<u8>, LogError> {
        decoded(self.text(field)?).ok_or_else(|| LogError::malformed(format!("{}.{field}", self.at), "base64"))
    }

    /// DER within one PEM block within base64.
    fn pem(self, field: &str) -> Result<Vec<u8>, LogError> {
        let bytes = self.bytes(field)?;
        let block = std::str::from_utf8(&bytes).ok().and_then(|text| pem::decode(text).ok());
        match block {
            Some((block, "")) => Ok(block.bytes),
            _ => Err(LogError::malformed(format!("{}.{field}", self.at), "one PEM block")),
        }
    }

    fn hash(self) -> Result<(String, String), LogError> {
        Ok((self.text("algorithm")?.to_owned(), self.text("value")?.to_owned()))
    }

    /// The only element of a list of signatures.
    fn only(self, field: &'a str) -> Result<Self, LogError> {
        match self.value.get(field).and_then(Value::as_array).map(Vec::as_slice) {
            Some([value]) => Ok(Self { value, at: field }),
            Some([_, _, ..]) => Err(LogError::SeveralSignatures),
            _ => Err(LogError::malformed(format!("{}.{field}", self.at), "a signature")),
        }
    }

    fn entry(self, signature: Option<String>, verifier: Vec<u8>) -> Result<LoggedEntry, LogError> {
        Ok(LoggedEntry {
            kind: self.text("kind")?.to_owned(),
            version: self.text("apiVersion")?.to_owned(),
            signature: signature.as_deref().and_then(decoded),
            signature_text: signature,
            verifier,
            hash: None,
            payload_hash: None,
        })
    }
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    base64::decode(text).ok()
}

fn rekord(body: Part<'_>) -> Result<LoggedEntry, LogError> {
    let signature = body.inside("/spec/signature")?.text("content")?.to_owned();
    let verifier = body.inside("/spec/signature/publicKey")?.pem("content")?;
    let hash = Some(body.inside("/spec/data/hash")?.hash()?);
    Ok(LoggedEntry { hash, ..body.entry(Some(signature), verifier)? })
}

fn dsse(body: Part<'_>) -> Result<LoggedEntry, LogError> {
    let spec = body.inside("/spec")?;
    let signature = spec.only("signatures")?;
    let verifier = signature.pem("verifier")?;
    let hash = Some(body.inside("/spec/envelopeHash")?.hash()?);
    let payload_hash = Some(body.inside("/spec/payloadHash")?.hash()?);
    Ok(LoggedEntry { hash, payload_hash, ..body.entry(Some(signature.text("signature")?.to_owned()), verifier)? })
}

fn intoto_1(body: Part<'_>) -> Result<LoggedEntry, LogError> {
    let verifier = body.inside("/spec")?.pem("publicKey")?;
    let hash = Some(body.inside("/spec/content/hash")?.hash()?);
    Ok(LoggedEntry { hash, ..body.entry(None, verifier)? })
}

/// Its signature is base64 of base64.
fn intoto_2(body: Part<'_>) -> Result<LoggedEntry, LogError> {
    let signature = body.inside("/spec/content/envelope")?.only("signatures")?;
    let verifier = signature.pem("publicKey")?;
    let inner = signature.bytes("sig")?;
    let bytes = std::str::from_utf8(&inner).ok().and_then(decoded);
    let hash = Some(body.inside("/spec/content/hash")?.hash()?);
    let payload_hash = match body.inside("/spec/content/payloadHash") {
        Ok(part) => Some(part.hash()?),
        Err(_) => None,
    };
    let entry = body.entry(Some(signature.text("sig")?.to_owned()), verifier)?;
    Ok(LoggedEntry { hash, payload_hash, signature: bytes, ..entry })
}

fn hashed_rekord_2(body: Part<'_>) -> Result<LoggedEntry, LogError> {
    let data = body.inside("/spec/hashedRekordV002/data")?;
    let signature = body.inside("/spec/hashedRekordV002/signature")?;
    let certificate = body.inside("/spec/hashedRekordV002/signature/verifier/x509Certificate");
    let verifier = match certificate {
        Ok(certificate) => certificate.bytes("rawBytes")?,
        Err(_) => body.inside("/spec/hashedRekordV002/signature/verifier/publicKey")?.bytes("rawBytes")?,
    };
    let algorithm = match data.text("algorithm")? {
        "SHA2_256" => "sha256",
        "SHA2_384" => "sha384",
        "SHA2_512" => "sha512",
        other => return Err(LogError::HashAlgorithm(other.to_owned())),
    };
    let hash = Some((algorithm.to_owned(), hex::encode(data.bytes("digest")?)));
    Ok(LoggedEntry { hash, ..body.entry(Some(signature.text("content")?.to_owned()), verifier)? })
}
