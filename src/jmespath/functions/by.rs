//! Functions that apply an expression to elements.

use super::number::order;
use super::{Answer, Call};
use crate::jmespath::EvalError;
use crate::jmespath::eval::At;
use serde_json::Value;
use std::cmp::Ordering;

/// The expression on a value; a missing key is null.
fn apply(call: &Call<'_, '_, '_>, expression: usize, value: &Value) -> Answer {
    match call.evaluation.eval(call.expression(expression)?, At::Value(value)) {
        Ok(value) => call.evaluation.own(value),
        Err(EvalError::NotFound(_)) => Ok(Value::Null),
        Err(error) => Err(error),
    }
}

pub(super) fn map(call: &mut Call<'_, '_, '_>) -> Answer {
    let mapped: Result<Vec<Value>, EvalError> = call.items(1).iter().map(|item| apply(call, 0, item)).collect();
    mapped.map(Value::Array)
}

pub(super) fn max_by(call: &mut Call<'_, '_, '_>) -> Answer {
    best(call, Ordering::Greater)
}

pub(super) fn min_by(call: &mut Call<'_, '_, '_>) -> Answer {
    best(call, Ordering::Less)
}

fn best(call: &Call<'_, '_, '_>, wanted: Ordering) -> Answer {
    let items = call.items(0);
    if let [] | [_] = items {
        return Ok(items.first().cloned().unwrap_or_default());
    }
    let keys = keys(call, items, "invalid type, must be number", "invalid type, must be string")?;
    let mut best = None::<(&Value, &Value)>;
    for pair in keys.iter().zip(items) {
        if best.is_none_or(|(key, _)| order(pair.0, key) == Some(wanted)) {
            best = Some(pair);
        }
    }
    Ok(best.map(|(_, item)| item.clone()).unwrap_or_default())
}

/// The keys of the elements: all numbers or all texts.
fn keys(call: &Call<'_, '_, '_>, items: &[Value], no_number: &str, no_text: &str) -> Result<Vec<Value>, EvalError> {
    let keys: Vec<Value> = items.iter().map(|item| apply(call, expression_of(call), item)).collect::<Result<_, _>>()?;
    let complaint = match keys.first() {
        Some(Value::Number(_)) if !keys.iter().all(Value::is_number) => no_number,
        Some(Value::String(_)) if !keys.iter().all(Value::is_string) => no_text,
        Some(Value::Number(_) | Value::String(_)) => return Ok(keys),
        _ => "invalid type, must be number of string",
    };
    Err(EvalError::failed(complaint))
}

/// `map` has the expression first, the others last.
fn expression_of(call: &Call<'_, '_, '_>) -> usize {
    usize::from(call.name != "map")
}

pub(super) fn sort_by(call: &mut Call<'_, '_, '_>) -> Answer {
    let items = call.items(0);
    if let [] | [_] = items {
        return Ok(call.take(0));
    }
    const MIXED: &str = "error in sort_by comparison";
    let keys = keys(call, items, MIXED, MIXED)?;
    let mut pairs: Vec<(Value, Value)> = keys.into_iter().zip(items.iter().cloned()).collect();
    pairs.sort_by(|left, right| order(&left.0, &right.0).unwrap_or(Ordering::Equal));
    Ok(pairs.into_iter().map(|(_, item)| item).collect())
}
