//! Functions that ask an expression about each element.

use super::super::ast::Node;
use super::super::error::EvalError;
use super::super::eval::{At, Outcome};
use super::call::{Call, given};
use super::list::order;
use super::table::{ARRAY, EXPRESSION, Function, Type};
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("map", &[EXPRESSION, ARRAY], Type::Array, "what an expression makes of each element", map),
    Function::new("max_by", &[ARRAY, EXPRESSION], Type::Any, "the element with the largest value", max_by),
    Function::new("min_by", &[ARRAY, EXPRESSION], Type::Any, "the element with the smallest value", min_by),
    Function::new("sort_by", &[ARRAY, EXPRESSION], Type::Array, "the elements in the order of their values", sort_by),
];

/// What an element is compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
}

/// The value of an expression on an element; a missing key is null.
fn ask(call: &Call<'_, '_>, node: &Node, item: &Value) -> Result<Value, EvalError> {
    match call.evaluation.eval(node, At::Value(item)) {
        Ok(value) => call.evaluation.own(value),
        Err(EvalError::NotFound(_)) => Ok(Value::Null),
        Err(error) => Err(error),
    }
}

fn map<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let node = call.expression(0)?;
    let mapped: Result<Vec<Value>, EvalError> = call.list(1)?.iter().map(|item| ask(call, node, item)).collect();
    given(mapped?)
}

/// The values of all elements, all of the kind of the first.
fn keys(call: &Call<'_, '_>, other: fn(Kind) -> EvalError) -> Result<Vec<Value>, EvalError> {
    let node = call.expression(1)?;
    let mut keys = Vec::new();
    let mut expected = None;
    for item in call.list(0)? {
        let key = ask(call, node, item)?;
        let kind = match key {
            Value::Number(_) => Some(Kind::Number),
            Value::String(_) => Some(Kind::Text),
            _ => None,
        };
        match (expected, kind) {
            (None, None) => return Err(EvalError::failed("invalid type, must be number of string")),
            (None, Some(kind)) => expected = Some(kind),
            (Some(expected), kind) if kind != Some(expected) => return Err(other(expected)),
            _ => {}
        }
        keys.push(key);
    }
    Ok(keys)
}

fn max_by<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    best(call, Ordering::Greater)
}

fn min_by<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    best(call, Ordering::Less)
}

/// The first element than which no other is better; a single one is not asked.
fn best<'a>(call: &mut Call<'_, 'a>, better: Ordering) -> Outcome<'a> {
    let mut best = 0;
    if call.list(0)?.len() > 1 {
        let keys = keys(call, |kind| {
            EvalError::failed(match kind {
                Kind::Number => "invalid type, must be number",
                Kind::Text => "invalid type, must be string",
            })
        })?;
        for (index, key) in keys.iter().enumerate() {
            if keys.get(best).is_some_and(|best| order(key, best) == better) {
                best = index;
            }
        }
    }
    match call.take(0)? {
        Cow::Borrowed(items) => Ok(items.get(best).map_or(Cow::Owned(Value::Null), Cow::Borrowed)),
        Cow::Owned(mut items) => given(items.get_mut(best).map_or(Value::Null, Value::take)),
    }
}

fn sort_by<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    if call.list(0)?.len() < 2 {
        return call.take(0);
    }
    let keys = keys(call, |_| EvalError::failed("error in sort_by comparison"))?;
    let mut pairs: Vec<(Value, &Value)> = keys.into_iter().zip(call.list(0)?).collect();
    call.charge(pairs.len().saturating_mul(64))?;
    pairs.sort_by(|(left, _), (right, _)| order(left, right));
    let sorted: Result<Vec<Value>, EvalError> =
        pairs.into_iter().map(|(_, item)| call.evaluation.own(Cow::Borrowed(item))).collect();
    given(sorted?)
}
