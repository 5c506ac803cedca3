//! Numbers as Go prints them.

use serde_json::{Number, Value};

/// A JSON number: whole ones as integers, so that `1` and `1.0` are one value; what is no number is null.
#[expect(clippy::as_conversions, reason = "in range, and whole")]
pub fn to_value(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// `%v` of a float64: the shortest text, with an exponent from 1e6 on and below 1e-4.
pub fn general(number: f64) -> String {
    if number == 0.0 {
        return if number.is_sign_negative() { "-0" } else { "0" }.to_owned();
    }
    if !number.is_finite() {
        return match (number.is_nan(), number > 0.0) {
            (true, _) => "NaN",
            (false, true) => "+Inf",
            (false, false) => "-Inf",
        }
        .to_owned();
    }
    if (1e-4..1e6).contains(&number.abs()) { format!("{number}") } else { exponent(number, 'e') }
}

/// As `encoding/json` writes it: no exponent from 1e-6 up and below 1e21.
pub fn json(number: f64) -> String {
    if number == 0.0 || (1e-6..1e21).contains(&number.abs()) {
        return format!("{number}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

/// `%E` with as few digits as needed: `1.5E+00`.
pub fn scientific(number: f64) -> String {
    exponent(number, 'E')
}

/// `%f`: six decimals.
pub fn fixed(number: f64) -> String {
    format!("{number:.6}")
}

/// The shortest decimal that names the nearest 32-bit float, without exponent.
#[expect(clippy::as_conversions, reason = "the loss of precision is upstream's")]
pub fn shortest32(number: f64) -> String {
    format!("{}", number as f32)
}

fn exponent(number: f64, letter: char) -> String {
    let text = format!("{number:e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}{letter}{sign}{digits:0>2}")
}

#[cfg(test)]
mod tests {
    use super::{general, scientific, shortest32, to_value};
    use serde_json::json;

    #[test]
    fn prints_as_go() {
        for (number, expected) in [
            (1.0, "1"),
            (0.5, "0.5"),
            (1e6, "1e+06"),
            (123_456_789.0, "1.23456789e+08"),
            (999_999.5, "999999.5"),
            (1e21, "1e+21"),
            (1.5e-7, "1.5e-07"),
            (0.0001, "0.0001"),
            (-2.5, "-2.5"),
            (0.0, "0"),
        ] {
            assert_eq!(general(number), expected);
        }
        assert_eq!(scientific(1.5), "1.5E+00");
        assert_eq!(scientific(-1200.0), "-1.2E+03");
        assert_eq!(shortest32(0.1), "0.1");
    }

    #[test]
    fn whole_numbers_are_integers() {
        assert_eq!(to_value(2.0), json!(2));
        assert_eq!(to_value(2.5), json!(2.5));
        assert_eq!(to_value(f64::NAN), json!(null));
    }
}
