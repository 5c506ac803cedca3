//! Values in messages, as Go prints them with `%v` and `%T` when every number of a resource is a 64-bit float.

use crate::scalar::print::display;
use serde_json::Value;

/// `%v` of a scalar of a pattern, whose integers are integers.
pub(super) fn display_pattern(pattern: &Value) -> String {
    pattern.as_i64().map_or_else(|| display(pattern), |integer| integer.to_string())
}

/// `%T` of a value of a resource.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "[]interface {}",
        Value::Bool(_) => "bool",
        Value::Null => "<nil>",
        Value::Number(_) => "float64",
        Value::Object(_) => "map[string]interface {}",
        Value::String(_) => "string",
    }
}

#[cfg(test)]
mod tests {
    use super::{display, display_pattern};
    use serde_json::json;

    #[test]
    fn numbers_print_as_floats() {
        for (value, expected) in [
            (json!(0), "0"),
            (json!(1), "1"),
            (json!(999_999), "999999"),
            (json!(1_000_000), "1e+06"),
            (json!(2_000_000_000), "2e+09"),
            (json!(-1.5), "-1.5"),
            (json!(0.00001), "1e-05"),
            (json!([1, "a", null, {"b": true, "a": 0.5}]), "[1 a <nil> map[a:0.5 b:true]]"),
        ] {
            assert_eq!(display(&value), expected);
        }
        assert_eq!(display_pattern(&json!(2_000_000_000)), "2000000000");
        assert_eq!(display_pattern(&json!(2_000_000.5)), "2.0000005e+06");
    }
}
