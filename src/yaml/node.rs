//! The tree that YAML text becomes.

use crate::source::Span;
use serde_json::{Map, Number, Value};

/// A value and the place it was written at.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub kind: NodeKind,
    /// Where it was written.
    pub span: Span,
}

/// One key of a mapping with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key: Kubernetes documents have text keys alone.
    pub key: String,
    /// Where the key was written.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

/// What a node is, after Kubernetes' resolution rules.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// `true` or `false`.
    Bool(bool),
    /// Keys in the order they were written, without duplicates.
    Mapping(Vec<Entry>),
    /// `null`, `~` or nothing.
    Null,
    /// An integer or a fraction.
    Number(Number),
    /// A list.
    Sequence(Vec<Node>),
    /// Text.
    String(String),
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.value == other.value
    }
}

impl Node {
    /// The value under `key`, if this is a mapping that has it.
    pub fn field(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The entries, if this is a mapping.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.kind {
            NodeKind::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The same without places.
    pub fn to_value(&self) -> Value {
        match &self.kind {
            NodeKind::Bool(value) => Value::Bool(*value),
            NodeKind::Mapping(entries) => Value::Object(
                entries.iter().map(|entry| (entry.key.clone(), entry.value.to_value())).collect::<Map<_, _>>(),
            ),
            NodeKind::Null => Value::Null,
            NodeKind::Number(number) => Value::Number(number.clone()),
            NodeKind::Sequence(items) => Value::Array(items.iter().map(Node::to_value).collect()),
            NodeKind::String(text) => Value::String(text.clone()),
        }
    }

    /// A value that was computed, as if it were written at `span`.
    pub fn from_value(value: &Value, span: Span) -> Self {
        let kind = match value {
            Value::Array(items) => NodeKind::Sequence(items.iter().map(|item| Self::from_value(item, span)).collect()),
            Value::Bool(flag) => NodeKind::Bool(*flag),
            Value::Null => NodeKind::Null,
            Value::Number(number) => NodeKind::Number(number.clone()),
            Value::Object(entries) => {
                let entry = |(key, value): (&String, &Value)| Entry {
                    key: key.clone(),
                    key_span: span,
                    value: Self::from_value(value, span),
                };
                NodeKind::Mapping(entries.iter().map(entry).collect())
            }
            Value::String(text) => NodeKind::String(text.clone()),
        };
        Self { kind, span }
    }

    /// What it is, for messages: `a mapping`, `a string`, ...
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            NodeKind::Bool(_) => "a boolean",
            NodeKind::Mapping(_) => "a mapping",
            NodeKind::Null => "null",
            NodeKind::Number(_) => "a number",
            NodeKind::Sequence(_) => "a list",
            NodeKind::String(_) => "a string",
        }
    }
}
