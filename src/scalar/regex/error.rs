//! Why an expression is refused.

use std::fmt;
use thiserror::Error;

/// Why a text is no regular expression. The messages are Go's where Go has one.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RegexError {
    /// Go refuses it, too.
    #[error("error parsing regexp: {problem}: `{expression}`")]
    Syntax {
        /// What is wrong.
        problem: Problem,
        /// The part of the expression.
        expression: String,
    },
    /// It would take too much memory.
    #[error(
        "expected a regular expression that takes at most {limit} bytes when compiled, found a larger one: use smaller \
         repetitions or fewer classes of Unicode characters"
    )]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The engine behind the translation refuses it, which the translation should have foreseen.
    #[error("expected a regular expression that the engine can run, found one that it refuses: {message}")]
    Refused {
        /// What the engine says.
        message: String,
    },
}

impl RegexError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "regex-syntax",
            Self::TooLarge { .. } => "regex-too-large",
            Self::Refused { .. } => "regex-refused",
        }
    }

    pub(super) fn syntax(problem: Problem, expression: &str) -> Self {
        Self::Syntax { problem, expression: expression.to_owned() }
    }
}

/// What is wrong with an expression.
///
/// Source: Go, package `regexp/syntax`, `ErrorCode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A range that runs backwards, or an unknown class of characters.
    CharRange,
    /// An escape that means nothing.
    Escape,
    /// A name of a group that is empty or not made of letters, digits and underscores.
    NamedCapture,
    /// `(?` with something unknown behind it.
    PerlOperator,
    /// `**` and the like.
    RepeatOperator,
    /// More than 1000 repetitions, or fewer at most than at least.
    RepeatSize,
    /// `[` without `]`.
    MissingBracket,
    /// `(` without `)`.
    MissingParenthesis,
    /// Nothing to repeat.
    MissingRepeatArgument,
    /// A backslash at the end.
    TrailingBackslash,
    /// `)` without `(`.
    UnexpectedParenthesis,
    /// Too many groups in groups.
    NestingDepth,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CharRange => "invalid character class range",
            Self::Escape => "invalid escape sequence",
            Self::NamedCapture => "invalid named capture",
            Self::PerlOperator => "invalid or unsupported Perl syntax",
            Self::RepeatOperator => "invalid nested repetition operator",
            Self::RepeatSize => "invalid repeat count",
            Self::MissingBracket => "missing closing ]",
            Self::MissingParenthesis => "missing closing )",
            Self::MissingRepeatArgument => "missing argument to repetition operator",
            Self::TrailingBackslash => "trailing backslash at end of expression",
            Self::UnexpectedParenthesis => "unexpected )",
            Self::NestingDepth => "expression nests too deeply",
        })
    }
}
