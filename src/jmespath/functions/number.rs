//! Numbers.

use super::{Answer, Call};
use crate::scalar::float::to_value;
use serde_json::Value;
use std::cmp::Ordering;

pub(super) fn abs(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(to_value(call.number(0).abs()))
}

/// Upstream divides by zero for an empty list, and fails when it prints what comes of it.
#[expect(clippy::as_conversions, reason = "a count")]
pub(super) fn avg(call: &mut Call<'_, '_, '_>) -> Answer {
    let items = call.items(0);
    if items.is_empty() {
        return Err(call.failed("at least one element in the array is required"));
    }
    let sum: f64 = items.iter().filter_map(Value::as_f64).sum();
    call.finite(sum / items.len() as f64)
}

pub(super) fn ceil(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(to_value(call.number(0).ceil()))
}

pub(super) fn floor(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(to_value(call.number(0).floor()))
}

pub(super) fn max(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(best(call.items(0), Ordering::Greater))
}

pub(super) fn min(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(best(call.items(0), Ordering::Less))
}

/// The first element that no other beats.
fn best(items: &[Value], wanted: Ordering) -> Value {
    let mut items = items.iter();
    let Some(mut best) = items.next() else { return Value::Null };
    for item in items {
        if order(item, best) == Some(wanted) {
            best = item;
        }
    }
    best.clone()
}

/// The order of two numbers or two texts.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => left.as_f64()?.partial_cmp(&right.as_f64()?),
        _ => None,
    }
}

/// Half away from zero.
pub(super) fn round(call: &mut Call<'_, '_, '_>) -> Answer {
    let digits = call.number(1);
    if digits.fract() != 0.0 || !digits.is_finite() {
        return Err(call.failed("Non-integer argument(s) passed for round off"));
    }
    if digits < 0.0 {
        return Err(call.failed("argument #2 is out of bounds: expected no negative number of digits"));
    }
    let shift = 10_f64.powf(digits);
    call.finite((call.number(0) * shift).round() / shift)
}

pub(super) fn to_number(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(match call.value(0) {
        Value::Number(number) => Value::Number(number.clone()),
        Value::String(text) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => to_value(number),
            _ => Value::Null,
        },
        _ => Value::Null,
    })
}
