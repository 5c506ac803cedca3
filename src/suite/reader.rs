//! Fields of a document, read strictly: what is unknown, of another type or missing is a diagnostic with its place.
//!
//! The letter case of field names does not matter, as in Go's JSON reader; an exact name wins over another spelling.

use crate::diagnostic::{Diagnostic, nearest};
use crate::source::{SourceName, Span, Spanned};
use crate::yaml::{Entry, Node, NodeKind};
use serde_json::Value;
use std::collections::BTreeMap;

/// Reads the fields of one text and keeps what is wrong with them.
#[derive(Debug)]
pub(super) struct Reader<'s> {
    source: &'s SourceName,
    found: Vec<Diagnostic>,
}

/// The fields of one mapping.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    entries: Vec<(&'static str, &'a Entry)>,
    path: String,
    span: Span,
}

impl<'a> Fields<'a> {
    /// The value of a field; one that is null is absent.
    pub(super) fn node(&self, name: &str) -> Option<&'a Node> {
        let entry = self.entries.iter().find(|(known, _)| *known == name).map(|(_, entry)| *entry)?;
        (entry.value.kind != NodeKind::Null).then_some(&entry.value)
    }

    /// Path of a field.
    pub(super) fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Where the mapping is written.
    pub(super) fn span(&self) -> Span {
        self.span
    }
}

impl<'s> Reader<'s> {
    /// A reader of the text called `source`.
    pub(super) fn new(source: &'s SourceName) -> Self {
        Self { source, found: Vec::new() }
    }

    /// `value` if nothing was wrong.
    pub(super) fn finish<T>(self, value: T) -> Result<T, Vec<Diagnostic>> {
        if self.found.is_empty() { Ok(value) } else { Err(self.found) }
    }

    /// Notes that something at `path` is wrong.
    pub(super) fn complain(&mut self, code: &'static str, message: impl Into<String>, path: &str, span: Span) {
        self.push(Diagnostic::error(code, message).at(path, span));
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic.in_source(self.source));
    }

    /// The fields of `node`, which may be those in `known`.
    pub(super) fn fields<'a>(&mut self, node: &'a Node, path: &str, known: &[&'static str]) -> Fields<'a> {
        let mut fields = Fields { entries: Vec::new(), path: path.to_owned(), span: node.span };
        let Some(entries) = node.entries() else {
            self.wrong_type(node, "a mapping", path);
            return fields;
        };
        for entry in entries {
            let exact = known.iter().find(|name| **name == entry.key);
            let Some(name) = exact.or_else(|| known.iter().find(|name| name.eq_ignore_ascii_case(&entry.key))) else {
                self.unknown(entry, &fields.path(&entry.key), known);
                continue;
            };
            if fields.entries.iter().any(|(known, _)| known == name) {
                let message = format!("the field `{name}` is written twice, in different letter case");
                self.complain("duplicate-field", message, &fields.path(&entry.key), entry.key_span);
            } else {
                fields.entries.push((name, entry));
            }
        }
        fields
    }

    fn unknown(&mut self, entry: &Entry, path: &str, known: &[&'static str]) {
        let diagnostic = Diagnostic::error("unknown-field", format!("unknown field `{}`", entry.key));
        let diagnostic = match nearest(&entry.key, known.iter().copied()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        };
        self.push(diagnostic.at(path, entry.key_span));
    }

    /// A text. Numbers and booleans count as their text, as Kubernetes reads YAML into text fields.
    pub(super) fn text(&mut self, fields: &Fields<'_>, name: &str) -> Option<Spanned<String>> {
        let node = fields.node(name)?;
        self.text_of(node, &fields.path(name))
    }

    /// A text that must be there.
    pub(super) fn required_text(&mut self, fields: &Fields<'_>, name: &str) -> Spanned<String> {
        match self.text(fields, name) {
            Some(text) if !text.value.is_empty() => text,
            Some(text) => {
                self.complain("missing-field", format!("`{name}` is empty"), &fields.path(name), text.span);
                text
            }
            None => {
                if fields.node(name).is_none() {
                    let message = format!("the field `{name}` is missing");
                    self.complain("missing-field", message, &fields.path(name), fields.span);
                }
                Spanned::new(String::new(), fields.span)
            }
        }
    }

    /// One of `words`.
    pub(super) fn word(&mut self, fields: &Fields<'_>, name: &str, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text(fields, name)?;
        let word = words.iter().find(|word| **word == text.value);
        if word.is_none() {
            let message = format!("expected one of {}, found `{}`", words.join(", "), text.value);
            self.complain("invalid-value", message, &fields.path(name), text.span);
        }
        word.copied()
    }

    /// `true` or `false`; false where it is absent.
    pub(super) fn flag(&mut self, fields: &Fields<'_>, name: &str) -> bool {
        match fields.node(name).map(|node| (node, &node.kind)) {
            None => false,
            Some((_, NodeKind::Bool(value))) => *value,
            Some((node, _)) => {
                self.wrong_type(node, "true or false", &fields.path(name));
                false
            }
        }
    }

    /// A list of texts; `None` where it is absent.
    pub(super) fn texts(&mut self, fields: &Fields<'_>, name: &str) -> Option<Vec<Spanned<String>>> {
        fields.node(name)?;
        let items = self.list(fields, name);
        Some(items.into_iter().filter_map(|(node, path)| self.text_of(node, &path)).collect())
    }

    /// The elements of a list, each with its path.
    pub(super) fn list<'a>(&mut self, fields: &Fields<'a>, name: &str) -> Vec<(&'a Node, String)> {
        fields.node(name).map(|node| self.items(node, &fields.path(name))).unwrap_or_default()
    }

    /// The elements of `node`, each with its path.
    pub(super) fn items<'a>(&mut self, node: &'a Node, path: &str) -> Vec<(&'a Node, String)> {
        match &node.kind {
            NodeKind::Sequence(items) => {
                items.iter().enumerate().map(|(index, item)| (item, format!("{path}[{index}]"))).collect()
            }
            _ => {
                self.wrong_type(node, "a list", path);
                Vec::new()
            }
        }
    }

    /// The entries of a mapping with free keys, each with its path.
    pub(super) fn entries<'a>(&mut self, fields: &Fields<'a>, name: &str) -> Vec<(&'a str, &'a Node, String)> {
        let Some(node) = fields.node(name) else { return Vec::new() };
        let path = fields.path(name);
        match node.entries() {
            Some(entries) => {
                let entry = |entry: &'a Entry| (entry.key.as_str(), &entry.value, format!("{path}.{}", entry.key));
                entries.iter().map(entry).collect()
            }
            None => {
                self.wrong_type(node, "a mapping", &path);
                Vec::new()
            }
        }
    }

    /// A mapping from text to anything.
    pub(super) fn values(&mut self, fields: &Fields<'_>, name: &str) -> BTreeMap<String, Value> {
        let entries = self.entries(fields, name);
        entries.into_iter().map(|(key, node, _)| (key.to_owned(), node.to_value())).collect()
    }

    /// A mapping from text to text.
    pub(super) fn text_map(&mut self, fields: &Fields<'_>, name: &str) -> BTreeMap<String, String> {
        let entries = self.entries(fields, name);
        let text = |(key, node, path): (&str, &Node, String)| Some((key.to_owned(), self.text_of(node, &path)?.value));
        entries.into_iter().filter_map(text).collect()
    }

    /// Notes that a value has another type than it should.
    pub(super) fn wrong_type(&mut self, node: &Node, expected: &str, path: &str) {
        let message = format!("expected {expected}, found {}", node.describe());
        self.complain("wrong-type", message, path, node.span);
    }

    pub(super) fn text_of(&mut self, node: &Node, path: &str) -> Option<Spanned<String>> {
        let text = match &node.kind {
            NodeKind::String(text) => text.clone(),
            NodeKind::Bool(value) => value.to_string(),
            NodeKind::Number(value) => value.to_string(),
            NodeKind::Mapping(_) | NodeKind::Null | NodeKind::Sequence(_) => {
                self.wrong_type(node, "a string", path);
                return None;
            }
        };
        Some(Spanned::new(text, node.span))
    }
}
