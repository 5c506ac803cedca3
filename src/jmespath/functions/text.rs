//! Functions of texts.

use super::super::eval::Outcome;
use super::call::{Call, given};
use super::letters;
use super::table::{Function, NUMBER, STRING, TEXT, Type};
use crate::wildcard;
use serde_json::Value;
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("compare", &[STRING, STRING], Type::Number, "-1, 0 or 1: the order of two texts by bytes", compare),
    Function::new("ends_with", &[STRING, STRING], Type::Bool, "is the second text the end of the first?", ends_with),
    Function::new("equal_fold", &[STRING, STRING], Type::Bool, "are they equal but for case?", equal_fold),
    Function::new("join", &[STRING, &[Type::ArrayOfString]], Type::String, "texts with one between each two", join),
    Function::new("path_canonicalize", &[STRING], Type::String, "a path without `.`, `..` and `//`", canonicalize),
    Function::new(
        "pattern_match",
        &[STRING, TEXT],
        Type::Bool,
        "does a pattern with `*` and `?` match?",
        pattern_match,
    ),
    Function::new(
        "replace",
        &[STRING, STRING, STRING, NUMBER],
        Type::String,
        "the first so many occurrences of a text replaced; all for a negative number",
        replace,
    ),
    Function::new("replace_all", &[STRING, STRING, STRING], Type::String, "every occurrence replaced", replace_all),
    Function::new("split", &[STRING, STRING], Type::ArrayOfString, "the parts between separators", split),
    Function::new("starts_with", &[STRING, STRING], Type::Bool, "does the first begin with the second?", starts_with),
    Function::new("to_boolean", &[STRING], Type::Bool, "`true` and `false` in any case", to_boolean),
    Function::new("to_lower", &[STRING], Type::String, "in small letters", to_lower),
    Function::new("to_upper", &[STRING], Type::String, "in capital letters", to_upper),
    Function::new("trim", &[STRING, STRING], Type::String, "without the given characters at both ends", trim),
    Function::new("trim_prefix", &[STRING, STRING], Type::String, "without the given beginning", trim_prefix),
    Function::new("truncate", &[STRING, NUMBER], Type::String, "the first so many characters", truncate),
];

fn compare<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(match call.text(0)?.cmp(call.text(1)?) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    })
}

fn ends_with<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(call.text(0)?.ends_with(call.text(1)?))
}

fn equal_fold<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(letters::equal_fold(call.text(0)?, call.text(1)?))
}

fn join<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let separator = call.text(0)?;
    let texts: Vec<&str> = call.list(1)?.iter().filter_map(Value::as_str).collect();
    call.charge(separator.len().saturating_mul(texts.len()))?;
    given(texts.join(separator))
}

/// Source: Go, package `path/filepath`, `Join` of one element.
fn canonicalize<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let path = call.text(0)?;
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(&last)) if last != ".." => {
                parts.pop();
            }
            ("..", None) if rooted => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    given(match (rooted, joined.as_str(), path) {
        (_, _, "") => String::new(),
        (true, _, _) => format!("/{joined}"),
        (false, "", _) => ".".to_owned(),
        (false, _, _) => joined,
    })
}

/// A pattern of many stars compares every character of the text with every one of the pattern.
fn pattern_match<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let text = call.text_or_number(1)?;
    let pattern = call.text(0)?;
    call.charge(pattern.len().saturating_mul(text.len()))?;
    given(wildcard::matches(pattern, &text))
}

#[expect(clippy::as_conversions, reason = "the fraction is cut off; out of range is as good as all")]
fn replace<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let count = call.number(3)? as i64;
    replace_first(call, usize::try_from(count).unwrap_or(usize::MAX))
}

fn replace_all<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    replace_first(call, usize::MAX)
}

fn replace_first<'a>(call: &Call<'_, 'a>, count: usize) -> Outcome<'a> {
    let (text, old, new) = (call.text(0)?, call.text(1)?, call.text(2)?);
    let found = text.matches(old).take(count).count();
    call.charge(new.len().saturating_mul(found))?;
    given(text.replacen(old, new, count))
}

fn split<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let (text, separator) = (call.text(0)?, call.text(1)?);
    // Every part is a value.
    call.charge(text.len().saturating_mul(64))?;
    given(match separator {
        "" => text.chars().map(|c| Value::from(c.to_string())).collect::<Vec<_>>(),
        _ => text.split(separator).map(Value::from).collect(),
    })
}

fn starts_with<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(call.text(0)?.starts_with(call.text(1)?))
}

fn to_boolean<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let text = call.text(0)?;
    match text.chars().map(letters::lower).collect::<String>().as_str() {
        "true" => given(true),
        "false" => given(false),
        _ => Err(call.fail(format!("lowercase argument must be 'true' or 'false' (provided: '{text}')"))),
    }
}

fn to_lower<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(call.text(0)?.chars().map(letters::lower).collect::<String>())
}

fn to_upper<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(call.text(0)?.chars().map(letters::upper).collect::<String>())
}

fn trim<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let (text, characters) = (call.text(0)?, call.text(1)?);
    call.charge(text.len().saturating_mul(characters.len()))?;
    given(text.trim_matches(|c| characters.contains(c)))
}

fn trim_prefix<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let text = call.text(0)?;
    given(text.strip_prefix(call.text(1)?).unwrap_or(text))
}

#[expect(clippy::as_conversions, reason = "the fraction is cut off; below zero is zero")]
fn truncate<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let length = call.number(1)? as usize;
    given(call.text(0)?.chars().take(length).collect::<String>())
}
