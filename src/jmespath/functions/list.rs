//! Functions of lists.

use super::super::error::EvalError;
use super::super::eval::{Outcome, equal};
use super::call::{Call, given};
use super::table::{ANY, Function, Type};
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "contains",
        &[&[Type::Array, Type::String], ANY],
        Type::Bool,
        "is it an element of the list, or a part of the text?",
        contains,
    ),
    Function::new("max", &[&[Type::ArrayOfNumber, Type::ArrayOfString]], Type::Any, "the largest", max),
    Function::new("min", &[&[Type::ArrayOfNumber, Type::ArrayOfString]], Type::Any, "the smallest", min),
    Function::new("reverse", &[&[Type::Array, Type::String]], Type::Any, "from the end to the beginning", reverse),
    Function::new("sort", &[&[Type::ArrayOfString, Type::ArrayOfNumber]], Type::Array, "in order", sort),
    Function::new("to_array", &[ANY], Type::Array, "a list as it is, anything else as the only element", to_array),
];

/// Upstream crashes where it compares two lists or two objects.
fn contains<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let wanted = call.value(1)?;
    if let Value::String(text) = call.value(0)? {
        return given(wanted.as_str().is_some_and(|wanted| text.contains(wanted)));
    }
    for item in call.list(0)? {
        if matches!((item, wanted), (Value::Array(_), Value::Array(_)) | (Value::Object(_), Value::Object(_))) {
            let message = "elements that are lists or objects cannot be compared: use a filter";
            return Err(call.fail(message));
        }
        if equal(item, wanted) {
            return given(true);
        }
    }
    given(false)
}

/// The order of two numbers or of two texts.
pub(super) fn order(left: &Value, right: &Value) -> Ordering {
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => left.partial_cmp(&right).unwrap_or(Ordering::Equal),
        _ => left.as_str().cmp(&right.as_str()),
    }
}

fn max<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    best(call, Ordering::Greater)
}

fn min<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    best(call, Ordering::Less)
}

fn best<'a>(call: &Call<'_, '_>, better: Ordering) -> Outcome<'a> {
    let best = call.list(0)?.iter().reduce(|best, item| if order(item, best) == better { item } else { best });
    call.evaluation.own(best.map_or(Cow::Owned(Value::Null), Cow::Borrowed)).map(Cow::Owned)
}

fn reverse<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    if let Value::String(text) = call.value(0)? {
        return given(text.chars().rev().collect::<String>());
    }
    let mut items = owned(call)?;
    items.reverse();
    given(items)
}

fn sort<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let mut items = owned(call)?;
    items.sort_by(order);
    given(items)
}

fn owned(call: &mut Call<'_, '_>) -> Result<Vec<Value>, EvalError> {
    let list = call.take(0)?;
    match call.evaluation.own(list)? {
        Value::Array(items) => Ok(items),
        _ => Err(call.other_type(0, "Array")),
    }
}

fn to_array<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let value = call.take(0)?;
    if value.is_array() {
        return Ok(value);
    }
    given(vec![call.evaluation.own(value)?])
}
