//! What goes wrong in an expression.

use thiserror::Error;

/// The text is no expression.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("SyntaxError: {message}")]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// Where, in characters from the start.
    pub offset: usize,
}

/// The expression has no value.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EvalError {
    /// An object lacks a key.
    #[error("Unknown key \"{0}\" in path")]
    NotFound(String),
    /// A function cannot do what it is asked for.
    #[error("{0}")]
    Failed(String),
    /// The bound on work is reached.
    #[error("the expression takes more than {limit} steps: simplify it")]
    TooMuch {
        /// The bound.
        limit: u64,
    },
}

impl EvalError {
    /// A failure with this text.
    pub fn failed(text: impl Into<String>) -> Self {
        Self::Failed(text.into())
    }
}
