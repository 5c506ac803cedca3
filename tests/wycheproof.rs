//! Every case of the Wycheproof signature vectors, through the port that the engine uses.
//!
//! `valid` must verify and `invalid` must not. The one flag that makes a case `acceptable` is `MissingNull`: an RSA
//! PKCS#1 v1.5 signature whose DigestInfo leaves out the NULL parameters. It must be rejected, as Go does: RFC 8017,
//! section 8.2.2, compares with an encoding that has them.

#![allow(clippy::disallowed_methods, reason = "the vectors are files")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use vidimus::crypto::{EcdsaEncoding, HashAlgorithm, PublicKey, SaltLength, SignatureScheme, algorithm};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus/wycheproof");

/// The files that have to be there, with their number of cases: a file that goes missing is a failure.
const FILES: &[(&str, usize)] = &[
    ("ecdsa_secp256r1_sha256_p1363_test.json", 262),
    ("ecdsa_secp256r1_sha256_test.json", 484),
    ("ecdsa_secp256r1_sha512_test.json", 554),
    ("ecdsa_secp384r1_sha256_test.json", 472),
    ("ecdsa_secp384r1_sha384_p1363_test.json", 280),
    ("ecdsa_secp384r1_sha384_test.json", 504),
    ("ecdsa_secp384r1_sha512_test.json", 542),
    ("ecdsa_secp521r1_sha512_p1363_test.json", 318),
    ("ecdsa_secp521r1_sha512_test.json", 542),
    ("ed25519_test.json", 151),
    ("rsa_pss_2048_sha256_mgf1_32_test.json", 108),
    ("rsa_pss_3072_sha256_mgf1_32_test.json", 108),
    ("rsa_pss_4096_sha256_mgf1_32_test.json", 108),
    ("rsa_pss_4096_sha384_mgf1_48_test.json", 141),
    ("rsa_pss_4096_sha512_mgf1_64_test.json", 179),
    ("rsa_signature_2048_sha256_test.json", 259),
    ("rsa_signature_2048_sha384_test.json", 258),
    ("rsa_signature_2048_sha512_test.json", 259),
    ("rsa_signature_3072_sha256_test.json", 259),
    ("rsa_signature_4096_sha256_test.json", 258),
];

#[test]
fn every_wycheproof_case_is_decided_as_it_says() {
    let Some(files) = load() else {
        eprintln!("SKIPPED every_wycheproof_case_is_decided_as_it_says: no vectors in {VECTORS}");
        return;
    };
    let expected: BTreeMap<&str, usize> = FILES.iter().copied().collect();
    let mut found = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, file) in &files {
        let tally = run(name, file, &mut wrong);
        assert_eq!(Some(tally.total()), file["numberOfTests"].as_u64(), "{name}: cases run against numberOfTests");
        println!("{name}: {tally:?}");
        found.insert(name.as_str(), usize::try_from(tally.total()).unwrap());
    }
    println!("{} cases in {} files", found.values().sum::<usize>(), found.len());
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(found, expected);
}

/// P-256 runs on crrl: p256 has to give the same answer to every case.
#[test]
fn p256_and_crrl_agree_on_every_case() {
    use p256::ecdsa::signature::Verifier as _;
    use p256::pkcs8::DecodePublicKey as _;
    let Some(files) = load() else {
        eprintln!("SKIPPED p256_and_crrl_agree_on_every_case: no vectors in {VECTORS}");
        return;
    };
    let mut compared = 0;
    for group in ["ecdsa_secp256r1_sha256_p1363_test.json", "ecdsa_secp256r1_sha256_test.json"]
        .iter()
        .flat_map(|n| groups(&files[*n]))
    {
        let reference = p256::ecdsa::VerifyingKey::from_public_key_der(&bytes(&group["publicKeyDer"])).unwrap();
        let (key, scheme) = (public_key(group), scheme(group));
        for case in cases(group) {
            let (message, signature) = (bytes(&case["msg"]), bytes(&case["sig"]));
            let parsed = match scheme {
                SignatureScheme::Ecdsa(_, EcdsaEncoding::Asn1) => p256::ecdsa::Signature::from_der(&signature),
                _ => p256::ecdsa::Signature::from_slice(&signature),
            };
            let by_p256 = parsed.is_ok_and(|signature| reference.verify(&message, &signature).is_ok());
            let by_crrl = algorithm(&key, scheme).unwrap().verify(&key, &message, &signature).is_ok();
            assert_eq!(by_crrl, by_p256, "{case}");
            compared += 1;
        }
    }
    assert_eq!(compared, 262 + 484);
}

#[derive(Debug, Default)]
struct Tally {
    valid: u64,
    acceptable: u64,
    invalid: u64,
}

impl Tally {
    fn total(&self) -> u64 {
        self.valid + self.acceptable + self.invalid
    }
}

fn load() -> Option<BTreeMap<String, Value>> {
    if !Path::new(VECTORS).is_dir() {
        return None;
    }
    let paths = fs::read_dir(VECTORS).unwrap().map(|entry| entry.unwrap().path());
    let files = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    Some(files.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), parse(&path))).collect())
}

fn parse(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn run(name: &str, file: &Value, wrong: &mut Vec<String>) -> Tally {
    let mut tally = Tally::default();
    for group in groups(file) {
        let (key, scheme) = (public_key(group), scheme(group));
        let algorithm = algorithm(&key, scheme).unwrap_or_else(|error| panic!("{name}: {error}"));
        for case in cases(group) {
            let outcome = algorithm.verify(&key, &bytes(&case["msg"]), &bytes(&case["sig"]));
            if outcome.is_ok() != must_verify(case, &mut tally) {
                wrong.push(format!("{name} case {} ({}): {outcome:?}", case["tcId"], case["comment"]));
            }
        }
    }
    tally
}

fn must_verify(case: &Value, tally: &mut Tally) -> bool {
    match case["result"].as_str().unwrap() {
        "valid" => {
            tally.valid += 1;
            true
        }
        "invalid" => {
            tally.invalid += 1;
            false
        }
        "acceptable" => {
            tally.acceptable += 1;
            assert_eq!(case["flags"], serde_json::json!(["MissingNull"]), "no rule for this flag: {case}");
            false
        }
        other => panic!("unknown result {other}"),
    }
}

fn groups(file: &Value) -> &[Value] {
    file["testGroups"].as_array().unwrap()
}

fn cases(group: &Value) -> &[Value] {
    group["tests"].as_array().unwrap()
}

/// From PEM, which has to be the same key as the DER.
fn public_key(group: &Value) -> PublicKey {
    let key = PublicKey::from_pem(group["publicKeyPem"].as_str().unwrap()).unwrap();
    assert_eq!(key, PublicKey::from_spki_der(&bytes(&group["publicKeyDer"])).unwrap());
    key
}

fn scheme(group: &Value) -> SignatureScheme {
    match group["type"].as_str().unwrap() {
        "EcdsaP1363Verify" => SignatureScheme::Ecdsa(hash(group), EcdsaEncoding::P1363),
        "EcdsaVerify" => SignatureScheme::Ecdsa(hash(group), EcdsaEncoding::Asn1),
        "EddsaVerify" => SignatureScheme::Ed25519,
        "RsassaPkcs1Verify" => SignatureScheme::RsaPkcs1v15(hash(group)),
        "RsassaPssVerify" => {
            assert_eq!(group["mgfSha"], group["sha"]);
            assert_eq!(group["sLen"].as_u64(), Some(u64::try_from(hash(group).output_length()).unwrap()));
            SignatureScheme::RsaPss(hash(group), SaltLength::HashLength)
        }
        other => panic!("unknown group type {other}"),
    }
}

fn hash(group: &Value) -> HashAlgorithm {
    match group["sha"].as_str().unwrap() {
        "SHA-256" => HashAlgorithm::Sha256,
        "SHA-384" => HashAlgorithm::Sha384,
        "SHA-512" => HashAlgorithm::Sha512,
        other => panic!("unknown hash {other}"),
    }
}

fn bytes(hex_text: &Value) -> Vec<u8> {
    hex::decode(hex_text.as_str().unwrap()).unwrap()
}
