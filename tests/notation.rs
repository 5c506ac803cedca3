//! Notation envelopes: the answers of notation itself, the same reasons in both formats, and nothing altered accepted.
//!
//! `data/notation/README.md` says where the vectors come from.

use std::collections::{BTreeMap, BTreeSet};
use vidimus::notation::Strictness;
use vidimus_tests::envelopes::{Parts, Vector, Vectors};

/// What notation accepts and is refused here: name, format, code of the reason, why.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("cose-time-float", "cose", "envelope-header-malformed", "the specification has whole seconds"),
    ("cose-unprotected-alg", "cose", "envelope-malformed", "a label in both headers: RFC 9052, section 3"),
    ("cose-unprotected-countersignature0", "cose", "envelope-malformed", "nobody would verify it"),
    ("cose-unprotected-iv", "cose", "envelope-malformed", "nothing is encrypted"),
    ("crit-signing-time", "cose", "critical-header-unknown", "notation refuses it in JWS"),
    ("crit-twice", "cose", "critical-header-twice", "notation refuses it in JWS"),
    ("crit-unknown", "cose", "critical-header-unknown", "RFC 9052, section 3.1"),
    ("crit-unknown", "jws", "critical-header-unknown", "RFC 7515, section 4.1.11"),
    ("issuer-critical-extension", "cose", "certificate-critical-extension", "RFC 5280, section 4.2"),
    ("issuer-critical-extension", "jws", "certificate-critical-extension", "RFC 5280, section 4.2"),
    ("jws-member-other-case", "jws", "signature-mismatch", "names are compared with regard to case: RFC 8259"),
    ("jws-member-twice", "jws", "envelope-malformed", "two readers could see two envelopes"),
    ("jws-protected-twice", "jws", "envelope-malformed", "names must be unique: RFC 7515, section 4"),
    ("jws-signature-newline", "jws", "envelope-malformed", "no line ends in base64url: RFC 7515, section 2"),
    ("jws-signature-stray-bits", "jws", "envelope-malformed", "one text for one signature: RFC 4648, section 3.5"),
    ("leaf-critical-extension", "cose", "certificate-critical-extension", "RFC 5280, section 4.2"),
    ("leaf-critical-extension", "jws", "certificate-critical-extension", "RFC 5280, section 4.2"),
    ("payload-key-twice", "cose", "signed-payload-malformed", "two readers could see two artifacts"),
    ("payload-key-twice", "jws", "signed-payload-malformed", "two readers could see two artifacts"),
];
/// Accepted as by Kyverno where that is asked for.
const LENIENT: [&str; 3] = ["crit-unknown", "leaf-critical-extension", "issuer-critical-extension"];
/// What is a fault in one format only, and why.
const FORMATS_DIFFER: &[(&str, &str)] = &[
    ("signature-salt-20", "RFC 8230 fixes the length of the salt for COSE; golang-jwt takes any for JWS"),
    ("time-authentic-beside", "as in notation: its COSE reader does not look at the time of the other scheme"),
];

#[test]
fn envelopes_are_judged_as_by_notation() {
    let vectors = Vectors::read();
    let mut refused = BTreeSet::new();
    for case in &vectors.cases {
        let id = format!("{} ({})", case.name, case.format);
        match (vectors.ask(case, Strictness::Specification), case.notation.is_empty()) {
            (Ok(()), true) | (Err(_), false) => {}
            (Ok(()), false) => panic!("{id} is accepted, notation says: {}", case.notation),
            (Err(error), true) => {
                refused.insert((case.name.as_str(), case.format.as_str(), error.code()));
            }
        }
    }
    assert_eq!(refused, REFUSED.iter().map(|(name, format, code, _)| (*name, *format, *code)).collect());
}

#[test]
fn what_only_the_specification_refuses_is_accepted_as_by_kyverno_where_asked_for() {
    let vectors = Vectors::read();
    for case in &vectors.cases {
        let (strict, lenient) = (vectors.ask(case, Strictness::Specification), vectors.ask(case, Strictness::Kyverno));
        let id = format!("{} ({})", case.name, case.format);
        assert_eq!(lenient.is_ok() && strict.is_err(), LENIENT.contains(&case.name.as_str()), "{id}");
        assert!(lenient.is_err() || case.notation.is_empty(), "{id}: {}", case.notation);
    }
}

#[test]
fn the_same_fault_has_the_same_reason_in_both_formats() {
    let vectors = Vectors::read();
    let mut answers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for case in vectors.cases.iter().filter(|case| !case.is_raw()) {
        let answer = vectors.ask(case, Strictness::Specification);
        answers.entry(&case.name).or_default().push(answer.err().map_or("accepted", |error| error.code()));
    }
    let differ: Vec<_> = answers.iter().filter(|(_, codes)| codes.len() == 2 && codes[0] != codes[1]).collect();
    let explained: Vec<&str> = FORMATS_DIFFER.iter().map(|(name, _)| *name).collect();
    let found: Vec<&str> = differ.iter().map(|(name, _)| **name).collect();
    assert_eq!(found, explained, "{differ:#?}");
    assert!(answers.values().filter(|codes| codes.len() == 2).count() > 100);
}

#[test]
fn no_altered_envelope_is_accepted() {
    let vectors = Vectors::read();
    let (mut tried, mut accepted) = (0, Vec::new());
    for case in vectors.cases.iter().filter(|case| case.name.starts_with("good-") || case.name == "expiry-ahead") {
        for (what, bytes) in alterations(case) {
            tried += 1;
            if vectors.verify(case.media_type(), &bytes, &case.trust, Strictness::Kyverno).is_ok() {
                accepted.push(format!("{} ({}): {what}", case.name, case.format));
            }
        }
    }
    println!("{tried} altered envelopes");
    assert!(accepted.is_empty(), "{accepted:#?}");
    assert!(tried > 10_000, "only {tried}");
}

type Part = fn(&mut Parts) -> &mut Vec<u8>;

/// Every alteration of the parts: bits, bytes left out, certificates left out and exchanged, header fields.
fn alterations(case: &Vector) -> Vec<(String, Vec<u8>)> {
    let good = &case.parts;
    let mut found = Vec::new();
    let mut add = |what: String, parts: Parts| found.push((what, case.with(&parts)));
    let part: [(&str, Part); 3] = [
        ("protected", |parts| &mut parts.protected),
        ("payload", |parts| &mut parts.payload),
        ("signature", |parts| &mut parts.signature),
    ];
    for (name, of) in part {
        let length = of(&mut good.clone()).len();
        for at in 0..length {
            let mut parts = good.clone();
            of(&mut parts)[at] ^= 1 << (at % 8);
            add(format!("a bit of byte {at} of {name}"), parts);
            let mut parts = good.clone();
            of(&mut parts).remove(at);
            add(format!("{name} without byte {at}"), parts);
        }
        let mut parts = good.clone();
        of(&mut parts).push(0);
        add(format!("{name} with one byte more"), parts);
        let mut parts = good.clone();
        of(&mut parts).clear();
        add(format!("{name} empty"), parts);
    }
    // Every byte of the smallest chain, some of the others.
    let step = if case.name == "good-ES256" { 1 } else { 37 };
    for index in 0..good.chain.len() {
        for at in (0..good.chain[index].len()).step_by(step) {
            let mut parts = good.clone();
            parts.chain[index][at] ^= 1 << (at % 8);
            add(format!("a bit of byte {at} of certificate {index}"), parts);
        }
        let mut parts = good.clone();
        parts.chain.remove(index);
        add(format!("without certificate {index}"), parts);
        let mut parts = good.clone();
        let twice = parts.chain[index].clone();
        parts.chain.insert(index, twice);
        add(format!("certificate {index} twice"), parts);
        for other in 0..index {
            let mut parts = good.clone();
            parts.chain.swap(index, other);
            add(format!("certificates {other} and {index} exchanged"), parts);
        }
    }
    if case.format == "jws" {
        for (what, protected) in other_headers(&good.protected) {
            add(what, Parts { protected, ..good.clone() });
        }
    }
    if case.name == "good-ES256" {
        let bytes = case.envelope();
        // Beyond the parts: what holds them together.
        found.extend((0..bytes.len()).map(|length| (format!("{length} bytes"), bytes[..length].to_vec())));
        if case.format == "cose" {
            found.extend((0..bytes.len()).map(|at| {
                let mut bytes = bytes.clone();
                bytes[at] ^= 0x20;
                (format!("a bit of byte {at}"), bytes)
            }));
        }
    }
    found
}

/// The header with each field left out and each replaced.
fn other_headers(protected: &[u8]) -> Vec<(String, Vec<u8>)> {
    let header: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(protected).expect("JSON");
    let mut found = Vec::new();
    for name in header.keys() {
        let mut without = header.clone();
        without.remove(name);
        found.push((format!("without {name}"), without));
        for value in ["", "x", "ES256", "PS256", "none", "2030-01-01T00:00:00Z", "notary.x509.signingAuthority"] {
            let mut other = header.clone();
            if other.insert(name.clone(), value.into()).as_ref() != Some(&value.into()) {
                found.push((format!("{name} is {value:?}"), other));
            }
        }
    }
    let text = |map| serde_json::to_vec(&serde_json::Value::Object(map)).expect("JSON");
    found.into_iter().map(|(what, map)| (what, text(map))).collect()
}

#[test]
fn garbage_is_refused_without_a_panic() {
    let vectors = Vectors::read();
    let mut random = Random(1);
    let mut tried = 0;
    for case in vectors.cases.iter().filter(|case| case.name == "good-ES256" || case.is_raw()) {
        let good = case.envelope();
        for _ in 0..150 {
            let mut bytes = good.clone();
            for _ in 0..=random.below(3) {
                let at = random.below(bytes.len());
                match random.below(4) {
                    0 => bytes[at] = u8::try_from(random.below(256)).expect("a byte"),
                    1 => bytes.truncate(at + 1),
                    2 => _ = bytes.remove(at),
                    _ => bytes.insert(at, u8::try_from(random.below(256)).expect("a byte")),
                }
                if bytes.is_empty() {
                    bytes.push(0);
                }
            }
            for media_type in ["application/jose+json", "application/cose", "", "text/plain"] {
                tried += 1;
                let known = media_type == case.media_type();
                let answer = vectors.verify(media_type, &bytes, &case.trust, Strictness::Specification);
                assert!(known || answer.is_err(), "{} as {media_type}", case.name);
            }
        }
    }
    println!("{tried} pieces of garbage");
}

/// Numbers without a pattern, the same in every run (Knuth's MMIX generator).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit.max(1)
    }
}
