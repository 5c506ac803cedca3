//! What is wrong with an input of the caller: a policy, a resource, an option.

use crate::source::{SourceName, Span};
use std::fmt;

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The input is refused.
    Error,
    /// The input is taken, but does not mean what it seems to.
    Warning,
}

/// One finding: code, message, place and help. Rendering is the host's.
///
/// The code is stable API; the message is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable kebab-case code, such as `unknown-field`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One lower-case line: what was expected and what was found.
    pub message: String,
    /// What to do about it, such as the nearest valid name.
    pub help: Option<String>,
    /// The text it was found in.
    pub source: Option<SourceName>,
    /// Where in that text.
    pub span: Option<Span>,
    /// Path of the field in the document, such as `spec.rules[0].match`; empty for the document itself.
    pub path: String,
}

impl Diagnostic {
    /// An error without a place.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            help: None,
            source: None,
            span: None,
            path: String::new(),
        }
    }

    /// The same as a warning.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// With the place it was found at.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>, span: Span) -> Self {
        self.path = path.into();
        self.span = Some(span);
        self
    }

    /// With the text it was found in, unless one is set.
    #[must_use]
    pub fn in_source(mut self, source: &SourceName) -> Self {
        self.source.get_or_insert_with(|| source.clone());
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(source) = &self.source {
            write!(f, "{source}:")?;
        }
        if let Some(span) = &self.span {
            write!(f, "{}:{}:", span.start.line, span.start.column)?;
        }
        if self.source.is_some() || self.span.is_some() {
            f.write_str(" ")?;
        }
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}[{}]: ", self.code)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, " ({help})"))
    }
}

/// The closest of `candidates` to `name`, if any is close enough to be a typing mistake.
///
/// Close enough: at most a third of the longer name's characters differ (Levenshtein; case does not count), or the names
/// begin alike and differ in their ending, as singular and plural do.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let close = |distance: usize, candidate: &str| {
        let begins_alike = name.chars().zip(candidate.chars()).take_while(|(a, b)| a == b).count() >= 4;
        let longer = name.chars().count().max(candidate.chars().count());
        distance * 3 <= longer || begins_alike && distance <= 3
    };
    let measured = candidates.into_iter().map(|candidate| {
        let lower = candidate.to_lowercase();
        (distance(&name, &lower), lower, candidate)
    });
    let nearest = measured.filter(|(distance, lower, _)| close(*distance, lower)).min();
    nearest.map(|(_, _, candidate)| candidate)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let substitution = diagonal + usize::from(x != *y);
            diagonal = *cell;
            left = substitution.min(*cell + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_mistake_finds_its_word() {
        assert_eq!(nearest("verifyImage", ["validate", "verifyImages"]), Some("verifyImages"));
        assert_eq!(nearest("attestor", ["attestations", "attestors"]), Some("attestors"));
        assert_eq!(nearest("entry", ["count", "entries"]), Some("entries"));
        assert_eq!(nearest("KEYS", ["keys"]), Some("keys"));
        assert_eq!(nearest("colour", ["keys", "certificates"]), None);
    }
}
