//! Why a pattern does not match, during the walk and to the outside.
//!
//! Source: Kyverno 1.19 `pkg/engine/anchor/error.go`, `pkg/engine/validate/validate.go`.

use std::fmt;

/// Why a resource does not match a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PatternError {
    /// Upstream's text; that of several skips joined with `; `.
    pub message: String,
    /// Where, with slashes around every part; empty unless the kind is [`PatternErrorKind::Fail`].
    pub path: String,
    /// What becomes of the rule.
    pub kind: PatternErrorKind,
}

impl PatternError {
    /// A stable name of the kind.
    pub fn code(&self) -> &'static str {
        match self.kind {
            PatternErrorKind::Error => "pattern-error",
            PatternErrorKind::Fail => "pattern-mismatch",
            PatternErrorKind::Skip => "pattern-skipped",
        }
    }
}

/// What becomes of a rule whose pattern does not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternErrorKind {
    /// It is in error: upstream knows no path, because an anchored key was nowhere, or a list was too short.
    Error,
    /// It fails.
    Fail,
    /// It is skipped: the pattern is not about this resource.
    Skip,
}

/// A mismatch on its way up.
#[derive(Clone, Debug)]
pub(super) struct Mismatch {
    pub(super) message: String,
    pub(super) path: String,
    cause: Cause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// A condition of an anchor is not met.
    Condition,
    /// A key is there that must not be.
    Negation,
    /// A value, or the structure.
    Plain,
    /// Skips of a map or list, combined.
    Skips,
}

const CONDITIONAL: &str = "conditional anchor mismatch";
const GLOBAL: &str = "global anchor mismatch";
const NEGATION: &str = "negation anchor matched in resource";

impl Mismatch {
    pub(super) fn plain(path: &str, message: String) -> Self {
        Self { message, path: path.to_owned(), cause: Cause::Plain }
    }

    pub(super) fn conditional(path: String, reason: impl fmt::Display) -> Self {
        Self { message: format!("{CONDITIONAL}: {reason}"), path, cause: Cause::Condition }
    }

    pub(super) fn global(path: String, reason: impl fmt::Display) -> Self {
        Self { message: format!("{GLOBAL}: {reason}"), path, cause: Cause::Condition }
    }

    pub(super) fn negation(path: String) -> Self {
        Self { message: format!("{NEGATION}: {path} is not allowed"), path, cause: Cause::Negation }
    }

    /// Several skips as one, of the map or list at `path`.
    pub(super) fn combined(path: &str, skips: &[Self]) -> Self {
        let messages: Vec<&str> = skips.iter().map(|skip| skip.message.as_str()).collect();
        Self { message: messages.join("; "), path: path.to_owned(), cause: Cause::Skips }
    }

    /// Does it say that the pattern is not about this?
    ///
    /// A mismatch that came through other levels is judged by its text, as upstream does.
    pub(super) fn is_skip(&self) -> bool {
        match self.cause {
            Cause::Condition => true,
            Cause::Negation => false,
            Cause::Plain | Cause::Skips => self.message.contains(CONDITIONAL) || self.message.contains(GLOBAL),
        }
    }

    /// Is it a skip of this very level, not one that a nested map or list combined?
    pub(super) fn is_direct(&self) -> bool {
        self.cause != Cause::Skips
    }

    fn is_negation(&self) -> bool {
        match self.cause {
            Cause::Condition => false,
            Cause::Negation => true,
            Cause::Plain | Cause::Skips => self.message.contains(NEGATION),
        }
    }

    /// The answer to the outside; `lacks_a_key`: an anchored key was in none of the maps that were compared with it.
    pub(super) fn settle(self, lacks_a_key: bool) -> PatternError {
        let kind = if self.is_skip() {
            PatternErrorKind::Skip
        } else if (lacks_a_key && !self.is_negation()) || self.path.is_empty() {
            PatternErrorKind::Error
        } else {
            PatternErrorKind::Fail
        };
        let path = if kind == PatternErrorKind::Fail { self.path } else { String::new() };
        PatternError { message: self.message, path, kind }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
