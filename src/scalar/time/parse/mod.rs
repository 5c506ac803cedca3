//! Reading a time in a Go layout.
//!
//! Source: Go, package `time`, `parse`.

mod date;
mod fields;
mod zone;

use super::Timestamp;
use super::layout::{Found, first_element};
use fields::Fields;
use std::fmt::Write as _;
use thiserror::Error;

/// Why a text is no time of a layout. The messages are Go's.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TimeError {
    /// A part of the text is not what the layout asks for.
    #[error("parsing time {} as {}: cannot parse {} as {}", quote(.text), quote(.layout), quote(.found), quote(.element))]
    Element {
        /// All of the text.
        text: Vec<u8>,
        /// All of the layout.
        layout: Vec<u8>,
        /// What is left of the text there.
        found: Vec<u8>,
        /// The part of the layout.
        element: Vec<u8>,
    },
    /// A number that no clock or calendar shows.
    #[error("parsing time {}: {part} out of range", quote(.text))]
    Range {
        /// All of the text.
        text: Vec<u8>,
        /// `month`, `day`, `hour` and so on.
        part: &'static str,
    },
    /// The day of the year is another one than month and day say.
    #[error("parsing time {}: day-of-year does not match {part}", quote(.text))]
    DayOfYear {
        /// All of the text.
        text: Vec<u8>,
        /// `month` or `day`.
        part: &'static str,
    },
    /// The text goes on behind the time.
    #[error("parsing time {}: extra text: {}", quote(.text), quote(.extra))]
    Extra {
        /// All of the text.
        text: Vec<u8>,
        /// What is too much.
        extra: Vec<u8>,
    },
}

impl TimeError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Element { .. } => "time-element",
            Self::Range { .. } => "time-range",
            Self::DayOfYear { .. } => "time-day-of-year",
            Self::Extra { .. } => "time-extra-text",
        }
    }
}

/// What is wrong with one part; where it stands is added by [`parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bad {
    /// Not what the layout asks for.
    Element,
    /// A number out of its range.
    Range(&'static str),
    /// Day of the year and date differ in this.
    DayOfYear(&'static str),
}

/// Reads all of the text.
pub(super) fn parse(layout: &str, text: &str) -> Result<Timestamp, TimeError> {
    let error = |bad: Bad, found: &[u8], element: &[u8]| {
        let text = text.as_bytes().to_vec();
        match bad {
            Bad::Element => {
                TimeError::Element { text, layout: layout.into(), found: found.into(), element: element.into() }
            }
            Bad::Range(part) => TimeError::Range { text, part },
            Bad::DayOfYear(part) => TimeError::DayOfYear { text, part },
        }
    };
    let mut fields = Fields::default();
    let mut value = text.as_bytes();
    let mut left = layout.as_bytes();
    while let Some(Found { prefix, element, text: spelled, rest }) = first_element(left) {
        value = skip(value, prefix).map_err(|at| error(Bad::Element, at, prefix))?;
        value = fields.read(element, value, rest).map_err(|bad| error(bad, value, spelled))?;
        left = rest;
    }
    value = skip(value, left).map_err(|at| error(Bad::Element, at, left))?;
    if !value.is_empty() {
        return Err(TimeError::Extra { text: text.into(), extra: value.into() });
    }
    fields.timestamp().map_err(|bad| error(bad, value, &[]))
}

/// What is left of the value behind the literal text; runs of blanks are alike. Where they differ, what is left there.
fn skip<'a>(mut value: &'a [u8], mut literal: &[u8]) -> Result<&'a [u8], &'a [u8]> {
    while let Some((expected, rest)) = literal.split_first() {
        match value.split_first() {
            Some((found, _)) if *expected == b' ' && *found != b' ' => return Err(value),
            _ if *expected == b' ' => {
                literal = without_blanks(literal);
                value = without_blanks(value);
            }
            Some((found, after)) if found == expected => (value, literal) = (after, rest),
            _ => return Err(value),
        }
    }
    Ok(value)
}

fn without_blanks(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|byte| **byte == b' ').count();
    text.get(blanks..).unwrap_or_default()
}

/// Go's quotes of this package: every byte that is not printable ASCII as `\x`.
pub(super) fn quote(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for byte in text {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(*byte)]),
            0..b' ' | 0x80.. => {
                // Writing to a `String` does not fail.
                let _ = write!(out, "\\x{byte:02x}");
            }
            _ => out.push(char::from(*byte)),
        }
    }
    out.push('"');
    out
}
