//! Numbers as Go writes them in JSON: merge keys, conditions and `test` operations compare that text.

use serde_json::Number;

/// The text of `number`, which reads back as the same number.
///
/// Source: Go `encoding/json`, `floatEncoder`: no exponent from 1e-6 up and below 1e21, and no fraction where there is
/// none.
pub(super) fn text(number: &Number) -> String {
    if number.is_f64() { float_text(number.as_f64().unwrap_or_default()) } else { number.to_string() }
}

fn float_text(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return format!("{number}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_read_as_go_writes_them() {
        for (number, expected) in [
            (json!(5), "5"),
            (json!(-5), "-5"),
            (json!(1.0), "1"),
            (json!(0.5), "0.5"),
            (json!(0.0), "0"),
            (json!(1e20), "100000000000000000000"),
            (json!(1e21), "1e+21"),
            (json!(1.5e-7), "1.5e-7"),
            (json!(0.000001), "0.000001"),
            (json!(-2.5e22), "-2.5e+22"),
        ] {
            let Some(number) = number.as_number() else { panic!("{number} is a number") };
            assert_eq!(text(number), expected);
        }
    }
}
