//! Every rule response of the reference's `apply` on the tests of the corpus: status and message, and what mutate rules
//! make.
//!
//! The ledger `conformance/apply.json` holds, by cause, the tests that differ. It is strict in both directions.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Fields of an object that say nothing.
fn tidy(value: &Value) -> Value {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::Object(entries) => entries.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(entries) => {
            let kept = entries.iter().map(|(key, value)| (key.clone(), tidy(value)));
            Value::Object(kept.filter(|(_, value)| !is_empty(value)).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(tidy).collect()),
        Value::Number(number) => json!(number.as_f64()),
        other => other.clone(),
    }
}

type Row = (String, String, String, String, String);

/// What differs in one test: statuses, messages, objects.
#[derive(Default)]
struct Difference {
    statuses: Vec<String>,
    messages: Vec<String>,
    objects: Vec<String>,
}

fn compare(test: &Value, folder: &std::path::Path) -> (usize, Difference) {
    let mut difference = Difference::default();
    let args = &test["args"];
    let first = |name: &str| args[name].as_array().and_then(|items| items.first()).unwrap_or(&args[name]).clone();
    let file = json!({
        "apiVersion": "cli.kyverno.io/v1alpha1", "kind": "Test", "metadata": {"name": "apply"},
        "policies": args["policies"], "resources": args["resources"], "variables": first("variables"),
        "userinfo": first("userinfo"), "exceptions": args["exceptions"], "targetResources": args["targetresources"],
        "results": [],
    });
    let answers = match vidimus_tests::suites::answers(&file.to_string(), folder) {
        Ok(answers) => answers,
        Err(error) => {
            difference.statuses.push(error.chars().take(300).collect());
            return (test["results"].as_array().map_or(0, Vec::len), difference);
        }
    };
    let mut found: Vec<Row> = Vec::new();
    let mut unbuilt = BTreeSet::new();
    for object in &answers {
        let place = if object.namespace.is_empty() { String::new() } else { format!("{}/", object.namespace) };
        let name = format!("{place}{}/{}", object.kind, object.name);
        for answer in &object.answers {
            if !answer.is_built {
                unbuilt.insert((answer.policy.clone(), answer.rule.clone()));
            }
            let status = answer.status.to_owned();
            found.push((answer.policy.clone(), answer.rule.clone(), name.clone(), status, answer.message.clone()));
        }
    }
    let classic = classic_policies(&args["policies"], folder);
    let text = |row: &Value, index: usize| row[index].as_str().unwrap_or_default().to_owned();
    let mut count = 0;
    let mut expected: Vec<Row> = Vec::new();
    for row in test["results"].as_array().into_iter().flatten() {
        let row = (text(row, 0), text(row, 1), text(row, 2), text(row, 3), text(row, 4));
        // Policies of the CEL kinds are not built, nor is every part of the classic ones.
        if !classic.contains(&row.0) || unbuilt.contains(&(row.0.clone(), row.1.clone())) {
            continue;
        }
        count += 1;
        expected.push(row);
    }
    found.retain(|row| !unbuilt.contains(&(row.0.clone(), row.1.clone())));
    for row in &expected {
        if let Some(index) = found.iter().position(|other| other == row) {
            found.remove(index);
            continue;
        }
        let same = |other: &&Row| (&other.0, &other.1, &other.2) == (&row.0, &row.1, &row.2);
        match found.iter().find(same) {
            Some(other) if other.3 == row.3 => {
                difference.messages.push(format!("{row:?}\n    found {:?}", other.4));
            }
            other => difference.statuses.push(format!("{row:?}\n    found {:?}", other.map(|o| (&o.3, &o.4)))),
        }
        if let Some(index) = found.iter().position(|other| same(&other)) {
            found.remove(index);
        }
    }
    for row in found {
        difference.statuses.push(format!("not expected: {row:?}"));
    }
    for object in test["mutated"].as_array().into_iter().flatten() {
        let id = |object: &Value| {
            ["/kind", "/metadata/namespace", "/metadata/name"]
                .map(|at| object.pointer(at).and_then(Value::as_str).unwrap_or_default().replace("default", ""))
        };
        let changed = answers.iter().flat_map(|o| o.answers.iter().filter_map(|answer| answer.target.as_ref()));
        let all = answers.iter().flat_map(|object| &object.stages).chain(changed);
        let mut candidates = all.filter(|other| id(other) == id(object));
        if !candidates.any(|other| tidy(other) == tidy(object)) {
            difference.objects.push(format!("{object}"));
        }
    }
    (count, difference)
}

/// Names of the policies of the classic kinds in files or folders.
fn classic_policies(paths: &Value, folder: &std::path::Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut files: Vec<_> =
        paths.as_array().into_iter().flatten().filter_map(Value::as_str).map(|p| folder.join(p)).collect();
    while let Some(file) = files.pop() {
        if file.is_dir() {
            files.extend(std::fs::read_dir(&file).expect("a folder").map(|entry| entry.expect("an entry").path()));
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let documents = vidimus::yaml::parse_documents(&text, &vidimus::Limits::default()).unwrap_or_default();
        for document in documents.iter().map(vidimus::yaml::Node::to_value) {
            if ["ClusterPolicy", "Policy"].contains(&document["kind"].as_str().unwrap_or_default()) {
                names.extend(document["metadata"]["name"].as_str().map(str::to_owned));
            }
        }
    }
    names
}

#[test]
fn rules_answer_as_the_reference_does() {
    let Some(root) = vidimus_tests::shared("corpus") else { return };
    let text = std::fs::read_to_string(root.join("oracle/apply.json")).expect("the answers are there");
    let oracle: Value = serde_json::from_str(&text).expect("the answers are JSON");
    let ledger: Value = serde_json::from_str(include_str!("conformance/apply.json")).expect("the ledger is JSON");
    let mut listed: BTreeMap<String, bool> = BTreeMap::new();
    for entry in ledger.as_array().into_iter().flatten() {
        assert!(entry["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "an entry has no reason");
        for test in entry["tests"].as_array().into_iter().flatten() {
            listed.insert(test.as_str().expect("a text").to_owned(), false);
        }
    }
    let manifest = std::fs::read_to_string(root.join("manifest.json")).expect("the manifest is there");
    let manifest: Value = serde_json::from_str(&manifest).expect("the manifest is JSON");
    let folders: BTreeMap<&str, &str> = manifest
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| (entry["id"].as_str().expect("an id"), entry["dir"].as_str().expect("a folder")))
        .collect();
    let (mut rows, mut statuses, mut messages, mut objects, mut news) = (0, 0, 0, 0, Vec::new());
    for test in oracle["tests"].as_array().expect("tests") {
        let id = test["test"].as_str().expect("a text");
        let (count, difference) = compare(test, &root.join(folders[id]));
        rows += count;
        statuses += difference.statuses.len();
        messages += difference.messages.len();
        objects += difference.objects.len();
        let all = [difference.statuses, difference.messages, difference.objects].concat();
        if !all.is_empty() {
            match listed.get_mut(id) {
                Some(used) => *used = true,
                None => news.push(format!("{id}\n  {}", all.join("\n  "))),
            }
        }
    }
    println!("{rows} rows: {statuses} statuses, {messages} messages, {objects} mutated objects differ");
    let stale: Vec<&String> = listed.iter().filter(|(_, used)| !**used).map(|(id, _)| id).collect();
    assert!(rows > 1_300, "too few rows: {rows}");
    assert!(news.is_empty(), "{} tests differ and are not in the ledger:\n{}", news.len(), news.join("\n"));
    assert!(stale.is_empty(), "stale entries of the ledger: {stale:?}");
}
