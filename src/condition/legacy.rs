//! `In` and `NotIn`, which `AnyIn` and its siblings have replaced.

use super::ConditionError;
use super::membership::{either, strings};
use crate::json;
use crate::scalar::print;
use crate::wildcard;
use serde_json::Value;

pub(super) fn holds(key: &Value, value: &Value, negated: bool) -> Result<bool, ConditionError> {
    match key {
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Ok(contains(&print::display(key), value).is_some_and(|contained| contained != negated))
        }
        Value::Array(items) => {
            let operator = if negated { "NotIn" } else { "In" };
            let text = |item: &Value| {
                let found = json::describe(item);
                item.as_str().map(str::to_owned).ok_or(ConditionError::KeyElement { operator, found })
            };
            let keys: Vec<String> = items.iter().map(text).collect::<Result<_, _>>()?;
            Ok(compare(&keys, value, negated).unwrap_or(false))
        }
        Value::Null | Value::Object(_) => Ok(false),
    }
}

fn contains(key: &str, value: &Value) -> Option<bool> {
    match value {
        Value::Array(items) => Some(items.iter().any(|item| either(key, &print::display(item)))),
        Value::String(text) if wildcard::matches(text, key) => Some(true),
        Value::String(text) => Some(listed(text)?.iter().any(|item| item == key)),
        _ => None,
    }
}

/// `NotIn` holds where some element is not in the set.
fn compare(keys: &[String], value: &Value, negated: bool) -> Option<bool> {
    let values = match value {
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()?,
        // Whatever the operator, as upstream.
        Value::String(text) if matches!(keys, [key] if key == text) => return Some(true),
        Value::String(text) => listed(text)?,
        _ => return None,
    };
    let all = keys.iter().all(|key| values.contains(key));
    Some(all != negated)
}

/// The texts of a JSON list.
fn listed(text: &str) -> Option<Vec<String>> {
    strings(&serde_json::from_str(text).ok()?)
}
