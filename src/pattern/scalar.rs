//! One value against one pattern without structure.
//!
//! Source: Kyverno 1.19 `pkg/engine/pattern/pattern.go`.

use super::range;
use crate::scalar::duration::Duration;
use crate::scalar::float;
use crate::scalar::quantity::Quantity;
use crate::wildcard;
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::cmp::Ordering;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    Less,
    LessEqual,
    More,
    MoreEqual,
    NotEqual,
}

/// The order in which upstream tries the prefixes.
const OPERATORS: [(&str, Operator); 5] = [
    (">=", Operator::MoreEqual),
    ("<=", Operator::LessEqual),
    (">", Operator::More),
    ("<", Operator::Less),
    ("!", Operator::NotEqual),
];

/// Does `value` match `pattern`?
///
/// A map accepts any map, a list nothing. A text is alternatives by `|` of conditions joined by `&`, each an operator
/// or a range; a condition compares durations, else quantities, else texts with wildcards. Null counts as `0` among
/// durations and quantities, and matches no text.
/// Does not read hexadecimal texts for a pattern with a fraction, as upstream does.
pub fn matches(value: &Value, pattern: &Value) -> bool {
    match pattern {
        Value::Array(_) => false,
        Value::Bool(flag) => value.as_bool() == Some(*flag),
        Value::Null => is_zero(value),
        Value::Number(number) => matches_number(value, number),
        Value::Object(_) => value.is_object(),
        Value::String(text) => matches_text(value, text),
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Array(_) | Value::Object(_) => false,
        Value::Bool(flag) => !flag,
        Value::Null => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
    }
}

fn matches_number(value: &Value, pattern: &Number) -> bool {
    match value {
        Value::Number(number) => equal_numbers(number, pattern),
        Value::String(text) => match whole(pattern) {
            Some(pattern) => text.parse() == Ok(pattern),
            None => text.parse().ok() == pattern.as_f64(),
        },
        _ => false,
    }
}

fn equal_numbers(one: &Number, other: &Number) -> bool {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}

/// The number as an integer, also where it is written with a fraction of zero.
fn whole(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| float::to_value(number.as_f64()?).as_i64())
}

fn matches_text(value: &Value, pattern: &str) -> bool {
    value.as_str() == Some(pattern)
        || pattern.split('|').any(|part| part.trim_matches(' ').split('&').all(|piece| matches_piece(value, piece)))
}

fn matches_piece(value: &Value, piece: &str) -> bool {
    let piece = piece.trim_matches(' ');
    // A single character is never an operator.
    let found = OPERATORS.iter().filter(|_| piece.len() >= 2).find_map(|(prefix, operator)| {
        let operand = piece.strip_prefix(prefix)?;
        Some((operand, *operator))
    });
    if let Some((operand, operator)) = found {
        return compare(value, operand.trim(), operator);
    }
    match range::parse(piece) {
        Some(range) if range.negated => {
            compare(value, range.low, Operator::Less) || compare(value, range.high, Operator::More)
        }
        Some(range) => {
            compare(value, range.low, Operator::MoreEqual) && compare(value, range.high, Operator::LessEqual)
        }
        None => compare(value, piece.trim(), Operator::Equal),
    }
}

fn compare(value: &Value, operand: &str, operator: Operator) -> bool {
    match order(value, operand) {
        Some(order) => match operator {
            Operator::Equal => order.is_eq(),
            Operator::Less => order.is_lt(),
            Operator::LessEqual => order.is_le(),
            Operator::More => order.is_gt(),
            Operator::MoreEqual => order.is_ge(),
            Operator::NotEqual => order.is_ne(),
        },
        None => match (operator, plain_text(value)) {
            (Operator::Equal, Some(text)) => wildcard::matches(operand, &text),
            (Operator::NotEqual, Some(text)) => !wildcard::matches(operand, &text),
            _ => false,
        },
    }
}

/// How value and operand compare as durations, or as quantities; `None` where they are neither both.
fn order(value: &Value, operand: &str) -> Option<Ordering> {
    let text = amount_text(value)?;
    if let (Some(value), Some(operand)) = (Duration::parse(&text), Duration::parse(operand)) {
        return Some(value.cmp(&operand));
    }
    Quantity::parse(&text)?.partial_cmp(&Quantity::parse(operand)?)
}

/// The text in which upstream looks for an amount.
fn amount_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => Some(Cow::Borrowed("0")),
        Value::Number(number) => number.as_f64().map(|number| Cow::Owned(float::fixed(number))),
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Array(_) | Value::Bool(_) | Value::Object(_) => None,
    }
}

/// The text that wildcards are matched against.
fn plain_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::Number(number) => number.as_f64().map(|number| Cow::Owned(float::scientific(number))),
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Array(_) | Value::Null | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;
    use serde_json::{Value, json};

    fn check(cases: &[(Value, Value, bool)]) {
        for (value, pattern, expected) in cases {
            assert_eq!(matches(value, pattern), *expected, "{value} against {pattern}");
        }
    }

    #[test]
    fn numbers_compare_as_amounts() {
        check(&[
            (json!(7), json!(">6"), true),
            (json!(null), json!("<10"), true),
            (json!(null), json!("!5"), true),
            (json!("100Mi"), json!("<1Gi"), true),
            (json!("1Gi"), json!("1024Mi"), true),
            (json!("500m"), json!("0.5"), true),
            (json!("5m"), json!("300s"), true),
            (json!("5m"), json!("0.005"), true),
            (json!("10"), json!("1e1"), true),
            (json!("15"), json!("10-20"), true),
            (json!(25), json!("10!-20"), true),
            (json!(15), json!("10!-20"), false),
            (json!(15), json!("!10-20"), true),
            (json!("10s"), json!(">5"), false),
            (json!("90m"), json!("1h-2h"), true),
            // A number has a fraction when it is read as a duration, and so is none.
            (json!(0), json!("0s"), false),
            (json!("0"), json!("0s"), true),
            // A suffix alone is an amount of nothing.
            (json!(null), json!("n"), true),
        ]);
    }

    #[test]
    fn texts_match_by_wildcards() {
        check(&[
            (json!("nginx:1.25"), json!("nginx:*"), true),
            (json!("NGINX"), json!("nginx"), false),
            (json!(""), json!("?*"), false),
            (json!(null), json!("!foo"), false),
            (json!(null), json!("*"), false),
            (json!({}), json!("!foo"), false),
            (json!("b"), json!("a | b"), true),
            (json!("nginx:1.0"), json!("!*:latest & !*:1.*"), false),
            (json!("c"), json!("a&b|c"), true),
            (json!(true), json!("true"), true),
            (json!(1.5), json!("1.*"), true),
            (json!("a|b"), json!("a|b"), true),
            (json!("a"), json!("\ta"), true),
            (json!("a"), json!("! a"), false),
            (json!(">"), json!(">"), true),
            (json!("b"), json!(">a"), false),
        ]);
    }

    #[test]
    fn other_patterns_take_their_own_kind() {
        check(&[
            (json!("true"), json!(true), false),
            (json!(true), json!(true), true),
            (json!("3"), json!(3), true),
            (json!("+3"), json!(3), true),
            (json!("3.0"), json!(3), false),
            (json!(3.0), json!(3), true),
            (json!(3), json!(3.0), true),
            (json!(3.5), json!(3), false),
            (json!("1.50"), json!(1.5), true),
            (json!("x"), json!(1.5), false),
            (json!(true), json!(1), false),
            (json!(""), json!(null), true),
            (json!(0.0), json!(null), true),
            (json!(false), json!(null), true),
            (json!("0"), json!(null), false),
            (json!({}), json!(null), false),
            (json!([]), json!(null), false),
            (json!({"a": 1}), json!({}), true),
            (json!(1), json!({}), false),
            (json!([1]), json!([1]), false),
        ]);
    }
}
