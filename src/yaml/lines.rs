//! The lines of a text: where things end and start that the parser places elsewhere.

use saphyr_parser::{Marker, Span as Marks};

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

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Is `marker` behind the last line break?
    pub(super) fn ends_at(&self, marker: Marker) -> bool {
        marker.line() >= self.count()
    }

    /// Has the line before the last line break no text?
    pub(super) fn ends_blank(&self) -> bool {
        self.line(self.count().saturating_sub(1)).trim().is_empty()
    }

    /// The name of the alias at `marker`.
    pub(super) fn alias_name(&self, marker: Marker) -> String {
        name_at(self.line(marker.line()), marker)
    }

    /// Where `{{` stands, if one of its braces is at `marker`.
    pub(super) fn template_around(&self, marker: Marker) -> Option<Marker> {
        let line: Vec<char> = self.line(marker.line()).chars().take(marker.col() + 2).collect();
        let is_template = |column: &usize| line.iter().skip(*column).take(2).eq(&['{', '{']);
        let column = [marker.col(), marker.col().saturating_sub(1)].into_iter().find(is_template)?;
        Some(on_line(marker, column))
    }

    /// Where the sequence starts whose first item the parser reports at `marker`: at its dash.
    pub(super) fn dash_before(&self, marker: Marker) -> Marker {
        let before: String = self.line(marker.line()).chars().take(marker.col()).collect();
        match before.trim_end().strip_suffix('-') {
            Some(indent) => on_line(marker, indent.chars().count()),
            None => marker,
        }
    }

    /// Where a quoted scalar ends that the parser ends behind the blanks and the comment that follow it.
    ///
    /// Not on long lines, of which every scalar would have to be searched for from the start.
    pub(super) fn quoted_end(&self, marks: Marks, quote: char, value: &str) -> Marker {
        const LONG: usize = 4096;
        let Marks { start, end } = marks;
        let is_exact = end.index().saturating_sub(start.index()) == value.chars().count() + 2;
        if is_exact || end.col() > LONG {
            return end;
        }
        let mut rest = self.line(end.line()).chars().enumerate();
        if start.line() == end.line() {
            let is_opening = |(index, character): &(usize, char)| *index >= start.col() && *character == quote;
            rest.by_ref().find(is_opening);
        }
        closing_quote(rest, quote).map_or(end, |column| on_line(end, column + 1))
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

/// The column of the quote that ends a scalar; `rest` begins inside it.
fn closing_quote(rest: impl Iterator<Item = (usize, char)>, quote: char) -> Option<usize> {
    let mut rest = rest.peekable();
    while let Some((column, character)) = rest.next() {
        if character == '\\' && quote == '"' {
            rest.next();
        } else if character == quote && (quote == '"' || rest.next_if(|(_, next)| *next == quote).is_none()) {
            return Some(column);
        }
    }
    None
}

/// The mark at `column`, on the line of `marker` and before it.
fn on_line(marker: Marker, column: usize) -> Marker {
    let back = marker.col().saturating_sub(column);
    Marker::new(marker.index().saturating_sub(back), marker.line(), column)
}

pub(super) fn name_at(line: &str, marker: Marker) -> String {
    let is_name = |c: &char| !c.is_whitespace() && !matches!(c, ',' | '[' | ']' | '{' | '}');
    line.chars().skip(marker.col()).skip_while(|c| *c == '*').take_while(is_name).collect()
}

/// The column, from 0, of a `{{` that begins a value on this line.
pub(super) fn template_start(line: &str) -> Option<usize> {
    let (before, _) = line.split_once("{{")?;
    let begins = before.trim_end();
    let is_value = begins.is_empty() || begins.ends_with([':', '-', '[', ',']);
    is_value.then(|| before.chars().count())
}
