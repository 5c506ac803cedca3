//! Classes of characters: `[a-z]`, `[^[:alpha:]\d]`, `\w`.
//!
//! Source: Go, package `regexp/syntax`, `parseClass` and the tables of Perl and POSIX groups.

use super::error::{Problem, RegexError};
use super::escape::{Code, escape};
use super::translate::consumed;
use super::unicode::{fold_case, unicode_class};
use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

const BEFORE_SURROGATES: char = '\u{d7ff}';
const BEHIND_SURROGATES: char = '\u{e000}';

/// The class that `text` begins with, bracket included, and what follows it; `fold`: case does not matter.
pub(super) fn bracketed(text: &str, fold: bool) -> Result<(ClassUnicode, &str), RegexError> {
    let rest = text.strip_prefix('[').unwrap_or(text);
    let (negated, mut rest) = match rest.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let mut items = Vec::new();
    let mut first = true;
    loop {
        match rest.strip_prefix(']') {
            Some(after) if !first => return Ok((class_of(items, negated, fold), after)),
            _ => {}
        }
        first = false;
        rest = item(&mut items, text, rest, fold)?;
    }
}

/// The class of these ranges; where case does not matter, it does not matter to what is left out, either.
pub(super) fn class_of(mut ranges: Vec<ClassUnicodeRange>, negated: bool, fold: bool) -> ClassUnicode {
    let has = |c| ranges.iter().any(|range| range.start() <= c && c <= range.end());
    if has(BEFORE_SURROGATES) && has(BEHIND_SURROGATES) {
        // The crate takes them for neighbours when it negates a class, but not when it joins ranges.
        ranges.push(ClassUnicodeRange::new(BEFORE_SURROGATES, BEHIND_SURROGATES));
    }
    let mut class = ClassUnicode::new(ranges);
    if fold {
        fold_case(&mut class);
    }
    if negated {
        class.negate();
    }
    class
}

/// Reads a named class, a character or a range. `class` is the text from the bracket on.
fn item<'a>(items: &mut Vec<ClassUnicodeRange>, class: &str, rest: &'a str, fold: bool) -> Result<&'a str, RegexError> {
    let named = match posix_class(rest, fold)? {
        None => unicode_class(rest, fold)?.or_else(|| perl_class(rest, fold)),
        posix => posix,
    };
    if let Some((class, after)) = named {
        items.extend(class.iter().copied());
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
fn push_range(items: &mut Vec<ClassUnicodeRange>, low: u32, high: u32) {
    let low = char::from_u32(low).unwrap_or(BEHIND_SURROGATES);
    let high = char::from_u32(high).unwrap_or(BEFORE_SURROGATES);
    if low <= high {
        items.push(ClassUnicodeRange::new(low, high));
    }
}

/// Ranges of ASCII characters, both ends in them, one behind the other.
type Ascii = &'static str;

const DIGIT: Ascii = "09";
const WORD: Ascii = "09AZ__az";

/// `\d`, `\s`, `\w` and their opposites: ASCII, and `\s` without the vertical tab.
pub(super) fn perl_class(text: &str, fold: bool) -> Option<(ClassUnicode, &str)> {
    let mut chars = text.strip_prefix('\\')?.chars();
    let name = chars.next()?;
    let members = match name.to_ascii_lowercase() {
        'd' => DIGIT,
        's' => "\t\n\x0c\r  ",
        'w' => WORD,
        _ => return None,
    };
    Some((ascii(members, name.is_ascii_uppercase(), fold), chars.as_str()))
}

const POSIX: [(&str, Ascii); 14] = [
    ("alnum", "09AZaz"),
    ("alpha", "AZaz"),
    ("ascii", "\0\x7f"),
    ("blank", "\t\t  "),
    ("cntrl", "\0\x1f\x7f\x7f"),
    ("digit", DIGIT),
    ("graph", "!~"),
    ("lower", "az"),
    ("print", " ~"),
    ("punct", "!/:@[`{~"),
    ("space", "\t\r  "),
    ("upper", "AZ"),
    ("word", WORD),
    ("xdigit", "09AFaf"),
];

/// `[:alpha:]` or `[:^alpha:]` at the start of the text; without an end it is no class, but characters.
fn posix_class(text: &str, fold: bool) -> Result<Option<(ClassUnicode, &str)>, RegexError> {
    let Some((name, rest)) = text.strip_prefix("[:").and_then(|text| text.split_once(":]")) else {
        return Ok(None);
    };
    let (negated, wanted) = name.strip_prefix('^').map_or((false, name), |name| (true, name));
    match POSIX.iter().find(|(known, _)| *known == wanted) {
        Some((_, members)) => Ok(Some((ascii(members, negated, fold), rest))),
        None => Err(RegexError::syntax(Problem::CharRange, consumed(text, rest))),
    }
}

fn ascii(members: Ascii, negated: bool, fold: bool) -> ClassUnicode {
    let (lows, highs) = (members.chars().step_by(2), members.chars().skip(1).step_by(2));
    class_of(lows.zip(highs).map(|(low, high)| ClassUnicodeRange::new(low, high)).collect(), negated, fold)
}
