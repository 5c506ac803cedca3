//! Events to nodes.

#[cfg(test)]
mod tests;

use super::budget::{Budget, Extent};
use super::lines::Lines;
use super::mapping::MappingBuilder;
use super::resolve::{Scalar, check_collection_tag, is_merge, resolve};
use super::text::Text;
use super::{Entry, Node, NodeKind, YamlError, YamlErrorKind};
use crate::limits::Limits;
use crate::source::{Position, Span};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span as Marks, Tag};
use std::collections::BTreeMap;

/// Reads every document of `text`; empty ones are left out.
///
/// JSON is read too. Keys are text: `1: a` has the key `1`, and `y: a` the key `true`. The span of a value starts at
/// its anchor or tag, if it has one; that of a block scalar is the text's; that of an alias is where the alias stands,
/// while the values it copies keep theirs.
///
/// Errors: the first thing that is wrong, with its place. Source: sigs.k8s.io/yaml 1.6.0 on go.yaml.in/yaml/v2, which
/// Kubernetes and Kyverno read YAML with.
pub fn parse_documents(text: &str, limits: &Limits) -> Result<Vec<Node>, YamlError> {
    let mut text = Text::check(text, limits)?;
    loop {
        match compose(&text, limits) {
            Ok(documents) => return Ok(documents),
            Err(Failure::Refused(error)) => return Err(error),
            Err(Failure::Syntax { error, indent }) => match text.repaired(&error, indent) {
                Some(repaired) => text = repaired,
                None => return Err(text.syntax_error(&error, limits)),
            },
        }
    }
}

/// Why one reading of a text stopped.
enum Failure {
    Refused(YamlError),
    Syntax {
        error: ScanError,
        /// How far in a line must begin here.
        indent: usize,
    },
}

fn compose(text: &Text<'_>, limits: &Limits) -> Result<Vec<Node>, Failure> {
    let mut composer = Composer::new(text, limits);
    for event in Parser::new_from_str(text.content()) {
        let (event, marks) = event.map_err(|error| Failure::Syntax { error, indent: composer.indent() })?;
        composer.take(event, marks).map_err(Failure::Refused)?;
    }
    Ok(composer.documents)
}

/// Values grow on a stack of our own: the text decides how deep it goes, and wasm has a small one.
struct Composer<'a> {
    text: &'a Text<'a>,
    lines: Lines<'a>,
    budget: Budget<'a>,
    documents: Vec<Node>,
    open: Vec<Collection>,
    /// Copies of what the anchors of this document name, by the parser's numbers.
    anchors: BTreeMap<usize, Node>,
}

/// A mapping or list that has not ended.
struct Collection {
    anchor: usize,
    start: Position,
    /// Where the last key or value in it ends.
    end: Position,
    content: Content,
}

enum Content {
    Mapping { mapping: MappingBuilder, key: Option<Key> },
    Sequence(Vec<Node>),
}

/// A key that waits for its value.
enum Key {
    Merge(Span),
    Text(String, Span),
}

/// What the parser says about a scalar.
struct Written<'a> {
    text: &'a str,
    style: ScalarStyle,
    anchor: usize,
    tag: Option<&'a Tag>,
}

impl<'a> Composer<'a> {
    fn new(text: &'a Text<'a>, limits: &'a Limits) -> Self {
        Self {
            text,
            lines: Lines::of(text.content()),
            budget: Budget::new(limits),
            documents: Vec::new(),
            open: Vec::new(),
            anchors: BTreeMap::new(),
        }
    }

    fn take(&mut self, event: Event<'_>, marks: Marks) -> Result<(), YamlError> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                // The parser keeps anchors from one document to the next; YAML does not.
                self.anchors.clear();
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, marks),
            Event::Scalar(text, style, anchor, tag) => {
                let text = self.scalar_text(&text, style, marks);
                self.scalar(&Written { text, style, anchor, tag: tag.as_deref() }, marks)
            }
            Event::SequenceStart(anchor, tag) => {
                // The parser reports a sequence that is not further in than its key behind the first dash.
                let is_indentless = marks.start == marks.end && self.expects_value();
                let start = if is_indentless { self.lines.dash_before(marks.start) } else { marks.start };
                let content = Content::Sequence(Vec::new());
                self.start(anchor, tag.as_deref(), start, content)
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Mapping { mapping: MappingBuilder::default(), key: None };
                self.start(anchor, tag.as_deref(), marks.start, content)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(marks),
        }
    }

    fn scalar(&mut self, written: &Written<'_>, marks: Marks) -> Result<(), YamlError> {
        let span = self.scalar_span(written, marks);
        let at_start = |kind: YamlErrorKind| kind.at(span.start);
        self.budget.take().map_err(at_start)?;
        if self.expects_key() {
            return self.scalar_key(written, span).map_err(at_start);
        }
        if self.open.is_empty() && written.is_nothing() {
            return Ok(());
        }
        let kind = written.resolve().and_then(Scalar::into_kind).map_err(at_start)?;
        self.complete(written.anchor, Node { kind, span })
    }

    fn scalar_key(&mut self, written: &Written<'_>, span: Span) -> Result<(), YamlErrorKind> {
        if is_merge(written.text, written.style, written.tag) {
            self.set_key(Key::Merge(span), span);
            return Ok(());
        }
        if written.anchor != 0 {
            let kind = written.resolve()?.into_kind()?;
            self.remember(written.anchor, &Node { kind, span })?;
        }
        let key = written.resolve()?.into_key()?;
        self.set_key(Key::Text(key, span), span);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, marks: Marks) -> Result<(), YamlError> {
        let span = self.text.span(marks);
        let at_start = |kind: YamlErrorKind| kind.at(span.start);
        let Some(node) = self.anchors.get(&anchor) else {
            return Err(at_start(self.missing_anchor(anchor, marks)));
        };
        let extent = Extent::of(node);
        self.budget.copy(extent).map_err(at_start)?;
        self.budget.check_depth(self.open.len() + extent.height).map_err(at_start)?;
        let kind = node.kind.clone();
        if self.expects_key() {
            let key = key_text(kind).map_err(at_start)?;
            self.set_key(Key::Text(key, span), span);
            return Ok(());
        }
        self.complete(0, Node { kind, span })
    }

    fn missing_anchor(&self, anchor: usize, marks: Marks) -> YamlErrorKind {
        let name = self.lines.alias_name(marks.start);
        if self.open.iter().any(|collection| collection.anchor == anchor) {
            YamlErrorKind::AliasInsideItself { name }
        } else {
            YamlErrorKind::UnknownAlias { name }
        }
    }

    fn start(&mut self, anchor: usize, tag: Option<&Tag>, marker: Marker, content: Content) -> Result<(), YamlError> {
        let at = self.text.position(marker);
        let (own_tag, found) = match content {
            Content::Mapping { .. } => ("map", "a mapping"),
            Content::Sequence(_) => ("seq", "a list"),
        };
        if self.expects_key() {
            return Err(match self.lines.template_around(marker) {
                Some(braces) => YamlErrorKind::UnquotedTemplate.at(self.text.position(braces)),
                None => YamlErrorKind::InvalidKey { found }.at(at),
            });
        }
        check_collection_tag(tag, own_tag).map_err(|kind| kind.at(at))?;
        self.budget.take().map_err(|kind| kind.at(at))?;
        self.open.push(Collection { anchor, start: at, end: at, content });
        self.budget.check_depth(self.open.len()).map_err(|kind| kind.at(at))
    }

    fn end(&mut self, marks: Marks) -> Result<(), YamlError> {
        let Some(Collection { anchor, start, end, content }) = self.open.pop() else { return Ok(()) };
        // A closing bracket has a width, with the blanks behind it; block collections have none.
        let end = if marks.start == marks.end { end } else { self.text.position(behind(marks.start)) };
        let kind = match content {
            Content::Mapping { mapping, .. } => NodeKind::Mapping(mapping.into_entries()),
            Content::Sequence(items) => NodeKind::Sequence(items),
        };
        self.complete(anchor, Node { kind, span: Span { start, end } })
    }

    /// Puts a finished value where it belongs.
    fn complete(&mut self, anchor: usize, node: Node) -> Result<(), YamlError> {
        let span = node.span;
        self.remember(anchor, &node).map_err(|kind| kind.at(span.start))?;
        let Some(parent) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        parent.end = span.end;
        match &mut parent.content {
            Content::Sequence(items) => {
                items.push(node);
                Ok(())
            }
            Content::Mapping { mapping, key } => match key.take() {
                Some(Key::Merge(key_span)) => mapping.merge(key_span, node),
                Some(Key::Text(key, key_span)) => mapping.insert(Entry { key, key_span, value: node }),
                None => Err(YamlErrorKind::InvalidKey { found: node.describe() }.at(span.start)),
            },
        }
    }

    fn remember(&mut self, anchor: usize, node: &Node) -> Result<(), YamlErrorKind> {
        // The parser numbers anchors from 1.
        if anchor != 0 {
            self.budget.copy(Extent::of(node))?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(())
    }

    /// One character further in than the innermost collection.
    fn indent(&self) -> usize {
        let column = self.open.last().map_or(0, |collection| collection.start.column);
        usize::try_from(column).unwrap_or(0)
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Collection { content: Content::Mapping { key: None, .. }, .. }))
    }

    fn expects_value(&self) -> bool {
        matches!(self.open.last(), Some(Collection { content: Content::Mapping { key: Some(_), .. }, .. }))
    }

    fn set_key(&mut self, new: Key, span: Span) {
        if let Some(Collection { content: Content::Mapping { key, .. }, end, .. }) = self.open.last_mut() {
            *key = Some(new);
            *end = span.end;
        }
    }

    /// The text of a scalar, without a line break at the end of the whole text that is ours and not the caller's.
    fn scalar_text<'t>(&self, text: &'t str, style: ScalarStyle, marks: Marks) -> &'t str {
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        if !is_block || !self.text.is_unterminated() || !self.lines.ends_at(marks.end) {
            return text;
        }
        let Some(before) = text.strip_suffix('\n') else { return text };
        // That break is kept behind text; behind blanks, only if they count as a line themselves.
        let ends_blank = before.rsplit('\n').next().is_none_or(|line| line.trim().is_empty());
        if !self.lines.ends_blank() || ends_blank { before } else { text }
    }

    fn scalar_span(&self, written: &Written<'_>, marks: Marks) -> Span {
        let is_block = matches!(written.style, ScalarStyle::Literal | ScalarStyle::Folded);
        if let Some(parent) = self.open.last().filter(|_| is_block && written.text.is_empty()) {
            // The parser reports what comes next.
            return Span { start: parent.end, end: parent.end };
        }
        let end = match written.style {
            ScalarStyle::Literal | ScalarStyle::Folded => self.lines.block_end(marks.start, marks.end),
            ScalarStyle::DoubleQuoted => self.lines.quoted_end(marks, '"', written.text),
            ScalarStyle::SingleQuoted => self.lines.quoted_end(marks, '\'', written.text),
            // For a value that is not there the parser reports what stands there instead.
            ScalarStyle::Plain if written.is_nothing() => marks.start,
            _ => marks.end,
        };
        self.text.span(Marks { start: marks.start, end })
    }
}

impl Written<'_> {
    fn resolve(&self) -> Result<Scalar, YamlErrorKind> {
        resolve(self.text, self.style, self.tag)
    }

    fn is_nothing(&self) -> bool {
        self.text.is_empty() && self.style == ScalarStyle::Plain && self.tag.is_none() && self.anchor == 0
    }
}

fn behind(marker: Marker) -> Marker {
    Marker::new(marker.index() + 1, marker.line(), marker.col() + 1)
}

/// The text of a key that an alias stands for.
fn key_text(kind: NodeKind) -> Result<String, YamlErrorKind> {
    match kind {
        NodeKind::Bool(value) => Ok(value.to_string()),
        NodeKind::Mapping(_) => Err(YamlErrorKind::InvalidKey { found: "a mapping" }),
        NodeKind::Null => Err(YamlErrorKind::InvalidKey { found: "null" }),
        NodeKind::Number(number) => Ok(number.to_string()),
        NodeKind::Sequence(_) => Err(YamlErrorKind::InvalidKey { found: "a list" }),
        NodeKind::String(text) => Ok(text),
    }
}
