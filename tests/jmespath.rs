//! Expressions of the conformance data: those that Kyverno's command line was asked, and JMESPath's official cases in
//! their own form and in that of Kyverno's library.
//!
//! The ledger `conformance/jmespath.json` lists the cases that differ, each with the reason. It is strict: a case that is
//! not listed must agree, and a listed one that agrees is stale and fails too.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use vidimus::jmespath::{Environment, EvalError, Expression};

/// Far more than any case needs.
const STEPS: u64 = 10_000_000;

#[derive(Deserialize)]
struct Listed {
    case: String,
    reason: String,
}

/// What a case says, as far as it is compared.
#[derive(Debug)]
enum Expected<'a> {
    Error,
    Result(&'a Value),
}

enum Answer {
    Error(String),
    Missing(String),
    Value(Value),
}

#[test]
fn kyvernos_answers_are_given() {
    let Some(folder) = vidimus_tests::shared("corpus/oracle") else { return };
    let oracle = read(&folder.join("jmespath.json"));
    let mut ledger = Ledger::new("oracle");
    for case in oracle["cases"].as_array().expect("cases") {
        let expression = case["expr"].as_str().expect("an expression");
        let expected = case.get("result").map_or(Expected::Error, Expected::Result);
        let answer = answer(expression, &oracle["input"]);
        let agrees = match (&answer, &expected) {
            (Answer::Value(value), Expected::Result(expected)) => equal(value, expected),
            (Answer::Error(_) | Answer::Missing(_), Expected::Error) => true,
            _ => false,
        };
        ledger.judge(expression, agrees, &answer, &expected);
    }
    ledger.finish(1882);
}

#[test]
fn the_official_cases_hold() {
    official("jmespath", 892);
}

#[test]
fn the_cases_of_kyvernos_library_hold() {
    official("jmespath-kyverno", 862);
}

/// Where the specification says null because a key is missing, the dialect says that it is missing: that is its
/// documented deviation, and not listed case by case.
fn official(suite: &str, count: usize) {
    let Some(folder) = vidimus_tests::shared("corpus").map(|corpus| corpus.join(suite)) else { return };
    let mut ledger = Ledger::new(suite);
    for file in ledger_files(&folder) {
        let groups = read(&folder.join(&file));
        for (number, group) in groups.as_array().expect("groups").iter().enumerate() {
            let cases = group["cases"].as_array().expect("cases").iter().filter(|case| case.get("bench").is_none());
            for case in cases {
                let expression = case["expression"].as_str().expect("an expression");
                let expected = case.get("result").map_or(Expected::Error, Expected::Result);
                let answer = answer(expression, &group["given"]);
                let agrees = match (&answer, &expected) {
                    (Answer::Value(value), Expected::Result(expected)) => equal(value, expected),
                    (Answer::Missing(_), Expected::Result(Value::Null)) => true,
                    (Answer::Error(_) | Answer::Missing(_), Expected::Error) => true,
                    _ => false,
                };
                ledger.judge(&format!("{file} {number}: {expression}"), agrees, &answer, &expected);
            }
        }
    }
    ledger.finish(count);
}

fn ledger_files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a text")).collect();
    files.retain(|file| file.ends_with(".json"));
    files.sort();
    files
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("the file is there")).expect("the file is JSON")
}

fn answer(expression: &str, input: &Value) -> Answer {
    let environment = Environment { now: None, seed: Some(1), steps: STEPS };
    match Expression::parse(expression).map(|expression| expression.search(input, &environment)) {
        Err(error) => Answer::Error(error.to_string()),
        Ok(Err(error @ EvalError::NotFound(_))) => Answer::Missing(error.to_string()),
        Ok(Err(error)) => Answer::Error(error.to_string()),
        Ok(Ok(value)) => Answer::Value(value),
    }
}

/// Numbers are compared as numbers.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|right| equal(value, right)))
        }
        _ => left == right,
    }
}

struct Ledger {
    suite: &'static str,
    listed: BTreeMap<String, String>,
    complaints: Vec<String>,
    seen: usize,
    agreed: usize,
}

impl Ledger {
    fn new(suite: &str) -> Self {
        let mut all: BTreeMap<String, Vec<Listed>> =
            serde_json::from_str(include_str!("conformance/jmespath.json")).expect("the ledger is JSON");
        let (suite, listed) = match suite {
            "oracle" => ("oracle", all.remove("oracle")),
            "jmespath" => ("jmespath", all.remove("jmespath")),
            _ => ("jmespath-kyverno", all.remove("jmespath-kyverno")),
        };
        let listed = listed.unwrap_or_default().into_iter().map(|entry| (entry.case, entry.reason)).collect();
        Self { suite, listed, complaints: Vec::new(), seen: 0, agreed: 0 }
    }

    fn judge(&mut self, case: &str, agrees: bool, answer: &Answer, expected: &Expected<'_>) {
        self.seen += 1;
        self.agreed += usize::from(agrees);
        match (agrees, self.listed.get(case)) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(reason)) => self.complaints.push(format!("{case}: agrees, but is listed: {reason}")),
            (false, None) => {
                let answer = match answer {
                    Answer::Error(text) | Answer::Missing(text) => text.clone(),
                    Answer::Value(value) => value.to_string(),
                };
                self.complaints.push(format!("{case}: expected {expected:?}, got {answer}"));
            }
        }
    }

    /// Several cases of the official suites are there twice: an entry is for all of them.
    fn finish(self, count: usize) {
        println!("{}: {} of {} agree", self.suite, self.agreed, self.seen);
        assert_eq!(self.seen, count, "the number of cases has changed");
        assert!(self.complaints.is_empty(), "{}", self.complaints.join("\n"));
        assert!(self.listed.values().all(|reason| !reason.is_empty()), "an entry without a reason");
        let differing = self.seen - self.agreed;
        assert!(self.listed.len() <= differing, "{} entries for {differing} cases: some are stale", self.listed.len());
    }
}
