use super::*;
use crate::digest::Digest;
use crate::encoding::der::{GENERALIZED_TIME, INTEGER, OCTET_STRING, SET, UTC_TIME, context_constructed};
use crate::encoding::pem;
use crate::scalar::time::Timestamp;
use crate::x509::Certificate;
use crate::x509::test_certificates::{
    Draft, element, extended_key_usage, log_signature, log_spki, name, oid, sequence,
};

const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
const SHA_1: &str = "1.3.14.3.2.26";
const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
const MESSAGE: &[u8] = b"a signature";

/// A timestamp that can still be changed.
#[derive(Clone)]
struct Token {
    status: u8,
    /// TSTInfo.
    version: u8,
    imprint_hash: &'static str,
    imprint: Vec<u8>,
    time: &'static str,
    /// Behind the time.
    rest: Vec<u8>,
    /// Of the content, as the attributes name it; `None`: what it is.
    content_digest: Option<Vec<u8>>,
    content_type: &'static str,
    signing_time: Option<&'static str>,
    certificates: Vec<Certificate>,
    serial: u8,
    signers: usize,
    algorithm: &'static str,
    key: &'static str,
}

impl Token {
    fn new() -> Self {
        Self {
            status: 0,
            version: 1,
            imprint_hash: SHA_256,
            imprint: sha_256(MESSAGE),
            time: "20240601000000Z",
            rest: Vec::new(),
            content_digest: None,
            content_type: "1.2.840.113549.1.9.16.1.4",
            signing_time: None,
            certificates: vec![leaf().issued_by("root")],
            serial: 1,
            signers: 1,
            algorithm: "1.2.840.10045.4.3.2",
            key: "stamps",
        }
    }

    fn info(&self) -> Vec<u8> {
        let imprint = sequence(&[&sequence(&[&oid(self.imprint_hash)]), &element(OCTET_STRING, &[&self.imprint])]);
        let time = element(GENERALIZED_TIME, &[self.time.as_bytes()]);
        let number = |number: u8| element(INTEGER, &[&[number]]);
        sequence(&[&number(self.version), &oid("1.2.3"), &imprint, &number(5), &time, &self.rest])
    }

    fn signer(&self) -> Vec<u8> {
        let attribute = |kind: &str, value: Vec<u8>| sequence(&[&oid(kind), &element(SET, &[&value])]);
        let digest = self.content_digest.clone().unwrap_or_else(|| sha_256(&self.info()));
        let mut attributes = attribute("1.2.840.113549.1.9.3", oid(self.content_type));
        if let Some(time) = self.signing_time {
            attributes.extend(attribute("1.2.840.113549.1.9.5", element(UTC_TIME, &[time.as_bytes()])));
        }
        attributes.extend(attribute("1.2.840.113549.1.9.4", element(OCTET_STRING, &[&digest])));
        let signature = log_signature(self.key, &element(SET, &[&attributes]));
        sequence(&[
            &element(INTEGER, &[&[1]]),
            &sequence(&[&name("root"), &element(INTEGER, &[&[self.serial]])]),
            &sequence(&[&oid(SHA_256)]),
            &element(context_constructed(0), &[&attributes]),
            &sequence(&[&oid(self.algorithm)]),
            &element(OCTET_STRING, &[&signature]),
        ])
    }

    /// ContentInfo.
    fn token(&self) -> Vec<u8> {
        let content = element(context_constructed(0), &[&element(OCTET_STRING, &[&self.info()])]);
        let certificates: Vec<&[u8]> = self.certificates.iter().map(Certificate::der).collect();
        let certificates = match certificates.as_slice() {
            [] => Vec::new(),
            all => element(context_constructed(0), all),
        };
        let signed = sequence(&[
            &element(INTEGER, &[&[3]]),
            &element(SET, &[&sequence(&[&oid(SHA_256)])]),
            &sequence(&[&oid("1.2.840.113549.1.9.16.1.4"), &content]),
            &certificates,
            &element(SET, &vec![self.signer().as_slice(); self.signers]),
        ]);
        sequence(&[&oid("1.2.840.113549.1.7.2"), &element(context_constructed(0), &[&signed])])
    }

    /// TimeStampResp.
    fn response(&self) -> Vec<u8> {
        sequence(&[&sequence(&[&element(INTEGER, &[&[self.status]])]), &self.token()])
    }

    fn verify(&self) -> Result<String, &'static str> {
        self.verify_by(&authority())
    }

    fn verify_by(&self, authority: &Authority) -> Result<String, &'static str> {
        let outcome = verify_token(&self.response(), MESSAGE, authority);
        outcome.map(|verified| verified.time.to_rfc3339()).map_err(|error| error.code())
    }
}

fn sha_256(bytes: &[u8]) -> Vec<u8> {
    hex::decode(Digest::sha256(bytes).encoded()).unwrap()
}

fn nameless() -> Draft {
    Draft { key: log_spki("stamps"), ..Draft::leaf("stamps") }
}

fn leaf() -> Draft {
    nameless().with(extended_key_usage(true, &[TIME_STAMPING]))
}

fn authority() -> Authority {
    Authority { roots: vec![Draft::authority("root").issued_by("root")], ..Authority::default() }
}

const STAMPED: Result<&str, &str> = Ok("2024-06-01T00:00:00Z");

#[test]
fn a_timestamp_tells_when_the_authority_saw_the_message() {
    assert_eq!(Token::new().verify().as_deref(), STAMPED.as_deref());
    let bare = verify_token(&Token::new().token(), MESSAGE, &authority()).unwrap();
    assert_eq!(bare.signer, leaf().issued_by("root"));
}

#[test]
fn a_timestamp_over_other_bytes_is_refused() {
    let error = verify_token(&Token::new().response(), b"another signature", &authority()).unwrap_err();
    assert_eq!(error.code(), "timestamp-imprint-mismatch");
    let shorter = Token { imprint: sha_256(MESSAGE)[..31].to_vec(), ..Token::new() };
    assert_eq!(shorter.verify(), Err("timestamp-imprint-mismatch"));
    let sha_1 = Token { imprint_hash: SHA_1, ..Token::new() };
    assert_eq!(sha_1.verify(), Err("timestamp-algorithm"));
}

#[test]
fn what_is_signed_is_the_content() {
    let other = Token { content_digest: Some(sha_256(b"other")), ..Token::new() };
    assert_eq!(other.verify(), Err("timestamp-malformed"));
    let other_type = Token { content_type: "1.2.840.113549.1.7.1", ..Token::new() };
    assert_eq!(other_type.verify(), Err("timestamp-malformed"));
    let other_key = Token { key: "other", ..Token::new() };
    assert_eq!(other_key.verify(), Err("timestamp-signature-mismatch"));
    let other_algorithm = Token { algorithm: "1.2.840.113549.1.1.11", ..Token::new() };
    assert_eq!(other_algorithm.verify(), Err("timestamp-algorithm"));
}

#[test]
fn one_signer_signs_alone() {
    for signers in [0, 2] {
        assert_eq!(Token { signers, ..Token::new() }.verify(), Err("timestamp-malformed"), "{signers}");
    }
}

#[test]
fn a_timestamp_without_certificate_needs_the_authority_s_own() {
    let bare = Token { certificates: Vec::new(), ..Token::new() };
    assert_eq!(bare.verify(), Err("timestamp-certificate-missing"));
    let known = |leaf: Draft| Authority { leaf: Some(leaf.issued_by("root")), ..authority() };
    assert_eq!(bare.verify_by(&known(leaf())).as_deref(), STAMPED.as_deref());
    let other = Draft { serial: vec![2], ..leaf() };
    assert_eq!(bare.verify_by(&known(other.clone())), Err("timestamp-certificate-missing"));
    assert_eq!(Token::new().verify_by(&known(other)), Err("timestamp-certificate-mismatch"));
}

#[test]
fn the_signer_is_the_one_that_the_signature_names() {
    assert_eq!(Token { serial: 9, ..Token::new() }.verify(), Err("timestamp-certificate-missing"));
    // Another leaf stands in front of the signer.
    let other = Draft { serial: vec![2], ..leaf() }.issued_by("root");
    let certificates = vec![other, leaf().issued_by("root")];
    assert_eq!(Token { certificates, ..Token::new() }.verify(), Err("timestamp-certificate-missing"));
}

#[test]
fn the_signer_stamps_times_and_nothing_else() {
    let by = |leaf: Draft| Token { certificates: vec![leaf.issued_by("root")], ..Token::new() }.verify();
    assert_eq!(by(nameless()), Err("timestamp-usage-not-critical"));
    assert_eq!(by(nameless().with(extended_key_usage(false, &[TIME_STAMPING]))), Err("timestamp-usage-not-critical"));
    let usages: [&[&str]; 3] = [&[CODE_SIGNING], &[TIME_STAMPING, CODE_SIGNING], &[]];
    for usages in usages {
        assert_eq!(by(nameless().with(extended_key_usage(true, usages))), Err("timestamp-usage"), "{usages:?}");
    }
}

#[test]
fn intermediates_must_allow_to_stamp_times() {
    let narrow = Draft::authority("middle").with(extended_key_usage(false, &[CODE_SIGNING])).issued_by("root");
    let authority = Authority { intermediates: vec![narrow], ..authority() };
    assert_eq!(Token::new().verify_by(&authority), Err("timestamp-usage"));
}

#[test]
fn another_root_no_root_and_a_time_outside_of_the_validity_are_refused() {
    let strangers = Authority { roots: vec![Draft::authority("x").issued_by("x")], ..Authority::default() };
    assert_eq!(Token::new().verify_by(&strangers), Err("timestamp-authority-untrusted"));
    assert_eq!(Token::new().verify_by(&Authority::default()), Err("timestamp-roots-missing"));
    for time in ["20231231235959Z", "20250101000000Z"] {
        assert_eq!(Token { time, ..Token::new() }.verify(), Err("timestamp-authority-untrusted"), "{time}");
    }
}

#[test]
fn the_signing_time_is_within_the_validity_too() {
    let signed_at = |time| Token { signing_time: Some(time), ..Token::new() }.verify();
    assert_eq!(signed_at("240601000000Z").as_deref(), STAMPED.as_deref());
    assert_eq!(signed_at("250601000000Z"), Err("timestamp-malformed"));
}

#[test]
fn times_have_fractions_without_zeros_at_their_end_and_accuracy_is_passed_over() {
    let at = |time| Token { time, ..Token::new() }.verify();
    assert_eq!(at("20240601000000.25Z").as_deref(), STAMPED.as_deref());
    for time in
        ["20240601000000.250Z", "20240601000000.Z", "202406010000Z", "20240601000000", "20240601000000+0000", ""]
    {
        assert_eq!(at(time), Err("timestamp-malformed"), "{time}");
    }
    let accuracy = sequence(&[&element(INTEGER, &[&[1]])]);
    assert_eq!(Token { rest: accuracy, ..Token::new() }.verify().as_deref(), STAMPED.as_deref());
    assert_eq!(Token { version: 2, ..Token::new() }.verify(), Err("timestamp-malformed"));
}

#[test]
fn an_answer_that_refuses_is_no_timestamp() {
    for status in 1..6 {
        assert_eq!(Token { status, ..Token::new() }.verify(), Err("timestamp-refused"), "{status}");
    }
}

#[test]
fn no_altered_and_no_shortened_timestamp_verifies() {
    let good = Token::new().response();
    for at in 0..good.len() {
        assert!(verify_token(&good[..at], MESSAGE, &authority()).is_err(), "{at} bytes");
        let mut altered = good.clone();
        altered[at] ^= 4;
        let Ok(verified) = verify_token(&altered, MESSAGE, &authority()) else { continue };
        // Only what nobody signed may differ: versions, and the list of hash functions.
        assert_eq!(verified.time.to_rfc3339(), "2024-06-01T00:00:00Z", "byte {at}");
        assert_eq!(verified.signer, leaf().issued_by("root"), "byte {at}");
    }
}

#[test]
fn a_chain_is_sorted_into_leaf_intermediates_and_roots() {
    let text = |certificates: &[Certificate]| -> String {
        certificates.iter().map(|certificate| pem::encode("CERTIFICATE", certificate.der())).collect()
    };
    let (middle, root) = (Draft::authority("middle").issued_by("root"), Draft::authority("root").issued_by("root"));
    let found = Authority::from_pem_chain(&text(&[root.clone(), leaf().issued_by("middle"), middle.clone()])).unwrap();
    assert_eq!(
        (found.leaf, found.intermediates, found.roots),
        (Some(leaf().issued_by("middle")), vec![middle], vec![root.clone()])
    );
    let two = text(&[leaf().issued_by("root"), leaf().issued_by("middle")]);
    assert_eq!(Authority::from_pem_chain(&two), Err(TimestampError::SeveralLeaves));
    let many = Authority::from_pem_chain(&text(&vec![root; 13]));
    assert_eq!(many.unwrap_err().code(), "timestamp-chain-too-long");
}

#[test]
fn an_authority_stamps_from_its_first_to_its_last_moment() {
    let time = |text| Timestamp::parse_rfc3339(text).unwrap();
    let start = time("2024-01-01T00:00:00Z");
    let authority = Authority { valid_from: Some(start.clone()), valid_until: Some(start.clone()), ..authority() };
    assert!(authority.is_valid_at(&start));
    assert!(!authority.is_valid_at(&time("2023-12-31T23:59:59Z")));
    assert!(!authority.is_valid_at(&time("2024-01-01T00:00:01Z")));
}
