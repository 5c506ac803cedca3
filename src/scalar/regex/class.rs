//! Classes of characters: `[a-z]`, `[^[:alpha:]\d]`, `\w`.
//!
//! Source: Go, package `regexp/syntax`, `parseClass` and the tables of Perl and POSIX groups.

use super::error::{Problem, RegexError};
use super::escape::{Code, escape};
use super::translate::consumed;
use super::unicode::unicode_class;
use std::fmt::Write as _;

/// The class with no character in it, for the engine.
pub(super) const NOTHING: &str = "[^\\x{0}-\\x{10ffff}]";
/// The class with every character in it.
pub(super) const ANYTHING: &str = "[\\x{0}-\\x{10ffff}]";

/// The class that `text` begins with, bracket included, for the engine; and what follows it.
pub(super) fn bracketed(text: &str) -> Result<(String, &str), RegexError> {
    let rest = text.strip_prefix('[').unwrap_or(text);
    let (negated, mut rest) = match rest.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let mut items = String::new();
    let mut first = true;
    loop {
        match rest.strip_prefix(']') {
            Some(after) if !first => return Ok((class_of(&items, negated), after)),
            _ => {}
        }
        first = false;
        rest = item(&mut items, text, rest)?;
    }
}

fn class_of(items: &str, negated: bool) -> String {
    match (items, negated) {
        ("", false) => NOTHING.to_owned(),
        ("", true) => ANYTHING.to_owned(),
        (items, false) => format!("[{items}]"),
        (items, true) => format!("[^{items}]"),
    }
}

/// Reads a named class, a character or a range. `class` is the text from the bracket on.
fn item<'a>(items: &mut String, class: &str, rest: &'a str) -> Result<&'a str, RegexError> {
    if let Some((class, after)) = posix_class(rest)? {
        items.push_str(&class);
        return Ok(after);
    }
    if let Some((class, after)) = unicode_class(rest)? {
        items.push_str(&class);
        return Ok(after);
    }
    if let Some((class, after)) = perl_class(rest) {
        items.push_str(class);
        return Ok(after);
    }
    let (low, after) = character(class, rest)?;
    // A hyphen before the closing bracket is itself.
    let Some(upper) = after.strip_prefix('-').filter(|upper| !upper.is_empty() && !upper.starts_with(']')) else {
        push_range(items, low, low);
        return Ok(after);
    };
    let (high, after) = character(class, upper)?;
    if high < low {
        return Err(RegexError::syntax(Problem::CharRange, consumed(rest, after)));
    }
    push_range(items, low, high);
    Ok(after)
}

fn character<'a>(class: &str, rest: &'a str) -> Result<Code<'a>, RegexError> {
    let mut chars = rest.chars();
    match chars.next() {
        None => Err(RegexError::syntax(Problem::MissingBracket, class)),
        Some('\\') => escape(rest),
        Some(c) => Ok((u32::from(c), chars.as_str())),
    }
}

/// Leaves out surrogates, which Go lets an expression name, but no text has.
fn push_range(items: &mut String, low: u32, high: u32) {
    let low = if is_surrogate(low) { 0xe000 } else { low };
    let high = if is_surrogate(high) { 0xd7ff } else { high };
    if low <= high {
        // Writing to a `String` does not fail.
        let _ = write!(items, "\\x{{{low:x}}}-\\x{{{high:x}}}");
    }
}

fn is_surrogate(code: u32) -> bool {
    (0xd800..=0xdfff).contains(&code)
}

/// `\d`, `\s`, `\w` and their opposites: ASCII, and `\s` without the vertical tab.
pub(super) fn perl_class(text: &str) -> Option<(&'static str, &str)> {
    const CLASSES: [(&str, &str); 6] = [
        ("\\d", "[0-9]"),
        ("\\D", "[^0-9]"),
        ("\\s", "[\\t\\n\\f\\r\\x20]"),
        ("\\S", "[^\\t\\n\\f\\r\\x20]"),
        ("\\w", "[0-9A-Z_a-z]"),
        ("\\W", "[^0-9A-Z_a-z]"),
    ];
    CLASSES.iter().find_map(|(name, class)| text.strip_prefix(name).map(|rest| (*class, rest)))
}

const POSIX: [(&str, &str); 14] = [
    ("alnum", "0-9A-Za-z"),
    ("alpha", "A-Za-z"),
    ("ascii", "\\x00-\\x7f"),
    ("blank", "\\t\\x20"),
    ("cntrl", "\\x00-\\x1f\\x7f"),
    ("digit", "0-9"),
    ("graph", "\\x21-\\x7e"),
    ("lower", "a-z"),
    ("print", "\\x20-\\x7e"),
    ("punct", "\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e"),
    ("space", "\\x09-\\x0d\\x20"),
    ("upper", "A-Z"),
    ("word", "0-9A-Z_a-z"),
    ("xdigit", "0-9A-Fa-f"),
];

/// `[:alpha:]` or `[:^alpha:]` at the start of the text; without an end it is no class, but characters.
fn posix_class(text: &str) -> Result<Option<(String, &str)>, RegexError> {
    let Some((name, rest)) = text.strip_prefix("[:").and_then(|text| text.split_once(":]")) else {
        return Ok(None);
    };
    let (not, wanted) = name.strip_prefix('^').map_or(("", name), |name| ("^", name));
    match POSIX.iter().find(|(known, _)| *known == wanted) {
        Some((_, members)) => Ok(Some((format!("[{not}{members}]"), rest))),
        None => Err(RegexError::syntax(Problem::CharRange, consumed(text, rest))),
    }
}
