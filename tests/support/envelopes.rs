//! Notation envelopes of `tests/data/notation/vectors.json`: taken apart there, put together here.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vidimus::digest::Digest;
use vidimus::encoding::cbor;
use vidimus::notation::{CertificateStore, NotationError, Strictness, Target, parse};
use vidimus::revocation::{Outcome, Question, Reply, ask};
use vidimus::scalar::time::Timestamp;

/// Every vector, with what they share.
pub struct Vectors {
    /// When notation was asked.
    pub now: Timestamp,
    /// What the signatures are about.
    pub target: Target,
    /// Certificates by name.
    pub certificates: BTreeMap<String, Vec<u8>>,
    /// The envelopes.
    pub cases: Vec<Vector>,
}

/// One envelope.
#[derive(Clone)]
pub struct Vector {
    /// What is particular about it.
    pub name: String,
    /// `cose` or `jws`.
    pub format: String,
    /// Names of the trusted certificates.
    pub trust: Vec<String>,
    /// Why notation refuses it; empty: it does not.
    pub notation: String,
    /// The parts, unless it is kept as it is.
    pub parts: Parts,
    raw: Option<Vec<u8>>,
}

/// The parts of an envelope.
#[derive(Clone, Default)]
pub struct Parts {
    /// The protected header, encoded as the format wants it.
    pub protected: Vec<u8>,
    /// What is signed.
    pub payload: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    /// Certificates.
    pub chain: Vec<Vec<u8>>,
    /// Further unprotected headers: members of a JSON object, or pairs of a CBOR map in hex.
    pub extra: String,
}

impl Vectors {
    /// Reads them.
    pub fn read() -> Self {
        let text = include_str!("../data/notation/vectors.json");
        let document: Value = serde_json::from_str(text).expect("the vectors are JSON");
        let certificates: BTreeMap<String, Vec<u8>> = document["certificates"]
            .as_object()
            .expect("certificates")
            .iter()
            .map(|(name, der)| (name.clone(), STANDARD.decode(string(der)).expect("base64")))
            .collect();
        let cases = document["cases"].as_array().expect("cases");
        Self {
            now: Timestamp::parse_rfc3339(string(&document["now"])).expect("a time"),
            target: Target {
                media_type: string(&document["target"]["mediaType"]).to_owned(),
                digest: Digest::parse(string(&document["target"]["digest"])).expect("a digest"),
                size: document["target"]["size"].as_u64().expect("a size"),
            },
            cases: cases.iter().map(|case| Vector::read(case, &certificates)).collect(),
            certificates,
        }
    }

    /// Verifies an envelope as the flow does: every check, in order.
    pub fn verify(
        &self,
        media_type: &str,
        envelope: &[u8],
        trust: &[String],
        strictness: Strictness,
    ) -> Result<(), NotationError> {
        let pem = |name: &String| {
            format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                STANDARD.encode(&self.certificates[name])
            )
        };
        let store = trust.iter().map(pem).collect::<String>();
        let store = CertificateStore::from_pem(&store, "").expect("trusted certificates can be read");
        let envelope = parse(media_type, envelope)?.verify(strictness)?;
        envelope.check_plugin()?;
        envelope.trusted_by(&store)?;
        envelope.check_expiry(&self.now)?;
        envelope.check_validity(&self.now)?;
        // Revocation was asked at an address that refuses connections.
        for pair in envelope.chain.windows(2) {
            let none = |_: &Question| Reply::None("connection refused".to_owned());
            let subject = pair[0].subject().to_string();
            if let Outcome::Unknown(reason) = ask(&pair[0], &pair[1], &self.now, true, &none) {
                return Err(NotationError::RevocationUnknown { subject, reason });
            }
        }
        envelope.check_target(&self.target)
    }

    /// The same of a vector.
    pub fn ask(&self, case: &Vector, strictness: Strictness) -> Result<(), NotationError> {
        self.verify(case.media_type(), &case.envelope(), &case.trust, strictness)
    }
}

impl Vector {
    fn read(case: &Value, certificates: &BTreeMap<String, Vec<u8>>) -> Self {
        let text = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
        let list = |name: &str| -> Vec<String> {
            case[name].as_array().into_iter().flatten().map(|item| string(item).to_owned()).collect()
        };
        let part = |name: &str| URL_SAFE_NO_PAD.decode(text(name)).expect("base64url");
        Self {
            name: text("name"),
            format: text("format"),
            trust: list("trust"),
            notation: text("notation"),
            parts: Parts {
                protected: part("protected"),
                payload: part("payload"),
                signature: part("signature"),
                chain: list("chain").iter().map(|name| certificates[name].clone()).collect(),
                extra: text("extra"),
            },
            raw: case["raw"].as_str().map(|raw| STANDARD.decode(raw).expect("base64")),
        }
    }

    /// The media type of its format.
    pub fn media_type(&self) -> &'static str {
        if self.format == "jws" { "application/jose+json" } else { "application/cose" }
    }

    /// The bytes.
    pub fn envelope(&self) -> Vec<u8> {
        match &self.raw {
            Some(raw) => raw.clone(),
            None => self.with(&self.parts),
        }
    }

    /// Is it kept in one piece?
    pub fn is_raw(&self) -> bool {
        self.raw.is_some()
    }

    /// The bytes with other parts.
    pub fn with(&self, parts: &Parts) -> Vec<u8> {
        if self.format == "jws" { jws(parts) } else { cose(parts) }
    }
}

fn jws(parts: &Parts) -> Vec<u8> {
    let mut header: Value = serde_json::from_str(&format!("{{{}}}", parts.extra)).expect("members");
    header["x5c"] = parts.chain.iter().map(|der| STANDARD.encode(der)).collect();
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({
        "payload": part(&parts.payload),
        "protected": part(&parts.protected),
        "header": header,
        "signature": part(&parts.signature),
    })
    .to_string()
    .into_bytes()
}

fn cose(parts: &Parts) -> Vec<u8> {
    let mut out = vec![0xd2, 0x84];
    cbor::write_bytes(&mut out, &parts.protected);
    let count = u8::try_from(parts.chain.len()).expect("few certificates");
    assert!(count < 24, "a count of one byte");
    out.extend([if parts.extra.is_empty() { 0xa1 } else { 0xa2 }, 0x18, 33, 0x80 | count]);
    parts.chain.iter().for_each(|der| cbor::write_bytes(&mut out, der));
    out.extend(hex(&parts.extra));
    cbor::write_bytes(&mut out, &parts.payload);
    cbor::write_bytes(&mut out, &parts.signature);
    out
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).expect("hex");
    digits.chunks(2).map(byte).collect()
}

fn string(value: &Value) -> &str {
    value.as_str().expect("text")
}
