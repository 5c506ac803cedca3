//! PEM, read as Go's `encoding/pem` does.
//!
//! Go finds blocks in any text, and is lenient about line lengths, white space and headers where RFC 7468 is strict; a
//! key that cosign takes must not fail here. Source: Go 1.26, `encoding/pem`, `Decode`. (Before Go 1.26 a `BEGIN` line
//! without its `END` line could swallow the block behind it.) One oddity is left out: where an `END` line with a colon in
//! it stands right behind a `BEGIN` line, Go takes it for a header and finds nothing more in the text.

use super::base64::{self, Base64Error};
use thiserror::Error;

/// One block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PemBlock {
    /// What stands after `BEGIN`, such as `PUBLIC KEY`.
    pub label: String,
    /// The bytes. Headers are read over.
    pub bytes: Vec<u8>,
}

/// Why a text holds no PEM block.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PemError {
    /// The text between the markers is no base64.
    #[error(
        "the text between -----BEGIN {label}----- and -----END {label}----- is not base64: {source}{}",
        placeholder_hint(*.placeholder)
    )]
    Body {
        /// The label.
        label: String,
        /// What is wrong with it.
        source: Base64Error,
        /// Does it look like the filling of an example?
        placeholder: bool,
    },
    /// The markers are there, but do not stand on lines of their own or do not belong together.
    #[error(
        "expected a line `-----BEGIN {label}-----` and further down a line `-----END {label}-----`, both without \
         indentation and with the same words, found markers that do not make up a block"
    )]
    Markers {
        /// The label of the first `BEGIN` marker.
        label: String,
    },
    /// No block begins in the text.
    #[error("expected a PEM block that starts with a line such as `-----BEGIN PUBLIC KEY-----`, found {found}")]
    Missing {
        /// How the text starts, in back quotes.
        found: String,
    },
}

impl PemError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Body { .. } => "pem-body",
            Self::Markers { .. } => "pem-markers",
            Self::Missing { .. } => "pem-missing",
        }
    }
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "\n-----END ";
const DASHES: &str = "-----";

/// The first block of `text`, and what stands behind it.
///
/// Blocks that cannot be read are skipped, as Go does; if no other follows, the error tells of the first of them.
/// Other text before and after a block is ignored.
pub fn decode(text: &str) -> Result<(PemBlock, &str), PemError> {
    let mut rest = text;
    let mut first_problem = None;
    while let Some((before_end, after_end)) = rest.split_once(END) {
        match read_block(before_end, after_end) {
            Ok(block) => return Ok((block, next_line(after_end).1)),
            Err(problem) => first_problem = first_problem.or(problem),
        }
        rest = after_end;
    }
    Err(first_problem.unwrap_or_else(|| nothing_found(text)))
}

/// One block with lines of 64 characters, as Go's `pem.EncodeToMemory` writes it.
pub fn encode(label: &str, bytes: &[u8]) -> String {
    let text = base64::encode(bytes);
    let mut lines = String::new();
    for (at, c) in text.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            lines.push('\n');
        }
        lines.push(c);
    }
    format!("-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n")
}

/// Does base64 `text` hold what people write where a key belongs: a long run of one letter, or three dots?
///
/// `A` is left out: it encodes zero bytes, which real data may have many of.
pub fn looks_like_placeholder(text: &str) -> bool {
    const RUN: usize = 8;
    let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_run = |window: &[char]| {
        window
            .first()
            .is_some_and(|first| first.is_ascii_alphabetic() && *first != 'A' && window.iter().all(|c| c == first))
    };
    text.contains("...") || text.contains('…') || letters.windows(RUN).any(is_run)
}

/// The advice that goes with a placeholder; empty without one.
pub fn placeholder_hint(placeholder: bool) -> &'static str {
    if placeholder { "; this looks like the placeholder of an example: replace it by the real data" } else { "" }
}

/// Reads the block whose `END` marker stands between the two texts. `Err(None)`: there is no `BEGIN` to report on.
fn read_block(before_end: &str, after_end: &str) -> Result<PemBlock, Option<PemError>> {
    // The last BEGIN before the first END: one that has no END of its own is skipped.
    let before_end = before_end.strip_suffix('\r').unwrap_or(before_end);
    let (before_begin, from_label) = before_end.rsplit_once(BEGIN).ok_or(None)?;
    let (first_line, inner) = next_line(from_label);
    let markers = || PemError::Markers { label: shorten(first_line.trim_end_matches('-')) };
    if !before_begin.is_empty() && !before_begin.ends_with('\n') {
        return Err(Some(markers()));
    }
    let label = first_line.strip_suffix(DASHES).ok_or_else(markers)?;
    let (end_line, _) = next_line(after_end);
    if end_line.strip_prefix(label) != Some(DASHES) {
        return Err(Some(markers()));
    }
    let body = skip_headers(inner).ok_or_else(markers)?;
    let bytes = read_body(label, body)?;
    Ok(PemBlock { label: label.to_owned(), bytes })
}

/// The base64 behind the `Key: value` lines; `None` if there is no line behind them.
fn skip_headers(inner: &str) -> Option<&str> {
    let mut rest = inner;
    while rest.lines().next().is_some_and(|line| line.contains(':')) {
        rest = rest.split_once('\n')?.1;
    }
    Some(rest)
}

fn read_body(label: &str, body: &str) -> Result<Vec<u8>, PemError> {
    let text: String = body.chars().filter(|c| !matches!(c, ' ' | '\t')).collect();
    base64::decode(&text).map_err(|source| PemError::Body {
        label: shorten(label),
        source,
        placeholder: looks_like_placeholder(body),
    })
}

/// The first line without the white space at its end, and the lines behind it.
fn next_line(text: &str) -> (&str, &str) {
    let (line, rest) = match text.split_once('\n') {
        Some((line, rest)) => (line.strip_suffix('\r').unwrap_or(line), rest),
        None => (text, ""),
    };
    (line.trim_end_matches([' ', '\t']), rest)
}

fn nothing_found(text: &str) -> PemError {
    match text.split_once(BEGIN) {
        Some((_, label)) => PemError::Markers { label: shorten(next_line(label).0.trim_end_matches('-')) },
        None => PemError::Missing { found: excerpt(text.trim()) },
    }
}

fn excerpt(text: &str) -> String {
    match text.lines().next() {
        None => "an empty text".to_owned(),
        Some(line) => format!("`{}`", shorten(line)),
    }
}

/// The start of `line`, for a message.
pub(crate) fn shorten(line: &str) -> String {
    const SHOWN: usize = 40;
    match line.char_indices().nth(SHOWN) {
        None => line.to_owned(),
        Some(_) => line.chars().take(SHOWN).chain("...".chars()).collect(),
    }
}

#[cfg(test)]
mod tests;
