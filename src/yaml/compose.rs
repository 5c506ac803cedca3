//! Parser events to nodes: aliases, merge keys, duplicate keys, limits.

use super::error::YamlErrorKind;
use super::{Entry, Node, NodeKind, YamlError, resolve};
use crate::limits::Limits;
use crate::source::{Position, Span};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use std::collections::BTreeMap;

/// Reads every document of `text`; empty ones are left out.
///
/// Errors: the first thing that makes the text something else than what Kubernetes reads, with its place. The composer
/// does not recurse, so that deep nesting is an error and not a crash.
pub fn parse_documents(text: &str, limits: &Limits) -> Result<Vec<Node>, YamlError> {
    if text.len() > limits.yaml_bytes {
        let kind = YamlErrorKind::TooLarge { what: "bytes", limit: limits.yaml_bytes };
        return Err(YamlError { kind, position: Position::default() });
    }
    let mut composer = Composer { limits, open: Vec::new(), anchors: BTreeMap::new(), nodes: 0, documents: Vec::new() };
    for event in Parser::new_from_str(text.trim_start_matches('\u{feff}')) {
        let (event, span) = event.map_err(|error| YamlError {
            kind: YamlErrorKind::Syntax(error.info().to_owned()),
            position: position(error.marker()),
        })?;
        let span = Span { start: position(&span.start), end: position(&span.end) };
        composer.event(event, span).map_err(|kind| YamlError { kind, position: span.start })?;
    }
    Ok(composer.documents)
}

fn position(marker: &Marker) -> Position {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    Position { line: number(marker.line()), column: number(marker.col()).saturating_add(1) }
}

/// A collection whose end has not come yet.
struct Open {
    span: Span,
    anchor: usize,
    content: Content,
}

enum Content {
    Mapping { entries: Vec<Entry>, merges: Vec<Node>, key: Option<PendingKey> },
    Sequence(Vec<Node>),
}

enum PendingKey {
    Merge,
    Text(String, Span),
}

struct Composer<'a> {
    limits: &'a Limits,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
    documents: Vec<Node>,
}

impl Composer<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlErrorKind> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_merge = text == "<<" && style == ScalarStyle::Plain && tag.is_none();
                if is_merge && self.expects_key() {
                    self.set_key(PendingKey::Merge);
                    return self.count(1);
                }
                let kind = scalar(&text, style, tag.as_deref())?;
                self.complete(Node { kind, span }, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.start(Content::Sequence(Vec::new()), anchor, tag.as_deref(), span)
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Mapping { entries: Vec::new(), merges: Vec::new(), key: None };
                self.start(content, anchor, tag.as_deref(), span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => {
                let mut node = self.anchors.get(&anchor).cloned().ok_or(YamlErrorKind::UnknownAnchor)?;
                self.count(size(&node))?;
                node.span = span;
                self.complete(node, 0)
            }
            Event::DocumentStart(_) => {
                self.anchors.clear();
                Ok(())
            }
            Event::DocumentEnd | Event::Nothing | Event::StreamStart | Event::StreamEnd => Ok(()),
        }
    }

    fn start(&mut self, content: Content, anchor: usize, tag: Option<&Tag>, span: Span) -> Result<(), YamlErrorKind> {
        if self.open.len() >= self.limits.depth {
            return Err(YamlErrorKind::TooDeep(self.limits.depth));
        }
        let wanted = match content {
            Content::Mapping { .. } => "map",
            Content::Sequence(_) => "seq",
        };
        if tag.is_some_and(|tag| !(tag.is_yaml_core_schema() && tag.suffix == wanted)) {
            return Err(YamlErrorKind::Tag(tag.map(ToString::to_string).unwrap_or_default()));
        }
        if self.expects_key() {
            let found = if wanted == "map" { "a mapping" } else { "a list" };
            return Err(YamlErrorKind::ComplexKey(found));
        }
        self.open.push(Open { span, anchor, content });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), YamlErrorKind> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let kind = match open.content {
            Content::Sequence(items) => NodeKind::Sequence(items),
            Content::Mapping { entries, merges, .. } => NodeKind::Mapping(merged(entries, merges)?),
        };
        self.complete(Node { kind, span: Span { start: open.span.start, end: span.end } }, open.anchor)
    }

    /// Puts a finished node where it belongs: into the open collection, or among the documents.
    fn complete(&mut self, node: Node, anchor: usize) -> Result<(), YamlErrorKind> {
        self.count(1)?;
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None if node.kind == NodeKind::Null => Ok(()),
            None => {
                self.documents.push(node);
                Ok(())
            }
            Some(Content::Sequence(items)) => {
                items.push(node);
                Ok(())
            }
            Some(Content::Mapping { entries, merges, key }) => match key.take() {
                None => {
                    *key = Some(PendingKey::Text(key_text(&node)?, node.span));
                    Ok(())
                }
                Some(PendingKey::Merge) => {
                    merges.push(node);
                    Ok(())
                }
                Some(PendingKey::Text(text, key_span)) => insert(entries, Entry { key: text, key_span, value: node }),
            },
        }
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last().map(|open| &open.content), Some(Content::Mapping { key: None, .. }))
    }

    fn set_key(&mut self, pending: PendingKey) {
        if let Some(Content::Mapping { key, .. }) = self.open.last_mut().map(|open| &mut open.content) {
            *key = Some(pending);
        }
    }

    fn count(&mut self, nodes: usize) -> Result<(), YamlErrorKind> {
        self.nodes = self.nodes.saturating_add(nodes);
        let limit = self.limits.yaml_nodes;
        if self.nodes > limit { Err(YamlErrorKind::TooLarge { what: "nodes", limit }) } else { Ok(()) }
    }
}

fn insert(entries: &mut Vec<Entry>, entry: Entry) -> Result<(), YamlErrorKind> {
    // Mappings are short; the long ones (data of a ConfigMap) are a few hundred keys.
    if let Some(first) = entries.iter().find(|other| other.key == entry.key) {
        return Err(YamlErrorKind::DuplicateKey { key: entry.key, first: first.key_span.start.line });
    }
    entries.push(entry);
    Ok(())
}

/// Keys of merged mappings come in where the mapping itself has none; earlier mappings win.
fn merged(mut entries: Vec<Entry>, merges: Vec<Node>) -> Result<Vec<Entry>, YamlErrorKind> {
    let mut sources = Vec::new();
    for node in merges {
        match node.kind {
            NodeKind::Mapping(source) => sources.push(source),
            NodeKind::Sequence(items) => {
                for item in items {
                    let found = item.describe();
                    let NodeKind::Mapping(source) = item.kind else { return Err(YamlErrorKind::Merge(found)) };
                    sources.push(source);
                }
            }
            _ => return Err(YamlErrorKind::Merge(node.describe())),
        }
    }
    for entry in sources.into_iter().flatten() {
        if !entries.iter().any(|other| other.key == entry.key) {
            entries.push(entry);
        }
    }
    Ok(entries)
}

/// Keys as text: numbers and booleans as JSON writes them.
fn key_text(node: &Node) -> Result<String, YamlErrorKind> {
    match &node.kind {
        NodeKind::Bool(value) => Ok(value.to_string()),
        NodeKind::Number(number) => Ok(number.to_string()),
        NodeKind::String(text) => Ok(text.clone()),
        NodeKind::Mapping(_) | NodeKind::Null | NodeKind::Sequence(_) => {
            Err(YamlErrorKind::ComplexKey(node.describe()))
        }
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<NodeKind, YamlErrorKind> {
    let plain = || resolve::plain(text).ok_or_else(|| YamlErrorKind::Number(text.to_owned()));
    let Some(tag) = tag else {
        return if style == ScalarStyle::Plain { plain() } else { Ok(NodeKind::String(text.to_owned())) };
    };
    let mismatch = || YamlErrorKind::Tag(tag.to_string());
    let fits = match (tag.is_yaml_core_schema(), tag.suffix.as_str()) {
        (true, "str") => return Ok(NodeKind::String(text.to_owned())),
        (true, "int") => resolve::integer(text).map(NodeKind::Number),
        (true, "float") if resolve::is_float(text) => text.parse().ok().and_then(resolve::float).map(NodeKind::Number),
        (true, "bool") => plain().ok().filter(|kind| matches!(kind, NodeKind::Bool(_))),
        (true, "null") => plain().ok().filter(|kind| *kind == NodeKind::Null),
        (false, "") if tag.handle == "!" => return Ok(NodeKind::String(text.to_owned())),
        _ => None,
    };
    fits.ok_or_else(mismatch)
}

/// How many nodes a finished node consists of. It is at most as deep as the limit, so this may recurse.
fn size(node: &Node) -> usize {
    1 + match &node.kind {
        NodeKind::Mapping(entries) => entries.iter().map(|entry| 1 + size(&entry.value)).sum(),
        NodeKind::Sequence(items) => items.iter().map(size).sum(),
        _ => 0,
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
