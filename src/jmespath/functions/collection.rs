//! Functions of anything that has elements, and of anything at all.

use super::super::eval::Outcome;
use super::arithmetic::whole;
use super::call::{Call, given};
use super::table::{ANY, Function, STRING, TEXT, Type};
use crate::scalar::float;
use serde_json::{Map, Value};
use std::borrow::Cow;

const COLLECTION: &[Type] = &[Type::Object, Type::Array];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "items",
        &[COLLECTION, STRING, STRING],
        Type::Array,
        "a list of objects, each with the key or index and the value under the given names",
        items,
    ),
    Function::new(
        "length",
        &[&[Type::String, Type::Array, Type::Object]],
        Type::Number,
        "the number of characters, elements or keys",
        length,
    ),
    Function::new(
        "lookup",
        &[COLLECTION, TEXT],
        Type::Any,
        "the value of a key or index; null if there is none",
        lookup,
    ),
    Function::new("not_null", &[ANY], Type::Any, "the first argument that is not null", not_null).variadic(),
    Function::new("type", &[ANY], Type::String, "the name of the type", kind),
];

fn items<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let (key_name, value_name) = (call.text(1)?.to_owned(), call.text(2)?.to_owned());
    let collection = call.take(0)?;
    let pairs: Vec<(Value, Value)> = match call.evaluation.own(collection)? {
        Value::Array(values) => {
            values.into_iter().enumerate().map(|(index, value)| (Value::from(index), value)).collect()
        }
        Value::Object(entries) => entries.into_iter().map(|(key, value)| (Value::from(key), value)).collect(),
        _ => return Err(call.other_type(0, "Object or Array")),
    };
    call.charge(pairs.len().saturating_mul(key_name.len() + value_name.len() + 64))?;
    let object = |(key, value)| {
        let mut object = Map::new();
        object.insert(key_name.clone(), key);
        object.insert(value_name.clone(), value);
        Value::Object(object)
    };
    given(pairs.into_iter().map(object).collect::<Vec<_>>())
}

fn length<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(match call.value(0)? {
        Value::Array(items) => items.len(),
        Value::Object(entries) => entries.len(),
        Value::String(text) => text.chars().count(),
        _ => return Err(call.fail("could not compute length()")),
    })
}

/// What is found keeps being borrowed where it is.
fn lookup<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let key = call.value(1)?.clone();
    let (expected, index) = match (call.value(0)?, &key) {
        (Value::Array(_), Value::Number(number)) => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            let Some(index) = whole(number) else {
                let found = float::general(number);
                return Err(call.fail(format!("argument #2: expected an integer number but got: {found}")));
            };
            ("", usize::try_from(index).unwrap_or(usize::MAX))
        }
        (Value::Object(_), Value::String(_)) => ("", 0),
        (Value::Array(_), _) => ("Number", 0),
        _ => ("String", 0),
    };
    if !expected.is_empty() {
        return Err(call.other_type(1, expected));
    }
    match (call.take(0)?, key) {
        (Cow::Borrowed(Value::Object(entries)), Value::String(key)) => {
            Ok(entries.get(&key).map_or(Cow::Owned(Value::Null), Cow::Borrowed))
        }
        (Cow::Owned(Value::Object(mut entries)), Value::String(key)) => {
            given(entries.remove(&key).unwrap_or(Value::Null))
        }
        (Cow::Borrowed(list), _) => Ok(list.get(index).map_or(Cow::Owned(Value::Null), Cow::Borrowed)),
        (Cow::Owned(mut list), _) => given(list.get_mut(index).map_or(Value::Null, Value::take)),
    }
}

fn not_null<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let first = call.take_all().into_iter().find(|value| !value.is_null());
    Ok(first.unwrap_or(Cow::Owned(Value::Null)))
}

fn kind<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(match call.value(0)? {
        Value::Array(_) => "array",
        Value::Bool(_) => "boolean",
        Value::Null => "null",
        Value::Number(_) => "number",
        Value::Object(_) => "object",
        Value::String(_) => "string",
    })
}
