//! The table of patterns that the real Kyverno command line answered, cell by cell: status and message to the letter.
//!
//! The ledger `conformance/patterns.json` lists cells that differ, each as `value pattern` with its cause. It is strict:
//! a cell that is not listed must agree, and a listed one that agrees is stale.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use vidimus::pattern::{PatternErrorKind, match_pattern};
use vidimus::{Limits, PolicySet, SourceName};

const WANTED: f64 = 99.5;

#[test]
fn patterns_answer_as_the_reference_does() {
    let Some(root) = vidimus_tests::shared("corpus/oracle") else { return };
    let table = std::fs::read_to_string(root.join("patterns.json")).expect("the table is there");
    let table: Value = serde_json::from_str(&table).expect("the table is JSON");
    let mut ledger: BTreeMap<String, String> =
        serde_json::from_str(include_str!("conformance/patterns.json")).expect("the ledger is JSON");
    let resource = resource(&table["values"]);
    let (mut asked, mut agreed, mut refused, mut complaints) = (0, 0, 0, Vec::new());
    for case in table["cases"].as_array().expect("cases") {
        if case["status"] == "invalid" {
            let pattern = in_place(&case["value"].to_string(), &table["patterns"][index(&case["pattern"])]);
            match is_refused(&pattern) {
                true => refused += 1,
                false => complaints.push(format!("{pattern}: expected the policy to be refused")),
            }
            continue;
        }
        asked += 1;
        let value = case["value"].to_string();
        let pattern = &table["patterns"][index(&case["pattern"])];
        let expected = (text(&case["status"]), text(&case["message"]));
        let found = answer(&resource, &in_place(&value, pattern));
        let cell = format!("{} {pattern}", table["values"][index(&case["value"])]);
        match (found == expected, ledger.remove(&cell)) {
            (true, None) => agreed += 1,
            (true, Some(_)) => complaints.push(format!("{cell}: the ledger entry is stale")),
            (false, Some(cause)) => assert!(!cause.is_empty(), "{cell}: the ledger names no cause"),
            (false, None) => complaints.push(format!("{cell}: expected {expected:?}, found {found:?}")),
        }
    }
    println!("{agreed} of {asked} agree; {refused} are refused at load");
    assert!(asked > 3000, "only {asked} cells");
    assert!(complaints.is_empty(), "{} cells:\n{}", complaints.len(), complaints.join("\n"));
    assert!(ledger.is_empty(), "ledger entries that are no cells: {ledger:?}");
    assert!(f64::from(agreed) * 100.0 >= WANTED * f64::from(asked), "{agreed} of {asked} agree");
}

/// Is a policy with this pattern no valid one?
fn is_refused(pattern: &Value) -> bool {
    let policy = json!({
        "apiVersion": "kyverno.io/v1",
        "kind": "ClusterPolicy",
        "metadata": {"name": "p"},
        "spec": {"rules": [{
            "name": "r",
            "match": {"any": [{"resources": {"kinds": ["Sample"]}}]},
            "validate": {"message": "m", "pattern": pattern},
        }]},
    });
    let source = [(SourceName::new("policy.json"), policy.to_string())];
    let sources: Vec<_> = source.iter().map(|(name, text)| (name.clone(), text.as_str())).collect();
    PolicySet::load(&sources, &Limits::default()).is_err()
}

/// Every value of the table, each at its own place.
fn resource(values: &Value) -> Value {
    let spec: Map<String, Value> = values
        .as_array()
        .expect("values")
        .iter()
        .enumerate()
        .map(|(index, value)| (format!("v{index}"), value.clone()))
        .collect();
    json!({"apiVersion": "v1", "kind": "Sample", "metadata": {"name": "sample"}, "spec": spec})
}

fn in_place(value: &str, pattern: &Value) -> Value {
    let spec = Map::from_iter([(format!("v{value}"), pattern.clone())]);
    json!({ "spec": spec })
}

/// Status and message of a rule `R` whose message is `m`; a pass has no message in the table.
fn answer(resource: &Value, pattern: &Value) -> (String, String) {
    let Err(error) = match_pattern(resource, pattern) else { return ("pass".to_owned(), String::new()) };
    let (status, message) = match error.kind {
        PatternErrorKind::Error => ("error", format!("validation error: m. rule R execution error: {}", error.message)),
        PatternErrorKind::Fail => ("fail", format!("validation error: m. rule R failed at path {}", error.path)),
        PatternErrorKind::Skip => ("skip", error.message),
    };
    (status.to_owned(), message)
}

fn index(value: &Value) -> usize {
    value.as_u64().and_then(|index| usize::try_from(index).ok()).expect("an index")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
