//! Parts of a policy in which variables stand.

use serde_json::Value;

/// A part of a policy, as it is written, and whether anything in it is to be substituted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    /// As it is written.
    pub value: Value,
    /// Is there a variable, a reference or an escape in it.
    pub is_dynamic: bool,
}

impl Template {
    /// Looks once for variables.
    pub fn new(value: Value) -> Self {
        Self { is_dynamic: is_dynamic(&value), value }
    }
}

/// `{{`, `$(`, and their escapes.
fn is_dynamic(value: &Value) -> bool {
    let marked = |text: &str| text.contains("{{") || text.contains("$(");
    match value {
        Value::Array(items) => items.iter().any(is_dynamic),
        Value::Object(entries) => entries.iter().any(|(key, value)| marked(key) || is_dynamic(value)),
        Value::String(text) => marked(text),
        Value::Bool(_) | Value::Null | Value::Number(_) => false,
    }
}
