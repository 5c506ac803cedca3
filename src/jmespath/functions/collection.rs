//! Lists and objects.

use super::number::order;
use super::{Answer, Argument, Call, to_text};
use crate::jmespath::EvalError;
use crate::json::equal;
use crate::scalar::float::general;
use serde_json::{Map, Value};
use std::cmp::Ordering;

pub(super) fn contains(call: &mut Call<'_, '_, '_>) -> Answer {
    let wanted = call.value(1);
    Ok(match call.value(0) {
        Value::String(text) => wanted.as_str().is_some_and(|wanted| text.contains(wanted)),
        // Upstream crashes where lists or objects are compared.
        _ => call.items(0).iter().any(|item| equal(item, wanted)),
    }
    .into())
}

pub(super) fn items(call: &mut Call<'_, '_, '_>) -> Answer {
    let (key_name, value_name) = (call.text(1), call.text(2));
    let entry = |key: Value, value: &Value| {
        let mut object = Map::new();
        object.insert(key_name.to_owned(), key);
        object.insert(value_name.to_owned(), value.clone());
        Value::Object(object)
    };
    Ok(match call.value(0) {
        Value::Object(entries) => entries.iter().map(|(key, value)| entry(key.clone().into(), value)).collect(),
        other => {
            let items = other.as_array().map(Vec::as_slice).unwrap_or_default();
            items.iter().enumerate().map(|(index, value)| entry(index.into(), value)).collect()
        }
    })
}

pub(super) fn keys(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(call.value(0).as_object().into_iter().flat_map(Map::keys).map(|key| Value::from(key.as_str())).collect())
}

pub(super) fn label_match(call: &mut Call<'_, '_, '_>) -> Answer {
    let labels = call.value(1);
    let selector = call.value(0).as_object();
    let held = |(key, value): (&String, &Value)| labels.get(key).is_some_and(|label| equal(label, value));
    Ok(selector.is_none_or(|selector| selector.iter().all(held)).into())
}

pub(super) fn length(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(match call.value(0) {
        Value::String(text) => text.chars().count(),
        Value::Object(entries) => entries.len(),
        other => other.as_array().map(Vec::len).unwrap_or_default(),
    }
    .into())
}

pub(super) fn lookup(call: &mut Call<'_, '_, '_>) -> Answer {
    match (call.value(0), call.value(1)) {
        (Value::Object(entries), Value::String(key)) => Ok(entries.get(key).cloned().unwrap_or_default()),
        (Value::Object(_), _) => Err(call.wrong_type(2, "String")),
        (Value::Array(items), Value::Number(index)) => {
            let index = index.as_f64().unwrap_or(f64::NAN);
            if index.fract() != 0.0 || !index.is_finite() {
                let found = general(index);
                return Err(call.failed(format!("argument #2: expected an integer number but got: {found}")));
            }
            Ok(at(items, index).cloned().unwrap_or_default())
        }
        _ => Err(call.wrong_type(2, "Number")),
    }
}

#[expect(clippy::as_conversions, reason = "whole, not negative, and saturating")]
fn at(items: &[Value], index: f64) -> Option<&Value> {
    if index < 0.0 { None } else { items.get(index as usize) }
}

pub(super) fn merge(call: &mut Call<'_, '_, '_>) -> Answer {
    let mut merged = Map::new();
    for index in 0..call.arguments.len() {
        match call.take(index) {
            Value::Object(entries) => merged.extend(entries),
            // Upstream crashes.
            _ => return Err(call.wrong_type(index + 1, "object")),
        }
    }
    Ok(Value::Object(merged))
}

pub(super) fn not_null(call: &mut Call<'_, '_, '_>) -> Answer {
    let index = call.arguments.iter().position(|argument| argument.value().is_some_and(|value| !value.is_null()));
    Ok(index.map(|index| call.take(index)).unwrap_or_default())
}

/// Keys without a value have null; values without a key are left out.
pub(super) fn object_from_lists(call: &mut Call<'_, '_, '_>) -> Answer {
    let mut object = Map::new();
    for (index, key) in call.items(0).iter().enumerate() {
        let key = to_text(key).ok_or_else(|| call.wrong_type(1, "StringArray"))?;
        object.insert(key, call.items(1).get(index).cloned().unwrap_or_default());
    }
    Ok(Value::Object(object))
}

pub(super) fn reverse(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(match call.take(0) {
        Value::Array(mut items) => {
            items.reverse();
            Value::Array(items)
        }
        Value::String(text) => text.chars().rev().collect::<String>().into(),
        other => other,
    })
}

pub(super) fn sort(call: &mut Call<'_, '_, '_>) -> Answer {
    let mut items = call.items(0).to_vec();
    items.sort_by(|left, right| order(left, right).unwrap_or(Ordering::Equal));
    Ok(Value::Array(items))
}

pub(super) fn to_array(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(match call.take(0) {
        Value::Array(items) => Value::Array(items),
        other => Value::Array(vec![other]),
    })
}

pub(super) fn type_of(call: &mut Call<'_, '_, '_>) -> Answer {
    if let Some(Argument::Expression(_)) = call.arguments.first() {
        return Err(EvalError::failed("unknown type"));
    }
    Ok(match call.value(0) {
        Value::Array(_) => "array",
        Value::Bool(_) => "boolean",
        Value::Null => "null",
        Value::Number(_) => "number",
        Value::Object(_) => "object",
        Value::String(_) => "string",
    }
    .into())
}

pub(super) fn values(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(call.value(0).as_object().into_iter().flat_map(Map::values).cloned().collect())
}
