//! The text before the parser sees it: what is refused at sight, and where its characters stand.

use super::{YamlError, YamlErrorKind};
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
    /// Character indices behind the escapes of `content` that stand for a pair of escapes in the caller's text.
    joined: Vec<usize>,
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
        if !is_json(text) {
            refuse(text, is_line_separator, YamlErrorKind::LineSeparator)?;
            return Ok(Self { content: Cow::Borrowed(text), joined: Vec::new() });
        }
        Ok(Self::join_surrogates(text))
    }

    /// What the parser shall read.
    pub(super) fn content(&self) -> &str {
        &self.content
    }

    /// The place of `marker` in the caller's text.
    pub(super) fn position(&self, marker: Marker) -> Position {
        let line_start = marker.index().saturating_sub(marker.col());
        let before = |index: usize| self.joined.partition_point(|end| *end <= index);
        let joined = before(marker.index()).saturating_sub(before(line_start));
        // `\U0001F600` stands for `\uD83D\uDE00`, which is two characters longer.
        let column = marker.col() + 1 + 2 * joined;
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
            return YamlErrorKind::UnquotedTemplate.at(Position { column, ..self.position(marker) });
        }
        let kind = match error.info() {
            "recursion limit exceeded" => YamlErrorKind::TooDeep { limit: limits.depth.min(PARSER_DEPTH) },
            "while parsing node, found unknown anchor" => YamlErrorKind::UnknownAlias { name: name_at(line, marker) },
            info => YamlErrorKind::Syntax(info.to_owned()),
        };
        kind.at(self.position(marker))
    }

    /// JSON writes a character beyond U+FFFF as two escapes, which YAML has as one of another form.
    fn join_surrogates(text: &'a str) -> Self {
        let mut content = String::new();
        let (mut joined, mut index) = (Vec::new(), 0);
        let mut rest = text;
        while let Some((before, escape)) = rest.split_once('\\') {
            index += before.chars().count();
            content.push_str(before);
            if let Some((character, after)) = surrogate_pair(escape) {
                // Writing to a string cannot fail.
                let _ = write!(content, "\\U{:08X}", u32::from(character));
                index += 10;
                joined.push(index);
                rest = after;
            } else {
                let mut after = escape.chars();
                content.push('\\');
                content.extend(after.next());
                index += 2;
                rest = after.as_str();
            }
        }
        if joined.is_empty() {
            return Self { content: Cow::Borrowed(text), joined };
        }
        content.push_str(rest);
        Self { content: Cow::Owned(content), joined }
    }
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
    let last = lines.0.last().map_or(0, |line| line.chars().count());
    Err(kind(character).at(Position { line: clamp(lines.0.len()).max(1), column: clamp(last + 1) }))
}

/// The lines of a text, without their breaks: `\n`, `\r\n` or `\r`.
#[derive(Debug)]
pub(super) struct Lines<'a>(Vec<&'a str>);

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut lines = Vec::new();
        for line in text.split('\n') {
            lines.extend(line.strip_suffix('\r').unwrap_or(line).split('\r'));
        }
        Self(lines)
    }

    /// Line `number`, from 1; empty beyond the last.
    pub(super) fn line(&self, number: usize) -> &'a str {
        number.checked_sub(1).and_then(|index| self.0.get(index)).copied().unwrap_or_default()
    }

    /// The name of the alias at `marker`.
    pub(super) fn alias_name(&self, marker: Marker) -> String {
        name_at(self.line(marker.line()), marker)
    }

    /// Where the block sequence starts whose first item the parser reports at `marker`: at its dash.
    pub(super) fn dash_before(&self, marker: Marker) -> Marker {
        let before: String = self.line(marker.line()).chars().take(marker.col()).collect();
        match before.trim_end().strip_suffix('-') {
            Some(indent) => back_to(marker, indent.chars().count()),
            None => marker,
        }
    }

    /// Where a block scalar ends that starts at `start` and that the parser ends at `end`, behind its last line break:
    /// behind its last character that is no blank.
    pub(super) fn block_end(&self, start: Marker, end: Marker) -> Marker {
        let last = (start.line()..=end.line()).rev().map(|number| (number, self.line(number)));
        let mut inside = last.filter(|(number, _)| *number < end.line() || end.col() > 0);
        match inside.find(|(_, line)| !line.trim().is_empty()) {
            Some((number, line)) => Marker::new(end.index(), number, line.chars().count()),
            None => start,
        }
    }
}

fn back_to(marker: Marker, column: usize) -> Marker {
    Marker::new(marker.index() + column - marker.col(), marker.line(), column)
}

fn name_at(line: &str, marker: Marker) -> String {
    let is_name = |c: &char| !c.is_whitespace() && !matches!(c, ',' | '[' | ']' | '{' | '}');
    line.chars().skip(marker.col()).skip_while(|c| *c == '*').take_while(is_name).collect()
}

/// The column of a `{{` that begins a value on this line.
fn template_start(line: &str) -> Option<u32> {
    let (before, _) = line.split_once("{{")?;
    let begins = before.trim_end();
    let is_value = begins.is_empty() || begins.ends_with([':', '-', '[', ',']);
    is_value.then(|| clamp(before.chars().count() + 1))
}

fn clamp(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
