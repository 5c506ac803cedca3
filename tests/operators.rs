//! The truth tables of the operators, as the reference command answers them.

use serde_json::Value;
use std::collections::BTreeMap;
use vidimus::condition::Operator;

#[test]
fn every_cell_is_as_the_reference_says() {
    let Some(root) = vidimus_tests::shared("corpus") else { return };
    let text = std::fs::read_to_string(root.join("oracle/operators.json")).expect("the tables are there");
    let tables: Value = serde_json::from_str(&text).expect("the tables are JSON");
    let list = |name: &str| tables[name].as_array().expect("a list").clone();
    let (keys, values) = (list("keys"), list("values"));
    let (mut cells, mut wrong) = (0, BTreeMap::<String, Vec<String>>::new());
    for (name, rows) in tables["operators"].as_object().expect("an object") {
        let operator = Operator::parse(name).unwrap_or_else(|| panic!("no operator {name}"));
        for (key, row) in keys.iter().zip(rows.as_array().expect("rows")) {
            for (value, expected) in values.iter().zip(row.as_str().expect("a text").chars()) {
                let found = match operator.holds(key, value) {
                    Ok(true) => 'T',
                    Ok(false) => 'F',
                    Err(_) => 'P',
                };
                if expected == '.' {
                    continue;
                }
                cells += 1;
                if found != expected {
                    let cell = format!("{key} {name} {value}: expected {expected}, found {found}");
                    wrong.entry(name.clone()).or_default().push(cell);
                }
            }
        }
    }
    let wrong: Vec<String> = wrong.into_values().flatten().collect();
    println!("{cells} cells");
    assert!(cells > 50_000, "the tables are too small: {cells}");
    assert!(wrong.is_empty(), "{} of {cells} cells differ:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
}
