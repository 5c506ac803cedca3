//! Altered bundles and trust roots: nothing altered is accepted, and the verdict is that of sigstore-go.
//!
//! Every field of every bundle of the conformance suite that verifies is altered, also within what is encoded in it, and
//! its JSON is written in other ways. `data/bundle-verdicts.json` has what sigstore-go v1.3.0 answered, called as Kyverno
//! calls it, one letter for each alteration in order. `QUESTIONS=FILE` writes the questions that it was asked.
//!
//! `data/bundle-oracle.json` has what `sigstore-verify`, Sigstore's client in Rust, answered to the same questions
//! (`cargo xtask oracle`): what one of the two accepts and the other does not stands in `conformance/oracle.json` with the
//! reason.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use vidimus::digest::Digest;
use vidimus::wildcard;
use vidimus_tests::bundles::{BundleCase, Refusal};
use vidimus_tests::tamper::alterations_of;

/// What is decided otherwise than by sigstore-go, and which altered parts are accepted because nothing depends on them:
/// path, change, our verdict and its verdict, and why. Paths and changes are patterns.
struct Ledger {
    differs: Vec<[String; 4]>,
    not_relied_on: Vec<[String; 2]>,
}

impl Ledger {
    fn read() -> Self {
        let document: Value =
            serde_json::from_str(include_str!("conformance/bundle_alterations.json")).expect("the ledger is JSON");
        let rows = "the ledger has rows of texts";
        Self {
            differs: serde_json::from_value(document["differs"].clone()).expect(rows),
            not_relied_on: serde_json::from_value(document["notReliedOn"].clone()).expect(rows),
        }
    }
}

/// One question: an altered bundle or trust root.
struct Question {
    /// Which case, and what of it.
    group: String,
    path: String,
    change: String,
    case: BundleCase,
}

#[test]
fn altered_bundles_are_judged_as_sigstore_go_does() {
    let Some(suite) = vidimus_tests::shared("corpus/sigstore-conformance") else { return };
    let cases = BundleCase::all(&suite);
    if let Some(path) = std::env::var_os("QUESTIONS") {
        write_questions(&cases, path.as_ref());
        return;
    }
    let verdicts: BTreeMap<String, String> =
        serde_json::from_str(include_str!("data/bundle-verdicts.json")).expect("the verdicts are JSON");
    let answers: BTreeMap<String, String> =
        serde_json::from_str(include_str!("data/bundle-oracle.json")).expect("the answers are JSON");
    let oracle: Vec<OracleRow> =
        serde_json::from_str(include_str!("conformance/oracle.json")).expect("the ledger has rows of texts");
    let ledger = Ledger::read();
    let mut check = Check::new(&ledger, &oracle);
    for case in &cases {
        let trust = case.trust_root();
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        for question in questions(case) {
            let index = at.entry(question.group.clone()).or_default();
            let theirs = verdicts.get(&question.group).and_then(|all| all.chars().nth(*index));
            let oracle = answers.get(&question.group).and_then(|all| all.chars().nth(*index));
            *index += 1;
            let outcome = match &trust {
                Ok(trust) if question.case.trust == case.trust => question.case.ask_with(trust, false),
                _ => question.case.ask(false),
            };
            // The cases themselves are asked with the promise of a certificate log, as the suite asks.
            let is_case = question.group.ends_with(" itself");
            let accepted = if is_case { question.case.ask(true).is_ok() } else { outcome.is_ok() };
            check.compare_with_oracle(&question, accepted, oracle);
            check.compare(&question, outcome.map(|_| ()), theirs);
        }
        for (group, asked) in at {
            assert_eq!(verdicts[&group].chars().count(), asked, "{group}: the questions are others than they were");
        }
    }
    check.finish();
}

/// Where the oracle decides otherwise: path, change, who accepts (`we` or `they`), and why. Paths and changes are patterns.
type OracleRow = [String; 4];

struct Check<'a> {
    ledger: &'a Ledger,
    oracle: &'a [OracleRow],
    oracle_used: BTreeSet<usize>,
    oracle_differs: BTreeMap<&'static str, usize>,
    counts: BTreeMap<char, usize>,
    altered: usize,
    used: BTreeSet<(&'a str, &'a str)>,
    complaints: Vec<String>,
}

impl<'a> Check<'a> {
    fn new(ledger: &'a Ledger, oracle: &'a [OracleRow]) -> Self {
        let (oracle_used, oracle_differs) = (BTreeSet::new(), BTreeMap::new());
        Self {
            ledger,
            oracle,
            oracle_used,
            oracle_differs,
            counts: BTreeMap::new(),
            altered: 0,
            used: BTreeSet::new(),
            complaints: Vec::new(),
        }
    }

    fn compare(&mut self, question: &Question, outcome: Result<(), Refusal>, theirs: Option<char>) {
        let ours = letter(&outcome);
        let Question { group, path, change, .. } = question;
        *self.counts.entry(ours).or_default() += 1;
        if group.ends_with(" altered") {
            self.altered += 1;
            if ours == 'v' {
                self.accepted(question);
            }
        }
        let Some(theirs) = theirs else {
            return self.complaints.push(format!("{group} {path}: no verdict"));
        };
        if ours == theirs {
            return;
        }
        let both = format!("{ours}{theirs}");
        let known = self.ledger.differs.iter().find(|[at, what, verdicts, _]| {
            matches(at, path) && wildcard::matches(what, change) && verdicts.split(' ').any(|it| it == both)
        });
        match known {
            Some([at, what, ..]) => drop(self.used.insert((at, what))),
            None => self
                .complaints
                .push(format!("{group} {path} {change}: we say {ours}, sigstore-go {theirs}; {outcome:?}")),
        }
    }

    /// The oracle's letter beside ours: only whether it accepts is compared, since it words its refusals in another way.
    fn compare_with_oracle(&mut self, Question { group, path, change, .. }: &Question, we: bool, theirs: Option<char>) {
        let they = match theirs {
            Some(letter) => letter == 'v',
            None => return self.complaints.push(format!("{group} {path}: no answer of the oracle")),
        };
        if we == they {
            return;
        }
        let who = if we { "we" } else { "they" };
        *self.oracle_differs.entry(who).or_default() += 1;
        let known = self
            .oracle
            .iter()
            .position(|[at, what, accepts, _]| accepts == who && matches(at, path) && wildcard::matches(what, change));
        match known {
            Some(row) => drop(self.oracle_used.insert(row)),
            None => self.complaints.push(format!("oracle: {group} {path} {change}: {who} alone accept")),
        }
    }

    /// Something altered was accepted.
    fn accepted(&mut self, Question { group, path, change, .. }: &Question) {
        match self.ledger.not_relied_on.iter().find(|[at, _]| matches(at, path)) {
            Some([at, why]) => drop(self.used.insert((at, why))),
            None => self.complaints.push(format!("{group} {path} {change}: accepted although altered")),
        }
    }

    fn finish(self) {
        let asked: usize = self.counts.values().sum();
        println!("{asked} questions, {} of them alterations of bundles that verify: {:?}", self.altered, self.counts);
        println!("accepted by one of us and the oracle alone: {:?}", self.oracle_differs);
        assert!(self.complaints.is_empty(), "{}\n{}", self.complaints.len(), self.complaints.join("\n"));
        let differs = self.ledger.differs.iter().map(|[at, what, ..]| (at.as_str(), what.as_str()));
        let not_relied_on = self.ledger.not_relied_on.iter().map(|[at, why]| (at.as_str(), why.as_str()));
        let stale: Vec<_> = differs.chain(not_relied_on).filter(|entry| !self.used.contains(entry)).collect();
        assert!(stale.is_empty(), "ledger entries that are not used: {stale:#?}");
        let unused: Vec<_> = (0..self.oracle.len()).filter(|row| !self.oracle_used.contains(row)).collect();
        assert!(unused.is_empty(), "rows of oracle.json that are not used: {unused:?}");
        assert!(asked > 15_000 && self.altered > 3_000, "only {asked} questions");
    }
}

/// Brackets mean themselves.
fn matches(pattern: &str, path: &str) -> bool {
    wildcard::matches(&pattern.replace("[]", "()"), &path.replace("[]", "()"))
}

/// `v`erified, `r`ejected, `m`alformed bundle, `t`rust root or `k`ey refused.
fn letter(outcome: &Result<(), Refusal>) -> char {
    match outcome {
        Ok(()) => 'v',
        Err(Refusal::Key(_)) => 'k',
        Err(Refusal::Malformed(_)) => 'm',
        Err(Refusal::Rejected(_)) => 'r',
        Err(Refusal::Trust(_)) => 't',
    }
}

/// The case itself, and what becomes of it.
fn questions(case: &BundleCase) -> Vec<Question> {
    let ask = |group: &str, path: String, change: String, case: BundleCase| Question {
        group: format!("{} {group}", case.name),
        path,
        change,
        case,
    };
    let mut found = vec![ask("itself", String::new(), "nothing".to_owned(), case.clone())];
    if !case.is_good() {
        return found;
    }
    for (path, change, bundle) in alterations_of(&case.bundle) {
        found.push(ask("altered", path, change, BundleCase { bundle, ..case.clone() }));
    }
    for (path, change, bundle) in rewritten(&case.bundle) {
        found.push(ask("rewritten", path, change, BundleCase { bundle, ..case.clone() }));
    }
    if SMALL_TRUST.contains(&case.name.as_str()) {
        for (path, change, trust) in alterations_of(&case.trust).into_iter().chain(rewritten(&case.trust)) {
            found.push(ask("trust", path, change, BundleCase { trust, ..case.clone() }));
        }
    }
    found
}

/// Cases whose trust roots are altered: those of others are like them.
const SMALL_TRUST: &[&str] = &["happy-path-v0.3", "intoto-with-custom-trust-root", "rekor2-happy-path"];

/// The document with one value written in another way, or replaced by something of another type.
fn rewritten(document: &[u8]) -> Vec<(String, String, Vec<u8>)> {
    let document: Value = serde_json::from_slice(document).expect("the documents of the suite are JSON");
    let mut found = Vec::new();
    rewrite(&document, String::new(), &mut |path, change, value| {
        found.push((path.to_owned(), change.to_owned(), value));
    });
    found.into_iter().map(|(path, change, value)| (path, change, value.to_string().into_bytes())).collect()
}

fn rewrite(value: &Value, path: String, found: &mut dyn FnMut(&str, &str, Value)) {
    for (change, other) in others(value) {
        found(&path, change, other);
    }
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let mut with = |path: &str, change: &str, altered: Value| {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), altered);
                    found(path, change, Value::Object(fields));
                };
                rewrite(inner, format!("{path}.{name}"), &mut with);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate().take(2) {
                let mut with = |path: &str, change: &str, altered: Value| {
                    let mut items = items.clone();
                    items[index] = altered;
                    found(path, change, Value::Array(items));
                };
                rewrite(inner, format!("{path}[]"), &mut with);
            }
        }
        _ => {}
    }
}

/// Other ways to write a value, and values of other types.
fn others(value: &Value) -> Vec<(&'static str, Value)> {
    let mut found = vec![
        ("null", Value::Null),
        ("true", json!(true)),
        ("zero", json!(0)),
        ("empty text", json!("")),
        ("empty object", json!({})),
        ("empty list", json!([])),
        ("within a list", json!([value])),
    ];
    match value {
        Value::Object(fields) => found.extend(other_objects(fields)),
        Value::Array(items) => {
            let twice: Vec<&Value> = items.iter().chain(items.first()).collect();
            found.push(("first one twice", json!(twice)));
            let reversed: Vec<&Value> = items.iter().rev().collect();
            found.push(("reversed", json!(reversed)));
            let many: Vec<&Value> =
                items.first().into_iter().cycle().take(if items.is_empty() { 0 } else { 33 }).collect();
            found.push(("33 times", json!(many)));
        }
        Value::String(text) => found.extend(other_texts(text)),
        Value::Bool(_) | Value::Null | Value::Number(_) => {}
    }
    found
}

fn other_objects(fields: &Map<String, Value>) -> Vec<(&'static str, Value)> {
    let with = |name: &str, value: Value| {
        let mut fields = fields.clone();
        fields.insert(name.to_owned(), value);
        Value::Object(fields)
    };
    let renamed = |rename: &dyn Fn(&str) -> String| {
        Value::Object(fields.iter().map(|(name, value)| (rename(name), value.clone())).collect())
    };
    let mut found = vec![
        ("unknown field", with("unknown", json!(1))),
        ("unknown null", with("unknown", Value::Null)),
        ("in snake case", renamed(&snake_case)),
        ("in capitals", renamed(&str::to_uppercase)),
        ("capitalised", renamed(&|name| format!("{}{}", name[..1].to_uppercase(), &name[1..]))),
        ("trailing underscore", renamed(&|name| format!("{name}_"))),
    ];
    if let Some((name, value)) = fields.iter().find(|(name, _)| snake_case(name) != **name) {
        found.push(("in both cases", with(&snake_case(name), value.clone())));
        found.push(("in both cases, one is null", with(&snake_case(name), Value::Null)));
    }
    found
}

/// As the `.proto` files write names.
fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

fn other_texts(text: &str) -> Vec<(&'static str, Value)> {
    let mut found = vec![("space before", json!(format!(" {text}"))), ("line feed behind", json!(format!("{text}\n")))];
    if let Ok(number) = text.parse::<i64>() {
        found.extend([
            ("number", json!(number)),
            ("fraction", json!(format!("{number}.0"))),
            ("with fraction", json!(number as f64)),
            ("exponent", json!(format!("{number}e0"))),
            ("with sign", json!(format!("+{number}"))),
            ("leading zero", json!(format!("0{number}"))),
            ("negative", json!(format!("-{number}"))),
            ("too large", json!("9223372036854775808")),
            ("largest", json!("9223372036854775807")),
        ]);
    }
    if let Ok(bytes) = BASE64_STANDARD.decode(text)
        && !text.is_empty()
    {
        let url = text.replace('+', "-").replace('/', "_");
        found.extend([
            ("without padding", json!(text.trim_end_matches('='))),
            ("base64url", json!(url)),
            ("base64url without padding", json!(url.trim_end_matches('='))),
            ("more padding", json!(format!("{text}===="))),
            ("both alphabets", json!(format!("{}+-=", &text[..text.len() - 4]))),
            ("line feed within", json!(format!("{}\n{}", &text[..4], &text[4..]))),
            ("shorter", json!(BASE64_STANDARD.encode(&bytes[..bytes.len() - 1]))),
            ("longer", json!(BASE64_STANDARD.encode([&bytes[..], &[0]].concat()))),
        ]);
    }
    found
}

/// The questions as the judge reads them.
fn write_questions(cases: &[BundleCase], path: &std::path::Path) {
    let mut out = BufWriter::new(File::create(path).expect("the file can be written"));
    for case in cases {
        for Question { group, path, change, case } in questions(case) {
            let question = json!({
                "id": group, "path": path, "change": change, "log": true, "time": true,
                "sct": group.ends_with(" itself"), "artifact": BASE64_STANDARD.encode(&case.artifact),
                "bundle": BASE64_STANDARD.encode(&case.bundle), "trustRaw": BASE64_STANDARD.encode(&case.trust),
                "digest": Digest::sha256(&case.artifact).encoded(), "key": case.key,
                "issuer": case.issuer, "subject": case.subject,
            });
            writeln!(out, "{question}").expect("the file can be written");
        }
    }
}
