//! Expected objects against what a policy made of them.
//!
//! Source: Kyverno `cmd/cli/kubectl-kyverno/commands/test/compare.go`, `resource/tidy.go`, `resource/labels.go`.

use super::resources::Key;
use serde_json::{Map, Number, Value};

/// How two objects compare.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Comparison {
    Equal,
    /// They differ, so: one line for each difference.
    Differs(String),
    /// There is nothing to compare with.
    NotFound(String),
    /// The file cannot be used.
    Unreadable(String),
}

/// Where differences end: nobody reads more.
const MOST: usize = 50;

/// Compares an object with the one among `expected` that has its name.
pub(super) fn compare(actual: &Value, expected: Result<&[Value], &str>) -> Comparison {
    let expected = match expected {
        Ok(expected) => expected,
        Err(why) => return Comparison::Unreadable(why.to_owned()),
    };
    let key = Key::of(actual);
    let Some(expected) = expected.iter().find(|object| Key::of(object) == key) else {
        return Comparison::NotFound(format!("resource with name {} not found in manifest", key.name));
    };
    let (actual, expected) = (tidied(actual), tidied(expected));
    if actual == expected {
        return Comparison::Equal;
    }
    let mut lines = Vec::new();
    differences(&expected, &actual, "", &mut lines);
    if lines.len() > MOST {
        lines.truncate(MOST);
        lines.push("...".to_owned());
    }
    Comparison::Differs(lines.join("\n"))
}

/// What is empty is left out, integers are fractions, and what Kyverno's generate rules label is the same everywhere.
pub(super) fn tidied(object: &Value) -> Value {
    let mut object = object.clone();
    label(&mut object);
    tidy(&object).unwrap_or(Value::Null)
}

fn label(object: &mut Value) {
    let Some(fields) = object.as_object_mut() else { return };
    let metadata = fields.entry("metadata").or_insert(Value::Null);
    if metadata.is_null() {
        *metadata = Value::Object(Map::new());
    }
    let Some(metadata) = metadata.as_object_mut() else { return };
    let mut labels = Map::from_iter([("app.kubernetes.io/managed-by".to_owned(), Value::from("kyverno"))]);
    if let Some(Value::Object(own)) = metadata.remove("labels") {
        labels.extend(own.into_iter().filter(|(key, _)| !key.starts_with("generate.kyverno.io/")));
    }
    metadata.insert("labels".to_owned(), Value::Object(labels));
}

fn tidy(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().filter_map(tidy).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(fields) => {
            let field = |(key, value): (&String, &Value)| Some((key.clone(), tidy(value)?));
            let fields: Map<String, Value> = fields.iter().filter_map(field).collect();
            (!fields.is_empty()).then_some(Value::Object(fields))
        }
        Value::Number(number) => {
            let fraction = number.as_f64().and_then(Number::from_f64);
            Some(Value::Number(fraction.unwrap_or_else(|| number.clone())))
        }
        Value::Bool(_) | Value::String(_) => Some(value.clone()),
    }
}

fn differences(expected: &Value, actual: &Value, path: &str, lines: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                let at = format!("{path}.{key}");
                match b.get(key) {
                    Some(other) => differences(value, other, &at, lines),
                    None => lines.push(format!("- {at}: {}", shown(value))),
                }
            }
            for (key, value) in b.iter().filter(|(key, _)| !a.contains_key(*key)) {
                lines.push(format!("+ {path}.{key}: {}", shown(value)));
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for (index, value) in a.iter().enumerate() {
                let at = format!("{path}[{index}]");
                match b.get(index) {
                    Some(other) => differences(value, other, &at, lines),
                    None => lines.push(format!("- {at}: {}", shown(value))),
                }
            }
            for (index, value) in b.iter().enumerate().skip(a.len()) {
                lines.push(format!("+ {path}[{index}]: {}", shown(value)));
            }
        }
        _ if expected == actual => {}
        _ => {
            lines.push(format!("- {path}: {}", shown(expected)));
            lines.push(format!("+ {path}: {}", shown(actual)));
        }
    }
}

/// Whole numbers without the fraction that tidying gave them.
fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string().trim_end_matches(".0").to_owned(),
        Value::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(",")),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), shown(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
