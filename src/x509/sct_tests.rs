use super::*;
use crate::x509::test_certificates::{Draft, element, extension, log_signature, log_spki};
use crate::x509::{CertificateError, test_certificates};

const MILLISECONDS: u64 = 1_717_200_000_123;

fn leaf() -> Draft {
    Draft::leaf("leaf").with(extension("1.2.3", false, b"before the list"))
}

fn issuer() -> Certificate {
    Draft::authority("root").issued_by("root")
}

fn log(name: &str) -> PublicKey {
    PublicKey::from_spki_der(&log_spki(name)).unwrap()
}

fn prefixed(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

/// A timestamp of the log over the certificate as it is without list.
fn timestamp(log: &str, milliseconds: u64, of: &Certificate, issuer: &Certificate) -> Vec<u8> {
    let issuer_hash = hex::decode(Digest::sha256(issuer.spki_der()).encoded()).unwrap();
    let length = u32::try_from(of.tbs_der().len()).unwrap().to_be_bytes();
    let time = milliseconds.to_be_bytes();
    let message = [&[0, 0], &time[..], &[0, 1], &issuer_hash, &length[1..], of.tbs_der(), &[0, 0]].concat();
    let log_id = hex::decode(Digest::sha256(&log_spki(log)).encoded()).unwrap();
    [&[0], &log_id[..], &time, &[0, 0, 4, 3], &prefixed(&log_signature(log, &message))].concat()
}

fn list(entries: &[Vec<u8>]) -> Vec<u8> {
    let entries: Vec<u8> = entries.iter().flat_map(|entry| prefixed(entry)).collect();
    extension(LIST, false, &element(OCTET_STRING, &[&prefixed(&entries)]))
}

fn with_list(entries: &[Vec<u8>]) -> Result<Certificate, CertificateError> {
    Certificate::from_der(&leaf().with(list(entries)).der("root"))
}

/// A certificate with one timestamp.
fn logged() -> Certificate {
    with_list(&[timestamp("log", MILLISECONDS, &leaf().issued_by("root"), &issuer())]).unwrap()
}

fn code(result: Result<(), SctError>) -> Result<(), &'static str> {
    result.map_err(|error| error.code())
}

#[test]
fn the_log_signs_the_certificate_without_the_list() {
    let found = embedded(&logged()).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].verify(&logged(), &issuer(), &log("log")), Ok(()));
    assert_eq!(found[0].time().to_rfc3339(), "2024-06-01T00:00:00Z");
}

#[test]
fn a_certificate_without_list_has_no_timestamps() {
    assert_eq!(embedded(&leaf().issued_by("root")), Ok(Vec::new()));
}

#[test]
fn another_log_issuer_certificate_or_time_is_refused() {
    let leaf = logged();
    let sct = embedded(&leaf).unwrap().remove(0);
    let refused = Err("sct-signature-mismatch");
    assert_eq!(code(sct.verify(&leaf, &issuer(), &log("other"))), refused);
    let other_issuer = Draft { key: test_certificates::spki("x"), ..Draft::authority("root") }.issued_by("root");
    assert_eq!(code(sct.verify(&leaf, &other_issuer, &log("log"))), refused);
    let other_leaf = Draft { serial: vec![2], ..self::leaf() }.issued_by("root");
    assert_eq!(code(sct.verify(&other_leaf, &issuer(), &log("log"))), refused);
    let later = Sct { milliseconds: MILLISECONDS + 1, ..sct };
    assert_eq!(code(later.verify(&leaf, &issuer(), &log("log"))), refused);
}

#[test]
fn every_altered_byte_of_a_timestamp_is_noticed() {
    let pristine = timestamp("log", MILLISECONDS, &leaf().issued_by("root"), &issuer());
    for at in 0..pristine.len() {
        let mut altered = pristine.clone();
        altered[at] ^= 1;
        let certificate = with_list(&[altered]).unwrap();
        let Ok(found) = embedded(&certificate) else { continue };
        let same_log = found[0].log_id.as_slice() == &pristine[1..33];
        assert!(!same_log || found[0].verify(&certificate, &issuer(), &log("log")).is_err(), "byte {at}");
    }
}

#[test]
fn logs_sign_with_keys_that_rfc_6962_has() {
    let leaf = logged();
    let sct = embedded(&leaf).unwrap().remove(0);
    let ed25519 = PublicKey::from_spki_der(&test_certificates::spki("log")).unwrap();
    assert_eq!(code(sct.verify(&leaf, &issuer(), &ed25519)), Err("sct-key-kind"));
    let other_hash = Sct { hash: 5, ..sct.clone() };
    assert_eq!(code(other_hash.verify(&leaf, &issuer(), &log("log"))), Err("sct-malformed"));
    let other_kind = Sct { signature_kind: 1, ..sct };
    assert_eq!(code(other_kind.verify(&leaf, &issuer(), &log("log"))), Err("sct-malformed"));
}

#[test]
fn lists_that_are_none_are_malformed() {
    let entry = timestamp("log", MILLISECONDS, &leaf().issued_by("root"), &issuer());
    let good = prefixed(&prefixed(&entry));
    let longer = prefixed(&prefixed(&[&entry[..], &[0]].concat()));
    let other_version = prefixed(&prefixed(&[&[1], &entry[1..]].concat()));
    let cut = good[..good.len() - 1].to_vec();
    for value in [vec![], longer, other_version, cut, [&good[..], &[0]].concat()] {
        let value = element(OCTET_STRING, &[&value]);
        let certificate = leaf().with(extension(LIST, false, &value)).issued_by("root");
        assert_eq!(embedded(&certificate).unwrap_err().code(), "sct-malformed", "{value:?}");
    }
    let bare = leaf().with(extension(LIST, false, &good)).issued_by("root");
    assert_eq!(embedded(&bare).unwrap_err().code(), "sct-malformed");
}
