//! JSON patches (RFC 6902) as Kyverno applies them.

mod apply;
mod container;
mod operation;
#[cfg(test)]
mod tests;

use super::MutateError;
use crate::json;
use crate::limits::Limits;
use crate::yaml;
use operation::Operation;
use serde_json::Value;

/// The operations of a JSON patch, in order.
///
/// Source: RFC 6902 with three relaxations: a negative index counts from the end, `remove` of what is absent does
/// nothing, and `add` creates what its path lacks. Kyverno 1.19 `pkg/engine/mutate/patch/patchJSON6902.go` on
/// `github.com/evanphx/json-patch/v5` v5.9.11.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonPatch {
    operations: Vec<Operation>,
}

impl JsonPatch {
    /// Reads the text of `patchesJson6902`: JSON if `[` is its first character, otherwise YAML.
    ///
    /// Errors: [`MutateError::NotJson`], [`MutateError::NotYaml`], and those of [`JsonPatch::from_value`].
    pub fn parse(text: &str) -> Result<Self, MutateError> {
        let limits = Limits::default();
        let value = if text.starts_with('[') {
            let json = json::parse(text.as_bytes(), limits.depth);
            json.map_err(|error| MutateError::NotJson { reason: error.to_string() })?
        } else {
            let documents = yaml::parse_documents(text, &limits);
            let documents = documents.map_err(|error| MutateError::NotYaml { reason: error.to_string() })?;
            documents.first().map_or(Value::Null, yaml::Node::to_value)
        };
        Self::from_value(&value)
    }

    /// Reads a list of operations; null is none.
    ///
    /// Errors: [`MutateError::NotOperations`], [`MutateError::InvalidOperation`].
    pub fn from_value(value: &Value) -> Result<Self, MutateError> {
        let operations = match value {
            Value::Array(items) => items.iter().map(Operation::decode).collect::<Result<_, _>>()?,
            Value::Null => Vec::new(),
            other => return Err(operation::not_operations("Patch", other)),
        };
        Ok(Self { operations })
    }

    /// Applies every operation to `document`, or none.
    ///
    /// Errors: [`MutateError::Operation`] from the first that does not apply; [`MutateError::IndexTooLarge`],
    /// [`MutateError::CopyTooLarge`] and [`MutateError::TooDeep`], where Kyverno has no bound. A path with an empty step
    /// before its last is missed: what json-patch does there is lost.
    pub fn apply(&self, document: &mut Value) -> Result<(), MutateError> {
        let mut patched = apply::Document::new(document.clone());
        for operation in &self.operations {
            patched.apply(operation)?;
        }
        *document = patched.into_value();
        Ok(())
    }
}
