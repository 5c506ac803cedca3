//! Keys and signatures as Go reads them; the Wycheproof vectors are a suite of their own.

use super::test_vectors::{ECDSA, ED25519, RSA};
use super::*;
use crate::digest::Digest;
use crate::encoding::base64;

const MESSAGE: &[u8] = b"vidimus";

fn key(spki: &str) -> PublicKey {
    PublicKey::from_spki_der(&base64::decode(spki).unwrap()).unwrap()
}

fn key_error(spki: &str) -> KeyError {
    PublicKey::from_spki_der(&base64::decode(spki).unwrap()).unwrap_err()
}

fn pem(label: &str, body: &str) -> String {
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

fn verify(key: &PublicKey, scheme: SignatureScheme, signature: &str) -> Result<(), SignatureError> {
    algorithm(key, scheme).unwrap().verify(key, MESSAGE, &hex::decode(signature).unwrap())
}

#[test]
fn every_hash_verifies_with_every_curve() {
    for vectors in ECDSA {
        let key = key(vectors.spki);
        for (hash, signature) in vectors.by_hash {
            let signature = hex::decode(signature).unwrap();
            for verifier in [algorithm_for(&key, hash).unwrap(), cosign_verifier(&key, hash).unwrap()] {
                assert_eq!(verifier.verify(&key, MESSAGE, &signature), Ok(()), "{}", verifier.id());
                let mismatch = SignatureError::Mismatch { algorithm: verifier.id() };
                assert_eq!(verifier.verify(&key, b"other", &signature), Err(mismatch));
            }
        }
    }
}

#[test]
fn cosign_takes_ecdsa_signatures_in_the_encodings_that_it_takes() {
    for vectors in ECDSA {
        let key = key(vectors.spki);
        let verifier = cosign_verifier(&key, HashAlgorithm::Sha256).unwrap();
        for (name, signature, expected) in vectors.cosign {
            let outcome = verifier.verify(&key, MESSAGE, &hex::decode(signature).unwrap());
            assert_eq!(outcome.is_ok(), *expected, "{} {name}: {outcome:?}", verifier.id());
        }
    }
}

#[test]
fn the_strict_encodings_take_one_form_each() {
    for vectors in ECDSA {
        let key = key(vectors.spki);
        let accepted = |encoding| -> Vec<&str> {
            let scheme = SignatureScheme::Ecdsa(HashAlgorithm::Sha256, encoding);
            let is_accepted = |signature| verify(&key, scheme, signature).is_ok();
            vectors.cosign.iter().filter(|(_, signature, _)| is_accepted(signature)).map(|(name, ..)| *name).collect()
        };
        assert_eq!(accepted(EcdsaEncoding::Asn1), ["der", "negatedS"]);
        // Halves of 66 bytes are the form of P-521 itself.
        let wide_is_native = key.kind() == KeyKind::Ecdsa(Curve::P521);
        assert_eq!(accepted(EcdsaEncoding::P1363), if wide_is_native { vec!["raw", "wide"] } else { vec!["raw"] });
    }
}

#[test]
fn rsa_signatures_verify_at_every_size_and_salt_length() {
    let hash = HashAlgorithm::Sha256;
    for vectors in RSA {
        let key = key(vectors.spki);
        assert_eq!(key.kind(), KeyKind::Rsa { bits: vectors.bits });
        assert_eq!(verify(&key, SignatureScheme::RsaPkcs1v15(hash), vectors.pkcs1v15), Ok(()));
        let strict = SignatureScheme::RsaPss(hash, SaltLength::HashLength);
        let any = SignatureScheme::RsaPss(hash, SaltLength::Any);
        assert_eq!(verify(&key, strict, vectors.pss_hash_length), Ok(()));
        assert!(verify(&key, strict, vectors.pss_seven_bytes).is_err());
        for signature in [vectors.pss_hash_length, vectors.pss_seven_bytes, vectors.pss_longest] {
            assert_eq!(verify(&key, any, signature), Ok(()), "rsa-{}", vectors.bits);
            assert!(verify(&key, SignatureScheme::RsaPkcs1v15(hash), signature).is_err());
        }
        assert!(verify(&key, any, vectors.pkcs1v15).is_err());
        let shortened = vectors.pkcs1v15.split_at(2).1;
        let error = verify(&key, SignatureScheme::RsaPkcs1v15(hash), shortened).unwrap_err();
        assert_eq!(error.code(), "signature-malformed");
    }
}

#[test]
fn short_rsa_keys_do_not_panic_over_long_hashes() {
    let [small, ..] = RSA else { panic!("no vectors") };
    let key = key(small.spki);
    for salt in [SaltLength::Any, SaltLength::HashLength] {
        let scheme = SignatureScheme::RsaPss(HashAlgorithm::Sha512, salt);
        assert_eq!(verify(&key, scheme, small.pss_longest).unwrap_err().code(), "signature-mismatch");
    }
}

#[test]
fn ed25519_ignores_the_hash_of_the_policy() {
    let (spki, signature) = ED25519;
    let key = key(spki);
    let mut signature = hex::decode(signature).unwrap();
    for hash in [HashAlgorithm::Sha224, HashAlgorithm::Sha512] {
        assert_eq!(cosign_verifier(&key, hash).unwrap().verify(&key, MESSAGE, &signature), Ok(()));
    }
    let verifier = cosign_verifier(&key, HashAlgorithm::Sha256).unwrap();
    assert_eq!(verifier.verify(&key, MESSAGE, b"").unwrap_err().code(), "signature-malformed");
    signature[0] ^= 1;
    assert_eq!(verifier.verify(&key, MESSAGE, &signature).unwrap_err().code(), "signature-mismatch");
}

#[test]
fn rsa_over_sha224_is_an_error_in_sigstores_words() {
    let key = key(RSA[0].spki);
    let error = cosign_verifier(&key, HashAlgorithm::Sha224).unwrap_err();
    assert_eq!(error.code(), "key-hash-unsupported");
    assert!(error.to_string().starts_with("invalid hash function specified: an rsa-1024 key"), "{error}");
    let scheme = SignatureScheme::RsaPss(HashAlgorithm::Sha224, SaltLength::Any);
    assert_eq!(algorithm(&key, scheme).unwrap_err().code(), "key-hash-unsupported");
}

#[test]
fn an_algorithm_refuses_a_key_of_another_kind() {
    let [p256, p384, _] = ECDSA else { panic!("three curves") };
    let (p256, p384, rsa, ed25519) = (key(p256.spki), key(p384.spki), key(RSA[0].spki), key(ED25519.0));
    let signature = hex::decode(ECDSA[0].by_hash[1].1).unwrap();
    for (of, with) in [(&p256, &p384), (&p384, &p256), (&p256, &rsa), (&rsa, &p256), (&ed25519, &rsa)] {
        let verifier = algorithm_for(of, HashAlgorithm::Sha256).unwrap();
        assert_eq!(verifier.verify(with, MESSAGE, &signature).unwrap_err().code(), "signature-key-mismatch");
    }
    let error = algorithm(&rsa, SignatureScheme::Ed25519).unwrap_err();
    assert_eq!(error.to_string(), "expected a key for ed25519 signatures, found an rsa-1024 key");
}

#[test]
fn keys_are_read_from_both_pem_forms_and_know_their_id() {
    for vectors in RSA {
        let spki = PublicKey::from_pem(&pem("PUBLIC KEY", vectors.spki)).unwrap();
        let pkcs1 = PublicKey::from_pem(&pem("RSA PUBLIC KEY", vectors.pkcs1)).unwrap();
        assert_eq!(spki, pkcs1);
        assert_eq!(pkcs1.spki_der(), base64::decode(vectors.spki).unwrap());
        assert_eq!(spki.fingerprint(), Digest::sha256(spki.spki_der()));
    }
    let names: Vec<String> = ECDSA.iter().map(|vectors| key(vectors.spki).to_string()).collect();
    assert_eq!(names, ["ecdsa-p256", "ecdsa-p384", "ecdsa-p521"]);
    assert_eq!(key(ED25519.0).to_string(), "ed25519");
    let commented = format!("# release key\n{}trailing", pem("PUBLIC KEY", ED25519.0));
    assert_eq!(PublicKey::from_pem(&commented).unwrap(), key(ED25519.0));
}

#[test]
fn labels_that_hold_no_public_key_are_named() {
    for (label, hint) in [
        ("EC PRIVATE KEY", "this is a private key: take it out of the policy"),
        ("ENCRYPTED SIGSTORE PRIVATE KEY", "this is a private key"),
        ("CERTIFICATE", "belongs into an attestor of type certificates"),
        ("EC PUBLIC KEY", "`openssl pkey -pubout`"),
    ] {
        let error = PublicKey::from_pem(&pem(label, "AQID")).unwrap_err();
        assert_eq!(error.code(), "key-label-unsupported");
        assert!(error.to_string().contains(label) && error.to_string().contains(hint), "{error}");
    }
}

#[test]
fn text_that_is_no_key_says_what_stands_in_its_place() {
    // A tutorial's placeholder, in two lengths: one is no base64, the other decodes to bytes that are no key.
    for (filling, code) in [("x".repeat(30), "key-pem-malformed"), ("x".repeat(28), "key-der-malformed")] {
        let error = PublicKey::from_pem(&pem("PUBLIC KEY", &format!("MFkwEwYHKoZIzj0C{filling}"))).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains("this looks like the placeholder of an example"), "{error}");
        assert!(error.to_string().contains("paste the whole file"), "{error}");
    }
    let garbage = PublicKey::from_pem(&pem("PUBLIC KEY", "bm90IGEga2V5")).unwrap_err();
    let message = garbage.to_string();
    assert_eq!(garbage.code(), "key-der-malformed");
    assert!(message.starts_with("expected the DER of a public key (SubjectPublicKeyInfo), found 9 bytes"), "{message}");
    assert!(!message.contains("placeholder"), "{message}");
    assert_eq!(PublicKey::from_pem("cosign.pub").unwrap_err().code(), "key-pem-missing");
    assert_eq!(PublicKey::from_pem("").unwrap_err().code(), "key-pem-missing");
    let swapped = PublicKey::from_pem(&pem("PUBLIC KEY", RSA[0].pkcs1)).unwrap_err();
    assert_eq!(swapped.code(), "key-der-malformed");
}

/// Keys made with OpenSSL 3, and one by Go.
#[test]
fn other_curves_and_algorithms_are_named() {
    for (spki, name) in [
        (
            "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEK6ErqTv/M7bwYpmp0D6Ouo77m9Nairos2RZYNANv7G4QygutDvBEvy2iSNoi7hl5bk08RdiJ\
             Gx+SZujrdBlEKA==",
            "elliptic curve secp256k1 (1.3.132.0.10)",
        ),
        (
            "ME4wEAYHKoZIzj0CAQYFK4EEACEDOgAED1xZ9QwxUySAHcOwLltCR3qmZ7EquwtJ2qtpwOX2ihmrWIU8gKLqm32fKtokD4cSG/eQdjlV\
             HWg=",
            "elliptic curve P-224 (1.3.132.0.33)",
        ),
        (
            "MEMwBQYDK2VxAzoAQUG84mx5Vsmni29EempPzZxbmeKOriP5/3ngqlB8oglARY3CGSlfebsjQ1zkKDrZDyhvRWNONMKA",
            "Ed448 (1.3.101.113)",
        ),
        ("MCowBQYDK2VuAyEAa8iyBIHox9ZWOi5WFWYgjk5p/8c16jpq2Zbc+gUwhlQ=", "X25519 (1.3.101.110)"),
    ] {
        let error = key_error(spki);
        assert_eq!(error.code(), "key-type-unsupported");
        assert!(
            error.to_string().starts_with("unsupported public key type") && error.to_string().ends_with(name),
            "{error}"
        );
    }
}

#[test]
fn a_point_must_be_uncompressed_and_on_the_curve() {
    let compressed = key_error("MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADdsCtU5WaCq57TyvyIeD+QrLrUsLgopnQCqKmIlCOxv0=");
    assert_eq!(
        compressed.to_string(),
        "expected an uncompressed p256 point (04 and 64 bytes), found 33 bytes that start with 03"
    );
    for vectors in ECDSA {
        let mut der = base64::decode(vectors.spki).unwrap();
        *der.last_mut().unwrap() ^= 1;
        let error = PublicKey::from_spki_der(&der).unwrap_err();
        assert_eq!(error.code(), "key-point-invalid", "{error}");
        let hybrid = der.len() - 2 * field_length(&key(vectors.spki)) - 1;
        der[hybrid] = 6;
        assert_eq!(PublicKey::from_spki_der(&der).unwrap_err().code(), "key-point-invalid");
    }
}

#[test]
fn weak_ed25519_keys_are_refused() {
    // y = 1 is the neutral element: with R = S B every S signs every message.
    let mut der = base64::decode(ED25519.0).unwrap();
    let point = der.len() - 32;
    der[point..].fill(0);
    der[point] = 1;
    assert_eq!(PublicKey::from_spki_der(&der).unwrap_err(), KeyError::Weak);
}

#[test]
fn truncated_and_extended_keys_are_refused() {
    for spki in ECDSA.iter().map(|v| v.spki).chain(RSA.iter().map(|v| v.spki)).chain([ED25519.0]) {
        let der = base64::decode(spki).unwrap();
        for length in 0..der.len() {
            assert!(PublicKey::from_spki_der(&der[..length]).is_err());
        }
        let extended: Vec<u8> = der.iter().copied().chain([0]).collect();
        assert_eq!(PublicKey::from_spki_der(&extended).unwrap_err().code(), "key-der-malformed");
    }
}

#[test]
fn rsa_keys_out_of_range_are_refused() {
    let with = |modulus: &[u8], exponent: &[u8]| {
        PublicKey::from_pem(&pem("RSA PUBLIC KEY", &base64::encode(&pkcs1(modulus, exponent))))
    };
    let modulus = |bytes: usize| -> Vec<u8> { vec![0x7f; bytes] };
    let code = |modulus: &[u8], exponent: &[u8]| with(modulus, exponent).unwrap_err().code();
    assert_eq!(with(&modulus(129), &[3]).unwrap().kind(), KeyKind::Rsa { bits: 1031 });
    assert_eq!(code(&modulus(64), &[1, 0, 1]), "key-too-small");
    assert_eq!(code(&modulus(128), &[1, 0, 1]), "key-too-small");
    assert_eq!(code(&modulus(2049), &[1, 0, 1]), "key-too-large");
    assert!(with(&modulus(2048), &[1, 0, 1]).is_ok());
    for exponent in [&[1][..], &[0], &[2], &[1, 0, 0], &[0, 0x80, 0, 0, 1], &[1; 9]] {
        assert_eq!(code(&modulus(256), exponent), "key-exponent-invalid", "{exponent:?}");
    }
    assert!(with(&modulus(256), &[0x7f, 0xff, 0xff, 0xff]).is_ok());
    let even: Vec<u8> = modulus(255).into_iter().chain([2]).collect();
    assert_eq!(code(&even, &[1, 0, 1]), "key-der-malformed");
}

fn pkcs1(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let inner = [tlv(2, modulus), tlv(2, exponent)].concat();
    tlv(0x30, &inner)
}

fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len();
    let mut der = match length {
        0..128 => vec![tag, u8::try_from(length).unwrap()],
        128..256 => vec![tag, 0x81, u8::try_from(length).unwrap()],
        _ => [&[tag, 0x82], &u16::try_from(length).unwrap().to_be_bytes()[..]].concat(),
    };
    der.extend(value);
    der
}

fn field_length(key: &PublicKey) -> usize {
    let KeyKind::Ecdsa(curve) = key.kind() else { panic!("{key} has no curve") };
    curve.field_length()
}
