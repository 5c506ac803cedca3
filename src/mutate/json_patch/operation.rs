//! One operation of a JSON patch.

use super::super::MutateError;
use serde_json::{Map, Value};

/// What to do. Places are JSON pointers that have not been checked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operation {
    Add { path: String, value: Value },
    Copy { from: String, path: String },
    Move { from: String, path: String },
    Remove { path: String },
    Replace { path: String, value: Value },
    Test { path: String, value: Value },
}

impl Operation {
    /// Reads an operation; fields that it does not need are ignored.
    pub(super) fn decode(value: &Value) -> Result<Self, MutateError> {
        let none = Map::new();
        let fields = match value {
            Value::Object(fields) => fields,
            Value::Null => &none,
            other => return Err(not_operations("Operation", other)),
        };
        Self::of(fields).map_err(|reason| MutateError::InvalidOperation { operation: go_json(value), reason })
    }

    fn of(fields: &Map<String, Value>) -> Result<Self, String> {
        let path = || text(fields, "path", "operation missing path field: missing value");
        let from = || text(fields, "from", "operation, missing from field: missing value");
        let value = || {
            let missing = "failed to decode 'value': operation, missing value field: missing value";
            fields.get("value").cloned().ok_or_else(|| missing.to_owned())
        };
        Ok(match fields.get("op").and_then(Value::as_str) {
            Some("add") => {
                let value = value()?;
                Self::Add { path: path()?, value }
            }
            Some("copy") => Self::Copy { from: from()?, path: path()? },
            Some("move") => Self::Move { from: from()?, path: path()? },
            Some("remove") => Self::Remove { path: path()? },
            Some("replace") => {
                let value = value()?;
                Self::Replace { path: path()?, value }
            }
            // Nothing is compared as null.
            Some("test") => Self::Test { path: path()?, value: value().unwrap_or(Value::Null) },
            _ => return Err("unsupported operation".to_owned()),
        })
    }
}

fn text(fields: &Map<String, Value>, key: &str, missing: &str) -> Result<String, String> {
    match fields.get(key) {
        Some(Value::String(text)) => Ok(text.clone()),
        None | Some(Value::Null) => Err(format!("failed to decode '{key}': {missing}")),
        Some(other) => {
            let found = go_name(other);
            Err(format!("failed to decode '{key}': json: cannot unmarshal {found} into Go value of type string"))
        }
    }
}

/// The error for a value that is not a patch or not an operation.
pub(super) fn not_operations(expected: &'static str, found: &Value) -> MutateError {
    MutateError::NotOperations { expected, found: go_name(found) }
}

/// JSON as Go writes it, with the characters of HTML escaped.
fn go_json(value: &Value) -> String {
    value.to_string().replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}

/// What Go's JSON decoder calls a value.
fn go_name(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "array",
        Value::Bool(_) => "bool",
        Value::Null => "null",
        Value::Number(_) => "number",
        Value::Object(_) => "object",
        Value::String(_) => "string",
    }
}
