//! Computing with quantities, durations and bare numbers.
//!
//! Source: Kyverno `pkg/engine/jmespath/arithmetic.go`.

use super::super::error::EvalError;
use super::super::eval::Outcome;
use super::call::{Call, finite, given};
use super::table::{ANY, ARRAY, Function, Type};
use crate::scalar::duration::Duration;
use crate::scalar::float;
use crate::scalar::quantity::Quantity;
use serde_json::Value;
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("add", &[ANY, ANY], Type::Any, "the sum of two numbers, quantities or durations", add),
    Function::new("divide", &[ANY, ANY], Type::Any, "the quotient; not by zero", divide),
    Function::new("modulo", &[ANY, ANY], Type::Any, "the remainder of whole numbers; not by zero", modulo),
    Function::new(
        "multiply",
        &[ANY, ANY],
        Type::Any,
        "the product of two numbers, one of which may have a unit",
        multiply,
    ),
    Function::new(
        "subtract",
        &[ANY, ANY],
        Type::Any,
        "the difference of two numbers, quantities or durations",
        subtract,
    ),
    Function::new("sum", &[ARRAY], Type::Any, "the sum of numbers, quantities or durations, at least one", sum),
];

enum Operand {
    Duration(Duration),
    Quantity(Quantity),
    Scalar(f64),
}

/// A text is tried as a quantity first: `5m` is 0.005, not five minutes.
fn operand(call: &Call<'_, '_>, value: &Value) -> Result<Operand, EvalError> {
    match value {
        Value::Number(number) => number.as_f64().map(Operand::Scalar),
        Value::String(text) => {
            Quantity::parse(text).map(Operand::Quantity).or_else(|| Duration::parse(text).map(Operand::Duration))
        }
        _ => None,
    }
    .ok_or_else(|| call.fail("invalid operand"))
}

fn operands(call: &Call<'_, '_>) -> Result<(Operand, Operand), EvalError> {
    Ok((operand(call, call.value(0)?)?, operand(call, call.value(1)?)?))
}

fn mismatch(call: &Call<'_, '_>) -> EvalError {
    call.fail("Types mismatch")
}

fn zero_divisor(call: &Call<'_, '_>) -> EvalError {
    call.fail("Zero divisor passed")
}

fn plus<'a>(call: &Call<'_, '_>, left: &Operand, right: &Operand) -> Outcome<'a> {
    match (left, right) {
        (Operand::Duration(left), Operand::Duration(right)) => given(left.add(*right).to_string()),
        (Operand::Quantity(left), Operand::Quantity(right)) => given(left.add(right).to_string()),
        (Operand::Scalar(left), Operand::Scalar(right)) => finite(left + right),
        _ => Err(mismatch(call)),
    }
}

fn add<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let (left, right) = operands(call)?;
    plus(call, &left, &right)
}

/// A single element is the sum whatever it is.
fn sum<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let Some((first, rest)) = call.list(0)?.split_first() else {
        return Err(call.fail("at least one element in the array is required"));
    };
    let mut sum = Cow::Borrowed(first);
    for item in rest {
        sum = plus(call, &operand(call, &sum)?, &operand(call, item)?)?;
    }
    call.evaluation.own(sum).map(Cow::Owned)
}

fn subtract<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    match operands(call)? {
        (Operand::Duration(left), Operand::Duration(right)) => given(left.subtract(right).to_string()),
        (Operand::Quantity(left), Operand::Quantity(right)) => given(left.subtract(&right).to_string()),
        (Operand::Scalar(left), Operand::Scalar(right)) => finite(left - right),
        _ => Err(mismatch(call)),
    }
}

fn multiply<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    match operands(call)? {
        (Operand::Duration(duration), Operand::Scalar(factor))
        | (Operand::Scalar(factor), Operand::Duration(duration)) => {
            given(Duration::from_fraction(duration.seconds() * factor * 1e9).to_string())
        }
        (Operand::Quantity(quantity), Operand::Scalar(factor))
        | (Operand::Scalar(factor), Operand::Quantity(quantity)) => {
            given(quantity.multiply(&bare(call, factor)?).to_string())
        }
        (Operand::Scalar(left), Operand::Scalar(right)) => finite(left * right),
        _ => Err(mismatch(call)),
    }
}

/// A bare number as a quantity, as upstream makes one: of its text.
fn bare(call: &Call<'_, '_>, number: f64) -> Result<Quantity, EvalError> {
    Quantity::parse(&float::general(number)).ok_or_else(|| call.fail("invalid operand"))
}

fn divide<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    match operands(call)? {
        (Operand::Duration(left), Operand::Duration(right)) => quotient(call, left.seconds(), right.seconds()),
        (Operand::Quantity(left), Operand::Quantity(right)) => quotient(call, left.to_f64(), right.to_f64()),
        (Operand::Scalar(left), Operand::Scalar(right)) => quotient(call, left, right),
        (Operand::Duration(_) | Operand::Quantity(_), Operand::Scalar(0.0)) => Err(zero_divisor(call)),
        (Operand::Duration(left), Operand::Scalar(right)) => {
            given(Duration::from_fraction(left.seconds() / right * 1e9).to_string())
        }
        (Operand::Quantity(left), Operand::Scalar(right)) => {
            let quotient = left.divide(&bare(call, right)?).ok_or_else(|| zero_divisor(call))?;
            given(quotient.to_string())
        }
        _ => Err(mismatch(call)),
    }
}

fn quotient<'a>(call: &Call<'_, '_>, left: f64, right: f64) -> Outcome<'a> {
    if right == 0.0 { Err(zero_divisor(call)) } else { finite(left / right) }
}

fn modulo<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    match operands(call)? {
        (Operand::Duration(left), Operand::Duration(right)) => {
            let remainder = left.modulo(right).ok_or_else(|| zero_divisor(call))?;
            given(remainder.to_string())
        }
        (Operand::Quantity(left), Operand::Quantity(right)) => {
            let remainder = remainder(call, left.to_f64(), right.to_f64())?;
            given(Quantity::whole(remainder, left.format).to_string())
        }
        (Operand::Scalar(left), Operand::Scalar(right)) => given(remainder(call, left, right)?),
        _ => Err(mismatch(call)),
    }
}

fn remainder(call: &Call<'_, '_>, left: f64, right: f64) -> Result<i64, EvalError> {
    let whole = |number| whole(number).ok_or_else(|| call.fail("Non-integer argument(s) passed for modulo"));
    let (left, right) = (whole(left)?, whole(right)?);
    if right == 0 { Err(zero_divisor(call)) } else { Ok(left.wrapping_rem(right)) }
}

/// The integer that a number is.
#[expect(clippy::as_conversions, reason = "only what comes back the same is taken")]
pub(super) fn whole(number: f64) -> Option<i64> {
    let integer = number as i64;
    // The largest integer has no number of its own: the nearest is one too large.
    (integer as f64 == number && integer != i64::MAX).then_some(integer)
}
