//! Escapes that stand for one character.
//!
//! Source: Go, package `regexp/syntax`, `parseEscape`.

use super::error::{Problem, RegexError};
use super::translate::consumed;

/// A code point, which may be a surrogate; and what follows it.
pub(super) type Code<'a> = (u32, &'a str);

/// Reads the escape that `text` begins with, backslash included.
pub(super) fn escape(text: &str) -> Result<Code<'_>, RegexError> {
    let mut chars = text.chars();
    chars.next();
    let Some(c) = chars.next() else {
        return Err(RegexError::syntax(Problem::TrailingBackslash, ""));
    };
    let rest = chars.as_str();
    match c {
        // One digit would be a reference to a group, which RE2 has not.
        '1'..='7' if !rest.starts_with(|next| matches!(next, '0'..='7')) => Err(invalid(text, rest)),
        '0'..='7' => Ok(octal(c, rest)),
        'x' => hexadecimal(text, rest),
        'a' => Ok((0x07, rest)),
        'f' => Ok((0x0c, rest)),
        'n' => Ok((0x0a, rest)),
        'r' => Ok((0x0d, rest)),
        't' => Ok((0x09, rest)),
        'v' => Ok((0x0b, rest)),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => Ok((u32::from(c), rest)),
        _ => Err(invalid(text, rest)),
    }
}

pub(super) fn invalid(text: &str, rest: &str) -> RegexError {
    RegexError::syntax(Problem::Escape, consumed(text, rest))
}

/// Up to three octal digits, of which the first was read.
fn octal(first: char, rest: &str) -> Code<'_> {
    let mut code = first.to_digit(8).unwrap_or(0);
    let mut rest = rest;
    for _ in 0..2 {
        let mut chars = rest.chars();
        let Some(digit) = chars.next().and_then(|c| c.to_digit(8)) else {
            break;
        };
        code = code * 8 + digit;
        rest = chars.as_str();
    }
    (code, rest)
}

/// `\x41` or `\x{41}`; `rest` is what follows the `x`.
fn hexadecimal<'a>(text: &'a str, rest: &'a str) -> Result<Code<'a>, RegexError> {
    if let Some(digits) = rest.strip_prefix('{') {
        return braced(text, digits);
    }
    let mut chars = rest.chars();
    let (first, second) = (chars.next(), chars.next());
    let digit = |c: Option<char>| c.and_then(|c| c.to_digit(16));
    match (digit(first), digit(second)) {
        (Some(first), Some(second)) => Ok((first * 16 + second, chars.as_str())),
        _ => Err(invalid(text, chars.as_str())),
    }
}

fn braced<'a>(text: &'a str, digits: &'a str) -> Result<Code<'a>, RegexError> {
    let mut chars = digits.chars();
    let mut code = None;
    while let Some(c) = chars.next() {
        if let ('}', Some(code)) = (c, code) {
            return Ok((code, chars.as_str()));
        }
        let next = c.to_digit(16).map(|digit| code.unwrap_or(0) * 16 + digit);
        code = next.filter(|code| *code <= u32::from(char::MAX));
        if code.is_none() {
            break;
        }
    }
    Err(invalid(text, chars.as_str()))
}
