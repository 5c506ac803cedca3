//! What makes a text no YAML document that Kubernetes would read.

use crate::diagnostic::Diagnostic;
use crate::source::{Position, Span};
use thiserror::Error;

/// Why a text cannot be read, and where.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{kind}")]
#[non_exhaustive]
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
    /// The scanner or parser refused it.
    #[error("invalid yaml: {0}")]
    Syntax(String),
}

impl YamlErrorKind {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "yaml-syntax",
        }
    }
}

impl From<YamlError> for Diagnostic {
    fn from(error: YamlError) -> Self {
        let span = Span { start: error.position, end: error.position };
        Diagnostic::error(error.kind.code(), error.to_string()).at("", span)
    }
}
