//! The template of a replacement.
//!
//! Source: Go, package `regexp`, `Regexp.Expand` and `extract`.

use super::unicode::is_letter_or_digit;

/// Appends the template to `out`; a `$` that begins nothing is itself. `group` gives what a group matched.
pub(super) fn expand<'t>(
    out: &mut String,
    template: &str,
    names: &[String],
    group: impl Fn(usize) -> Option<&'t str> + Copy,
) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) = variable(after) {
            out.push_str(value(name, names, group).unwrap_or_default());
            rest = after;
        } else {
            out.push('$');
            rest = after;
        }
    }
    out.push_str(rest);
}

/// `name` or `{name}` at the start of the text, and what follows. The name is as long as it can be.
fn variable(text: &str) -> Option<(&str, &str)> {
    let (braced, text) = match text.strip_prefix('{') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
    let rest = if braced { rest.strip_prefix('}')? } else { rest };
    Some((name, rest))
}

/// Letters and decimal digits of any script, and the underscore.
fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    // The standard library counts more among the letters than Go does.
    is_letter_or_digit(c)
}

/// What the group matched. Of groups with one name, the first that matched.
fn value<'t>(name: &str, names: &[String], group: impl Fn(usize) -> Option<&'t str>) -> Option<&'t str> {
    match number(name) {
        Some(number) => group(number),
        None => (0..).zip(names).filter(|(_, known)| *known == name).find_map(|(index, _)| group(index)),
    }
}

/// A number without leading zeros that Go takes for one.
fn number(name: &str) -> Option<usize> {
    if name.len() > 9 || name.len() > 1 && name.starts_with('0') || !name.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    name.parse().ok()
}
