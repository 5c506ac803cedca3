//! Alterations of evidence: every part of what a registry delivers, each altered once.
//!
//! Whoever alters something in a registry makes the rest fit: digests, tags and referrers follow the altered bytes, so
//! that only cryptography is left to notice.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use vidimus::digest::Digest;

/// Altered evidence, and which part was altered how.
pub struct Alteration {
    /// Kind of document and path within it, such as `manifest.layers[0].annotations.x`.
    pub part: String,
    /// What was done to it.
    pub change: String,
    /// The altered evidence document.
    pub evidence: Value,
}

/// Every alteration of the blobs in `evidence`.
pub fn alterations(evidence: &Value) -> Vec<Alteration> {
    let blobs = evidence["blobs"].as_object().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for (digest, text) in &blobs {
        let bytes = STANDARD.decode(text.as_str().unwrap_or_default()).expect("blobs are base64");
        let kind = kind(&bytes);
        for (path, change, altered) in of_document(&bytes) {
            let part = format!("{kind}{path}");
            let evidence = replace(evidence, digest, &altered);
            found.push(Alteration { part, change, evidence });
        }
    }
    found
}

/// What kind of document it is, as far as it tells.
fn kind(bytes: &[u8]) -> &'static str {
    let document: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let has = |name: &str| document.get(name).is_some();
    match () {
        () if has("layers") && document["subject"].is_object() => "artifact",
        () if has("layers") => "manifest",
        () if has("manifests") => "index",
        () if has("verificationMaterial") => "bundle",
        () if has("payloadType") => "envelope",
        () if has("critical") => "payload",
        () if has("protected") => "jws",
        () if bytes.starts_with(&COSE_SIGN1) => "cose",
        () if document.is_null() => "bytes",
        () => "document",
    }
}

/// The bytes under `digest` replaced, and everything that names the digest with them, up to tags and referrers.
fn replace(evidence: &Value, digest: &str, bytes: &[u8]) -> Value {
    let mut evidence = evidence.clone();
    let mut open = vec![(digest.to_owned(), bytes.to_vec())];
    while let Some((old, bytes)) = open.pop() {
        let new = Digest::sha256(&bytes).to_string();
        let blobs = evidence["blobs"].as_object_mut().expect("blobs");
        blobs.remove(&old);
        blobs.insert(new.clone(), STANDARD.encode(&bytes).into());
        // Manifests that hold it.
        let holders: Vec<(String, Vec<u8>)> = blobs
            .iter()
            .filter_map(|(name, text)| Some((name.clone(), STANDARD.decode(text.as_str()?).ok()?)))
            .filter(|(name, other)| *name != new && contains(other, old.as_bytes()) && is_manifest(other))
            .collect();
        for (name, other) in holders {
            let text = String::from_utf8(other).expect("manifests are text").replace(&old, &new);
            open.push((name, text.into_bytes()));
        }
        point(&mut evidence, &old, &new);
    }
    evidence
}

fn is_manifest(bytes: &[u8]) -> bool {
    matches!(kind(bytes), "artifact" | "index" | "manifest")
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Tags and referrers follow; what was attached to the old digest is attached to the new one.
fn point(evidence: &mut Value, old: &str, new: &str) {
    let (old_hex, new_hex) = (old.replace(':', "-"), new.replace(':', "-"));
    let tags = evidence["tags"].as_object_mut().expect("tags");
    let copied: Vec<_> = tags
        .iter()
        .filter(|(name, _)| name.contains(&old_hex))
        .map(|(name, digest)| (name.replace(&old_hex, &new_hex), digest.clone()))
        .collect();
    tags.extend(copied);
    for digest in tags.values_mut().filter(|digest| digest.as_str() == Some(old)) {
        *digest = new.into();
    }
    let referrers = evidence["referrers"].as_object_mut().expect("referrers");
    let copied: Map<String, Value> = referrers
        .iter()
        .map(|(name, list)| {
            let list = list.to_string().replace(old, new);
            (name.replace(old, new), serde_json::from_str(&list).expect("JSON"))
        })
        .collect();
    referrers.extend(copied);
}

/// Every alteration of a document: path, change, bytes.
fn of_document(bytes: &[u8]) -> Vec<(String, String, Vec<u8>)> {
    let Ok(document) = serde_json::from_slice::<Value>(bytes) else {
        let agent = signing_agent(bytes);
        return flips(bytes)
            .into_iter()
            .map(|(at, change, altered)| {
                let path = if agent.contains(&at) { ".header.io.cncf.notary.signingAgent" } else { "" };
                (path.to_owned(), change, altered)
            })
            .collect();
    };
    let altered = of_value(&document);
    altered.into_iter().map(|(path, change, value)| (path, change, value.to_string().into_bytes())).collect()
}

const COSE_SIGN1: [u8; 2] = [0xd2, 0x84];

/// Where the one part of a COSE envelope of notation's stands that nobody signs: label and text.
fn signing_agent(bytes: &[u8]) -> std::ops::Range<usize> {
    const LABEL: &[u8] = b"io.cncf.notary.signingAgent";
    let found = bytes.windows(LABEL.len()).position(|window| window == LABEL);
    let Some(start) = found.filter(|_| bytes.starts_with(&COSE_SIGN1)) else { return 0..0 };
    let value = start + LABEL.len();
    let end = match bytes[value] {
        short @ 0x60..=0x77 => value + 1 + usize::from(short - 0x60),
        0x78 => value + 2 + usize::from(bytes[value + 1]),
        other => panic!("the agent is text of up to 255 bytes, found {other:#x}"),
    };
    start..end
}

fn of_value(value: &Value) -> Vec<(String, String, Value)> {
    match value {
        Value::Object(fields) => {
            let mut found = Vec::new();
            for (name, value) in fields {
                for (path, change, altered) in of_value(value) {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), altered);
                    found.push((format!(".{name}{path}"), change, Value::Object(fields)));
                }
                let mut fields = fields.clone();
                fields.remove(name);
                found.push((format!(".{name}"), "removed".to_owned(), Value::Object(fields)));
            }
            found
        }
        Value::Array(items) => {
            let mut found = Vec::new();
            // Long lists are alike.
            for (index, value) in items.iter().enumerate().take(3) {
                for (path, change, altered) in of_value(value) {
                    let mut items = items.clone();
                    items[index] = altered;
                    found.push((format!("[]{path}"), change, Value::Array(items)));
                }
            }
            found
        }
        Value::Number(number) => {
            vec![(String::new(), "plus one".to_owned(), json!(number.as_f64().unwrap_or(0.0) as i64 + 1))]
        }
        Value::Bool(value) => vec![(String::new(), "negated".to_owned(), Value::Bool(!value))],
        Value::String(text) => {
            of_text(text).into_iter().map(|(path, change, text)| (path, change, Value::String(text))).collect()
        }
        Value::Null => Vec::new(),
    }
}

/// Text within text is altered within: JSON, PEM, base64 of JSON or of bytes.
fn of_text(text: &str) -> Vec<(String, String, String)> {
    if let Ok(document @ Value::Object(_)) = serde_json::from_str(text) {
        return of_value(&document)
            .into_iter()
            .map(|(path, change, value)| (path, change, value.to_string()))
            .collect();
    }
    if text.contains("-----BEGIN ") {
        return of_pem(text);
    }
    if text.len() >= 16
        && let Ok(bytes) = STANDARD.decode(text)
    {
        if text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return vec![(String::new(), "last digit".to_owned(), last_changed(text))];
        }
        return of_document(&bytes)
            .into_iter()
            .map(|(path, change, bytes)| (path, change, STANDARD.encode(bytes)))
            .collect();
    }
    vec![(String::new(), "last character".to_owned(), last_changed(text))]
}

fn last_changed(text: &str) -> String {
    let mut changed = text.to_owned();
    match changed.pop() {
        Some('0') => changed.push('1'),
        Some('a'..='f' | '1'..='9') => changed.push('0'),
        Some(last) => changed.extend([last, 'x']),
        None => changed.push('x'),
    }
    changed
}

fn of_pem(text: &str) -> Vec<(String, String, String)> {
    let Some((head, rest)) = text.split_once("-----\n") else { return Vec::new() };
    let Some((body, tail)) = rest.split_once("-----END") else { return Vec::new() };
    let Ok(bytes) = STANDARD.decode(body.replace(['\n', '\r'], "")) else { return Vec::new() };
    flips(&bytes)
        .into_iter()
        .map(|(_, change, bytes)| {
            (String::new(), change, format!("{head}-----\n{}\n-----END{tail}", STANDARD.encode(bytes)))
        })
        .collect()
}

/// One bit flipped, at places all over the bytes.
fn flips(bytes: &[u8]) -> Vec<(usize, String, Vec<u8>)> {
    let places = if bytes.len() < 24 { 3 } else { 12 };
    let mut found = Vec::new();
    for place in 0..places {
        let at = place * bytes.len() / places;
        let mut altered = bytes.to_vec();
        if let Some(byte) = altered.get_mut(at) {
            *byte ^= 1;
            found.push((at, format!("a bit of byte {at}"), altered));
        }
    }
    found
}
