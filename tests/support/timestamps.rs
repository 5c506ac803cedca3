//! Timestamps of `tests/data/timestamps/vectors.json`, and those that the conformance data holds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use vidimus::digest::Digest;
use vidimus::encoding::der::{Reader, SEQUENCE};
use vidimus::timestamp::{Authority, TimestampError, VerifiedTime, verify_countersignature, verify_token};
use vidimus::trust_root::TrustRoot;
use vidimus::x509::Certificate;

/// Every vector, with what they are about.
pub struct Vectors {
    /// What is stamped.
    pub message: Vec<u8>,
    /// The timestamps.
    pub cases: Vec<Vector>,
}

/// One timestamp.
pub struct Vector {
    /// What is particular about it.
    pub name: String,
    /// The authority's answer.
    pub response: Vec<u8>,
    /// Who is trusted.
    pub authority: Authority,
    /// What the libraries say, by name.
    pub said: BTreeMap<&'static str, String>,
}

impl Vectors {
    /// Reads them.
    pub fn read() -> Self {
        let text = include_str!("../data/timestamps/vectors.json");
        let document: Value = serde_json::from_str(text).expect("the vectors are JSON");
        let certificates = document["certificates"].as_object().expect("certificates");
        let certificates: BTreeMap<&str, Vec<u8>> =
            certificates.iter().map(|(name, der)| (name.as_str(), decode(der))).collect();
        let cases = document["cases"].as_array().expect("cases").iter();
        Self {
            message: decode(&document["message"]),
            cases: cases.map(|case| Vector::read(case, &certificates)).collect(),
        }
    }

    /// The vector with this name.
    pub fn named(&self, name: &str) -> &Vector {
        self.cases.iter().find(|case| case.name == name).expect("the vector is there")
    }
}

impl Vector {
    fn read(case: &Value, certificates: &BTreeMap<&str, Vec<u8>>) -> Self {
        let named = |name: &Value| {
            let der = &certificates[name.as_str().expect("a name")];
            Certificate::from_der(der).expect("a certificate")
        };
        let list = |field: &str| case[field].as_array().into_iter().flatten().map(named).collect();
        let part = |part: &Value| match part.as_str().expect("a text").strip_prefix('=') {
            Some(name) => certificates[name].clone(),
            None => decode(part),
        };
        let said = |library: &'static str| (library, case[library].as_str().expect("an answer").to_owned());
        Self {
            name: case["name"].as_str().expect("a name").to_owned(),
            response: case["response"].as_array().expect("parts").iter().flat_map(part).collect(),
            authority: Authority {
                leaf: case.get("leaf").map(named),
                intermediates: list("intermediates"),
                roots: list("roots"),
                ..Authority::default()
            },
            said: [said("notation"), said("sigstore")].into(),
        }
    }

    /// What is said here, by the rules of `library`.
    pub fn ask(&self, library: &str, message: &[u8]) -> Result<VerifiedTime, TimestampError> {
        ask(library, &self.response, message, &self.authority)
    }
}

/// What is said here, by the rules of `library`.
pub fn ask(
    library: &str,
    response: &[u8],
    message: &[u8],
    authority: &Authority,
) -> Result<VerifiedTime, TimestampError> {
    match library {
        "sigstore" => verify_token(response, message, authority),
        _ => verify_countersignature(token(response), message, &authority.roots),
    }
}

/// Time, accuracy and policy, as the answers have them.
pub fn told(verified: &VerifiedTime) -> String {
    let time = verified.time.format("2006-01-02T15:04:05.999999999Z07:00");
    format!("yes: {time} {} {}", verified.accuracy.as_nanos(), verified.policy)
}

/// The token in a response, whatever the status; a response that is a token itself.
pub fn token(response: &[u8]) -> &[u8] {
    let inside = Reader::new(response).read(SEQUENCE);
    match inside {
        Some(mut inside) if inside.peek(SEQUENCE) => {
            inside.any();
            inside.any().map(|token| token.full).unwrap_or_default()
        }
        _ => response,
    }
}

/// A timestamp in the conformance data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The authority's answer.
    pub response: Vec<u8>,
    /// What should be stamped.
    pub message: Vec<u8>,
}

impl Found {
    /// Short name.
    pub fn id(&self) -> String {
        short(&[self.response.as_slice(), &self.message].concat())
    }

    /// Every timestamp below `folder`.
    pub fn all(folder: &Path) -> BTreeSet<Self> {
        let mut found = BTreeSet::new();
        for file in files(folder) {
            let Ok(document) = serde_json::from_slice::<Value>(&fs::read(&file).expect("readable")) else { continue };
            for layer in document["layers"].as_array().into_iter().flatten() {
                found.extend(of_layer(layer, &file));
            }
            found.extend(of_bundle(&document).into_iter().flatten());
        }
        found
    }
}

fn of_layer(layer: &Value, manifest: &Path) -> Option<Found> {
    let annotations = &layer["annotations"];
    let bundle: Value =
        serde_json::from_str(annotations["dev.sigstore.cosign/rfc3161timestamp"].as_str()?).unwrap_or_default();
    let response = try_decode(&bundle["SignedRFC3161Timestamp"])?;
    let message = match annotations["dev.cosignproject.cosign/signature"].as_str() {
        None | Some("") => {
            fs::read(manifest.with_file_name(layer["digest"].as_str()?.strip_prefix("sha256:")?)).ok()?
        }
        Some(_) => try_decode(&annotations["dev.cosignproject.cosign/signature"])?,
    };
    Some(Found { response, message })
}

fn of_bundle(bundle: &Value) -> Option<Vec<Found>> {
    let timestamps = bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"].as_array()?;
    let signature = match bundle.get("dsseEnvelope") {
        Some(envelope) => &envelope["signatures"][0]["sig"],
        None => &bundle["messageSignature"]["signature"],
    };
    let message = try_decode(signature)?;
    let found = timestamps.iter().filter_map(|timestamp| try_decode(&timestamp["signedTimestamp"]));
    Some(found.map(|response| Found { response, message: message.clone() }).collect())
}

/// Every authority below `folder`, by a short name: of policies, chains and trust roots.
pub fn authorities(folder: &Path) -> BTreeMap<String, Authority> {
    let mut found = BTreeMap::new();
    let mut add = |authority: Authority| {
        let all = authority.leaf.iter().chain(&authority.intermediates).chain(&authority.roots);
        let ders: Vec<u8> = all.flat_map(|certificate| certificate.der().to_vec()).collect();
        found.insert(short(&ders), authority);
    };
    for file in files(folder) {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let text = || fs::read_to_string(&file).expect("text");
        match name {
            "tsa-chain.pem" => add(Authority::from_pem_chain(&text()).expect("a chain")),
            "policy.yaml" => {
                let policy = text();
                let chains = policy.split("tsaCertChain: |").skip(1).map(text_block);
                chains.filter_map(|chain| Authority::from_pem_chain(&chain).ok()).for_each(&mut add);
            }
            "trusted_root.json" => {
                let root = TrustRoot::parse(text().as_bytes());
                let all = root.into_iter().flat_map(|root| root.timestamp_authorities);
                all.map(|one| one.authority).for_each(&mut add);
            }
            _ => {}
        }
    }
    found
}

/// The PEM of a YAML block, without its indentation.
fn text_block(text: &str) -> String {
    let lines = text.lines().skip(1).map(str::trim).take_while(|line| !line.contains(':'));
    lines.collect::<Vec<_>>().join("\n")
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn short(bytes: &[u8]) -> String {
    Digest::sha256(bytes).encoded()[..16].to_owned()
}

fn decode(text: &Value) -> Vec<u8> {
    try_decode(text).expect("base64")
}

fn try_decode(text: &Value) -> Option<Vec<u8>> {
    let text: String = text.as_str()?.split_whitespace().collect();
    STANDARD.decode(text).ok()
}
