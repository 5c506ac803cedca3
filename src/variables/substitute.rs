//! Replacing variables by what they stand for.

use super::find::places;
use super::path::same_field;
use super::reference;
use crate::scalar::print;
use serde_json::{Map, Value};
use std::borrow::Cow;
use thiserror::Error;

/// Texts that data keeps on extending are given up.
const ROUNDS: usize = 64;
const TEXT_BYTES: usize = 4 << 20;
const DEPTH: usize = 128;

/// What variables are looked up in.
pub trait Resolver {
    /// The value of an expression; the error is the whole text behind `failed to resolve`.
    fn resolve(&mut self, expression: &str) -> Result<Value, String>;
    /// Is there a `target`?
    fn has_target(&self) -> bool;
    /// Is the object being deleted, so that `request.object` is the old one?
    fn is_delete(&self) -> bool;
}

/// Why something cannot be substituted.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum VariableError {
    /// A key became something that is no text.
    #[error("expected string after substituting variables in key \"{0}\"")]
    Key(String),
    /// A reference that leads nowhere.
    #[error("{0}")]
    Reference(String),
    /// What is substituted grows without end.
    #[error("failed to resolve {expression} at path {path}: the result grows without end")]
    TooMuch {
        /// The variable.
        expression: String,
        /// Where it stands.
        path: String,
    },
    /// A variable that has no value.
    #[error("failed to resolve {expression} at path {path}: {reason}")]
    Unresolved {
        /// The variable.
        expression: String,
        /// Where it stands.
        path: String,
        /// Why.
        reason: String,
    },
}

impl VariableError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Key(_) => "variable-key",
            Self::Reference(_) => "reference-unresolved",
            Self::TooMuch { .. } => "variable-too-much",
            Self::Unresolved { .. } => "variable-unresolved",
        }
    }
}

/// The document with its references and then its variables replaced.
pub fn substitute(document: &Value, resolver: &mut dyn Resolver) -> Result<Value, VariableError> {
    let mut references = References { document };
    let referenced = walk(document, "", 0, &mut references)?;
    walk(&referenced, "", 0, &mut Variables { resolver })
}

/// What is done to each text.
trait Action {
    fn text(&mut self, text: &str, path: &str) -> Result<Value, VariableError>;
    /// Is it left as it is?
    fn is_plain(&self, text: &str) -> bool;
}

struct References<'a> {
    document: &'a Value,
}

impl Action for References<'_> {
    fn text(&mut self, text: &str, path: &str) -> Result<Value, VariableError> {
        reference::resolve(text, path, self.document).map(Value::String).map_err(VariableError::Reference)
    }

    fn is_plain(&self, text: &str) -> bool {
        !text.contains("$(")
    }
}

struct Variables<'a> {
    resolver: &'a mut dyn Resolver,
}

/// The texts of `value` and of what they become, and its keys.
fn walk(value: &Value, path: &str, depth: usize, action: &mut dyn Action) -> Result<Value, VariableError> {
    if depth > DEPTH {
        return Err(VariableError::TooMuch { expression: String::new(), path: path.to_owned() });
    }
    let replaced = match value {
        Value::String(text) if !action.is_plain(text) => Cow::Owned(action.text(text, path)?),
        other => Cow::Borrowed(other),
    };
    match replaced.as_ref() {
        Value::Array(items) => {
            let items =
                items.iter().enumerate().map(|(index, item)| walk(item, &format!("{path}/{index}"), depth + 1, action));
            items.collect::<Result<Vec<_>, _>>().map(Value::Array)
        }
        Value::Object(entries) => object(entries, path, depth, action),
        _ => Ok(replaced.into_owned()),
    }
}

fn object(
    entries: &Map<String, Value>,
    path: &str,
    depth: usize,
    action: &mut dyn Action,
) -> Result<Value, VariableError> {
    let mut result = Map::new();
    for (key, item) in entries {
        let new_key = if action.is_plain(key) {
            key.clone()
        } else {
            match action.text(key, path)? {
                Value::String(text) => text,
                Value::Null => key.clone(),
                _ => return Err(VariableError::Key(key.clone())),
            }
        };
        let item = walk(item, &format!("{path}/{}", key.replace('/', "\\/")), depth + 1, action)?;
        result.insert(new_key, item);
    }
    Ok(Value::Object(result))
}

impl Action for Variables<'_> {
    fn is_plain(&self, text: &str) -> bool {
        !text.contains("{{")
    }

    /// Text that comes from data is looked at again, unless the variable is shallow (`{{- x }}`).
    fn text(&mut self, text: &str, path: &str) -> Result<Value, VariableError> {
        let mut text = text.to_owned();
        for _ in 0..ROUNDS {
            let found: Vec<(usize, &str)> = places(&text).collect();
            let Some((_, first)) = found.first() else { return Ok(Value::String(text.replace("\\{{", "{{"))) };
            if *first == text {
                return self.value(first, path).map(|(value, _)| value);
            }
            let (mut next, mut behind, mut shallow) = (String::new(), 0, false);
            for (start, variable) in found {
                let (value, is_shallow) = self.value(variable, path)?;
                next.push_str(text.get(behind..start).unwrap_or_default());
                match value {
                    Value::String(inserted) if is_shallow => next.push_str(&inserted.replace("{{", "\\{{")),
                    Value::String(inserted) => next.push_str(&inserted),
                    other => next.push_str(&print::json(&other)),
                }
                behind = start + variable.len();
                shallow = is_shallow;
            }
            next.push_str(text.get(behind..).unwrap_or_default());
            text = next;
            if shallow {
                return Ok(Value::String(text.replace("\\{{", "{{")));
            }
            if text.len() > TEXT_BYTES {
                break;
            }
        }
        let expression = text.chars().take(80).collect();
        Err(VariableError::TooMuch { expression, path: path.to_owned() })
    }
}

impl Variables<'_> {
    /// The value of a variable, and whether it is shallow.
    fn value(&mut self, variable: &str, path: &str) -> Result<(Value, bool), VariableError> {
        let inner = variable.replace("{{", "").replace("}}", "");
        let (mut expression, shallow) = match inner.trim().strip_prefix('-') {
            Some(rest) => (rest.trim().to_owned(), true),
            None => (inner.trim().to_owned(), false),
        };
        if expression == "@" {
            let prefix = if self.resolver.has_target() { "target" } else { "request.object" };
            expression = same_field(path, prefix);
        }
        if self.resolver.is_delete() {
            expression = expression.replace("request.object", "request.oldObject");
        }
        match self.resolver.resolve(&expression) {
            Ok(value) => Ok((value, shallow)),
            Err(reason) => Err(VariableError::Unresolved { expression, path: path.to_owned(), reason }),
        }
    }
}

#[cfg(test)]
#[path = "substitute_tests.rs"]
mod tests;
