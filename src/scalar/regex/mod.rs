//! Go's regular expressions.
//!
//! The syntax is Go's RE2: the expression is translated, part by part, to one of the `regex` crate, which has the same
//! semantics (leftmost-first, linear time) but another syntax: Unicode where Go has ASCII, set operators in classes, no
//! `\Q..\E` and so on. What Go refuses is refused here with the same words.
//!
//! Source: Go, packages `regexp` and `regexp/syntax`.

mod class;
mod error;
mod escape;
mod expand;
mod group;
mod repeat;
mod translate;
mod unicode;

pub use error::{Problem, RegexError};

use regex::{Captures, Regex, RegexBuilder};

/// How much memory an expression may take by default when compiled, in bytes.
pub const SIZE_LIMIT: usize = 16 << 20;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct GoRegex {
    regex: Regex,
    /// The name of each group; empty for groups without, and for the whole match, the first one.
    names: Vec<String>,
}

impl GoRegex {
    /// Compiles Go's syntax.
    pub fn new(expression: &str) -> Result<Self, RegexError> {
        Self::with_size_limit(expression, SIZE_LIMIT)
    }

    /// Compiles Go's syntax to at most so many bytes.
    pub fn with_size_limit(expression: &str, limit: usize) -> Result<Self, RegexError> {
        let translate::Translated { pattern, names } = translate::translate(expression)?;
        let regex = RegexBuilder::new(&pattern).size_limit(limit).nest_limit(translate::ENGINE_DEPTH).build().map_err(
            |error| match error {
                regex::Error::CompiledTooBig(limit) => RegexError::TooLarge { limit },
                other => RegexError::Refused { message: other.to_string() },
            },
        )?;
        Ok(Self { regex, names })
    }

    /// The expression in the syntax of the `regex` crate.
    pub fn pattern(&self) -> &str {
        self.regex.as_str()
    }

    /// Does any part of the text match?
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Replaces every match by the template, in which `$1`, `${1}`, `$name` and `${name}` stand for what a group
    /// matched, nothing if it did not match or is not there; `$$` is a dollar sign.
    pub fn replace_all(&self, text: &str, template: &str) -> String {
        self.replace(text, |out, captures| expand::expand(out, template, captures, &self.names))
    }

    /// Replaces every match by the text as it is.
    pub fn replace_all_literal(&self, text: &str, replacement: &str) -> String {
        self.replace(text, |out, _| out.push_str(replacement))
    }

    /// Source: Go, package `regexp`, `Regexp.replaceAll`: a match of nothing right behind another match is none.
    fn replace(&self, text: &str, mut replacement: impl FnMut(&mut String, &Captures<'_>)) -> String {
        let mut out = String::with_capacity(text.len());
        let (mut copied, mut search_from) = (0, 0);
        while search_from <= text.len() {
            let Some(captures) = self.regex.captures_at(text, search_from) else {
                break;
            };
            let (start, end) = captures.get(0).map_or((search_from, search_from), |all| (all.start(), all.end()));
            out.push_str(text.get(copied..start).unwrap_or_default());
            if end > copied || start == 0 {
                replacement(&mut out, &captures);
            }
            copied = end;
            let width = text.get(search_from..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            search_from = end.max(search_from + width);
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        out
    }
}

#[cfg(test)]
mod tests;
