use super::test_certificates::{
    Draft, alternative_names, basic_constraints, element, extended_key_usage, extension, name_constraints, oid,
    sequence,
};
use super::*;
use crate::encoding::pem;
use crate::scalar::time::Timestamp;

const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
const SERVERS: &str = "1.3.6.1.5.5.7.3.1";
const EMAIL: u8 = 1;
const DNS: u8 = 2;
const URI: u8 = 6;
const IP: u8 = 7;

fn time(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}

/// The chain at a time in its middle, or the code of the first problem.
fn verify(leaf: &Certificate, intermediates: &[Certificate], root: &Certificate) -> Result<usize, &'static str> {
    verify_at("2024-06-01T00:00:00Z", Usage::CodeSigning, leaf, intermediates, std::slice::from_ref(root))
}

fn verify_at(
    at: &str,
    usage: Usage,
    leaf: &Certificate,
    intermediates: &[Certificate],
    roots: &[Certificate],
) -> Result<usize, &'static str> {
    let time = time(at);
    let chaining = Chaining { roots, intermediates, time: &time, usage, tolerated_critical: &[] };
    verify_chain(leaf, &chaining).map(|chains| chains[0].len()).map_err(|error| error.code())
}

fn root() -> Certificate {
    Draft::authority("root").issued_by("root")
}

fn leaf() -> Draft {
    Draft::leaf("leaf").with(extended_key_usage(false, &[CODE_SIGNING]))
}

/// A leaf with names below an authority with constraints on names.
fn constrained(
    permitted: &[(u8, &[u8])],
    excluded: &[(u8, &[u8])],
    names: &[(u8, &[u8])],
) -> Result<usize, &'static str> {
    let root = Draft::authority("root").with(name_constraints(permitted, excluded)).issued_by("root");
    verify(&leaf().with(alternative_names(false, names)).issued_by("root"), &[], &root)
}

#[test]
fn a_chain_leads_from_the_leaf_over_intermediates_to_the_root() {
    let middle = Draft::authority("middle").issued_by("root");
    assert_eq!(verify(&leaf().issued_by("middle"), &[middle], &root()), Ok(3));
    assert_eq!(verify(&leaf().issued_by("root"), &[], &root()), Ok(2));
}

#[test]
fn a_trusted_leaf_is_its_own_chain() {
    let leaf = leaf().issued_by("nobody");
    assert_eq!(verify(&leaf, &[], &leaf), Ok(1));
}

#[test]
fn a_chain_is_valid_in_the_first_and_in_the_last_second_and_not_beyond() {
    let leaf = leaf().issued_by("root");
    let at = |at| verify_at(at, Usage::CodeSigning, &leaf, &[], &[root()]);
    assert_eq!(at("2024-01-01T00:00:00Z"), Ok(2));
    assert_eq!(at("2024-12-31T23:59:59Z"), Ok(2));
    assert_eq!(at("2023-12-31T23:59:59Z"), Err("chain-expired"));
    assert_eq!(at("2025-01-01T00:00:00Z"), Err("chain-expired"));
}

#[test]
fn expired_authorities_vouch_for_nobody() {
    let old = Draft { validity: ["200101000000Z", "201231235959Z"], ..Draft::authority("root") }.issued_by("root");
    assert_eq!(verify(&leaf().issued_by("root"), &[], &old), Err("chain-expired"));
}

#[test]
fn another_root_of_the_same_name_is_not_the_root() {
    let leaf = leaf().issued_by("root");
    let imposter = Draft { key: test_certificates::spki("other"), ..Draft::authority("root") }.issued_by("other");
    assert_eq!(verify(&leaf, &[], &imposter), Err("certificate-signature-mismatch"));
    let stranger = Draft::authority("stranger").issued_by("stranger");
    assert_eq!(verify(&leaf, &[], &stranger), Err("certificate-authority-unknown"));
}

#[test]
fn every_certificate_of_the_chain_must_allow_the_usage() {
    let with = |usages: &[&str]| Draft::leaf("leaf").with(extended_key_usage(false, usages)).issued_by("root");
    assert_eq!(verify(&with(&[TIME_STAMPING, SERVERS]), &[], &root()), Err("certificate-usage"));
    assert_eq!(verify(&with(&["2.5.29.37.0"]), &[], &root()), Ok(2));
    assert_eq!(verify(&with(&[]), &[], &root()), Ok(2));
    assert_eq!(verify(&Draft::leaf("leaf").issued_by("root"), &[], &root()), Ok(2));
    let narrow = Draft::authority("root").with(extended_key_usage(false, &[SERVERS])).issued_by("root");
    assert_eq!(verify(&with(&[CODE_SIGNING]), &[], &narrow), Err("certificate-usage"));
    let any = verify_at("2024-06-01T00:00:00Z", Usage::Any, &with(&[SERVERS]), &[], &[narrow]);
    assert_eq!(any, Ok(2));
}

#[test]
fn only_authorities_issue_certificates() {
    let signs_nothing = |extension| Draft::leaf("root").with(extension).issued_by("root");
    let no_signing = Draft::authority("root").with(extension("2.5.29.15", true, &[3, 2, 7, 0x80])).issued_by("root");
    for root in [signs_nothing(basic_constraints(false, None)), Draft::leaf("root").issued_by("root"), no_signing] {
        assert_eq!(verify(&leaf().issued_by("root"), &[], &root), Err("issuer-not-authority"));
    }
}

#[test]
fn a_root_of_version_1_may_issue_and_an_intermediate_may_not() {
    let old = |name| Draft { version: 1, ..Draft::leaf(name) }.issued_by("root");
    assert_eq!(verify(&leaf().issued_by("root"), &[], &old("root")), Ok(2));
    assert_eq!(verify(&leaf().issued_by("middle"), &[old("middle")], &root()), Err("issuer-not-authority"));
}

#[test]
fn the_path_is_as_long_as_authorities_allow() {
    let root = |length| Draft::leaf("root").with(basic_constraints(true, Some(length))).issued_by("root");
    let middle = [Draft::authority("middle").issued_by("root")];
    assert_eq!(verify(&leaf().issued_by("middle"), &middle, &root(1)), Ok(3));
    assert_eq!(verify(&leaf().issued_by("middle"), &middle, &root(0)), Err("path-length"));
}

#[test]
fn critical_extensions_that_are_not_understood_are_refused() {
    let strange = || extension("1.2.3.4", true, b"x");
    assert_eq!(verify(&leaf().with(strange()).issued_by("root"), &[], &root()), Err("certificate-critical-extension"));
    let strange_root = Draft::authority("root").with(strange()).issued_by("root");
    assert_eq!(verify(&leaf().issued_by("root"), &[], &strange_root), Err("certificate-critical-extension"));
    let tolerable = leaf().with(extension("1.2.3.4", false, b"x")).issued_by("root");
    assert_eq!(verify(&tolerable, &[], &root()), Ok(2));
}

#[test]
fn names_of_unknown_kinds_alone_are_not_understood_unless_that_is_tolerated() {
    let leaf = leaf().with(alternative_names(true, &[(5, b"x")])).issued_by("root");
    assert_eq!(verify(&leaf, &[], &root()), Err("certificate-critical-extension"));
    let (roots, time) = ([root()], time("2024-06-01T00:00:00Z"));
    let tolerated_critical: &[&str] = &["2.5.29.17"];
    let chaining =
        Chaining { roots: &roots, intermediates: &[], time: &time, usage: Usage::CodeSigning, tolerated_critical };
    assert!(verify_chain(&leaf, &chaining).is_ok());
}

#[test]
fn authorities_that_demand_policies_are_refused() {
    let demanding = extension("2.5.29.36", false, &sequence(&[&element(0x80, &[&[0]])]));
    let root = Draft::authority("root").with(demanding).issued_by("root");
    assert_eq!(verify(&leaf().issued_by("root"), &[], &root), Err("certificate-critical-extension"));
    let inhibits = extension("2.5.29.36", true, &sequence(&[&element(0x81, &[&[0]])]));
    let root = Draft::authority("root").with(inhibits).issued_by("root");
    assert_eq!(verify(&leaf().issued_by("root"), &[], &root), Ok(2));
}

#[test]
fn names_must_be_within_what_the_authority_may_certify() {
    let refused = Err("name-constraint");
    assert_eq!(constrained(&[(DNS, b"a.example")], &[], &[(DNS, b"x.A.example")]), Ok(2));
    assert_eq!(constrained(&[(DNS, b"a.example")], &[], &[(DNS, b"xa.example")]), refused);
    assert_eq!(constrained(&[(DNS, b".a.example")], &[], &[(DNS, b"a.example")]), refused);
    assert_eq!(constrained(&[(DNS, b"a.example")], &[], &[(EMAIL, b"m@b.example")]), Ok(2));
    assert_eq!(constrained(&[(EMAIL, b"m@a.example")], &[], &[(EMAIL, b"m@A.example")]), Ok(2));
    assert_eq!(constrained(&[(EMAIL, b"m@a.example")], &[], &[(EMAIL, b"n@a.example")]), refused);
    assert_eq!(constrained(&[(URI, b".a.example")], &[], &[(URI, b"https://x.a.example:80/p")]), Ok(2));
    assert_eq!(constrained(&[(URI, b".a.example")], &[], &[(URI, b"https://b.example/.a.example")]), refused);
    assert_eq!(constrained(&[(IP, &[10, 0, 0, 0, 255, 0, 0, 0])], &[], &[(IP, &[10, 9, 9, 9])]), Ok(2));
    assert_eq!(constrained(&[(IP, &[10, 0, 0, 0, 255, 0, 0, 0])], &[], &[(IP, &[11, 9, 9, 9])]), refused);
    assert_eq!(constrained(&[(IP, &[10, 0, 0, 0, 255, 0, 0, 0])], &[], &[(IP, &[0; 16])]), refused);
}

#[test]
fn excluded_names_are_refused_in_every_guise() {
    let refused = Err("name-constraint");
    assert_eq!(constrained(&[], &[(EMAIL, b"a.example")], &[(EMAIL, b"m@b.example")]), Ok(2));
    assert_eq!(constrained(&[], &[(EMAIL, b"a.example")], &[(EMAIL, b"m@sub.a.example")]), refused);
    assert_eq!(constrained(&[], &[(DNS, b"bad.a.example")], &[(DNS, b"*.a.example")]), refused);
    assert_eq!(constrained(&[(DNS, b"bad.a.example")], &[], &[(DNS, b"*.a.example")]), refused);
    assert_eq!(constrained(&[], &[(IP, &[0; 8])], &[(IP, &[1, 2, 3, 4])]), refused);
}

#[test]
fn names_that_cannot_be_compared_are_refused_whatever_the_constraints_are() {
    for name in [(URI, &b"https://[::1]/"[..]), (URI, b"mailto:x"), (EMAIL, b"nobody"), (DNS, b"a.example.")] {
        assert_eq!(constrained(&[], &[(DNS, b"other.example")], &[name]), Err("name-constraint"), "{name:?}");
    }
}

#[test]
fn loops_end_and_the_work_is_limited() {
    let one = Draft::authority("one").issued_by("two");
    let two = Draft::authority("two").issued_by("one");
    assert_eq!(verify(&leaf().issued_by("one"), &[one, two], &root()), Err("certificate-authority-unknown"));
    // Different serial numbers, and names that make each of them another subject: every path is a new one.
    let many: Vec<Certificate> = (1..60)
        .map(|serial| {
            let names = alternative_names(false, &[(DNS, &[b'a', serial])]);
            Draft { serial: vec![serial], ..Draft::authority("many") }.with(names).issued_by("many")
        })
        .collect();
    let leaf = leaf().issued_by("many");
    assert!(verify(&leaf, &many, &root()).is_err());
    let key = test_certificates::spki("many");
    let root = Draft { key, ..Draft::authority("many") }.issued_by("many");
    assert_eq!(verify(&leaf, &many, &root), Ok(2), "the root is looked at before all others");
}

#[test]
fn signatures_by_unsafe_or_unknown_algorithms_are_refused() {
    for algorithm in ["1.2.840.113549.1.1.5", "1.2.840.10045.4.1", "1.2.3"] {
        let leaf = Draft { algorithm: sequence(&[&oid(algorithm)]), ..leaf() }.issued_by("root");
        assert_eq!(verify(&leaf, &[], &root()), Err("certificate-algorithm"), "{algorithm}");
    }
    let other_kind = Draft { algorithm: sequence(&[&oid("1.2.840.10045.4.3.2")]), ..leaf() }.issued_by("root");
    assert_eq!(verify(&other_kind, &[], &root()), Err("certificate-algorithm"));
}

#[test]
fn certificates_that_go_does_not_read_are_malformed() {
    let critical = |identifier| Draft::leaf("x").with(extension(identifier, true, &element(0x04, &[])));
    let drafts = [
        Draft { serial: vec![0xff], ..Draft::leaf("x") },
        Draft { serial: vec![0, 1], ..Draft::leaf("x") },
        Draft { version: 4, ..Draft::leaf("x") },
        Draft { validity: ["240101000000", "241231235959Z"], ..Draft::leaf("x") },
        Draft::leaf("x").with(extension("1.2.3", false, b"")).with(extension("1.2.3", false, b"")),
        critical("2.5.29.14"),
        critical("1.3.6.1.5.5.7.1.1"),
        Draft::leaf("x").with(extension("2.5.29.30", false, &sequence(&[]))),
        Draft::leaf("x").with(name_constraints(&[(IP, &[0, 0, 0, 0, 0, 255, 0, 0])], &[])),
        Draft::leaf("x").with(alternative_names(false, &[(IP, &[1, 2, 3])])),
        Draft::leaf("x").with(alternative_names(false, &[(URI, b"https://a..b/")])),
        Draft::leaf("x").with(alternative_names(false, &[(EMAIL, &[0xff])])),
    ];
    for draft in drafts {
        let error = Certificate::from_der(&draft.der("x")).unwrap_err();
        assert_eq!(error.code(), "certificate-malformed", "{draft:?}");
    }
}

#[test]
fn keys_that_go_does_not_read_make_no_certificate() {
    let with = |algorithm: &[&[u8]], key: &[u8]| {
        let key = sequence(&[&sequence(algorithm), &element(0x03, &[&[0], key])]);
        Certificate::from_der(&Draft { key, ..Draft::leaf("x") }.der("x"))
    };
    let ec = oid("1.2.840.10045.2.1");
    assert!(with(&[&ec, &oid("1.3.132.0.10")], &[4; 65]).is_err(), "secp256k1");
    assert!(with(&[&ec, &oid("1.2.840.10045.3.1.7")], &[4; 65]).is_err(), "not on the curve");
    assert!(with(&[&oid("1.3.101.112")], &[4; 31]).is_err(), "too short");
    // These are read, and an error where they are used.
    assert!(with(&[&ec, &oid("1.3.132.0.33")], &[4; 57]).unwrap().public_key().is_err(), "P-224");
    assert!(with(&[&oid("1.2.3")], &[4; 65]).unwrap().public_key().is_err(), "unknown");
}

#[test]
fn nothing_stands_behind_or_is_missing_at_the_end() {
    let mut der = Draft::leaf("x").der("x");
    assert!(Certificate::from_der(&der).is_ok());
    der.push(0);
    assert_eq!(Certificate::from_der(&der).unwrap_err().code(), "certificate-malformed");
    for length in 0..der.len() - 1 {
        assert!(Certificate::from_der(&der[..length]).is_err(), "{length} bytes");
    }
    assert_eq!(Certificate::from_der(&vec![0x30; 70_000]).unwrap_err().code(), "certificate-too-large");
}

#[test]
fn a_text_of_certificates_holds_nothing_else() {
    let block = pem::encode("CERTIFICATE", &Draft::leaf("x").der("x"));
    assert_eq!(Certificate::all_from_pem(&format!("{block}\n{block}\n")).unwrap().len(), 2);
    assert_eq!(Certificate::all_from_pem(" \n").unwrap(), []);
    let other = format!("{block}{}", pem::encode("PUBLIC KEY", b"x"));
    assert_eq!(Certificate::all_from_pem(&other).unwrap_err().code(), "certificate-label");
    assert_eq!(Certificate::readable_from_pem(&other).len(), 1);
    assert_eq!(Certificate::all_from_pem(&format!("{block}x")).unwrap_err().code(), "pem-missing");
    assert_eq!(Certificate::all_from_pem(&block.repeat(65)).unwrap_err().code(), "certificates-too-many");
}

#[test]
fn fulcio_s_user_name_is_the_only_name_of_its_kind() {
    let fulcio = sequence(&[&oid("1.3.6.1.4.1.57264.1.7"), &element(0xa0, &[&element(0x0c, &[b"user"])])]);
    let other = sequence(&[&oid("1.2.3"), &element(0xa0, &[&element(0x0c, &[b"user"])])]);
    let named = |names: &[&[u8]]| {
        // `[0]` in place of the sequence.
        let names: Vec<Vec<u8>> = names.iter().map(|name| [&[0xa0], &name[1..]].concat()).collect();
        let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
        let certificate = Draft::leaf("x").with(extension("2.5.29.17", false, &sequence(&names))).issued_by("x");
        certificate.names().fulcio_user_name().map(str::to_owned)
    };
    assert_eq!(named(&[&fulcio]).as_deref(), Some("user"));
    assert_eq!(named(&[&other]), None);
    assert_eq!(named(&[&fulcio, &other]), None);
    assert_eq!(named(&[&fulcio, &fulcio]), None);
}
