//! The text before the parser sees it: what is refused at sight, and where its characters stand.

use super::lines::{Lines, name_at, template_start};
use super::{YamlError, YamlErrorKind, repair};
use crate::limits::Limits;
use crate::source::{Position, Span};
use saphyr_parser::{Marker, ScanError, Span as Marks};
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Flow collections that saphyr-parser follows into each other.
const PARSER_DEPTH: usize = 255;

/// A text that was checked, and the way back from the parser's marks to places in the caller's text.
#[derive(Debug)]
pub(super) struct Text<'a> {
    content: Cow<'a, str>,
    /// Where columns of `content` differ from those of the caller's text: ascending.
    edits: Vec<Edit>,
    repairs: usize,
    /// Did the caller's text end without a line break? The content always ends with one.
    is_unterminated: bool,
}

/// From `column` on, line `line` of the content is `added` characters longer than the caller's, and `removed` shorter.
#[derive(Clone, Copy, Debug)]
struct Edit {
    line: usize,
    column: usize,
    added: usize,
    removed: usize,
}

impl<'a> Text<'a> {
    /// Takes a text that is short enough and has printable characters only.
    ///
    /// Errors: [`YamlErrorKind::TooLarge`], [`YamlErrorKind::ControlCharacter`], [`YamlErrorKind::LineSeparator`].
    pub(super) fn check(text: &'a str, limits: &Limits) -> Result<Self, YamlError> {
        let limit = limits.yaml_bytes;
        if text.len() > limit {
            return Err(YamlErrorKind::TooLarge { found: text.len(), limit }.at(Position::default()));
        }
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        refuse(text, is_control, YamlErrorKind::ControlCharacter)?;
        // Kubernetes reads what begins as JSON with a JSON decoder, which has neither difference.
        let (mut content, mut edits) = (Cow::Borrowed(text), Vec::new());
        if is_json(text) {
            content = join_surrogates(text, &mut edits);
        } else {
            refuse(text, is_line_separator, YamlErrorKind::LineSeparator)?;
        }
        let is_unterminated = !text.ends_with(['\n', '\r']);
        if is_unterminated {
            content.to_mut().push('\n');
        }
        Ok(Self { content, edits, repairs: 0, is_unterminated })
    }

    /// What the parser shall read.
    pub(super) fn content(&self) -> &str {
        &self.content
    }

    /// Did the caller's text end without a line break?
    pub(super) fn is_unterminated(&self) -> bool {
        self.is_unterminated
    }

    /// The place of `marker` in the caller's text.
    pub(super) fn position(&self, marker: Marker) -> Position {
        let at = (marker.line(), marker.col());
        let count = self.edits.partition_point(|edit| (edit.line, edit.column) <= at);
        let last = count.checked_sub(1).and_then(|index| self.edits.get(index));
        let (added, removed) =
            last.filter(|edit| edit.line == marker.line()).map_or((0, 0), |edit| (edit.added, edit.removed));
        let column = (marker.col() + 1 + removed).saturating_sub(added).max(1);
        Position { line: clamp(marker.line()).max(1), column: clamp(column) }
    }

    /// The places of `marks` in the caller's text.
    pub(super) fn span(&self, marks: Marks) -> Span {
        Span { start: self.position(marks.start), end: self.position(marks.end) }
    }

    /// What the parser says, as this module says it.
    pub(super) fn syntax_error(&self, error: &ScanError, limits: &Limits) -> YamlError {
        let marker = *error.marker();
        let line = Lines::of(self.content()).line(marker.line());
        if let Some(column) = template_start(line) {
            return YamlErrorKind::UnquotedTemplate.at(self.position(Marker::new(
                marker.index(),
                marker.line(),
                column,
            )));
        }
        let kind = match error.info() {
            "recursion limit exceeded" => YamlErrorKind::TooDeep { limit: limits.depth.min(PARSER_DEPTH) },
            "while parsing node, found unknown anchor" => YamlErrorKind::UnknownAlias { name: name_at(line, marker) },
            info => YamlErrorKind::Syntax(info.to_owned()),
        };
        kind.at(self.position(marker))
    }

    /// The text with blanks where the parser wants them, if that may get it past `error`.
    pub(super) fn repaired(&self, error: &ScanError, indent: usize) -> Option<Self> {
        let repair = repair::find(self.content(), error, indent, self.repairs)?;
        let mut lines: Vec<&str> = self.content().split('\n').collect();
        let old = lines.get_mut(repair.line.checked_sub(1)?)?;
        let line_break = if old.ends_with('\r') { "\r" } else { "" };
        let content = format!("{}{line_break}", repair.content);
        *old = &content;
        let mut edits = self.edits.clone();
        edits.push(Edit { line: repair.line, column: 0, added: repair.added, removed: 0 });
        edits.sort_by_key(|edit| (edit.line, edit.column));
        let content = Cow::Owned(lines.join("\n"));
        Some(Self { content, edits, repairs: self.repairs + 1, is_unterminated: self.is_unterminated })
    }
}

/// JSON writes a character beyond U+FFFF as two escapes, which YAML has as one of another form.
fn join_surrogates<'a>(text: &'a str, edits: &mut Vec<Edit>) -> Cow<'a, str> {
    let mut content = String::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            content.push('\n');
        }
        join_line(line, index + 1, &mut content, edits);
    }
    if edits.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(content) }
}

fn join_line(line: &str, number: usize, content: &mut String, edits: &mut Vec<Edit>) {
    let (mut column, mut removed) = (0, 0);
    let mut rest = line;
    while let Some((before, escape)) = rest.split_once('\\') {
        column += before.chars().count();
        content.push_str(before);
        if let Some((character, after)) = surrogate_pair(escape) {
            // `\uD83D\uDE00` becomes `\U0001F600`. Writing to a string cannot fail.
            let _ = write!(content, "\\U{:08X}", u32::from(character));
            column += 10;
            removed += 2;
            edits.push(Edit { line: number, column, added: 0, removed });
            rest = after;
        } else {
            let mut after = escape.chars();
            content.push('\\');
            content.extend(after.next());
            column += 2;
            rest = after.as_str();
        }
    }
    content.push_str(rest);
}

fn surrogate_pair(escape: &str) -> Option<(char, &str)> {
    let (high, rest) = utf16_unit(escape.strip_prefix('u')?)?;
    let (low, rest) = utf16_unit(rest.strip_prefix("\\u")?)?;
    let character = char::decode_utf16([high, low]).next()?.ok()?;
    (character > '\u{FFFF}').then_some((character, rest))
}

fn utf16_unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    Some((u16::from_str_radix(digits, 16).ok()?, rest))
}

fn is_json(text: &str) -> bool {
    let needs_to_know = text.contains("\\u") || text.contains(is_line_separator);
    needs_to_know && text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// goyaml's `readerc.go` lets these characters alone pass.
fn is_control(character: char) -> bool {
    !matches!(
        character,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..
    )
}

/// Line breaks in YAML 1.1, which goyaml reads, and text in YAML 1.2, which our parser reads.
fn is_line_separator(character: char) -> bool {
    matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn refuse(text: &str, refused: fn(char) -> bool, kind: fn(char) -> YamlErrorKind) -> Result<(), YamlError> {
    let Some((at, character)) = text.char_indices().find(|(_, character)| refused(*character)) else { return Ok(()) };
    let before = text.split_at_checked(at).map_or("", |(before, _)| before);
    let lines = Lines::of(before);
    let last = lines.line(lines.count()).chars().count();
    Err(kind(character).at(Position { line: clamp(lines.count()).max(1), column: clamp(last + 1) }))
}

fn clamp(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
