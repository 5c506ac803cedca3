//! The JSON of a bundle.
//!
//! Source: sigstore-go, `bundle/bundle.go` (`UnmarshalJSON`, `validate`); protobuf's JSON mapping: unknown fields are
//! errors, names may be in camel or snake case, 64-bit integers texts or numbers, bytes in either base64 alphabet.

use super::BundleError;
use crate::encoding::base64;
use crate::in_toto::{Envelope, EnvelopeSignature};
use crate::json;
use crate::transparency_log::{InclusionProof, TransparencyLogEntry};
use crate::x509::Certificate;
use serde_json::{Map, Value};

const BASE: &str = "application/vnd.dev.sigstore.bundle";
const DEPTH: usize = 16;
/// As many log entries, and as many timestamps, may be in a bundle.
const MOST: usize = 32;

/// A bundle whose form is right, and nothing of which is verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// What is signed, and the signature.
    pub content: BundleContent,
    /// Who signed.
    pub signer: BundleSigner,
    /// What logs say.
    pub log_entries: Vec<TransparencyLogEntry>,
    /// Timestamp responses.
    pub timestamps: Vec<Vec<u8>>,
}

/// What is signed.
#[derive(Clone, Debug, PartialEq)]
pub enum BundleContent {
    /// An envelope.
    Envelope(Envelope),
    /// Something with a digest.
    Message(MessageSignature),
}

/// A signature over something that is not in the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSignature {
    /// Name of the hash function, such as `sha256`.
    pub algorithm: String,
    /// A hint at what is signed: the signature decides.
    pub digest: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Who signed.
#[derive(Clone, Debug, PartialEq)]
pub enum BundleSigner {
    /// The holder of this certificate. Others that come with it are not used, as in sigstore-go.
    Certificate(Certificate),
    /// The holder of a key, with a hint at which.
    Key(String),
}

impl Bundle {
    /// Parses a bundle of version 0.1, 0.2 or 0.3.
    pub fn parse(text: &[u8]) -> Result<Self, BundleError> {
        let document = json::parse(text, DEPTH).map_err(|error| BundleError::Json(error.to_string()))?;
        let root = Part::of(&document, String::new())?;
        root.only(&["mediaType", "verificationMaterial", "dsseEnvelope", "messageSignature"])?;
        let version = version(&root.text("mediaType")?)?;
        let material = root.object("verificationMaterial")?;
        material.only(&[
            "certificate",
            "x509CertificateChain",
            "publicKey",
            "tlogEntries",
            "timestampVerificationData",
        ])?;
        let content = match (root.field("dsseEnvelope"), root.field("messageSignature")) {
            (Some(_), None) => BundleContent::Envelope(envelope(&root.object("dsseEnvelope")?)?),
            (None, Some(_)) => BundleContent::Message(message(&root.object("messageSignature")?)?),
            _ => return Err(root.malformed("content", "either dsseEnvelope or messageSignature")),
        };
        let bundle = Self {
            content,
            signer: signer(&material, version)?,
            log_entries: material
                .list("tlogEntries", "log entries")?
                .iter()
                .map(log_entry)
                .collect::<Result<_, _>>()?,
            timestamps: timestamps(&material)?,
        };
        bundle.check_version(version)?;
        Ok(bundle)
    }

    /// Bundles of 0.1 have promises, later ones proofs.
    fn check_version(&self, version: Version) -> Result<(), BundleError> {
        let (has, expected) = match version {
            Version::V01 => (self.log_entries.iter().any(|entry| entry.promise.is_some()), "an inclusion promise"),
            Version::V02 | Version::V03 => {
                (self.log_entries.iter().any(|entry| entry.proof.is_some()), "an inclusion proof")
            }
        };
        if has || self.log_entries.is_empty() {
            Ok(())
        } else {
            Err(BundleError::malformed("verificationMaterial.tlogEntries", expected))
        }
    }

    /// The signature.
    pub fn signature(&self) -> Result<&[u8], BundleError> {
        match &self.content {
            BundleContent::Message(message) => Ok(&message.signature),
            BundleContent::Envelope(envelope) => match envelope.signatures.as_slice() {
                [signature] => Ok(&signature.signature),
                several => Err(BundleError::SignatureCount(several.len())),
            },
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    V01,
    V02,
    V03,
}

fn version(media_type: &str) -> Result<Version, BundleError> {
    let unsupported = || BundleError::MediaType(media_type.to_owned());
    match media_type.strip_prefix(BASE).ok_or_else(unsupported)? {
        "+json;version=0.1" => Ok(Version::V01),
        "+json;version=0.2" => Ok(Version::V02),
        "+json;version=0.3" => Ok(Version::V03),
        other => {
            let version = other.strip_prefix(".v").and_then(|rest| rest.strip_suffix("+json"));
            match version.ok_or_else(unsupported)? {
                "0.1" | "0.1.0" => Ok(Version::V01),
                "0.2" | "0.2.0" => Ok(Version::V02),
                version if version == "0.3" || version.starts_with("0.3.") => Ok(Version::V03),
                _ => Err(unsupported()),
            }
        }
    }
}

fn signer(material: &Part<'_>, version: Version) -> Result<BundleSigner, BundleError> {
    let written = ["certificate", "x509CertificateChain", "publicKey"];
    let mut written = written.into_iter().filter(|name| material.field(name).is_some());
    let (first, second) = (written.next(), written.next());
    match (first, second) {
        (Some("certificate"), None) => certificate(&material.object("certificate")?),
        (Some("publicKey"), None) => {
            let key = material.object("publicKey")?;
            key.only(&["hint"])?;
            Ok(BundleSigner::Key(key.text("hint")?))
        }
        (Some("x509CertificateChain"), None) if version != Version::V03 => {
            let chain = material.object("x509CertificateChain")?;
            chain.only(&["certificates"])?;
            let all = chain.list("certificates", "certificates")?;
            certificate(all.first().ok_or_else(|| chain.malformed("certificates", "a certificate"))?)
        }
        (Some("x509CertificateChain"), None) => {
            Err(material.malformed("certificate", "one certificate: version 0.3 has no chains"))
        }
        _ => Err(material.malformed("content", "one of certificate, x509CertificateChain and publicKey")),
    }
}

fn certificate(part: &Part<'_>) -> Result<BundleSigner, BundleError> {
    part.only(&["rawBytes"])?;
    Certificate::from_der(&part.bytes("rawBytes")?).map(BundleSigner::Certificate).map_err(BundleError::Certificate)
}

fn envelope(part: &Part<'_>) -> Result<Envelope, BundleError> {
    part.only(&["payload", "payloadType", "signatures"])?;
    let signature = |part: &Part<'_>| {
        part.only(&["sig", "keyid"])?;
        Ok(EnvelopeSignature { key_id: part.text("keyid")?, signature: part.bytes("sig")? })
    };
    Ok(Envelope {
        payload_type: part.text("payloadType")?,
        payload: part.bytes("payload")?,
        signatures: part.list("signatures", "signatures")?.iter().map(signature).collect::<Result<_, _>>()?,
    })
}

fn message(part: &Part<'_>) -> Result<MessageSignature, BundleError> {
    part.only(&["messageDigest", "signature"])?;
    let digest = part.object("messageDigest")?;
    digest.only(&["algorithm", "digest"])?;
    let algorithm = match digest.text("algorithm")?.as_str() {
        "SHA2_256" => "sha256",
        "SHA2_384" => "sha384",
        "SHA2_512" => "sha512",
        _ => return Err(digest.malformed("algorithm", "SHA2_256, SHA2_384 or SHA2_512")),
    };
    let signature = part.bytes("signature")?;
    Ok(MessageSignature { algorithm: algorithm.to_owned(), digest: digest.bytes("digest")?, signature })
}

fn timestamps(material: &Part<'_>) -> Result<Vec<Vec<u8>>, BundleError> {
    if material.field("timestampVerificationData").is_none() {
        return Ok(Vec::new());
    }
    let data = material.object("timestampVerificationData")?;
    data.only(&["rfc3161Timestamps"])?;
    let timestamp = |part: &Part<'_>| {
        part.only(&["signedTimestamp"])?;
        part.bytes("signedTimestamp")
    };
    data.list("rfc3161Timestamps", "timestamps")?.iter().map(timestamp).collect()
}

fn log_entry(part: &Part<'_>) -> Result<TransparencyLogEntry, BundleError> {
    part.only(&[
        "logIndex",
        "logId",
        "kindVersion",
        "integratedTime",
        "inclusionPromise",
        "inclusionProof",
        "canonicalizedBody",
    ])?;
    let (log_id, kind) = (part.object("logId")?, part.object("kindVersion")?);
    log_id.only(&["keyId"])?;
    kind.only(&["kind", "version"])?;
    let promise = match part.field("inclusionPromise") {
        None => None,
        Some(_) => {
            let promise = part.object("inclusionPromise")?;
            promise.only(&["signedEntryTimestamp"])?;
            Some(promise.bytes("signedEntryTimestamp")?).filter(|bytes| !bytes.is_empty())
        }
    };
    let proof = part.field("inclusionProof").map(|_| inclusion_proof(&part.object("inclusionProof")?)).transpose()?;
    let body = part.bytes("canonicalizedBody")?;
    let log_index = part.integer("logIndex")?;
    if body.is_empty() || log_index < 0 {
        return Err(part.malformed("canonicalizedBody", "the body of an entry, and an index"));
    }
    Ok(TransparencyLogEntry {
        log_index,
        log_id: log_id.bytes("keyId")?,
        kind: kind.text("kind")?,
        version: kind.text("version")?,
        integrated_time: part.integer("integratedTime")?,
        promise,
        proof,
        body,
    })
}

fn inclusion_proof(part: &Part<'_>) -> Result<InclusionProof, BundleError> {
    part.only(&["logIndex", "rootHash", "treeSize", "hashes", "checkpoint"])?;
    let checkpoint = part.object("checkpoint")?;
    checkpoint.only(&["envelope"])?;
    let envelope = checkpoint.text("envelope")?;
    if envelope.is_empty() {
        return Err(checkpoint.malformed("envelope", "a signed note"));
    }
    let hashes = match part.field("hashes") {
        None => Vec::new(),
        Some(Value::Array(hashes)) => hashes
            .iter()
            .map(|hash| hash.as_str().and_then(decoded).ok_or_else(|| part.malformed("hashes", "base64")))
            .collect::<Result<_, _>>()?,
        Some(_) => return Err(part.malformed("hashes", "a list")),
    };
    Ok(InclusionProof {
        log_index: part.integer("logIndex")?,
        root_hash: part.bytes("rootHash")?,
        tree_size: part.integer("treeSize")?,
        hashes,
        checkpoint: envelope,
    })
}

/// An object with where it stands. Names are looked up in camel case.
struct Part<'a> {
    fields: Vec<(String, &'a Value)>,
    at: String,
}

impl<'a> Part<'a> {
    fn of(value: &'a Value, at: String) -> Result<Self, BundleError> {
        let Value::Object(map) = value else { return Err(BundleError::malformed(at, "an object")) };
        let fields = camel_case(map);
        let twice = |(index, (name, _)): (usize, &(String, &Value))| {
            fields.iter().take(index).any(|(other, _)| other == name).then(|| name.clone())
        };
        if let Some(name) = fields.iter().enumerate().find_map(twice) {
            return Err(BundleError::malformed(format!("{at}.{name}"), "one field, not two of the same name"));
        }
        Ok(Self { fields, at })
    }

    fn malformed(&self, field: &str, expected: &str) -> BundleError {
        let at = if self.at.is_empty() { field.to_owned() } else { format!("{}.{field}", self.at) };
        BundleError::malformed(at, expected)
    }

    fn only(&self, known: &[&str]) -> Result<(), BundleError> {
        match self.fields.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(self.malformed(name, "no such field")),
            None => Ok(()),
        }
    }

    fn field(&self, name: &str) -> Option<&'a Value> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| *value).filter(|value| !value.is_null())
    }

    fn object(&self, name: &str) -> Result<Self, BundleError> {
        let value = self.field(name).ok_or_else(|| self.malformed(name, "an object"))?;
        Self::of(value, if self.at.is_empty() { name.to_owned() } else { format!("{}.{name}", self.at) })
    }

    /// An absent text is empty, as protobuf has it.
    fn text(&self, name: &str) -> Result<String, BundleError> {
        match self.field(name) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(self.malformed(name, "a text")),
        }
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>, BundleError> {
        decoded(&self.text(name)?).ok_or_else(|| self.malformed(name, "base64"))
    }

    fn integer(&self, name: &str) -> Result<i64, BundleError> {
        let number = match self.field(name) {
            None => Some(0),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.parse().ok(),
            Some(_) => None,
        };
        number.ok_or_else(|| self.malformed(name, "an integer"))
    }

    fn list(&self, name: &str, what: &'static str) -> Result<Vec<Self>, BundleError> {
        match self.field(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) if items.len() > MOST => {
                Err(BundleError::TooMany { what, found: items.len(), limit: MOST })
            }
            Some(Value::Array(items)) => {
                let part = |(index, item)| Self::of(item, format!("{}.{name}[{index}]", self.at));
                items.iter().enumerate().map(part).collect()
            }
            Some(_) => Err(self.malformed(name, "a list")),
        }
    }
}

fn camel_case(map: &Map<String, Value>) -> Vec<(String, &Value)> {
    let camel = |name: &str| {
        let mut parts = name.split('_');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |mut all, part| {
            let mut letters = part.chars();
            all.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
            all.extend(letters);
            all
        })
    };
    map.iter().map(|(name, value)| (camel(name), value)).collect()
}

/// Either alphabet, with or without padding.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut text = text.replace('-', "+").replace('_', "/");
    if !text.len().is_multiple_of(4) && !text.contains('=') {
        text.extend(std::iter::repeat_n('=', 4 - text.len() % 4));
    }
    base64::decode(&text).ok()
}
