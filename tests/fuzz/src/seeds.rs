//! What parsers read well, from the data of this repository.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use vidimus_tests::envelopes::Vectors;
use vidimus_tests::timestamps;

/// Texts as seeds.
pub(crate) fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

pub(crate) const POLICY: &str = include_str!("../../../policies/require-signed-image/require-signed-image.yaml");
pub(crate) const POD: &str = include_str!("../../../policies/require-signed-image/resources/unsigned.yaml");
pub(crate) const TEST: &str = include_str!("../../../policies/require-signed-image/kyverno-test.yaml");
pub(crate) const EVIDENCE: &str = include_str!("../../../policies/require-signed-image/evidence.json");
pub(crate) const PUBLIC_GOOD: &str = include_str!("../../data/public-good-trusted-root.json");

/// Policies that use most of the language.
pub(crate) fn policies() -> Vec<Vec<u8>> {
    texts(&[POLICY, include_str!("policy.yaml")])
}

fn bundles_document() -> Value {
    let mut document: Value =
        serde_json::from_str(include_str!("../../data/bundles.json")).expect("the cases are JSON");
    let texts = document["texts"].take();
    expand(&mut document, &|name| texts[name.parse::<usize>().expect("an index")].clone());
    document
}

/// A text `@n` stands for another one.
fn expand(value: &mut Value, texts: &dyn Fn(&str) -> Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| expand(item, texts)),
        Value::Object(fields) => fields.values_mut().for_each(|item| expand(item, texts)),
        Value::String(text) => {
            if let Some(name) = text.strip_prefix('@') {
                *value = texts(name);
            }
        }
        Value::Bool(_) | Value::Null | Value::Number(_) => {}
    }
}

fn few(all: &[Value]) -> impl Iterator<Item = &Value> {
    let step = (all.len() / 12).max(1);
    all.iter().step_by(step)
}

/// Bundles that are good, and some that are nearly so.
pub(crate) fn bundles() -> Vec<Vec<u8>> {
    let document = bundles_document();
    let cases = document["cases"].as_array().expect("a list");
    few(cases).map(|case| case["bundle"].to_string().into_bytes()).collect()
}

/// Trust roots.
pub(crate) fn trust_roots() -> Vec<Vec<u8>> {
    let document = bundles_document();
    let made: Vec<Value> = document["trusts"].as_object().expect("trust roots").values().cloned().collect();
    few(&made).map(|trust| trust.to_string().into_bytes()).chain([PUBLIC_GOOD.as_bytes().to_vec()]).collect()
}

fn first_envelope() -> Value {
    let document = bundles_document();
    let mut cases = document["cases"].as_array().expect("a list").iter();
    cases.find_map(|case| case["bundle"].get("dsseEnvelope").cloned()).expect("an envelope")
}

/// DSSE envelopes.
pub(crate) fn envelopes() -> Vec<Vec<u8>> {
    vec![first_envelope().to_string().into_bytes()]
}

/// In-toto statements.
pub(crate) fn statements() -> Vec<Vec<u8>> {
    let payload = first_envelope()["payload"].as_str().expect("a payload").to_owned();
    vec![STANDARD.decode(payload).expect("base64")]
}

fn log_document() -> Value {
    let mut document: Value =
        serde_json::from_str(include_str!("../../data/transparency-log.json")).expect("the cases are JSON");
    let texts = document["texts"].take();
    expand(&mut document, &|name| texts[format!("@{name}")].clone());
    document
}

/// Annotations of cosign that hold an entry.
pub(crate) fn rekor_bundles() -> Vec<Vec<u8>> {
    let document = log_document();
    let text = |case: &Value| case["annotation"].as_str().unwrap_or_default().as_bytes().to_vec();
    few(document["annotations"].as_array().expect("a list")).map(text).collect()
}

/// Bodies of entries.
pub(crate) fn log_entries() -> Vec<Vec<u8>> {
    let document = log_document();
    let body = |case: &Value| STANDARD.decode(case["entry"]["canonicalizedBody"].as_str().unwrap_or_default());
    few(document["entries"].as_array().expect("a list")).filter_map(|case| body(case).ok()).collect()
}

/// Certificates in DER.
pub(crate) fn certificates() -> Vec<Vec<u8>> {
    let scts: Value = serde_json::from_str(include_str!("../../data/x509/scts.json")).expect("the cases are JSON");
    let read: Value = serde_json::from_str(include_str!("../../data/x509/certificates.json")).expect("JSON");
    let listed = scts["certificates"].as_object().expect("certificates").values();
    let all = listed.chain(read["read"].as_array().expect("a list").iter().map(|case| &case["der"]));
    all.map(|text| STANDARD.decode(text.as_str().expect("a text")).expect("base64")).collect()
}

/// Certificates and keys in PEM.
pub(crate) fn pems() -> Vec<Vec<u8>> {
    let key = log_document()["annotations"][0]["key"].as_str().unwrap_or_default().as_bytes().to_vec();
    let chain =
        certificates().iter().take(3).map(|der| vidimus::encoding::pem::encode("CERTIFICATE", der)).collect::<String>();
    vec![key, chain.into_bytes()]
}

/// Responses of timestamp authorities.
pub(crate) fn timestamps() -> Vec<Vec<u8>> {
    timestamps::Vectors::read().cases.iter().step_by(20).map(|case| case.response.clone()).collect()
}

/// Notation envelopes of a media type.
pub(crate) fn notation(format: &str) -> Vec<Vec<u8>> {
    let vectors = Vectors::read();
    let of_format: Vec<_> = vectors.cases.iter().filter(|case| case.format == format).collect();
    of_format.iter().step_by((of_format.len() / 12).max(1)).map(|case| case.envelope()).collect()
}

/// OCI manifests, indexes and payloads of the sample.
pub(crate) fn blobs(with: &str) -> Vec<Vec<u8>> {
    let document: Value = serde_json::from_str(EVIDENCE).expect("the evidence is JSON");
    let blobs = document["blobs"].as_object().expect("blobs").values();
    let decoded = blobs.map(|text| STANDARD.decode(text.as_str().expect("a text")).expect("base64"));
    decoded.filter(|bytes| String::from_utf8_lossy(bytes).contains(with)).collect()
}
