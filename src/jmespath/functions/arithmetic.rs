//! Arithmetic on numbers, quantities and durations.
//!
//! Source: Kyverno `pkg/engine/jmespath/arithmetic.go`.

use super::{Answer, Call};
use crate::jmespath::EvalError;
use crate::scalar::duration::Duration;
use crate::scalar::float::general;
use crate::scalar::quantity::Quantity;
use serde_json::Value;

enum Operand {
    Duration(Duration),
    Quantity(Quantity),
    Scalar(f64),
}

/// A text is a quantity if it can be: `5m` is five thousandths.
fn operand(call: &Call<'_, '_, '_>, value: &Value) -> Result<Operand, EvalError> {
    let read = match value {
        Value::Number(number) => number.as_f64().map(Operand::Scalar),
        Value::String(text) => {
            Quantity::parse(text).map(Operand::Quantity).or_else(|| Duration::parse(text).map(Operand::Duration))
        }
        _ => None,
    };
    match read {
        Some(Operand::Quantity(quantity)) if quantity.is_huge() => {
            Err(call.failed(format!("the amount {quantity} is too large to compute with")))
        }
        read => read.ok_or_else(|| call.failed("invalid operand")),
    }
}

fn operands(call: &Call<'_, '_, '_>) -> Result<(Operand, Operand), EvalError> {
    Ok((operand(call, call.value(0))?, operand(call, call.value(1))?))
}

fn mismatch(call: &Call<'_, '_, '_>) -> EvalError {
    call.failed("Types mismatch")
}

fn zero(call: &Call<'_, '_, '_>) -> EvalError {
    call.failed("Zero divisor passed")
}

fn printed(value: impl ToString) -> Value {
    value.to_string().into()
}

pub(super) fn add(call: &mut Call<'_, '_, '_>) -> Answer {
    added(call, call.value(0), call.value(1))
}

fn added(call: &Call<'_, '_, '_>, left: &Value, right: &Value) -> Answer {
    match (operand(call, left)?, operand(call, right)?) {
        (Operand::Quantity(left), Operand::Quantity(right)) => Ok(printed(left.add(&right))),
        (Operand::Duration(left), Operand::Duration(right)) => Ok(printed(left.plus(right))),
        (Operand::Scalar(left), Operand::Scalar(right)) => call.finite(left + right),
        _ => Err(mismatch(call)),
    }
}

/// A single element stays as it is.
pub(super) fn sum(call: &mut Call<'_, '_, '_>) -> Answer {
    let mut items = call.items(0).iter();
    let Some(first) = items.next() else {
        return Err(call.failed("at least one element in the array is required"));
    };
    items.try_fold(first.clone(), |sum, item| added(call, &sum, item))
}

pub(super) fn subtract(call: &mut Call<'_, '_, '_>) -> Answer {
    match operands(call)? {
        (Operand::Quantity(left), Operand::Quantity(right)) => Ok(printed(left.subtract(&right))),
        (Operand::Duration(left), Operand::Duration(right)) => Ok(printed(left.subtract(right))),
        (Operand::Scalar(left), Operand::Scalar(right)) => call.finite(left - right),
        _ => Err(mismatch(call)),
    }
}

pub(super) fn multiply(call: &mut Call<'_, '_, '_>) -> Answer {
    match operands(call)? {
        (Operand::Scalar(left), Operand::Scalar(right)) => call.finite(left * right),
        (Operand::Quantity(quantity), Operand::Scalar(factor))
        | (Operand::Scalar(factor), Operand::Quantity(quantity)) => {
            Ok(printed(quantity.multiply(&exact(call, factor)?)))
        }
        (Operand::Duration(duration), Operand::Scalar(factor))
        | (Operand::Scalar(factor), Operand::Duration(duration)) => {
            Ok(printed(Duration::from_fraction(duration.seconds() * factor * 1e9)))
        }
        _ => Err(mismatch(call)),
    }
}

pub(super) fn divide(call: &mut Call<'_, '_, '_>) -> Answer {
    let nonzero = |divisor: f64| if divisor == 0.0 { Err(zero(call)) } else { Ok(divisor) };
    match operands(call)? {
        (Operand::Scalar(left), Operand::Scalar(right)) => call.finite(left / nonzero(right)?),
        (Operand::Quantity(left), Operand::Quantity(right)) => call.finite(left.to_f64() / nonzero(right.to_f64())?),
        (Operand::Quantity(left), Operand::Scalar(right)) => {
            let right = exact(call, nonzero(right)?)?;
            left.divide(&right).map(printed).ok_or_else(|| zero(call))
        }
        (Operand::Duration(left), Operand::Duration(right)) => call.finite(left.seconds() / nonzero(right.seconds())?),
        (Operand::Duration(left), Operand::Scalar(right)) => {
            Ok(printed(Duration::from_fraction(left.seconds() / nonzero(right)? * 1e9)))
        }
        _ => Err(mismatch(call)),
    }
}

pub(super) fn modulo(call: &mut Call<'_, '_, '_>) -> Answer {
    let fractional = || call.failed("Non-integer argument(s) passed for modulo");
    let remainder = |left: i64, right: i64| match right {
        0 => Err(zero(call)),
        right => Ok(left.wrapping_rem(right)),
    };
    match operands(call)? {
        (Operand::Scalar(left), Operand::Scalar(right)) => {
            let (left, right) = whole(left).zip(whole(right)).ok_or_else(fractional)?;
            remainder(left, right).map(Value::from)
        }
        (Operand::Quantity(left), Operand::Quantity(right)) => {
            let format = left.format;
            let (left, right) = left.to_i64().zip(right.to_i64()).ok_or_else(fractional)?;
            remainder(left, right).map(|rest| printed(Quantity::whole(rest, format)))
        }
        (Operand::Duration(left), Operand::Duration(right)) => {
            left.modulo(right).map(printed).ok_or_else(|| zero(call))
        }
        _ => Err(mismatch(call)),
    }
}

#[expect(clippy::as_conversions, reason = "saturating; compared afterwards")]
fn whole(number: f64) -> Option<i64> {
    let integer = number as i64;
    // The largest integer has no number of its own: the nearest is one too large.
    (integer as f64 == number && integer != i64::MAX).then_some(integer)
}

/// The quantity of a bare number.
fn exact(call: &Call<'_, '_, '_>, number: f64) -> Result<Quantity, EvalError> {
    Quantity::parse(&general(number)).ok_or_else(|| call.failed("invalid operand"))
}
