//! Garbage where signed evidence belongs: nothing altered verifies.
//!
//! The pristine evidence is that of the Sigstore conformance suite and of the public-good trust root.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::fs;
use vidimus::bundle::Bundle;
use vidimus::encoding::pem;
use vidimus::in_toto::Envelope;
use vidimus::timestamp::{Authority, verify_token};
use vidimus::transparency_log::{EntryContent, EntrySigner, SignedContent, verify_entry};
use vidimus::trust_root::TrustRoot;
use vidimus::x509::{Certificate, Chaining, Usage, sct, verify_chain};
use vidimus_fuzz::Mutator;

const PUBLIC_GOOD: &[u8] = include_bytes!("data/public-good-trusted-root.json");

/// The bundle of a case of the suite.
fn bundle(case: &str) -> Option<Value> {
    let folder = vidimus_tests::shared("corpus/sigstore-conformance")?.join("bundle-verify").join(case);
    let text = fs::read(folder.join("bundle.sigstore.json")).expect("the bundle is there");
    Some(serde_json::from_slice(&text).expect("JSON"))
}

fn trust_root(case: &str) -> Option<Value> {
    let folder = vidimus_tests::shared("corpus/sigstore-conformance")?.join("bundle-verify").join(case);
    let text = fs::read(folder.join("trusted_root.json")).expect("the trust root is there");
    Some(serde_json::from_slice(&text).expect("JSON"))
}

fn bytes(document: &Value, pointer: &str) -> Vec<u8> {
    let text = document.pointer(pointer).and_then(Value::as_str);
    STANDARD.decode(text.unwrap_or_else(|| panic!("nothing at {pointer}"))).expect("base64")
}

fn certificates(chain: &Value) -> Vec<Certificate> {
    let chain = chain.as_array().expect("certificates");
    chain.iter().map(|it| Certificate::from_der(&bytes(it, "/rawBytes")).expect("a certificate")).collect()
}

const V1: &str = "happy-path-v0.2";
const V2: &str = "rekor2-dsse-happy-path";

fn utf8(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn no_altered_certificate_has_a_chain_or_a_certificate_timestamp() {
    let Some(first) = bundle(V1) else { return };
    let der = bytes(&first, "/verificationMaterial/x509CertificateChain/certificates/0/rawBytes");
    let trust = TrustRoot::parse(PUBLIC_GOOD).expect("the trust root is good");
    let issuers: Vec<Certificate> = trust.certificate_authorities.iter().flat_map(|it| it.chain.clone()).collect();
    let is_root = |certificate: &&Certificate| certificate.subject() == certificate.issuer();
    let roots: Vec<Certificate> = issuers.iter().filter(is_root).cloned().collect();
    let leaf = Certificate::from_der(&der).expect("a certificate");
    let time = leaf.not_before().clone();
    let chain = |leaf: &Certificate| {
        let (roots, usage) = (roots.as_slice(), Usage::CodeSigning);
        let chaining = Chaining { roots, intermediates: &issuers, time: &time, usage, tolerated_critical: &[] };
        verify_chain(leaf, &chaining).map(|chains| chains[0][1].clone())
    };
    let issuer = chain(&leaf).expect("the pristine certificate is good");
    let promised = |leaf: &Certificate| {
        let found = sct::embedded(leaf).unwrap_or_default();
        found.iter().any(|sct| {
            let mut logs = trust.certificate_logs.iter().filter(|log| log.log_id == sct.log_id);
            logs.any(|log| sct.verify(leaf, &issuer, &log.key).is_ok())
        })
    };
    assert!(promised(&leaf));
    let mut parsed = 0;
    for at in 0..der.len() {
        let mut altered = der.clone();
        altered[at] ^= 1 << (at % 8);
        let Ok(altered) = Certificate::from_der(&altered) else { continue };
        parsed += 1;
        assert!(chain(&altered).is_err(), "byte {at}");
        // The signature of the issuer is not what the log signed.
        let is_body = altered.tbs_der() != leaf.tbs_der();
        assert!(!is_body || !promised(&altered), "byte {at}");
    }
    assert!(parsed > 500, "{parsed}");
}

#[test]
fn no_altered_timestamp_tells_another_time() {
    let (Some(second), Some(trust)) = (bundle(V2), trust_root(V2)) else { return };
    let token = bytes(&second, "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp");
    let message = bytes(&second, "/dsseEnvelope/signatures/0/sig");
    let chains = trust["timestampAuthorities"].as_array().expect("authorities");
    let authorities: Vec<Authority> = chains
        .iter()
        .map(|authority| {
            let chain = certificates(&authority["certChain"]["certificates"]);
            let text: String = chain.iter().map(|it| pem::encode("CERTIFICATE", it.der())).collect();
            Authority::from_pem_chain(&text).expect("a chain")
        })
        .collect();
    let verify = |token: &[u8], message: &[u8]| {
        authorities.iter().find_map(|authority| verify_token(token, message, authority).ok())
    };
    let pristine = verify(&token, &message).expect("the pristine timestamp is good");
    assert!(verify(&token, b"other bytes").is_none());
    for at in 0..token.len() {
        assert!(verify(&token[..at], &message).is_none(), "{at} bytes");
        let mut altered = token.clone();
        altered[at] ^= 1 << (at % 8);
        // Some bytes are not signed: versions, texts of the status, lists of algorithms.
        if let Some(verified) = verify(&altered, &message) {
            assert_eq!((&verified.time, &verified.signer), (&pristine.time, &pristine.signer), "byte {at}");
        }
    }
    let mut noise = Mutator::new(11);
    for _ in 0..2000 {
        let (altered, garbage) = (noise.altered(&token), noise.noise());
        assert!(verify(&altered, &message).is_none_or(|verified| verified.time == pristine.time));
        assert!(verify(&garbage, &message).is_none());
    }
}

#[test]
fn no_altered_log_entry_counts() {
    for case in [V1, V2] {
        let Some(document) = bundle(case) else { return };
        let text = trust_root(V2).expect("a trust root").to_string().into_bytes();
        let keys = [TrustRoot::parse(PUBLIC_GOOD), TrustRoot::parse(&text)];
        let keys: Vec<_> = keys.into_iter().flat_map(|trust| trust.expect("a trust root").transparency_logs).collect();
        let chain = "/verificationMaterial/x509CertificateChain/certificates/0/rawBytes";
        let own = "/verificationMaterial/certificate/rawBytes";
        let leaf = bytes(&document, if document.pointer(own).is_some() { own } else { chain });
        let leaf = Certificate::from_der(&leaf).expect("a certificate");
        let envelope =
            document.get("dsseEnvelope").map(|it| Envelope::parse(it.to_string().as_bytes()).expect("an envelope"));
        let digest = document
            .pointer("/messageSignature/messageDigest/digest")
            .map(|_| bytes(&document, "/messageSignature/messageDigest/digest"));
        let signature = bytes(
            &document,
            if envelope.is_some() { "/dsseEnvelope/signatures/0/sig" } else { "/messageSignature/signature" },
        );
        let signed = match (&envelope, &digest) {
            (Some(envelope), _) => SignedContent::Envelope(envelope),
            (None, digest) => {
                SignedContent::Message { algorithm: "sha256", digest: digest.as_deref().unwrap_or_default() }
            }
        };
        let content = EntryContent { signature: &signature, signer: EntrySigner::Certificate(&leaf), signed };
        let entry = Bundle::parse(document.to_string().as_bytes()).expect("a bundle").log_entries.remove(0);
        let counts = |entry: &_, content: &_| matches!(verify_entry(entry, content, &keys), Ok(Some(_)));
        assert!(counts(&entry, &content), "{case}");
        assert!(!counts(&entry, &EntryContent { signature: b"other", ..content }), "{case}");
        let mut noise = Mutator::new(7);
        for _ in 0..400 {
            let proof = entry.proof.clone().expect("a proof");
            let mut altered = entry.clone();
            let mut altered_proof = proof.clone();
            match noise.below(5) {
                0 => altered.body = noise.altered(&entry.body),
                1 => altered_proof.checkpoint = utf8(&noise.altered(proof.checkpoint.as_bytes())),
                2 => altered_proof.root_hash = noise.altered(&proof.root_hash),
                3 => altered.promise = entry.promise.as_ref().map(|promise| noise.altered(promise)),
                _ => {
                    let at = noise.below(proof.hashes.len());
                    altered_proof.hashes[at] = noise.altered(&proof.hashes[at]);
                }
            }
            altered.proof = Some(altered_proof.clone());
            // Of a checkpoint, signatures by others may be altered.
            let same_text = |text: &str| text.split("\n\n").next().map(str::to_owned);
            let is_pristine = altered == entry
                || (altered_proof != proof
                    && same_text(&altered_proof.checkpoint) == same_text(&proof.checkpoint)
                    && altered_proof.root_hash == proof.root_hash
                    && altered_proof.hashes == proof.hashes);
            assert!(is_pristine || !counts(&altered, &content), "{case}: {altered:?}");
        }
    }
}
