//! Revocation by OCSP and lists: the outcome is notation-core-go's, but where the ledger has the reason.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::collections::BTreeMap;
use vidimus::revocation::{Outcome, Question, Reply, ask};
use vidimus::scalar::time::Timestamp;
use vidimus::x509::Certificate;
use vidimus_fuzz::Mutator;

/// What is decided otherwise: the outcome, whether `compat: exact` keeps it, and why.
const LEDGER: &[(&str, &str, bool, &str)] = &[
    ("list: bytes behind", "unknown", true, "a list is one element; Go passes over what follows"),
    ("list: delta list", "unknown", true, "RFC 5280, section 5.2.4: it lists changes alone"),
    ("list: from the future", "unknown", true, "it does not count yet"),
    (
        "ocsp: about another authority of the same name",
        "unknown",
        false,
        "RFC 6960, section 3.2: it must name the issuer",
    ),
    ("ocsp: by a code signer of the issuer", "unknown", false, OTHER_RESPONDER),
    ("ocsp: by the certificate in question", "unknown", false, OTHER_RESPONDER),
    ("ocsp: from the future", "unknown", false, "it does not count yet"),
];
const OTHER_RESPONDER: &str = "RFC 6960, section 4.2.2.2: the issuer must entrust a responder with it";

#[derive(Deserialize)]
struct Vectors {
    now: String,
    cases: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    leaf: String,
    issuer: String,
    ocsp: BTreeMap<String, String>,
    lists: BTreeMap<String, String>,
    result: String,
}

fn bytes(text: &str) -> Vec<u8> {
    STANDARD.decode(text).expect("base64")
}

fn certificate(text: &str) -> Certificate {
    Certificate::from_der(&bytes(text)).expect("a certificate")
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("data/revocation/vectors.json")).expect("the vectors are JSON")
}

impl Vector {
    /// The answers by address: lists and responders have different ones.
    fn answers(&self) -> BTreeMap<&str, Vec<u8>> {
        self.ocsp.iter().chain(&self.lists).map(|(url, text)| (url.as_str(), bytes(text))).collect()
    }

    fn ask(&self, answers: &BTreeMap<&str, Vec<u8>>, now: &Timestamp, strict: bool) -> Outcome {
        let reply = |question: &Question| {
            let (Question::List { url } | Question::Ocsp { url, .. }) = question;
            answers.get(url.as_str()).map_or(Reply::None("connection refused".to_owned()), |bytes| Reply::Bytes(bytes))
        };
        ask(&certificate(&self.leaf), &certificate(&self.issuer), now, strict, &reply)
    }
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Good(_) => "good",
        Outcome::Pending => "pending",
        Outcome::Revoked(_) => "revoked",
        Outcome::Unknown(_) => "unknown",
    }
}

#[test]
fn outcomes_are_those_of_notation() {
    let Vectors { now, cases } = vectors();
    let now = Timestamp::parse_rfc3339(&now).expect("a time");
    let mut ledger: BTreeMap<&str, (&str, bool)> =
        LEDGER.iter().map(|(name, outcome, exact, _)| (*name, (*outcome, *exact))).collect();
    let mut complaints = Vec::new();
    for case in &cases {
        let known = ledger.remove(case.name.as_str());
        for strict in [true, false] {
            let expected = match known {
                Some((outcome, exact)) if strict || exact => outcome,
                _ => case.result.as_str(),
            };
            let outcome = case.ask(&case.answers(), &now, strict);
            if word(&outcome) != expected {
                complaints.push(format!("{} (strict: {strict}): {outcome:?} where {expected} is expected", case.name));
            }
        }
        assert!(known.is_none_or(|(outcome, _)| outcome != case.result), "{}: the ledger says nothing", case.name);
    }
    println!("{} cases", cases.len());
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(ledger.is_empty(), "ledger entries that are no cases: {ledger:?}");
}

#[test]
fn nothing_altered_makes_a_certificate_good() {
    let Vectors { now, cases } = vectors();
    let now = Timestamp::parse_rfc3339(&now).expect("a time");
    let mut mutator = Mutator::new(3);
    let mut tried = 0;
    for case in &cases {
        let answers = case.answers();
        let is_good = |answers: &BTreeMap<&str, Vec<u8>>| word(&case.ask(answers, &now, true)) == "good";
        for (url, answer) in &answers {
            let mut others = answers.clone();
            others.remove(url);
            // An answer that cannot be read is none: another address may know.
            let may_be_good = is_good(&answers) || is_good(&others);
            let flips = (0..answer.len()).map(|at| {
                let mut altered = answer.clone();
                altered[at] ^= 1 << (at % 8);
                altered
            });
            let noise: Vec<Vec<u8>> = (0..50).map(|_| mutator.altered(answer)).collect();
            for altered in flips.step_by(3).chain(noise) {
                let mut answers = answers.clone();
                answers.insert(url, altered);
                tried += 1;
                assert!(may_be_good || !is_good(&answers), "{} {url}", case.name);
            }
        }
    }
    println!("{tried} altered answers");
    assert!(tried > 5_000, "{tried}");
}

#[test]
fn what_nobody_asked_yet_is_pending_and_all_of_it_is_asked_for() {
    let Vectors { now, cases } = vectors();
    let now = Timestamp::parse_rfc3339(&now).expect("a time");
    let case = cases.iter().find(|case| case.name == "list: two, both good").expect("a case");
    let asked = std::cell::RefCell::new(Vec::new());
    let pending = |question: &Question| {
        asked.borrow_mut().push(question.clone());
        Reply::Pending
    };
    let outcome = ask(&certificate(&case.leaf), &certificate(&case.issuer), &now, true, &pending);
    assert_eq!(outcome, Outcome::Pending);
    assert_eq!(asked.borrow().len(), 2);
}
