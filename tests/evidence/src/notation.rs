//! Signatures of the Notary Project: an authority, and envelopes in both formats.
//!
//! Source: Notary Project specifications, `signature-specification.md`, `signature-envelope-jws.md`,
//! `signature-envelope-cose.md`.

use crate::certificate::{Authority, Certificate, Draft};
use crate::image::Blob;
use crate::{Hash, Image, KeyKind, Signer, Time, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const SIGNATURE: &str = "application/vnd.cncf.notary.signature";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const PAYLOAD: &str = "application/vnd.cncf.notary.payload.v1+json";
const SCHEME: &str = "io.cncf.notary.signingScheme";
const SIGNING_TIME: &str = "io.cncf.notary.signingTime";
const AGENT: &str = "io.cncf.notary.signingAgent";

/// How an envelope is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvelopeFormat {
    /// COSE_Sign1.
    Cose,
    /// JWS as flattened JSON.
    Jws,
}

/// Somebody with a certificate for signing.
#[derive(Clone, Debug)]
pub struct CertifiedSigner {
    key: Signer,
    chain: Vec<Certificate>,
}

impl CertifiedSigner {
    /// A signer below `root`.
    pub fn new(name: &str, root: &Authority, validity: [Time; 2]) -> Self {
        let key = Signer::new(KeyKind::P256, &format!("{name} {}", validity[0].rfc3339()));
        let leaf = root.issue(&Draft::code_signing(name, &key, validity));
        Self { key, chain: vec![leaf, root.certificate.clone()] }
    }

    /// A signature of `image`, made at `at`.
    pub fn sign(&self, image: &Image, format: EnvelopeFormat, at: Time) -> NotationSignature {
        let (media_type, size) = (&image.manifest.media_type, image.manifest.bytes.len());
        let target = json!({ "mediaType": media_type, "digest": image.digest(), "size": size });
        let payload = json!({ "targetArtifact": target }).to_string();
        let envelope = match format {
            EnvelopeFormat::Cose => Blob::new("application/cose", self.cose(payload.as_bytes(), at)),
            EnvelopeFormat::Jws => Blob::new("application/jose+json", self.jws(payload.as_bytes(), at)),
        };
        NotationSignature { manifest: self.manifest(&envelope, &target, at), envelope }
    }

    fn jws(&self, payload: &[u8], at: Time) -> String {
        let protected = json!({
            "alg": "ES256",
            "crit": [SCHEME],
            "cty": PAYLOAD,
            SCHEME: "notary.x509",
            SIGNING_TIME: at.rfc3339(),
        });
        let [protected, payload] = [protected.to_string().as_bytes(), payload].map(|it| URL_SAFE_NO_PAD.encode(it));
        let signature = self.signature(format!("{protected}.{payload}").as_bytes());
        let chain: Vec<_> = self.chain.iter().map(|certificate| STANDARD.encode(&certificate.der)).collect();
        json!({
            "payload": payload,
            "protected": protected,
            "header": { "x5c": chain, AGENT: "vidimus-evidence" },
            "signature": URL_SAFE_NO_PAD.encode(signature),
        })
        .to_string()
    }

    fn cose(&self, payload: &[u8], at: Time) -> Vec<u8> {
        let seconds = u32::try_from(at.unix()).expect("before 2106").to_be_bytes();
        let protected = [
            &[0xa5, 1, 0x26][..], // alg: ES256
            &[2, 0x81],           // crit: a list of one
            &text(SCHEME),
            &[3],
            &text(PAYLOAD),
            &text(SIGNING_TIME),
            &[0xc1, 0x1a], // tag 1: seconds in four bytes
            &seconds,
            &text(SCHEME),
            &text("notary.x509"),
        ]
        .concat();
        // RFC 9052, section 4.4.
        let context = [&[0x84][..], &text("Signature1"), &bytes(&protected), &bytes(&[]), &bytes(payload)].concat();
        let chain: Vec<u8> = self.chain.iter().flat_map(|certificate| bytes(&certificate.der)).collect();
        let count = 0x80 | u8::try_from(self.chain.len()).expect("a few");
        let unprotected = [&[0xa2, 0x18, 33, count][..], &chain, &text(AGENT), &text("vidimus-evidence")].concat();
        let signature = bytes(&self.signature(&context));
        [&[0xd2, 0x84][..], &bytes(&protected), &unprotected, &bytes(payload), &signature].concat()
    }

    /// r and s of fixed length: both formats want them so.
    fn signature(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign_p256(Hash::Sha256, message).to_bytes().to_vec()
    }

    /// The manifest that belongs to the image and has the envelope as its layer.
    fn manifest(&self, envelope: &Blob, target: &Value, at: Time) -> Blob {
        let thumbprints: Vec<_> = self.chain.iter().map(|it| hex::encode(Sha256::digest(&it.der))).collect();
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": { "mediaType": SIGNATURE, "digest": digest(b"{}"), "size": 2 },
            "layers": [{ "mediaType": envelope.media_type, "digest": envelope.digest(), "size": envelope.bytes.len() }],
            "subject": target,
            "annotations": {
                "io.cncf.notary.x509chain.thumbprint#S256": json!(thumbprints).to_string(),
                "org.opencontainers.image.created": at.rfc3339(),
            },
        });
        Blob::new(MANIFEST, manifest.to_string())
    }
}

/// A signature as a registry has it.
#[derive(Clone, Debug)]
pub struct NotationSignature {
    /// Its manifest.
    pub manifest: Blob,
    /// The envelope.
    pub envelope: Blob,
}

impl NotationSignature {
    /// As the list of referrers has it.
    pub(crate) fn referrer(&self) -> Value {
        let Blob { media_type, bytes } = &self.manifest;
        let digest = self.manifest.digest();
        json!({ "mediaType": media_type, "digest": digest, "size": bytes.len(), "artifactType": SIGNATURE })
    }
}

fn text(text: &str) -> Vec<u8> {
    [head(3, text.len()), text.as_bytes().to_vec()].concat()
}

fn bytes(bytes: &[u8]) -> Vec<u8> {
    [head(2, bytes.len()), bytes.to_vec()].concat()
}

/// The head of a CBOR item in its shortest form (RFC 8949, section 4.2.1).
fn head(kind: u8, length: usize) -> Vec<u8> {
    let length = u16::try_from(length).expect("no item here has 64 KiB");
    let [high, low] = length.to_be_bytes();
    match length {
        0..=23 => vec![kind << 5 | low],
        24..=0xff => vec![kind << 5 | 24, low],
        _ => vec![kind << 5 | 25, high, low],
    }
}
