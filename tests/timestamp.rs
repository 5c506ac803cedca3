//! Timestamps are judged as by Go's libraries: never accepted where they refuse, and refused where they accept for a
//! reason that stands here.

use std::collections::{BTreeMap, BTreeSet};
use vidimus::encoding::der::Reader;
use vidimus_tests::timestamps::{Found, Vectors, ask, authorities, token, told};

const LIBRARIES: [&str; 2] = ["notation", "sigstore"];
/// What a library accepts and is refused here: name, library, code of the reason, why.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("accuracy-huge", "both", "timestamp-malformed", "no clock is off by as much; Go's durations overflow"),
    ("accuracy-millis-1000", "both", "timestamp-malformed", "RFC 3161, section 2.4.2: 1 to 999"),
    ("accuracy-negative", "both", "timestamp-malformed", "no accuracy is below zero"),
    ("accuracy-order", "both", "timestamp-malformed", "the fields of a sequence have an order"),
    ("accuracy-text", "both", "timestamp-malformed", "RFC 3161 has no such field"),
    ("algorithm-parameters-twice", "both", "timestamp-malformed", "an algorithm has parameters once"),
    ("attributes-digest-as-sequence", "both", "timestamp-malformed", "RFC 5652, section 5.3: values are a set"),
    ("attributes-digest-right-then-wrong", "both", "timestamp-malformed", "RFC 5652, section 11.2: one digest"),
    ("attributes-digest-twice", "both", "timestamp-malformed", "RFC 5652, section 11.2: one digest"),
    ("attributes-digest-two-values", "both", "timestamp-malformed", "RFC 5652, section 11.2: one digest"),
    (
        "attributes-missing",
        "sigstore",
        "timestamp-malformed",
        "RFC 5652, section 5.3: required where the content is no plain data",
    ),
    ("attributes-other-type", "sigstore", "timestamp-malformed", "RFC 5652, section 11.1; notation refuses it"),
    ("attributes-without-type", "sigstore", "timestamp-malformed", "RFC 5652, section 11.1; notation refuses it"),
    ("authority-name-primitive", "both", "timestamp-malformed", "a name is tagged explicitly"),
    ("behind-content", "both", "timestamp-malformed", "signed by nobody"),
    ("behind-info", "both", "timestamp-malformed", "RFC 3161 has nothing there"),
    ("behind-signature", "both", "timestamp-malformed", "signed by nobody"),
    ("behind-signed-data", "both", "timestamp-malformed", "signed by nobody"),
    ("behind-signers", "both", "timestamp-malformed", "signed by nobody"),
    ("behind-token", "sigstore", "timestamp-malformed", "signed by nobody"),
    ("ber-long-length-bare", "notation", "timestamp-malformed", "not DER"),
    ("certificates-primitive", "notation", "timestamp-malformed", "RFC 5652: a set of certificates is constructed"),
    ("content-constructed", "sigstore", "timestamp-malformed", "not DER; notation refuses it"),
    ("content-two", "both", "timestamp-malformed", "signed by nobody"),
    ("content-type-data", "sigstore", "timestamp-malformed", "no timestamp; notation refuses it"),
    ("digest-algorithms-broken", "sigstore", "timestamp-malformed", "not DER; notation refuses it"),
    ("digest-named-as-ecdsa", "sigstore", "timestamp-algorithm", "no hash function; notation refuses it"),
    ("digest-sha1", "sigstore", "timestamp-algorithm", "SHA-1"),
    ("in-info-behind", "both", "timestamp-malformed", "RFC 3161 has nothing there"),
    ("info-version-2", "sigstore", "timestamp-malformed", "RFC 3161 has version 1; notation refuses it"),
    (
        "leaf-is-authority",
        "notation",
        "timestamp-signer-is-authority",
        "RFC 3161, section 2.3; notation refuses it when it looks at the chain",
    ),
    ("order-of-fields", "both", "timestamp-malformed", "the fields of a sequence have an order"),
    ("revocation-list", "sigstore", "timestamp-malformed", "notation refuses it"),
    ("revocation-lists-none", "both", "timestamp-malformed", "an optional list is left out"),
    ("rsa-sha1", "sigstore", "timestamp-algorithm", "SHA-1"),
    ("rsa-sha1-named-digest-sha256", "sigstore", "timestamp-algorithm", "SHA-1"),
    ("rsa-sha512-named-digest-sha256", "sigstore", "timestamp-algorithm", "two hash functions; notation refuses it"),
    (
        "rsa-sha512-named-signed-sha512-digest-sha256",
        "notation",
        "timestamp-algorithm",
        "two hash functions; sigstore refuses it",
    ),
    ("sid-something-behind", "both", "timestamp-malformed", "signed by nobody"),
    ("signature-ecdsa-sha1", "sigstore", "timestamp-algorithm", "SHA-1"),
    ("signature-named-as-curve", "sigstore", "timestamp-algorithm", "no signature algorithm; notation refuses it"),
    ("signers-two", "notation", "timestamp-malformed", "sigstore refuses it"),
    ("signing-time-fraction", "both", "timestamp-malformed", "RFC 5652, section 11.3: whole seconds"),
    ("signing-time-garbage", "sigstore", "timestamp-malformed", "notation refuses it"),
    ("signing-time-number", "sigstore", "timestamp-malformed", "notation refuses it"),
    ("status-failure", "sigstore", "timestamp-malformed", "a reason for failure beside a token"),
    ("status-negative", "sigstore", "timestamp-refused", "no such status"),
    ("status-something-behind", "sigstore", "timestamp-malformed", "signed by nobody"),
    ("time-offset", "both", "timestamp-malformed", "RFC 3161, section 2.4.2: in UTC"),
    ("time-utc", "both", "timestamp-malformed", "RFC 3161, section 2.4.2: a GeneralizedTime"),
];
/// Parts of a response that nobody signs and nothing depends on: the way there by the numbers of elements, by whose
/// rules, what it is.
const UNSIGNED: &[(&str, &str, &str)] = &[
    ("/0/1/0", "sigstore", "the text beside the status"),
    ("/1/1/0/0", "sigstore", "the version of the signed data"),
    ("/1/1/0/1/0/0", "both", "the list of digest algorithms: the signer names its own"),
    ("/1/1/0/4/0/0", "sigstore", "the version of the signer"),
    ("/1/1/0/4/0/1", "notation", "the name of the certificate: a signed attribute has its hash"),
    ("/1/1/0/4/0/2/1", "both", "parameters of the digest algorithm"),
    ("/1/1/0/4/0/4/1", "both", "parameters of the signature algorithm"),
    ("/1/1/0/4/0/6", "both", "unsigned attributes"),
];

#[test]
fn timestamps_are_judged_as_by_the_libraries() {
    let vectors = Vectors::read();
    let mut refused = BTreeSet::new();
    for case in &vectors.cases {
        for (library, said) in &case.said {
            let id = format!("{} ({library})", case.name);
            match (case.ask(library, &vectors.message), said.starts_with("yes")) {
                (Err(_), false) => {}
                (Ok(verified), true) => assert_eq!(told(&verified), *said, "{id}"),
                (Ok(_), false) => panic!("{id} is accepted, the library says: {said}"),
                (Err(error), true) => {
                    refused.insert((case.name.as_str(), *library, error.code()));
                }
            }
        }
    }
    let expected = REFUSED.iter().flat_map(|(name, whose, code, _)| {
        LIBRARIES.iter().filter(|library| is_of(whose, library)).map(|library| (*name, *library, *code))
    });
    assert_eq!(refused, expected.collect());
    assert!(vectors.cases.len() >= 290);
}

#[test]
fn nothing_altered_is_accepted_but_what_nobody_signs() {
    let vectors = Vectors::read();
    let (mut tried, mut seen) = (0, BTreeSet::new());
    for name in ["everything", "rsa-null-parameters", "status-text", "unsigned-attributes"] {
        let case = vectors.named(name);
        for library in LIBRARIES {
            let good = case.ask(library, &vectors.message).expect("the vector verifies");
            // What is around a token is not notation's affair.
            let (bytes, around) = match library {
                "notation" => (token(&case.response), "/1"),
                _ => (case.response.as_slice(), ""),
            };
            for at in 0..bytes.len() {
                for altered in alterations(bytes, at) {
                    tried += 1;
                    let Ok(found) = ask(library, &altered, &vectors.message, &case.authority) else { continue };
                    assert_eq!(found, good);
                    let place = format!("{around}{}", place(bytes, at));
                    let is_known =
                        |(known, whose, _): &&(&str, &str, &str)| place.starts_with(known) && is_of(whose, library);
                    let known = UNSIGNED.iter().find(is_known);
                    let (known, ..) = known.unwrap_or_else(|| panic!("{name} ({library}): altered at {at}, {place}"));
                    seen.insert(*known);
                }
            }
        }
    }
    assert_eq!(seen, UNSIGNED.iter().map(|(known, ..)| *known).collect());
    assert!(tried > 30_000, "only {tried} alterations");
}

#[test]
fn another_message_is_not_what_was_stamped() {
    let vectors = Vectors::read();
    for case in &vectors.cases {
        for library in LIBRARIES {
            assert!(case.ask(library, b"something else").is_err(), "{} ({library})", case.name);
        }
    }
}

#[test]
fn garbage_is_refused() {
    let vectors = Vectors::read();
    let good = vectors.named("everything");
    let other = &vectors.named("rsa").response;
    let mut garbage: Vec<Vec<u8>> = (0..good.response.len()).map(|end| good.response[..end].to_vec()).collect();
    garbage.extend((1..good.response.len()).map(|start| good.response[start..].to_vec()));
    // The beginning of one, the end of another.
    garbage.extend((1..good.response.len()).map(|cut| {
        good.response[..cut].iter().chain(other.get(cut..).unwrap_or_default()).copied().collect::<Vec<u8>>()
    }));
    let mut state = 1_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    // Tags and short lengths, so that something of it can be read.
    let bytes = [0x30, 0x31, 0xa0, 0xa1, 0x02, 0x04, 0x06, 0x18, 0x80, 0x81, 0x82, 0x84, 0, 1, 2, 3, 9, 0xff];
    garbage.extend((0..20_000).map(|length| (0..length % 64).map(|_| bytes[usize::from(random()) % 18]).collect()));
    garbage.push([0x30, 0x80].repeat(100_000));
    garbage.push(deep(30_000));
    for bytes in garbage {
        for library in LIBRARIES {
            let answer = ask(library, &bytes, &vectors.message, &good.authority);
            // A whole token may come out of it.
            let is_whole = [token(&good.response), token(other)].contains(&token(&bytes));
            assert!(answer.is_err() || is_whole, "{library}: {bytes:?}");
        }
    }
}

#[test]
fn timestamps_of_the_conformance_data_verify_where_the_libraries_verify_them() {
    let Some(fixtures) = vidimus_tests::shared("fixtures") else { return };
    let Some(corpus) = vidimus_tests::shared("corpus/sigstore-conformance") else { return };
    let expected: BTreeMap<String, BTreeSet<String>> =
        serde_json::from_str(include_str!("data/timestamps/fixtures.json")).expect("the answers are JSON");
    let found: BTreeSet<Found> = [&fixtures, &corpus].into_iter().flat_map(|folder| Found::all(folder)).collect();
    let mut authorities = authorities(&fixtures);
    authorities.extend(vidimus_tests::timestamps::authorities(&corpus));
    authorities.extend(vidimus_tests::timestamps::authorities(concat!(env!("CARGO_MANIFEST_DIR"), "/data").as_ref()));
    for library in LIBRARIES {
        let mut verified = BTreeSet::new();
        for stamp in &found {
            for (name, authority) in &authorities {
                if let Ok(good) = ask(library, &stamp.response, &stamp.message, authority) {
                    verified.insert(format!(
                        "{} {name} {}",
                        stamp.id(),
                        told(&good).split(' ').nth(1).unwrap_or_default()
                    ));
                }
            }
        }
        assert_eq!(verified, expected[library], "{library}");
    }
    assert_eq!((found.len(), authorities.len()), (64, 12));
}

fn is_of(whose: &str, library: &str) -> bool {
    whose == "both" || whose == library
}

fn alterations(bytes: &[u8], at: usize) -> Vec<Vec<u8>> {
    let (before, rest) = bytes.split_at(at);
    let with = |middle: &[u8]| [before, middle, &rest[1..]].concat();
    let flipped = [1, 8, 32, 128, 255].iter().map(|bits| with(&[rest[0] ^ bits]));
    flipped.chain([with(&[]), with(&[rest[0], rest[0]])]).collect()
}

/// The way to the byte at `at` within the outermost element: the number of each element in the one around it.
fn place(bytes: &[u8], at: usize) -> String {
    let response = Reader::new(bytes).any().expect("an element");
    let mut reader = response.inside();
    let mut at = match at.checked_sub(bytes.len() - response.contents.len()) {
        Some(inside) => inside,
        None => return String::new(),
    };
    let (mut way, mut number) = (String::new(), 0);
    while let Some(element) = reader.any() {
        if at >= element.full.len() {
            at -= element.full.len();
            number += 1;
            continue;
        }
        let head = element.full.len() - element.contents.len();
        way += &format!("/{number}");
        if at < head || element.tag & 0x20 == 0 {
            break;
        }
        at -= head;
        number = 0;
        reader = element.inside();
    }
    way
}

/// Sequences in sequences.
fn deep(levels: usize) -> Vec<u8> {
    let mut reversed = Vec::new();
    for _ in 0..levels {
        let length = reversed.len();
        let bytes = u32::try_from(length).expect("short").to_be_bytes();
        let digits: Vec<u8> = bytes.into_iter().skip_while(|digit| *digit == 0).collect();
        reversed.extend(digits.iter().rev());
        if length < 0x80 {
            reversed.truncate(length);
            reversed.push(bytes[3]);
        } else {
            reversed.push(0x80 | u8::try_from(digits.len()).expect("few"));
        }
        reversed.push(0x30);
    }
    reversed.reverse();
    reversed
}
