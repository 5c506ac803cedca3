//! Numbers as Go writes them in JSON: merge keys, conditions and `test` operations compare that text.

use crate::scalar::float;
use serde_json::Number;

/// The text of `number`, which reads back as the same number.
///
/// Source: Go `encoding/json`, `floatEncoder`.
pub(super) fn text(number: &Number) -> String {
    if number.is_f64() { float::json(number.as_f64().unwrap_or_default()) } else { number.to_string() }
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
