mod vectors;

use super::attributes::Attributes;
use super::info::TstInfo;
use super::{Authority, TimestampError, verify_countersignature, verify_token};
use crate::encoding::base64::decode;
use crate::encoding::der::{Reader, context_constructed};
use crate::scalar::time::Timestamp;
use std::time::Duration;
use vectors::{INTERMEDIATE, LEAF, MESSAGE, OTHER_LEAF, RESPONSE, ROOT};

fn pem(certificates: &[&str]) -> String {
    let block = |base64: &&str| format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n");
    certificates.iter().map(block).collect()
}

fn authority(certificates: &[&str]) -> Authority {
    Authority::from_pem_chain(&pem(certificates)).unwrap()
}

fn verify(authority: &Authority) -> Result<super::VerifiedTime, TimestampError> {
    verify_token(&decode(RESPONSE).unwrap(), &decode(MESSAGE).unwrap(), authority)
}

fn refusal(certificates: &[&str]) -> String {
    Authority::from_pem_chain(&pem(certificates)).unwrap_err().to_string()
}

#[test]
fn a_timestamp_tells_time_policy_and_authority() {
    let authority = authority(&[LEAF, INTERMEDIATE, ROOT]);
    let verified = verify(&authority).unwrap();
    assert_eq!(verified.time.to_rfc3339(), "2026-06-01T12:00:00Z");
    assert_eq!(verified.policy, "1.3.6.1.4.1.99999.2");
    assert_eq!(verified.accuracy, Duration::ZERO);
    assert_eq!(Some(verified.signer), authority.leaf);
}

#[test]
fn a_chain_is_sorted_whatever_its_order() {
    let sorted = authority(&[ROOT, LEAF, INTERMEDIATE]);
    assert_eq!(sorted, authority(&[LEAF, INTERMEDIATE, ROOT]));
    assert_eq!((sorted.leaf.is_some(), sorted.intermediates.len(), sorted.roots.len()), (true, 1, 1));
}

#[test]
fn a_chain_has_its_limits() {
    assert_eq!(
        refusal(&[LEAF, OTHER_LEAF, INTERMEDIATE, ROOT]),
        "certificate chain must contain at most one TSA certificate"
    );
    assert_eq!(
        refusal(&[ROOT; 13]),
        "TSA certificate chain contains too many certificates (13), maximum allowed is 12"
    );
    assert_eq!(
        refusal(&[INTERMEDIATE; 11]),
        "TSA certificate chain contains too many intermediate certificates (11), maximum allowed is 10"
    );
    assert!(refusal(&["AAAA"]).starts_with("error splitting tsa certificates: "));
    assert!(Authority::from_pem_chain(&pem(&[ROOT; 12])).is_ok());
}

#[test]
fn every_part_of_the_chain_counts() {
    let reason = |certificates: &[&str]| verify(&authority(certificates)).unwrap_err();
    assert_eq!(reason(&[LEAF, INTERMEDIATE]).to_string(), "no TSA root certificate(s) provided to verify timestamp");
    assert_eq!(reason(&[INTERMEDIATE, ROOT]), TimestampError::CertificateMissing);
    assert_eq!(reason(&[OTHER_LEAF, INTERMEDIATE, ROOT]), TimestampError::CertificateMissing);
    assert_eq!(reason(&[LEAF, ROOT]).code(), "timestamp-authority-untrusted");
}

#[test]
fn another_message_is_told_from_the_stamped_one() {
    let authority = authority(&[LEAF, INTERMEDIATE, ROOT]);
    let error = verify_token(&decode(RESPONSE).unwrap(), b"other", &authority).unwrap_err();
    assert_eq!(error.code(), "timestamp-imprint-mismatch");
    assert!(error.to_string().starts_with("hashed messages don't match: "));
}

#[test]
fn sigstore_wants_a_response_and_notation_a_token() {
    let (response, message) = (decode(RESPONSE).unwrap(), decode(MESSAGE).unwrap());
    let authority = authority(&[LEAF, INTERMEDIATE, ROOT]);
    let token = super::response::token(&response).unwrap();
    assert_eq!(verify_token(token, &message, &authority).unwrap_err().code(), "timestamp-malformed");
    let notation = |bytes: &[u8]| verify_countersignature(bytes, &message, &authority.roots).unwrap_err();
    assert_eq!(notation(&response).code(), "timestamp-malformed");
    // It takes the certificate from the token alone.
    assert_eq!(notation(token), TimestampError::CertificateMissing);
}

#[test]
fn a_refusal_tells_the_status() {
    // PKIStatusInfo { 2 }, and a token that nobody looks at.
    let error = super::response::token(&[0x30, 7, 0x30, 3, 2, 1, 2, 0x30, 0]).unwrap_err();
    assert_eq!(error, TimestampError::Refused(2));
}

#[test]
fn an_authority_is_in_use_from_begin_to_end_inclusive() {
    let time = |text: &str| Timestamp::parse_rfc3339(text).unwrap();
    let used = Authority {
        valid_from: Some(time("2026-01-01T00:00:00Z")),
        valid_until: Some(time("2026-02-01T00:00:00Z")),
        ..Authority::default()
    };
    assert!(used.is_valid_at(&time("2026-01-01T00:00:00Z")) && used.is_valid_at(&time("2026-02-01T00:00:00Z")));
    assert!(!used.is_valid_at(&time("2025-12-31T23:59:59Z")) && !used.is_valid_at(&time("2026-02-01T00:00:01Z")));
    assert!(Authority::default().is_valid_at(&time("2026-02-01T00:00:01Z")));
}

#[test]
fn attributes_are_signed_in_order() {
    // [0] { 1.2 { 5 }, 1.1 { 4 } }
    let sent = [0xa0, 18, 0x30, 7, 6, 1, 0x2a, 0x31, 2, 5, 0, 0x30, 7, 6, 1, 0x29, 0x31, 2, 4, 0];
    let attributes = Attributes::parse(Reader::new(&sent).element(context_constructed(0)).unwrap()).unwrap();
    let signed = [0x31, 18, 0x30, 7, 6, 1, 0x29, 0x31, 2, 4, 0, 0x30, 7, 6, 1, 0x2a, 0x31, 2, 5, 0];
    assert_eq!(attributes.signed_der(), signed);
}

/// TSTInfo with SHA-256 of nothing, at a time, with what follows it.
fn info(time: &[u8], tail: &[u8]) -> Vec<u8> {
    let imprint =
        [&[0x30, 0x31, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32][..], &[7; 32]].concat();
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
    let fields = [&[2, 1, 1, 6, 1, 0x2a][..], &imprint, &[2, 1, 9, 0x18, length(time)], time, tail].concat();
    [&[0x30, length(&fields)][..], &fields].concat()
}

#[test]
fn times_are_written_in_one_way() {
    let time = |text: &str| TstInfo::parse(&info(text.as_bytes(), &[])).map(|info| info.time.nanos());
    assert_eq!(time("20260601120000Z"), Ok(0));
    assert_eq!(time("20260601120000.25Z"), Ok(250_000_000));
    for odd in ["20260601120000.250Z", "20260601120000,25Z", "20260601120000", "20260601140000+0200", "2606011200Z"] {
        assert!(time(odd).is_err(), "{odd}");
    }
}

#[test]
fn accuracy_adds_up() {
    let accuracy = |tail: &[u8]| TstInfo::parse(&info(b"20260601120000Z", tail)).map(|info| info.accuracy);
    assert_eq!(accuracy(&[0x30, 9, 2, 1, 1, 0x80, 1, 2, 0x81, 1, 3]), Ok(Duration::new(1, 2_003_000)));
    assert_eq!(accuracy(&[0x30, 3, 0x81, 1, 3]), Ok(Duration::from_micros(3)));
    assert!(accuracy(&[0x30, 4, 0x80, 2, 3, 0xe8]).is_err());
    assert!(accuracy(&[0x30, 3, 2, 1, 0xff]).is_err());
}
