//! Holds a document against the schema: unknown fields, wrong types, missing fields, unknown words.

use super::schema::{Field, OLD_OPERATORS, OPERATORS, Object, RAW_ANY_ALL, RAW_CONDITION, Type};
use crate::diagnostic::{Diagnostic, nearest};
use crate::yaml::{Node, NodeKind};

/// Checks a document; everything that is wrong is reported, not just the first.
pub(super) struct Checker {
    /// Is it `v2beta1`, which lacks some fields. Exceptions are built from its types.
    pub(super) v2beta1: bool,
    /// What was found.
    pub(super) found: Vec<Diagnostic>,
}

impl Checker {
    /// Checks the fields of `node`, which is at `path`.
    pub(super) fn object(&mut self, node: &Node, object: &Object, path: &str) {
        let Some(entries) = node.entries() else { return self.wrong_type(node, "a mapping", path) };
        let known = |field: &&Field| !(self.v2beta1 && field.v1_only);
        let fields: Vec<&Field> = object.fields.iter().filter(known).collect();
        for entry in entries {
            let at = join(path, &entry.key);
            match fields.iter().find(|field| field.name == entry.key) {
                Some(field) => self.value(&entry.value, &field.kind, &at),
                None => {
                    let message = format!("unknown field `{}`", entry.key);
                    let diagnostic = Diagnostic::error("unknown-field", message).at(at, entry.key_span);
                    self.found.push(suggest(diagnostic, &entry.key, fields.iter().map(|field| field.name)));
                }
            }
        }
        for field in fields.iter().filter(|field| field.required) {
            if node.field(field.name).is_none_or(|value| value.kind == NodeKind::Null) {
                let message = format!("the field `{}` is missing", field.name);
                self.found.push(Diagnostic::error("missing-field", message).at(join(path, field.name), node.span));
            }
        }
    }

    fn value(&mut self, node: &Node, kind: &Type, path: &str) {
        match (kind, &node.kind) {
            (_, NodeKind::Null)
            | (Type::Any, _)
            | (Type::Bool, NodeKind::Bool(_))
            | (Type::String, NodeKind::String(_)) => {}
            (Type::Conditions, NodeKind::Mapping(_)) => self.object(node, &RAW_ANY_ALL, path),
            (Type::Conditions, NodeKind::Sequence(items)) if !self.v2beta1 => {
                for (index, item) in items.iter().enumerate() {
                    self.object(item, &RAW_CONDITION, &format!("{path}[{index}]"));
                }
            }
            (Type::Enum(words), NodeKind::String(text)) => self.word(node, text, words, path),
            (Type::Int(least), NodeKind::Number(number)) => self.integer(node, number.as_i64(), *least, path),
            (Type::List(kind), NodeKind::Sequence(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.element(item, kind, &format!("{path}[{index}]"));
                }
            }
            (Type::Map(kind), NodeKind::Mapping(entries)) => {
                for entry in entries {
                    self.element(&entry.value, kind, &join(path, &entry.key));
                }
            }
            (Type::Object(object), NodeKind::Mapping(_)) => self.object(node, object, path),
            (Type::Operator(more), NodeKind::String(text)) => {
                let old = if self.v2beta1 { &[] } else { OLD_OPERATORS };
                self.word(node, text, &[OPERATORS, old, more].concat(), path);
            }
            _ => self.wrong_type(node, expected(kind), path),
        }
    }

    /// Null is no element of a list or map, where it is nothing like an absent field.
    fn element(&mut self, node: &Node, kind: &Type, path: &str) {
        match (kind, &node.kind) {
            (Type::Any, _) => {}
            (_, NodeKind::Null) => self.wrong_type(node, expected(kind), path),
            _ => self.value(node, kind, path),
        }
    }

    fn integer(&mut self, node: &Node, value: Option<i64>, least: i64, path: &str) {
        if value.is_none_or(|value| value < least) {
            let message = format!("expected a whole number of at least {least}, found {}", node.to_value());
            self.found.push(Diagnostic::error("invalid-value", message).at(path, node.span));
        }
    }

    fn word(&mut self, node: &Node, text: &str, words: &[&'static str], path: &str) {
        if !words.contains(&text) {
            let message = format!("expected one of {}, found `{text}`", words.join(", "));
            let diagnostic = Diagnostic::error("invalid-value", message).at(path, node.span);
            self.found.push(suggest(diagnostic, text, words.iter().copied()));
        }
    }

    fn wrong_type(&mut self, node: &Node, expected: &str, path: &str) {
        let message = format!("expected {expected}, found {}", node.describe());
        self.found.push(Diagnostic::error("wrong-type", message).at(path, node.span));
    }
}

fn expected(kind: &Type) -> &'static str {
    match kind {
        Type::Any => "a value",
        Type::Bool => "true or false",
        Type::Conditions => "a mapping of any and all, or a list of conditions",
        Type::Enum(_) | Type::Operator(_) | Type::String => "a string",
        Type::Int(_) => "a whole number",
        Type::List(_) => "a list",
        Type::Map(_) | Type::Object(_) => "a mapping",
    }
}

fn suggest<'a>(diagnostic: Diagnostic, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    match nearest(name, candidates) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
