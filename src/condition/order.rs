//! `GreaterThan`, `LessThanOrEquals`, ...: of numbers, durations, quantities and versions.

use super::pair;
use crate::scalar::duration::Duration;
use crate::scalar::quantity::Quantity;
use crate::scalar::semver::Version;
use serde_json::Value;
use std::cmp::Ordering;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Order {
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "GreaterThan" => Self::Greater,
            "GreaterThanOrEquals" => Self::GreaterOrEqual,
            "LessThan" => Self::Less,
            "LessThanOrEquals" => Self::LessOrEqual,
            _ => return None,
        })
    }

    fn of(self, ordering: Option<Ordering>) -> bool {
        match self {
            Self::Greater => ordering == Some(Ordering::Greater),
            Self::GreaterOrEqual => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
            Self::Less => ordering == Some(Ordering::Less),
            Self::LessOrEqual => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
        }
    }

    fn of_numbers(self, left: f64, right: f64) -> bool {
        self.of(left.partial_cmp(&right))
    }
}

pub(super) fn holds(key: &Value, value: &Value, order: Order) -> bool {
    match key {
        Value::Number(number) => number.as_f64().is_some_and(|number| of_number(number, key, value, order)),
        Value::String(text) => of_text(text, key, value, order),
        _ => false,
    }
}

fn of_number(number: f64, key: &Value, value: &Value, order: Order) -> bool {
    match value {
        Value::Number(value) => value.as_f64().is_some_and(|value| order.of_numbers(number, value)),
        Value::String(text) => match pair::seconds(key, value) {
            Some((left, right)) => order.of_numbers(left, right),
            None => float(text).is_some_and(|value| order.of_numbers(number, value)),
        },
        _ => false,
    }
}

fn of_text(text: &str, key: &Value, value: &Value, order: Order) -> bool {
    if let Some((left, right)) = pair::seconds(key, value) {
        return order.of_numbers(left, right);
    }
    let other = value.as_str();
    if let (Some(left), Some(right)) = (Quantity::parse(text), other.and_then(Quantity::parse)) {
        return order.of(left.partial_cmp(&right));
    }
    if let Some(number) = float(text) {
        return of_number(number, &Value::from(number), value, order);
    }
    match (Version::parse(text), other.map(Version::parse)) {
        (Ok(left), Some(Ok(right))) => order.of(left.partial_cmp(&right)),
        _ => false,
    }
}

/// Key and value each a duration, or a number of seconds.
pub(super) fn durations(key: &Value, value: &Value, order: Order) -> bool {
    let read = |value: &Value| match value {
        Value::String(text) => Duration::parse(text),
        other => pair::counted(other),
    };
    read(key).zip(read(value)).is_some_and(|(left, right)| order.of(Some(left.cmp(&right))))
}

/// A decimal number as Go's `ParseFloat` reads it, but for hexadecimal ones and underscores.
pub(super) fn float(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    // Out of range is an error there.
    let is_named = text.trim_start_matches(['+', '-']).starts_with(['i', 'I', 'n', 'N']);
    (number.is_finite() || is_named).then_some(number)
}
