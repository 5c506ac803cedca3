//! Functions of objects.

use super::super::eval::{Outcome, equal};
use super::call::{Call, given, scalar_text};
use super::table::{ARRAY, Function, OBJECT, Type};
use serde_json::{Map, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("keys", &[OBJECT], Type::Array, "the keys, sorted", keys),
    Function::new(
        "label_match",
        &[OBJECT, OBJECT],
        Type::Bool,
        "is every entry of the first in the second?",
        label_match,
    ),
    Function::new("merge", &[OBJECT], Type::Object, "one object of several; later entries win", merge).variadic(),
    Function::new(
        "object_from_lists",
        &[ARRAY, ARRAY],
        Type::Object,
        "an object of a list of keys and a list of values",
        object_from_lists,
    ),
    Function::new("values", &[OBJECT], Type::Array, "the values, sorted by their keys", values),
];

/// Upstream's order depends on chance.
fn keys<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(call.object(0)?.keys().map(|key| Value::from(key.as_str())).collect::<Vec<_>>())
}

/// Upstream's order depends on chance.
fn values<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let object = call.take(0)?;
    match call.evaluation.own(object)? {
        Value::Object(entries) => given(entries.into_iter().map(|(_, value)| value).collect::<Vec<_>>()),
        _ => Err(call.other_type(0, "Object")),
    }
}

fn label_match<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let (wanted, labels) = (call.object(0)?, call.object(1)?);
    given(wanted.iter().all(|(key, value)| labels.get(key).is_some_and(|found| equal(found, value))))
}

fn merge<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let mut merged = Map::new();
    for object in call.take_all() {
        if let Value::Object(mut entries) = call.evaluation.own(object)? {
            merged.append(&mut entries);
        }
    }
    given(merged)
}

fn object_from_lists<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let list = call.take(1)?;
    let Value::Array(values) = call.evaluation.own(list)? else { return Err(call.other_type(1, "Array")) };
    let mut object = Map::new();
    let values = values.into_iter().chain(std::iter::repeat(Value::Null));
    for (key, value) in call.list(0)?.iter().zip(values) {
        let key = scalar_text(key).ok_or_else(|| call.other_type(0, "StringArray"))?;
        object.insert(key, value);
    }
    given(object)
}
