//! Every `kyverno-test.yaml` of the conformance data through the core, natively.
//!
//! The ledger `conformance/suites.json` lists the tests whose rows are not all as expected, each with the reason. It is
//! strict: a test that is not listed must agree, and a listed one that agrees is stale and fails too.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::process::ExitCode;
use vidimus::diagnostic::Severity;
use vidimus::suite::{Outcome, RowCode};

/// How far a test agrees with the reference.
enum Verdict {
    Agrees,
    NotBuilt(String),
    Differs(String),
}

fn main() -> ExitCode {
    let Some(root) = vidimus_tests::shared("corpus") else {
        println!("test result: ok. 0 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out");
        return ExitCode::SUCCESS;
    };
    let manifest = std::fs::read_to_string(root.join("manifest.json")).expect("the manifest is there");
    let manifest: Vec<Value> = serde_json::from_str(&manifest).expect("the manifest is JSON");
    let ledger: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("conformance/suites.json")).expect("the ledger is JSON");
    let filter: Option<String> = std::env::args().nth(1).filter(|argument| !argument.starts_with('-'));
    let (mut blessed, mut counts) = (Map::new(), [0; 3]);
    let (mut passed, mut failed) = (0, 0);
    let mut lines = String::new();
    for entry in &manifest {
        let id = entry["id"].as_str().expect("an id");
        if filter.as_ref().is_some_and(|filter| !id.contains(filter)) {
            continue;
        }
        let outcomes = vidimus_tests::suites::run(&root.join(entry["dir"].as_str().expect("a folder")));
        if filter.is_some() {
            show(id, &outcomes);
        }
        let rows: Vec<Value> = outcomes.iter().flat_map(|outcome| &outcome.rows).map(row).collect();
        lines.push_str(&format!("{}\n", json!({ "test": id, "rows": rows })));
        let verdict = judge(entry, &outcomes);
        let listed = ledger.get(id).map(|entry| entry["answer"].as_str().unwrap_or_default());
        let complaint = match (&verdict, listed) {
            (Verdict::Agrees, None)
            | (Verdict::NotBuilt(_), Some("not-built"))
            | (Verdict::Differs(_), Some("differs")) => None,
            (Verdict::Agrees, Some(_)) => Some("the ledger entry is stale: the test agrees".to_owned()),
            (Verdict::NotBuilt(why) | Verdict::Differs(why), _) => Some(why.clone()),
        };
        let (index, answer) = match &verdict {
            Verdict::Agrees => (0, None),
            Verdict::NotBuilt(why) => (1, Some(json!({ "answer": "not-built", "why": why }))),
            Verdict::Differs(why) => (2, Some(json!({ "answer": "differs", "why": why }))),
        };
        counts[index] += 1;
        blessed.extend(answer.map(|answer| (id.to_owned(), answer)));
        match complaint {
            None => passed += 1,
            Some(complaint) => {
                failed += 1;
                println!("FAILED {id}: {complaint}");
            }
        }
    }
    if filter.is_none() {
        // The same through wasm must give the same rows: the npm package's conformance test compares them.
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/conformance");
        std::fs::create_dir_all(folder).expect("writable");
        std::fs::write(format!("{folder}/suites.jsonl"), lines).expect("writable");
    }
    if filter.is_none() && std::env::var_os("BLESS").is_some() {
        let text = serde_json::to_string_pretty(&Value::Object(blessed)).expect("JSON");
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/conformance/suites.json"), text + "\n").expect("writable");
    }
    let [agrees, not_built, differs] = counts;
    println!("{agrees} agree, {not_built} not built, {differs} differ");
    let state = if failed == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {state}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn row(row: &vidimus::suite::Row) -> Value {
    json!({"policy": row.policy, "rule": row.rule, "resource": row.resource, "expected": row.expected,
        "actual": row.actual, "message": row.message})
}

fn judge(entry: &Value, outcomes: &[Outcome]) -> Verdict {
    let rows: Vec<_> = outcomes.iter().flat_map(|outcome| &outcome.rows).collect();
    let errors = outcomes.iter().flat_map(|outcome| &outcome.diagnostics).find(|d| d.severity == Severity::Error);
    let fails = rows.iter().any(|row| !row.code.is_ok());
    let differs = |row: &&&vidimus::suite::Row| !row.code.is_ok() && row.code != RowCode::NotBuilt;
    if let Some(error) = errors {
        return Verdict::Differs(error.to_string());
    }
    if entry["upstream"] == "fails" {
        return if fails { Verdict::Agrees } else { Verdict::Differs("nothing fails, and something must".to_owned()) };
    }
    if let Some(row) = rows.iter().find(differs) {
        return Verdict::Differs(format!(
            "{}/{} {}: {} ({})",
            row.policy, row.rule, row.resource, row.reason, row.message
        ));
    }
    if let Some(row) = rows.iter().find(|row| row.code == RowCode::NotBuilt) {
        return Verdict::NotBuilt(row.message.split(" (line ").next().unwrap_or_default().to_owned());
    }
    Verdict::Agrees
}

fn show(id: &str, outcomes: &[Outcome]) {
    println!("{id}");
    for outcome in outcomes {
        outcome.diagnostics.iter().for_each(|diagnostic| println!("  {diagnostic}"));
        for row in &outcome.rows {
            let mark = if row.code.is_ok() { "ok" } else { "NO" };
            println!(
                "  {mark} {}/{} {} {}: {} | {}",
                row.policy, row.rule, row.kind, row.resource, row.reason, row.message
            );
        }
    }
}
