//! What makes a text no YAML document that Kubernetes would read.

use crate::diagnostic::Diagnostic;
use crate::source::{Position, Span};
use thiserror::Error;

/// Why a text cannot be read, and where.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{kind}")]
pub struct YamlError {
    /// What is wrong.
    pub kind: YamlErrorKind,
    /// Where.
    pub position: Position,
}

/// What is wrong with a text.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum YamlErrorKind {
    /// A key that is a mapping, a list or null.
    #[error("expected text as a key, found {0}")]
    ComplexKey(&'static str),
    /// The same key twice in a mapping.
    #[error("the key `{key}` is already set on line {first}")]
    DuplicateKey {
        /// The key.
        key: String,
        /// The line of the first one.
        first: u32,
    },
    /// `<<` with something else than a mapping or a list of them.
    #[error("expected a mapping or a list of mappings to merge, found {0}")]
    Merge(&'static str),
    /// A number that JSON does not have.
    #[error("`{0}` is no number that Kubernetes can hold")]
    Number(String),
    /// The scanner or parser refused it.
    #[error("invalid yaml: {0}")]
    Syntax(String),
    /// A tag that Kubernetes does not read, or that does not fit its value.
    #[error("the tag `{0}` does not fit here")]
    Tag(String),
    /// Nested beyond the limit.
    #[error("nested more than {0} deep")]
    TooDeep(usize),
    /// More than the limit, aliases expanded.
    #[error("more than {limit} {what}")]
    TooLarge {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// An alias of an anchor that is not there, or that is not complete yet.
    #[error("the alias names no anchor before it")]
    UnknownAnchor,
}

impl YamlErrorKind {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ComplexKey(_) => "yaml-key",
            Self::DuplicateKey { .. } => "yaml-duplicate-key",
            Self::Merge(_) => "yaml-merge",
            Self::Number(_) => "yaml-number",
            Self::Syntax(_) => "yaml-syntax",
            Self::Tag(_) => "yaml-tag",
            Self::TooDeep(_) => "yaml-too-deep",
            Self::TooLarge { .. } => "yaml-too-large",
            Self::UnknownAnchor => "yaml-anchor",
        }
    }

    fn help(&self) -> Option<&'static str> {
        match self {
            Self::ComplexKey("a mapping") => Some("a variable at the start of a value must be quoted: \"{{ ... }}\""),
            _ => None,
        }
    }
}

impl From<YamlError> for Diagnostic {
    fn from(error: YamlError) -> Self {
        let span = Span { start: error.position, end: error.position };
        let diagnostic = Diagnostic::error(error.kind.code(), error.to_string()).at("", span);
        match error.kind.help() {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}
