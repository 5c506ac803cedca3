//! What follows `(?`: names of groups, and flags.
//!
//! Source: Go, package `regexp/syntax`, `parsePerlFlags`.

use super::error::{Problem, RegexError};
use super::translate::consumed;

/// The flags that are on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags {
    /// `i`: upper and lower case are alike.
    pub(super) fold_case: bool,
    /// `m`: `^` and `$` match at lines.
    pub(super) lines: bool,
    /// `s`: `.` matches a line break, too.
    pub(super) dot_all: bool,
    /// `U`: repetitions take as little as they can.
    pub(super) lazy: bool,
}

/// What a parenthesis with a question mark opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opening<'a> {
    /// A group with a name.
    Named(&'a str),
    /// A group that is not remembered, with these flags.
    Group(Flags),
    /// No group: the flags are for the rest of the group that it stands in.
    Flags(Flags),
}

/// Reads from `(?` up to the end of the name or the flags.
pub(super) fn opening(text: &str, flags: Flags) -> Result<(Opening<'_>, &str), RegexError> {
    for prefix in ["(?P<", "(?<"] {
        match text.strip_prefix(prefix) {
            // Go needs one more character to take it for a name at all.
            Some(name) if !name.is_empty() => return named(text, name),
            _ => {}
        }
    }
    set_flags(text, flags)
}

fn named<'a>(text: &'a str, name: &'a str) -> Result<(Opening<'a>, &'a str), RegexError> {
    let invalid = |rest| RegexError::syntax(Problem::NamedCapture, consumed(text, rest));
    let (name, rest) = name.split_once('>').ok_or_else(|| invalid(""))?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(is_word) {
        return Err(invalid(rest));
    }
    Ok((Opening::Named(name), rest))
}

fn set_flags(text: &str, mut flags: Flags) -> Result<(Opening<'_>, &str), RegexError> {
    let mut chars = text.chars();
    let (mut on, mut any) = (true, false);
    // The parenthesis and the question mark.
    chars.next();
    chars.next();
    while let Some(c) = chars.next() {
        match c {
            'i' => flags.fold_case = on,
            'm' => flags.lines = on,
            's' => flags.dot_all = on,
            'U' => flags.lazy = on,
            '-' if on => on = false,
            ':' if on || any => return Ok((Opening::Group(flags), chars.as_str())),
            ')' if on || any => return Ok((Opening::Flags(flags), chars.as_str())),
            _ => break,
        }
        any = c != '-';
    }
    Err(RegexError::syntax(Problem::PerlOperator, consumed(text, chars.as_str())))
}
