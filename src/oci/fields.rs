//! The fields of a JSON object, read by type, with their path for messages.

use super::OciError;
use crate::json;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// An object of a document and the path that leads to it.
///
/// A field that is `null` is absent: Go's encoder writes empty lists and maps so.
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    path: String,
}

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value, path: &str) -> Result<Self, OciError> {
        match value {
            Value::Object(object) => Ok(Self { object, path: path.to_owned() }),
            other => Err(wrong(path.to_owned(), "an object", Some(other))),
        }
    }

    /// Is the key written at all, `null` included?
    pub(super) fn has(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    pub(super) fn field(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    pub(super) fn required(&self, name: &str, expected: &'static str) -> Result<&'a Value, OciError> {
        self.field(name).ok_or_else(|| wrong(self.path_of(name), expected, self.object.get(name)))
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, OciError> {
        let read = |value: &'a Value| value.as_str().ok_or_else(|| wrong(self.path_of(name), "a string", Some(value)));
        self.field(name).map(read).transpose()
    }

    pub(super) fn list(&self, name: &str) -> Result<&'a [Value], OciError> {
        match self.field(name) {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            other => Err(wrong(self.path_of(name), "a list", other)),
        }
    }

    pub(super) fn string_map(&self, name: &str) -> Result<BTreeMap<String, String>, OciError> {
        let entries = match self.field(name) {
            None => return Ok(BTreeMap::new()),
            Some(Value::Object(entries)) => entries,
            other => return Err(wrong(self.path_of(name), "an object", other)),
        };
        let read = |(key, value): (&String, &Value)| match value.as_str() {
            Some(text) => Ok((key.clone(), text.to_owned())),
            None => Err(wrong(format!("{}.{key}", self.path_of(name)), "a string", Some(value))),
        };
        entries.iter().map(read).collect()
    }
}

pub(super) fn wrong(field: String, expected: &'static str, found: Option<&Value>) -> OciError {
    OciError::Field { field, expected, found: found.map_or("nothing", json::describe) }
}
