//! JMESPath: what the reference command answers, and the official suites.
//!
//! The ledger `conformance/jmespath.json` lists what differs, by cause. It is strict: what is not listed must agree, and
//! an entry that nothing needs fails.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use vidimus::Limits;
use vidimus::jmespath::{Environment, Expression};
use vidimus::scalar::time::Timestamp;

/// The value of an expression, or the error.
fn search(text: &str, input: &Value) -> Result<Value, String> {
    let expression = Expression::parse(text).map_err(|error| error.to_string())?;
    let now = Timestamp::parse_rfc3339("2026-11-01T12:00:00Z").expect("a time");
    let environment = Environment { now: Some(&now), seed: Some(7), steps: Limits::default().expression_steps };
    expression.search(input, &environment).map_err(|error| error.to_string())
}

/// Numbers are compared as numbers.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        _ => left == right,
    }
}

/// Holds what differs against the ledger.
fn settle(suite: &str, differing: &BTreeMap<String, String>, total: usize) {
    let ledger: Value = serde_json::from_str(include_str!("conformance/jmespath.json")).expect("the ledger is JSON");
    let listed: BTreeSet<String> = ledger[suite]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|entry| entry["cases"].as_array().cloned().unwrap_or_default())
        .map(|case| case.as_str().expect("a text").to_owned())
        .collect();
    let news: Vec<&String> = differing.iter().filter(|(case, _)| !listed.contains(*case)).map(|(_, why)| why).collect();
    let stale: Vec<&String> = listed.iter().filter(|case| !differing.contains_key(*case)).collect();
    println!("{suite}: {total} cases, {} differ", differing.len());
    let list = |texts: &[&String]| texts.iter().take(80).map(|text| text.as_str()).collect::<Vec<_>>().join("\n");
    assert!(news.is_empty(), "{} of {total} differ and are not in the ledger:\n{}", news.len(), list(&news));
    assert!(stale.is_empty(), "stale entries of the ledger:\n{}", list(&stale));
}

#[test]
fn expressions_are_as_the_reference_answers_them() {
    let Some(root) = vidimus_tests::shared("corpus") else { return };
    let oracle = read(&root.join("oracle/jmespath.json"));
    let cases = oracle["cases"].as_array().expect("cases");
    let (mut differing, mut answers) = (BTreeMap::new(), Vec::new());
    let input = oracle["input"].to_string();
    for case in cases {
        let text = case["expr"].as_str().expect("a text");
        answers.push(json!([text, vidimus::wire::query(text, &input, "input", "2026-11-01T12:00:00Z", None)]));
        let found = search(text, &oracle["input"]);
        let agrees = match (&found, case.get("result")) {
            (Ok(found), Some(expected)) => same(found, expected),
            (Err(_), None) => true,
            _ => false,
        };
        if !agrees {
            let expected = case.get("result").or(case.get("error")).or(case.get("panic"));
            let expected = expected.map(Value::to_string).unwrap_or_default();
            differing.insert(text.to_owned(), format!("{text}: expected {expected}, found {found:?}"));
        }
    }
    // The same expressions through wasm must have the same answers: the npm package's conformance test compares them.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/conformance");
    std::fs::create_dir_all(&folder).expect("writable");
    std::fs::write(folder.join("jmespath.json"), json!({ "input": input, "answers": answers }).to_string())
        .expect("writable");
    assert!(cases.len() > 1_800, "the oracle is too small: {}", cases.len());
    settle("oracle", &differing, cases.len());
}

#[test]
fn the_official_suites_pass_but_for_the_dialect() {
    let (mut total, mut differing) = (0, BTreeMap::new());
    for folder in ["jmespath", "jmespath-kyverno"] {
        let Some(root) = vidimus_tests::shared("corpus") else { return };
        let mut files = Vec::new();
        suites(&root.join(folder), &mut files);
        files.sort();
        assert!(!files.is_empty(), "no suites in {folder}");
        for file in files {
            let name = format!("{folder}/{}", file.file_stem().expect("a name").to_string_lossy());
            for group in read(&file).as_array().into_iter().flatten() {
                for (index, case) in group["cases"].as_array().into_iter().flatten().enumerate() {
                    if case.get("bench").is_some() {
                        continue;
                    }
                    total += 1;
                    let text = case["expression"].as_str().expect("a text");
                    if let Some(why) = disagreement(text, &group["given"], case) {
                        let given = group["given"].to_string();
                        let id = format!("{name} {index} {text} on {}", given.chars().take(60).collect::<String>());
                        differing.insert(id.clone(), format!("{id}: {why}"));
                    }
                }
            }
        }
    }
    println!("{total} cases of the official suites");
    assert!(total > 900, "too few cases: {total}");
    settle("official", &differing, total);
}

/// A missing key is an error in the dialect where the official suite expects null: a class of its own.
fn disagreement(text: &str, given: &Value, case: &Value) -> Option<String> {
    let found = search(text, given);
    match (&found, case.get("result"), case.get("error")) {
        (Ok(found), Some(expected), _) if same(found, expected) => None,
        (Err(error), Some(Value::Null), _) if error.starts_with("Unknown key") => None,
        (Err(_), None, Some(_)) => None,
        (found, expected, error) => Some(format!("expected {}, found {found:?}", json!([expected, error]))),
    }
}

fn suites(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            suites(&entry, files);
        } else if entry.extension().is_some_and(|extension| extension == "json") {
            files.push(entry);
        }
    }
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("the file is there");
    serde_json::from_str(&text).expect("the file is JSON")
}
