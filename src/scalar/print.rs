//! Values as Go prints them: in messages (`fmt`) and inside texts (`encoding/json`).

use super::float;
use serde_json::{Number, Value};
use std::fmt::Write as _;

/// `%v`: `<nil>`, `map[a:1 b:2]`, `[a b]`.
pub fn display(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(display).collect::<Vec<_>>().join(" ")),
        Value::Bool(flag) => flag.to_string(),
        Value::Null => "<nil>".to_owned(),
        Value::Number(number) => display_number(number),
        Value::Object(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key}:{}", display(value))).collect();
            format!("map[{}]", entries.join(" "))
        }
        Value::String(text) => text.clone(),
    }
}

/// A number; upstream has every one that comes from JSON as a float.
pub fn display_number(number: &Number) -> String {
    float::general(number.as_f64().unwrap_or(f64::NAN))
}

/// `%T`.
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "[]interface {}",
        Value::Bool(_) => "bool",
        Value::Null => "<nil>",
        Value::Number(number) if number.is_f64() => "float64",
        Value::Number(_) => "int64",
        Value::Object(_) => "map[string]interface {}",
        Value::String(_) => "string",
    }
}

/// Compact JSON as Go's `json.Marshal` writes it: sorted keys, and `<`, `>`, `&` escaped.
pub fn json(value: &Value) -> String {
    let mut text = String::new();
    write_json(value, &mut text);
    text
}

fn write_json(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write_json(item, text);
            }
            text.push(']');
        }
        Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Null => text.push_str("null"),
        Value::Number(number) => text.push_str(&json_number(number)),
        Value::Object(entries) => {
            text.push('{');
            for (index, (key, item)) in entries.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write_string(key, text);
                text.push(':');
                write_json(item, text);
            }
            text.push('}');
        }
        Value::String(string) => write_string(string, text),
    }
}

/// Upstream has every number as a float: large integers lose digits.
fn json_number(number: &Number) -> String {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(float) if number.is_f64() || float.abs() > EXACT => float::json(float),
        _ => number.to_string(),
    }
}

fn write_string(string: &str, text: &mut String) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..'\u{20}' => {
                // Writing to a String cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::{display, json};

    #[test]
    fn prints_as_go() {
        let value = serde_json::json!({"b": [1, "x", null], "a": {"c": 0.5}});
        assert_eq!(display(&value), "map[a:map[c:0.5] b:[1 x <nil>]]");
        assert_eq!(json(&value), r#"{"a":{"c":0.5},"b":[1,"x",null]}"#);
        assert_eq!(json(&serde_json::json!("a<b> & \"c\"\n\u{1}")), r#""a\u003cb\u003e \u0026 \"c\"\n\u0001""#);
        assert_eq!(json(&serde_json::json!([1e21, 1e-7, 1e20])), "[1e+21,1e-7,100000000000000000000]");
    }
}
