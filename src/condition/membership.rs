//! `AnyIn`, `AllIn`, `AnyNotIn`, `AllNotIn`.

use crate::pattern::{range, scalar};
use crate::scalar::print;
use crate::wildcard;
use serde_json::Value;

/// Of how many elements of the key it must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    All,
    Any,
}

/// What cannot be compared is false, for the negative operators too.
pub(super) fn holds(key: &Value, value: &Value, quantifier: Quantifier, negated: bool) -> bool {
    match key {
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            contains(&print::display(key), value).is_some_and(|contained| contained != negated)
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(print::display).collect();
            compare(&items, value, quantifier, negated).unwrap_or(false)
        }
        Value::Null | Value::Object(_) => false,
    }
}

/// Is a text among the values? Wildcards count on either side.
fn contains(key: &str, value: &Value) -> Option<bool> {
    match value {
        Value::Array(items) => Some(items.iter().any(|item| either(key, &print::display(item)))),
        Value::String(text) if wildcard::matches(text, key) => Some(true),
        Value::String(text) if is_range(text) => Some(in_range(key, text)),
        Value::String(text) => Some(listed(text)?.iter().any(|item| item == key)),
        _ => None,
    }
}

fn compare(keys: &[String], value: &Value, quantifier: Quantifier, negated: bool) -> Option<bool> {
    let values = match value {
        Value::Array(items) => items.iter().map(print::display).collect(),
        Value::Bool(_) | Value::Number(_) if quantifier == Quantifier::Any => vec![print::display(value)],
        Value::String(text) if matches!(keys, [key] if key == text) => return Some(!negated),
        Value::String(text) if is_range(text) => return Some(ranged(keys, text, quantifier, negated)),
        Value::String(text) => listed(text)?,
        _ => return None,
    };
    let found = |key: &String| values.iter().any(|value| either(key, value));
    Some(match quantifier {
        Quantifier::Any => keys.iter().any(|key| found(key) != negated),
        Quantifier::All => keys.iter().all(|key| found(key) != negated),
    })
}

fn ranged(keys: &[String], range: &str, quantifier: Quantifier, negated: bool) -> bool {
    match (quantifier, negated) {
        (Quantifier::Any, false) => keys.iter().any(|key| in_range(key, range)),
        (Quantifier::All, false) => keys.iter().all(|key| in_range(key, range)),
        // Upstream turns the first dash around, which mangles a range that begins with a negative number.
        (Quantifier::Any, true) => {
            let outside = range.replacen('-', "!-", 1);
            keys.iter().any(|key| in_range(key, &outside))
        }
        (Quantifier::All, true) => !keys.iter().any(|key| in_range(key, range)),
    }
}

/// Wildcards count on either side.
pub(super) fn either(one: &str, other: &str) -> bool {
    wildcard::matches(one, other) || wildcard::matches(other, one)
}

/// A text that is a range, and that no other operator begins.
fn is_range(text: &str) -> bool {
    range::parse(text).is_some_and(|range| !range.negated)
}

fn in_range(key: &str, range: &str) -> bool {
    scalar::matches(&Value::from(key), &Value::from(range))
}

/// The texts of a JSON list, or the text itself where it is no JSON. Other JSON cannot be compared, but for `null`,
/// which Go reads as an empty list.
fn listed(text: &str) -> Option<Vec<String>> {
    match serde_json::from_str::<Value>(text) {
        Err(_) => Some(vec![text.to_owned()]),
        Ok(value) => strings(&value),
    }
}

/// The texts of a list; Go reads null as an empty one, and among its elements as an empty text.
pub(super) fn strings(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::Array(items) => items
            .iter()
            .map(|item| match item {
                Value::Null => Some(String::new()),
                other => other.as_str().map(str::to_owned),
            })
            .collect(),
        _ => None,
    }
}
