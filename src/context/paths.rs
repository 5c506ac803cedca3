//! Dotted paths of supplied values: `request.object.metadata.name`, `dictionary.data."a.b"`.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// First step of a path, and `value` in the objects that the other steps name.
pub(super) fn expand(path: &str, value: &Value) -> (String, Value) {
    let mut steps = split(path);
    let rest = steps.split_off(steps.len().min(1));
    let nested = rest.into_iter().rev().fold(value.clone(), |value, step| {
        let mut object = Map::new();
        object.insert(step, value);
        Value::Object(object)
    });
    (steps.pop().unwrap_or_default(), nested)
}

/// Writes the values whose path is below `root` into the object.
///
/// Upstream writes them into the request, and takes the object from there (`makePolicyContext` in
/// `cmd/cli/kubectl-kyverno/processor/policy_processor.go`).
pub fn inject(object: &mut Value, root: &str, values: &BTreeMap<String, Value>) {
    for (path, value) in values {
        let Some(rest) = path.strip_prefix(root).and_then(|rest| rest.strip_prefix('.')) else { continue };
        let mut at = &mut *object;
        for part in split(rest) {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            let Value::Object(fields) = at else { break };
            at = fields.entry(part).or_insert(Value::Null);
        }
        *at = value.clone();
    }
}

/// The steps of a path; one with dots is written in quotes, as in CSV.
fn split(path: &str) -> Vec<String> {
    let (mut steps, mut step, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = path.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                step.push('"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted => steps.push(std::mem::take(&mut step)),
            c => step.push(c),
        }
    }
    steps.push(step);
    steps
}

/// Objects are merged, anything else is replaced.
pub(super) fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

#[cfg(test)]
mod tests {
    use super::{expand, inject, merge};
    use serde_json::json;
    use std::collections::BTreeMap;

    #[test]
    fn paths_become_objects_and_merge() {
        let (root, mut value) = expand("a.b.\"c.d\"", &json!(1));
        assert_eq!((root.as_str(), &value), ("a", &json!({"b": {"c.d": 1}})));
        merge(&mut value, json!({"b": {"e": [2]}, "f": null}));
        assert_eq!(value, json!({"b": {"c.d": 1, "e": [2]}, "f": null}));
    }

    #[test]
    fn values_below_the_object_change_it() {
        let values = BTreeMap::from([
            ("request.object.metadata.labels.\"a.b/c\"".to_owned(), json!("x")),
            ("request.object.spec.replicas".to_owned(), json!(3)),
            ("request.oldObject.spec.replicas".to_owned(), json!(1)),
            ("request.operation".to_owned(), json!("UPDATE")),
        ]);
        let mut object = json!({ "kind": "Deployment", "spec": { "replicas": 2, "paused": true } });
        inject(&mut object, "request.object", &values);
        let expected = json!({
            "kind": "Deployment",
            "metadata": { "labels": { "a.b/c": "x" } },
            "spec": { "replicas": 3, "paused": true }
        });
        assert_eq!(object, expected);
    }
}
