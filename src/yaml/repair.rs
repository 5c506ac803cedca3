//! Layouts that goyaml reads and our parser, which holds to YAML 1.2, does not.
//!
//! YAML 1.2 wants what a line begins with inside brackets or quotes further in than the key they belong to; libyaml and
//! goyaml do not care, and manifests have such lines (`args: [`, then `]` below the `a`). They also let a tab follow
//! the colon of a key. White space has no meaning in these places: the parser is asked again with other white space.

use super::lines::Lines;
use saphyr_parser::ScanError;

/// Bytes read again for one text, about a second's worth: each repair reads the text once more.
const REPAIRED_BYTES: usize = 16 << 20;

/// A line of the text and what shall stand there instead.
#[derive(Debug, PartialEq)]
pub(super) struct Repair {
    /// From 1.
    pub(super) line: usize,
    /// The new line.
    pub(super) content: String,
    /// How many blanks it has more at its start.
    pub(super) added: usize,
}

/// What to change in `text` after `earlier` repairs, so that the parser gets past `error`.
///
/// `indent` is how far in a line must begin. None: the text is wrong for goyaml too, or has been read too often.
pub(super) fn find(text: &str, error: &ScanError, indent: usize, earlier: usize) -> Option<Repair> {
    let has_budget = text.len().saturating_mul(earlier + 1) <= REPAIRED_BYTES;
    // Lines that a lone carriage return ends are not worth the trouble.
    let has_plain_breaks = !text.replace("\r\n", "\n").contains('\r');
    if !has_budget || !has_plain_breaks {
        return None;
    }
    let lines = Lines::of(text);
    let marker = error.marker();
    match error.info() {
        "invalid indentation" | "invalid indentation in flow construct" => indented(&lines, marker.line(), indent),
        // The mark is where the quotes open: the first line behind it that is not far enough in is the one.
        "invalid indentation in quoted scalar" => {
            let behind = marker.line() + 1..=lines.count();
            behind.into_iter().find_map(|number| indented(&lines, number, indent))
        }
        "':' must be followed by a valid YAML whitespace" => {
            let line = lines.line(marker.line());
            let before: String = line.chars().take(marker.col()).collect();
            let after: String = line.chars().skip(marker.col()).collect();
            let key = before.trim_end_matches(['\t', ' ']);
            let blanks = " ".repeat(before.chars().count() - key.chars().count());
            let content = format!("{key}{blanks}{after}");
            (content != line).then_some(Repair { line: marker.line(), content, added: 0 })
        }
        _ => None,
    }
}

fn indented(lines: &Lines<'_>, number: usize, indent: usize) -> Option<Repair> {
    let line = lines.line(number);
    let found = line.chars().take_while(|c| *c == ' ').count();
    let added = indent.checked_sub(found).filter(|added| *added > 0)?;
    let is_blank = line.trim().is_empty();
    (!is_blank).then(|| Repair { line: number, content: format!("{}{line}", " ".repeat(added)), added })
}
