//! `Equals` and `NotEquals`.

use super::pair;
use crate::json;
use crate::scalar::quantity::Quantity;
use crate::wildcard;
use serde_json::Value;

/// Do key and value differ or not? Values of kinds that cannot be compared differ; a key without a rule is neither.
pub(super) fn holds(key: &Value, value: &Value, negated: bool) -> bool {
    let equal = match key {
        Value::Bool(key) => value.as_bool() == Some(*key),
        Value::Number(key) => number(key, value),
        Value::String(key) => text(key, value, negated),
        Value::Array(_) | Value::Object(_) => json::equal(key, value),
        Value::Null => return false,
    };
    equal != negated
}

fn number(key: &serde_json::Number, value: &Value) -> bool {
    match value {
        Value::Number(value) => key.as_f64() == value.as_f64(),
        // Upstream has every number that comes from JSON as a float.
        Value::String(value) => super::order::float(value).is_some_and(|value| Some(value) == key.as_f64()),
        _ => false,
    }
}

fn text(key: &str, value: &Value, negated: bool) -> bool {
    if let Some((left, right)) = pair::seconds(&Value::from(key), value) {
        return left == right;
    }
    let Value::String(value) = value else { return false };
    match Quantity::parse(key) {
        // Upstream's `NotEquals` lets the empty text through to the wildcard.
        Some(_) if negated && value.is_empty() => wildcard::matches(value, key),
        Some(key) => Quantity::parse(value).is_some_and(|value| value == key),
        None => wildcard::matches(value, key),
    }
}
