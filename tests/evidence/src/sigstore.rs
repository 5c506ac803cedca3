//! A Sigstore of our own: an authority for short-lived certificates, a log of certificates, a log of signatures.

use crate::certificate::{Authority, Certificate, Draft, extension, uri_name};
use crate::der::{OCTET_STRING, UTF8_STRING, element};
use crate::{Hash, KeyKind, Payload, SignatureLayer, Signer, Time};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const CHAIN: &str = "dev.sigstore.cosign/chain";
const BUNDLE: &str = "dev.sigstore.cosign/bundle";
/// Fulcio's arc of identifiers: what it knows of the token that it was shown (`docs/oid-info.md`).
const FULCIO: &str = "1.3.6.1.4.1.57264.1";
const SCT_LIST: &str = "1.3.6.1.4.1.11129.2.4.2";

/// What an OIDC token of a workflow says.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// `https://github.com/OWNER/NAME`.
    pub repository: &'static str,
    /// Path of the workflow's file.
    pub file: &'static str,
    /// `refs/tags/v1.4.0`.
    pub git_ref: &'static str,
    /// What started it.
    pub trigger: &'static str,
}

impl Workflow {
    /// Who vouches for it.
    pub const ISSUER: &str = "https://token.actions.githubusercontent.com";

    /// The name in the certificate.
    pub fn uri(&self) -> String {
        format!("{}/{}@{}", self.repository, self.file, self.git_ref)
    }
}

/// Everything that a signature without keys needs.
#[derive(Clone, Debug)]
pub struct Sigstore {
    root: Authority,
    issuer: Authority,
    certificate_log: Signer,
    log: Signer,
}

/// A key that lived for ten minutes, with its certificate.
#[derive(Clone, Debug)]
pub struct ShortLived {
    key: Signer,
    certificate: Certificate,
}

impl Sigstore {
    /// The one of the samples.
    pub fn new() -> Self {
        let validity = [Time::new("2026-01-01T00:00:00Z"), Time::new("2035-12-31T23:59:59Z")];
        let root = Authority::root("fulcio root", validity);
        let issuer = root.intermediate("fulcio issuer", validity);
        let [certificate_log, log] = ["certificate log", "transparency log"].map(|it| Signer::new(KeyKind::P256, it));
        Self { root, issuer, certificate_log, log }
    }

    /// PEM of the root, for `roots`.
    pub fn root_pem(&self) -> String {
        self.root.certificate.pem()
    }

    /// PEM of the certificate log's key, for `ctlog`.
    pub fn certificate_log_pem(&self) -> String {
        self.certificate_log.public_pem()
    }

    /// PEM of the signature log's key, for `rekor`.
    pub fn log_pem(&self) -> String {
        self.log.public_pem()
    }

    /// A certificate for a workflow, with the promise of the certificate log in it.
    pub fn certify(&self, workflow: &Workflow, validity: [Time; 2]) -> ShortLived {
        let key = Signer::new(KeyKind::P256, &format!("{} {}", workflow.uri(), validity[0].rfc3339()));
        let (path, name) = (workflow.repository.trim_start_matches("https://github.com/"), "release");
        let commit = hex::encode(&Sha256::digest(workflow.uri())[..20]);
        let texts = [Workflow::ISSUER, workflow.trigger, &commit, name, path, workflow.git_ref];
        let named = Draft::code_signing("", &key, validity).with(&uri_name(&workflow.uri()));
        // 1 to 6: the text itself; 8, the issuer again: DER.
        let with_texts = texts.iter().zip(1..).fold(named, |draft, (text, number)| {
            draft.with(&extension(&format!("{FULCIO}.{number}"), false, text.as_bytes()))
        });
        let issuer = element(UTF8_STRING, &[Workflow::ISSUER.as_bytes()]);
        let draft = with_texts.with(&extension(&format!("{FULCIO}.8"), false, &issuer));
        // Every certificate has the issuer's key id last; the list goes before it, and is left out to be signed.
        let unlisted = self.issuer.issue(&draft);
        let certificate = self.issuer.issue(&draft.with(&self.sct_list(&unlisted, validity[0])));
        ShortLived { key, certificate }
    }

    /// The log's promise to have a certificate, as an extension of it (RFC 6962, section 3.3).
    fn sct_list(&self, unlisted: &Certificate, at: Time) -> Vec<u8> {
        let prefixed = |bytes: &[u8]| [&u16::try_from(bytes.len()).expect("short").to_be_bytes(), bytes].concat();
        let time = u64::try_from(at.unix() * 1000).expect("after 1970").to_be_bytes();
        let length = u32::try_from(unlisted.tbs.len()).expect("short").to_be_bytes();
        let issuer = self.issuer.key_hash();
        let signed = [&[0, 0], &time[..], &[0, 1], &issuer, &length[1..], &unlisted.tbs, &[0, 0]].concat();
        let signature = self.certificate_log.sign(Hash::Sha256, &signed);
        let entry = [&[0], &log_id(&self.certificate_log)[..], &time, &[0, 0, 4, 3], &prefixed(&signature)].concat();
        extension(SCT_LIST, false, &element(OCTET_STRING, &[&prefixed(&prefixed(&entry))]))
    }

    /// Signs `payload` as `cosign sign` does, and logs it at `at`.
    pub fn sign(&self, signer: &ShortLived, payload: &Payload, at: Time) -> SignatureLayer {
        let layer = SignatureLayer::sign(&signer.key, payload);
        let entry = json!({
            "apiVersion": "0.0.1",
            "kind": "hashedrekord",
            "spec": {
                "data": { "hash": { "algorithm": "sha256", "value": sha256(&layer.blob.bytes) } },
                "signature": { "content": layer.annotation, "publicKey": { "content": signer.written() } },
            },
        });
        self.attach(layer, signer, &entry, at)
    }

    /// Signs a statement as `cosign attest` does, and logs the envelope at `at`.
    pub fn attest(&self, signer: &ShortLived, statement: &Value, at: Time) -> SignatureLayer {
        let layer = SignatureLayer::attest(&signer.key, statement);
        let envelope: Value = serde_json::from_slice(&layer.blob.bytes).expect("it was written here");
        let payload = STANDARD.decode(envelope["payload"].as_str().expect("text")).expect("base64");
        let hash = |bytes: &[u8]| json!({ "algorithm": "sha256", "value": sha256(bytes) });
        let entry = json!({
            "apiVersion": "0.0.1",
            "kind": "dsse",
            "spec": {
                "envelopeHash": hash(&layer.blob.bytes),
                "payloadHash": hash(&payload),
                "signatures": [{ "signature": envelope["signatures"][0]["sig"], "verifier": signer.written() }],
            },
        });
        self.attach(layer, signer, &entry, at)
    }

    /// Puts certificate, chain and log entry beside a signature.
    fn attach(&self, layer: SignatureLayer, signer: &ShortLived, entry: &Value, at: Time) -> SignatureLayer {
        let body = STANDARD.encode(entry.to_string());
        let index = u32::from_be_bytes(Sha256::digest(&body)[..4].try_into().expect("four")) >> 4;
        let payload = json!({
            "body": body,
            "integratedTime": at.unix(),
            "logID": hex::encode(log_id(&self.log)),
            "logIndex": index,
        });
        // The promise is over canonical JSON (RFC 8785), which this is: keys in order, no spaces.
        let promise = STANDARD.encode(self.log.sign(Hash::Sha256, payload.to_string().as_bytes()));
        let chain = [self.issuer.certificate.pem(), self.root.certificate.pem()].concat();
        layer
            .annotated(CERTIFICATE, &signer.certificate.pem())
            .annotated(CHAIN, &chain)
            .annotated(BUNDLE, &json!({ "SignedEntryTimestamp": promise, "Payload": payload }).to_string())
    }

    /// The TrustedRoot document that says all of this.
    pub fn trusted_root(&self) -> Value {
        let start = json!({ "start": "2026-01-01T00:00:00Z" });
        let log = |url: &str, key: &Signer| {
            json!({
                "baseUrl": url,
                "hashAlgorithm": "SHA2_256",
                "publicKey": {
                    "rawBytes": STANDARD.encode(key.public_der()),
                    "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                    "validFor": start,
                },
                "logId": { "keyId": STANDARD.encode(log_id(key)) },
            })
        };
        let chain = [&self.issuer, &self.root].map(|it| json!({ "rawBytes": STANDARD.encode(&it.certificate.der) }));
        json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [log("https://rekor.example", &self.log)],
            "certificateAuthorities": [{
                "subject": { "organization": "shop.example", "commonName": "fulcio issuer" },
                "uri": "https://fulcio.example",
                "certChain": { "certificates": chain },
                "validFor": start,
            }],
            "ctlogs": [log("https://ctlog.example", &self.certificate_log)],
        })
    }
}

impl Default for Sigstore {
    fn default() -> Self {
        Self::new()
    }
}

impl ShortLived {
    /// As log entries have it.
    fn written(&self) -> String {
        STANDARD.encode(self.certificate.pem())
    }
}

fn log_id(log: &Signer) -> [u8; 32] {
    Sha256::digest(log.public_der()).into()
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
