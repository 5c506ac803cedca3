//! Signatures where cosign keeps them: layers of the manifest that the tag `sha256-HEX.sig` names.

use crate::image::{Blob, CONFIG, Descriptor, Manifest, json};
use crate::{Hash, Image, Signer, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The layer annotation that carries the signature.
pub const SIGNATURE_ANNOTATION: &str = "dev.cosignproject.cosign/signature";

const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
const IN_TOTO: &str = "application/vnd.in-toto+json";

/// What cosign signs: a statement that names the image by digest.
#[derive(Clone, Debug)]
pub struct Payload {
    /// `docker-reference`.
    pub reference: String,
    /// `docker-manifest-digest`.
    pub digest: String,
    /// `optional`: annotations of the signature.
    pub optional: Option<Map<String, Value>>,
}

impl Payload {
    /// The payload for an image.
    pub fn of(image: &Image) -> Self {
        Self::named(&image.repository, &image.digest())
    }

    /// The payload for a repository and digest.
    pub fn named(reference: &str, digest: &str) -> Self {
        Self { reference: reference.to_owned(), digest: digest.to_owned(), optional: None }
    }

    /// The same with an annotation.
    pub fn annotated(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.optional.get_or_insert_default().insert(key.to_owned(), value.into());
        self
    }

    /// The bytes as cosign writes them. Source: cosign, `pkg/signature`, sigstore `pkg/signature/payload`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let optional = String::from_utf8(json(&self.optional)).expect("JSON is text");
        let Self { reference, digest, .. } = self;
        format!(
            r#"{{"critical":{{"identity":{{"docker-reference":"{reference}"}},"image":{{"docker-manifest-digest":"{digest}"}},"type":"cosign container image signature"}},"optional":{optional}}}"#
        )
        .into_bytes()
    }
}

/// One signature: a signed payload, and the annotation that carries the signature.
#[derive(Clone, Debug)]
pub struct SignatureLayer {
    /// The payload.
    pub blob: Blob,
    /// The value of [`SIGNATURE_ANNOTATION`], if it is there at all.
    pub annotation: Option<String>,
    /// Further annotations.
    pub extra: BTreeMap<String, String>,
}

impl SignatureLayer {
    /// `payload`, signed by `signer` as cosign does it.
    pub fn sign(signer: &Signer, payload: &Payload) -> Self {
        Self::sign_bytes(signer, Hash::Sha256, &payload.to_bytes())
    }

    /// Any bytes, signed.
    pub fn sign_bytes(signer: &Signer, hash: Hash, payload: &[u8]) -> Self {
        Self::raw(payload, &signer.sign(hash, payload))
    }

    /// Any bytes and any signature.
    pub fn raw(payload: &[u8], signature: &[u8]) -> Self {
        let annotation = Some(STANDARD.encode(signature));
        Self { blob: Blob::new(SIMPLE_SIGNING, payload), annotation, extra: BTreeMap::new() }
    }

    /// An in-toto statement, signed as `cosign attest` does it: the signature is within the envelope (DSSE, version 1).
    pub fn attest(signer: &Signer, statement: &Value) -> Self {
        let payload = statement.to_string();
        let signed = format!("DSSEv1 {} {IN_TOTO} {} {payload}", IN_TOTO.len(), payload.len());
        let envelope = serde_json::json!({
            "payloadType": IN_TOTO,
            "payload": STANDARD.encode(&payload),
            "signatures": [{ "keyid": "", "sig": STANDARD.encode(signer.sign(Hash::Sha256, signed.as_bytes())) }],
        });
        let blob = Blob::new(ENVELOPE, envelope.to_string());
        let layer = Self { blob, annotation: Some(String::new()), extra: BTreeMap::new() };
        layer.annotated("predicateType", statement["predicateType"].as_str().unwrap_or_default())
    }

    /// The same with a further annotation.
    pub fn annotated(mut self, key: &str, value: &str) -> Self {
        self.extra.insert(key.to_owned(), value.to_owned());
        self
    }

    /// The same with this annotation.
    pub fn with_annotation(self, annotation: Option<&str>) -> Self {
        Self { annotation: annotation.map(str::to_owned), ..self }
    }

    fn descriptor(&self) -> Descriptor {
        let signature = self.annotation.iter().map(|value| (SIGNATURE_ANNOTATION.to_owned(), value.clone()));
        Descriptor { annotations: signature.chain(self.extra.clone()).collect(), ..self.blob.descriptor() }
    }
}

/// Everything that the tag `sha256-HEX.sig` leads to.
#[derive(Clone, Debug)]
pub struct Signatures {
    /// The manifest.
    pub manifest: Blob,
    /// Its config.
    pub config: Blob,
    /// Its layers.
    pub layers: Vec<SignatureLayer>,
}

impl Signatures {
    /// The manifest that holds these signatures in this order.
    pub fn new(layers: Vec<SignatureLayer>) -> Self {
        let config = Blob::new(CONFIG, signature_config(&layers));
        let manifest = manifest_of(&config, &layers).into_blob();
        Self { manifest, config, layers }
    }

    /// The same signatures in a manifest that calls itself something else.
    pub fn with_media_type(self, media_type: &str) -> Self {
        let manifest = manifest_of(&self.config, &self.layers).with_media_type(media_type).into_blob();
        Self { manifest, ..self }
    }

    /// The tag for signatures of the image with `digest`.
    pub fn tag(digest: &str) -> String {
        format!("{}.sig", digest.replacen(':', "-", 1))
    }

    /// The tag for attestations of the image with `digest`.
    pub fn attestation_tag(digest: &str) -> String {
        format!("{}.att", digest.replacen(':', "-", 1))
    }
}

fn manifest_of(config: &Blob, layers: &[SignatureLayer]) -> Manifest {
    Manifest::new(config.descriptor(), layers.iter().map(SignatureLayer::descriptor).collect())
}

/// The config that go-containerregistry builds when cosign appends layers to an empty image.
fn signature_config(layers: &[SignatureLayer]) -> String {
    let history = vec![r#"{"created":"0001-01-01T00:00:00Z"}"#; layers.len()].join(",");
    let diff_ids: Vec<_> = layers.iter().map(|layer| format!("\"{}\"", digest(&layer.blob.bytes))).collect();
    let diff_ids = diff_ids.join(",");
    format!(
        r#"{{"architecture":"","created":"0001-01-01T00:00:00Z","history":[{history}],"os":"","rootfs":{{"type":"layers","diff_ids":[{diff_ids}]}},"config":{{}}}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyKind;

    /// What `cosign sign --key` pushes for one signature has a config of 233 bytes.
    #[test]
    fn config_has_the_size_of_cosigns() {
        let layer = SignatureLayer::sign(&Signer::new(KeyKind::P256, "a"), &Payload::named("r", "sha256:00"));
        assert_eq!(Signatures::new(vec![layer]).config.bytes.len(), 233);
    }

    #[test]
    fn payload_without_annotations_has_null() {
        let text = String::from_utf8(Payload::named("r.example/a", "sha256:00").to_bytes()).unwrap();
        assert_eq!(
            text,
            "{\"critical\":{\"identity\":{\"docker-reference\":\"r.example/a\"},\
             \"image\":{\"docker-manifest-digest\":\"sha256:00\"},\
             \"type\":\"cosign container image signature\"},\"optional\":null}"
        );
    }

    #[test]
    fn tag_is_the_digest_with_a_dash() {
        assert_eq!(Signatures::tag("sha256:0a"), "sha256-0a.sig");
    }
}
