//! Patch and resource as one arena of nodes, so that a node can stand in two places.
//!
//! kyaml's merge works in place on nodes that lists share while they are rebuilt, and its results depend on it. Maps keep
//! their order and may hold a key twice, which happens when an anchored key loses its anchor.
//!
//! Source: `sigs.k8s.io/kustomize/kyaml` v0.21.1, `yaml/rnode.go` and `yaml/fns.go`.

use super::super::MutateError;
use super::super::number;
use crate::limits::Limits;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// A node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(usize);

/// What a node holds.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// Items in order.
    List(Vec<Id>),
    /// Keys in order, not necessarily different.
    Map(Vec<(String, Id)>),
    /// Anything else.
    Scalar(Value),
}

/// What a node is, as kyaml distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Map,
    Scalar,
}

impl Kind {
    /// kyaml's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::List => "SequenceNode",
            Self::Map => "MappingNode",
            Self::Scalar => "ScalarNode",
        }
    }
}

#[derive(Clone, Debug)]
struct Node {
    content: Content,
    /// Written in quotes. A value takes over the quotes of the one it replaces, and what is quoted is text.
    quoted: bool,
    /// A null that stays.
    kept: bool,
}

const NULL: &Content = &Content::Scalar(Value::Null);

/// The arena.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// Takes `value` in.
    pub(super) fn insert(&mut self, value: &Value) -> Id {
        let content = match value {
            Value::Array(items) => Content::List(items.iter().map(|item| self.insert(item)).collect()),
            Value::Object(fields) => {
                Content::Map(fields.iter().map(|(key, value)| (key.clone(), self.insert(value))).collect())
            }
            scalar => Content::Scalar(scalar.clone()),
        };
        self.push(Node { content, quoted: value.is_string(), kept: false })
    }

    /// A null that is not taken for an absent value.
    pub(super) fn kept_null(&mut self) -> Id {
        self.push(Node { content: NULL.clone(), quoted: false, kept: true })
    }

    /// A list of `items`.
    pub(super) fn list(&mut self, items: Vec<Id>) -> Id {
        self.push(Node { content: Content::List(items), quoted: false, kept: false })
    }

    /// A copy of everything at `id`.
    pub(super) fn copy(&mut self, id: Id) -> Id {
        let content = match self.content(id).clone() {
            Content::List(items) => Content::List(items.into_iter().map(|item| self.copy(item)).collect()),
            Content::Map(fields) => {
                Content::Map(fields.into_iter().map(|(key, value)| (key, self.copy(value))).collect())
            }
            scalar @ Content::Scalar(_) => scalar,
        };
        let quoted = self.is_quoted(id);
        self.push(Node { content, quoted, kept: false })
    }

    /// That there are not too many nodes: a list with anchors grows with the resource at every level of nesting.
    pub(super) fn check_size(&self) -> Result<(), MutateError> {
        let limit = Limits::default().yaml_nodes;
        if self.nodes.len() > limit { Err(MutateError::TooLarge { limit }) } else { Ok(()) }
    }

    fn push(&mut self, node: Node) -> Id {
        self.nodes.push(node);
        Id(self.nodes.len() - 1)
    }

    /// What stands at `id`.
    pub(super) fn content(&self, id: Id) -> &Content {
        self.nodes.get(id.0).map_or(NULL, |node| &node.content)
    }

    fn is_quoted(&self, id: Id) -> bool {
        self.nodes.get(id.0).is_some_and(|node| node.quoted)
    }

    /// What stands at `id`, as JSON.
    ///
    /// Errors: [`MutateError::DuplicateKey`].
    pub(super) fn value(&self, id: Id) -> Result<Value, MutateError> {
        match self.content(id) {
            Content::List(items) => items.iter().map(|item| self.value(*item)).collect(),
            Content::Map(fields) => {
                let mut seen = BTreeSet::new();
                if let Some((key, _)) = fields.iter().find(|(key, _)| !seen.insert(key)) {
                    return Err(MutateError::DuplicateKey { key: key.clone() });
                }
                let field = |(key, value): &(String, Id)| Ok((key.clone(), self.value(*value)?));
                fields.iter().map(field).collect::<Result<Map<_, _>, _>>().map(Value::Object)
            }
            Content::Scalar(Value::Null) => Ok(Value::Null),
            Content::Scalar(_) if self.is_quoted(id) => Ok(Value::String(self.text(id))),
            Content::Scalar(scalar) => Ok(scalar.clone()),
        }
    }

    /// The text of a scalar; that of a map or list is empty.
    pub(super) fn text(&self, id: Id) -> String {
        match self.content(id) {
            Content::Scalar(Value::String(text)) => text.clone(),
            Content::Scalar(Value::Number(number)) => number::text(number),
            Content::Scalar(scalar) => scalar.to_string(),
            Content::List(_) | Content::Map(_) => String::new(),
        }
    }

    /// Whether [`Tree::text`] is `text`.
    pub(super) fn has_text(&self, id: Id, text: &str) -> bool {
        match self.content(id) {
            Content::Scalar(Value::String(own)) => own == text,
            _ => self.text(id) == text,
        }
    }

    pub(super) fn kind(&self, id: Id) -> Kind {
        match self.content(id) {
            Content::List(_) => Kind::List,
            Content::Map(_) => Kind::Map,
            Content::Scalar(_) => Kind::Scalar,
        }
    }

    pub(super) fn is_null(&self, id: Id) -> bool {
        matches!(self.content(id), Content::Scalar(Value::Null))
    }

    pub(super) fn is_kept(&self, id: Id) -> bool {
        self.nodes.get(id.0).is_some_and(|node| node.kept)
    }

    /// Null or a map without fields.
    pub(super) fn is_empty_map(&self, id: Id) -> bool {
        self.is_null(id) || matches!(self.content(id), Content::Map(fields) if fields.is_empty())
    }

    /// Null, or a map or list with nothing in it.
    pub(super) fn is_empty(&self, id: Id) -> bool {
        self.is_empty_map(id) || matches!(self.content(id), Content::List(items) if items.is_empty())
    }

    /// That `id` is `kind`; null has no kind and passes.
    pub(super) fn expect(&self, id: Id, kind: Kind) -> Result<(), MutateError> {
        let found = self.kind(id);
        if found == kind || self.is_null(id) {
            return Ok(());
        }
        Err(MutateError::WrongKind { expected: kind.name(), found: found.name(), contents: self.flow(id) })
    }

    /// What stands at `id`, as YAML in one line.
    fn flow(&self, id: Id) -> String {
        let joined = |parts: Vec<String>| parts.join(", ");
        match self.content(id) {
            Content::List(items) => format!("[{}]", joined(items.iter().map(|item| self.flow(*item)).collect())),
            Content::Map(fields) => {
                let field =
                    |(key, value): &(String, Id)| format!("{}: {}", Value::from(key.as_str()), self.flow(*value));
                format!("{{{}}}", joined(fields.iter().map(field).collect()))
            }
            Content::Scalar(Value::String(text)) => Value::from(text.as_str()).to_string(),
            Content::Scalar(_) => self.text(id),
        }
    }

    /// The first value under `key`; nothing has no fields.
    pub(super) fn field(&self, id: Id, key: &str) -> Option<Id> {
        self.fields(id).iter().find(|(name, _)| name == key).map(|(_, value)| *value)
    }

    /// The fields of a map.
    pub(super) fn fields(&self, id: Id) -> &[(String, Id)] {
        match self.content(id) {
            Content::Map(fields) => fields,
            _ => &[],
        }
    }

    /// The keys of a map, in order.
    pub(super) fn keys(&self, id: Id) -> Vec<String> {
        self.fields(id).iter().map(|(key, _)| key.clone()).collect()
    }

    /// The items of a list, to be kept while the tree changes.
    pub(super) fn items(&self, id: Id) -> Vec<Id> {
        self.item_slice(id).to_vec()
    }

    /// The items of a list.
    pub(super) fn item_slice(&self, id: Id) -> &[Id] {
        match self.content(id) {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// Removes the first field `key`.
    pub(super) fn clear(&mut self, id: Id, key: &str) {
        if let Some(Content::Map(fields)) = self.content_mut(id)
            && let Some(index) = fields.iter().position(|(name, _)| name == key)
        {
            fields.remove(index);
        }
    }

    /// Gives the first field `from` the key `to`, where it stands.
    pub(super) fn rename(&mut self, id: Id, from: &str, to: &str) {
        if let Some(Content::Map(fields)) = self.content_mut(id)
            && let Some((key, _)) = fields.iter_mut().find(|(name, _)| name == from)
        {
            to.clone_into(key);
        }
    }

    /// Puts `value` under `key`; no value, or a null that is not kept, removes what is there.
    pub(super) fn set_field(&mut self, id: Id, key: &str, value: Option<Id>) {
        let Some(value) = value.filter(|value| !self.is_null(*value) || self.is_kept(*value)) else {
            return self.clear(id, key);
        };
        if let Some(place) = self.field(id, key) {
            self.replace(place, value);
        } else if let Some(Content::Map(fields)) = self.content_mut(id) {
            fields.push((key.to_owned(), value));
        }
    }

    /// Lets `place` hold what `value` holds, in the quotes that it has.
    fn replace(&mut self, place: Id, value: Id) {
        let content = self.content(value).clone();
        let quoted = self.is_quoted(place);
        if let Some(node) = self.nodes.get_mut(value.0) {
            node.quoted = quoted;
        }
        if let Some(node) = self.nodes.get_mut(place.0) {
            node.content = content;
        }
    }

    /// Gives a list other items.
    pub(super) fn set_items(&mut self, id: Id, items: Vec<Id>) {
        if let Some(content) = self.content_mut(id) {
            *content = Content::List(items);
        }
    }

    /// Adds an item at the end of a list.
    pub(super) fn append(&mut self, id: Id, item: Id) {
        if let Some(Content::List(items)) = self.content_mut(id) {
            items.push(item);
        }
    }

    fn content_mut(&mut self, id: Id) -> Option<&mut Content> {
        self.nodes.get_mut(id.0).map(|node| &mut node.content)
    }
}
