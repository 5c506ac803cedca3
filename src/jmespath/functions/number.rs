//! Functions of numbers.

use super::super::eval::Outcome;
use super::call::{Call, finite, given};
use super::table::{ANY, Function, NUMBER, Type};
use crate::scalar::float;
use serde_json::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", &[NUMBER], Type::Number, "without its sign", abs),
    Function::new("avg", &[&[Type::ArrayOfNumber]], Type::Number, "the mean", avg),
    Function::new("ceil", &[NUMBER], Type::Number, "rounded up", ceil),
    Function::new("floor", &[NUMBER], Type::Number, "rounded down", floor),
    Function::new("round", &[NUMBER, NUMBER], Type::Number, "rounded to so many decimal places", round),
    Function::new("to_number", &[ANY], Type::Number, "the number that a text is; null if it is none", to_number),
];

fn abs<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    finite(call.number(0)?.abs())
}

#[expect(clippy::as_conversions, reason = "a length far below where whole numbers end")]
fn avg<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let numbers = call.list(0)?;
    let sum: f64 = numbers.iter().filter_map(Value::as_f64).sum();
    finite(sum / numbers.len() as f64)
}

fn ceil<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    finite(call.number(0)?.ceil())
}

fn floor<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    finite(call.number(0)?.floor())
}

fn round<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let (number, places) = (call.number(0)?, call.number(1)?);
    if places.fract() != 0.0 {
        return Err(call.fail("Non-integer argument(s) passed for round off"));
    }
    if places < 0.0 {
        return Err(call.fail(format!("argument #2 is out of bounds ({places})")));
    }
    let shift = 10_f64.powf(places);
    finite((number * shift).round() / shift)
}

fn to_number<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    match call.value(0)? {
        Value::Number(_) => call.take(0),
        // Beyond the range there is no number, while `inf` is one, and JSON has none for it.
        Value::String(text) => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => given(float::to_value(number)),
            Ok(number) if !text.contains(|c: char| c.is_ascii_digit()) => finite(number),
            _ => given(Value::Null),
        },
        _ => given(Value::Null),
    }
}
