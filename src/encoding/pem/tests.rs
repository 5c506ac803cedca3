//! What Go 1.26's `pem.Decode` answers, and what the errors say.

use super::*;

/// Text, and label, bytes in hex and rest as `pem.Decode` gave them.
type Case = (&'static str, Option<(&'static str, &'static str, &'static str)>);

#[rustfmt::skip]
const GO: &[Case] = &[
    ("-----BEGIN A-----\nAQID\n-----END A-----\n", Some(("A", "010203", ""))),
    ("-----BEGIN A-----\nAQID\n-----END A-----", Some(("A", "010203", ""))),
    ("-----BEGIN A-----\r\nAQID\r\n-----END A-----\r\n", Some(("A", "010203", ""))),
    ("-----BEGIN A-----  \nAQID\n-----END A----- \t\nrest", Some(("A", "010203", "rest"))),
    ("text\n-----BEGIN A-----\nAQID\n-----END A-----\nrest", Some(("A", "010203", "rest"))),
    ("text -----BEGIN A-----\nAQID\n-----END A-----\n", None),
    ("  -----BEGIN A-----\nAQID\n-----END A-----\n", None),
    ("-----BEGIN A-----\nAQID\n  -----END A-----\n", None),
    ("-----BEGIN A-----\n A Q\tI\nD \n-----END A-----\n", Some(("A", "010203", ""))),
    ("-----BEGIN A-----\nKey: value\nOther: x\n\nAQID\n-----END A-----\n", Some(("A", "010203", ""))),
    ("-----BEGIN A-----\nKey: value\nAQID\n-----END A-----\n", Some(("A", "010203", ""))),
    ("-----BEGIN A-----\nKey: value\n-----END A-----\n", None),
    ("-----BEGIN A-----\nKey: value\n\n-----END A-----\n", Some(("A", "", ""))),
    ("-----BEGIN A-----\n-----END A-----\n", Some(("A", "", ""))),
    ("-----BEGIN A-----\n\n-----END A-----\n", Some(("A", "", ""))),
    ("-----BEGIN A-----AQID-----END A-----", None),
    ("-----BEGIN A-----\nAQID-----END A-----\n", None),
    ("-----BEGIN A-----\nAQID\n-----END B-----\n", None),
    ("-----BEGIN A-----\nAQID\n-----END A----- x\n", None),
    ("-----BEGIN A-----\nAQID\n-----END A------\n", None),
    ("-----BEGIN A----\nAQID\n-----END A-----\n", None),
    ("-----BEGIN A-----\nAQID\n", None),
    ("-----BEGIN A-----\n-----BEGIN A-----\nAQID\n-----END A-----\n", Some(("A", "010203", ""))),
    ("-----BEGIN A-----\nAQID\n-----BEGIN B-----\nBAUG\n-----END B-----\n", Some(("B", "040506", ""))),
    ("-----BEGIN A-----\nxxx\n-----END A-----\n-----BEGIN B-----\nBAUG\n-----END B-----\n", Some(("B", "040506", ""))),
    ("-----BEGIN A-----\nAQI=\n-----END A-----\n", Some(("A", "0102", ""))),
    ("-----BEGIN A-----\nAQJ=\n-----END A-----\n", Some(("A", "0102", ""))),
    ("-----BEGIN A-----\nAQI\n-----END A-----\n", None),
    ("-----BEGIN A-----\nAQ=\n=\n-----END A-----\n", Some(("A", "01", ""))),
    ("-----BEGIN A-----\nAQ==AQID\n-----END A-----\n", None),
    ("-----BEGIN A-----\n_-ID\n-----END A-----\n", None),
    ("-----BEGIN -----\nAQID\n-----END -----\n", Some(("", "010203", ""))),
    ("-----BEGIN A:B-----\nAQID\n-----END A:B-----\n", Some(("A:B", "010203", ""))),
    ("-----BEGIN A:B-----\nk: v\n-----END A:B-----\n", None),
    ("-----END A-----\n-----BEGIN A-----\nAQID\n-----END A-----\n", Some(("A", "010203", ""))),
    ("\n-----END A-----\n-----BEGIN A-----\nAQID\n-----END A-----\n", Some(("A", "010203", ""))),
    ("\u{feff}-----BEGIN A-----\nAQID\n-----END A-----\n", None),
    ("-----BEGIN A-----\nAQID\n-----END A-----\n-----BEGIN B-----\nBAUG\n-----END B-----\n", Some(("A", "010203", "-----BEGIN B-----\nBAUG\n-----END B-----\n"))),
    ("-----BEGIN A-----\r\n-----END A-----\r\n", Some(("A", "", ""))),
    ("-----BEGIN A-----\nAQID\n-----END A-----\r", None),
    ("", None),
];

#[test]
fn blocks_are_found_where_go_finds_them() {
    for (text, expected) in GO {
        let found = decode(text);
        let found = found.as_ref().ok().map(|(block, rest)| (block.label.as_str(), hex::encode(&block.bytes), *rest));
        let expected = expected.map(|(label, bytes, rest)| (label, bytes.to_owned(), rest));
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn a_placeholder_is_recognised_and_said_to_be_no_base64() {
    let error =
        decode("-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYxxxxxxxxxxx\n-----END PUBLIC KEY-----").unwrap_err();
    assert_eq!(error.code(), "pem-body");
    let message = error.to_string();
    assert!(
        message.contains("between -----BEGIN PUBLIC KEY----- and -----END PUBLIC KEY----- is not base64"),
        "{message}"
    );
    assert!(message.contains("found 30: some are missing"), "{message}");
    assert!(
        message.ends_with("this looks like the placeholder of an example: replace it by the real data"),
        "{message}"
    );
    assert!(looks_like_placeholder("MFkwEw..."));
    assert!(!looks_like_placeholder("AAAAAAAAAAAAAAAA"));
}

#[test]
fn an_indented_or_unfinished_block_is_told_from_none_at_all() {
    for text in [
        "  -----BEGIN A-----\nAQID\n  -----END A-----",
        "-----BEGIN A-----\nAQID",
        "x -----BEGIN A-----\nAQID\n-----END A-----",
    ] {
        assert_eq!(decode(text), Err(PemError::Markers { label: "A".to_owned() }), "{text:?}");
    }
    let missing = |text: &str| decode(text).unwrap_err().to_string();
    assert!(missing("cosign.pub").ends_with("found `cosign.pub`"), "{}", missing("cosign.pub"));
    assert!(missing(" \n").ends_with("found an empty text"));
    assert!(missing(&"k".repeat(50)).ends_with(&format!("found `{}...`", "k".repeat(40))));
}

#[test]
fn the_first_unreadable_block_is_reported_when_no_readable_one_follows() {
    let error = decode("-----BEGIN A-----\nx\n-----END A-----\n-----BEGIN B-----\nyy\n-----END B-----").unwrap_err();
    assert!(matches!(error, PemError::Body { ref label, .. } if label == "A"), "{error}");
}
