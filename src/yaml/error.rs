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
    /// An alias stands inside the value it names.
    #[error("alias `*{0}` stands inside the value that `&{0}` names", shown(name))]
    AliasInsideItself {
        /// The alias, without its asterisk.
        name: String,
    },
    /// `<<` stands behind a key that it would set again.
    ///
    /// goyaml lets the merged value win here (`decode.go`, `merge`), the YAML merge type the written one.
    #[error(
        "`<<` sets `{}`, which line {}, column {} has set already: readers disagree about which value holds",
        shown(key), first.line, first.column
    )]
    AmbiguousMerge {
        /// The key.
        key: String,
        /// Where it was written.
        first: Position,
    },
    /// A character that no YAML text may have.
    #[error("expected printable text, found the control character U+{:04X}", u32::from(*.0))]
    ControlCharacter(char),
    /// A mapping has a key twice.
    #[error("key `{}` is set twice in one mapping, first at line {}, column {}", shown(key), first.line, first.column)]
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it was written first.
        first: Position,
    },
    /// Aliases copy more text than a whole document may have.
    #[error("anchors and aliases copy more than {limit} bytes of text")]
    ExpansionTooLarge {
        /// The most that is allowed.
        limit: usize,
    },
    /// A key that has no text form.
    #[error("expected a string, number or boolean as a key, found {found}")]
    InvalidKey {
        /// What stands there.
        found: &'static str,
    },
    /// A character that YAML 1.1 takes for a line break and YAML 1.2 does not.
    #[error("found the line separator U+{:04X}: readers disagree about whether a line ends there", u32::from(*.0))]
    LineSeparator(char),
    /// `<<` with something else than a mapping or a list of mappings.
    #[error("expected a mapping or a list of mappings behind `<<`, found {found}")]
    MergeValue {
        /// What stands there.
        found: &'static str,
    },
    /// An infinity or `.nan`.
    #[error("expected a number that JSON can represent, found `{0}`")]
    NotFinite(String),
    /// The scanner or parser refused it.
    #[error("invalid yaml: {0}")]
    Syntax(String),
    /// A value that its explicit tag does not fit.
    #[error("expected a value for the tag `{tag}`, found `{}`", shown(found))]
    TagMismatch {
        /// The tag, in its short form.
        tag: String,
        /// The text behind it.
        found: String,
    },
    /// Mappings and lists nested too deeply.
    #[error("mappings and lists are nested more than {limit} deep")]
    TooDeep {
        /// The most that is allowed.
        limit: usize,
    },
    /// Too long a text.
    #[error("text has {found} bytes, at most {limit} are read")]
    TooLarge {
        /// Its length in bytes.
        found: usize,
        /// The most that is allowed.
        limit: usize,
    },
    /// Too many values, those that aliases copy included.
    #[error("text stands for more than {limit} values, those that aliases copy included")]
    TooManyNodes {
        /// The most that is allowed.
        limit: usize,
    },
    /// An alias without an anchor before it in the same document.
    #[error("alias `*{}` names no anchor before it in this document", shown(name))]
    UnknownAlias {
        /// The alias, without its asterisk.
        name: String,
    },
    /// A tag that says nothing to Kubernetes.
    #[error("expected no tag or one of !!str, !!int, !!float, !!bool, !!null, !!map, !!seq, found `{}`", shown(tag))]
    UnknownTag {
        /// The tag.
        tag: String,
    },
    /// `{{ x }}` without quotes, which YAML reads as a mapping inside a mapping.
    #[error("expected a value, found `{{{{` outside quotes, which opens two mappings in yaml")]
    UnquotedTemplate,
}

impl YamlErrorKind {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AliasInsideItself { .. } => "yaml-alias-inside-itself",
            Self::AmbiguousMerge { .. } => "yaml-ambiguous-merge",
            Self::ControlCharacter(_) => "yaml-control-character",
            Self::DuplicateKey { .. } => "yaml-duplicate-key",
            Self::ExpansionTooLarge { .. } => "yaml-expansion-too-large",
            Self::InvalidKey { .. } => "yaml-invalid-key",
            Self::LineSeparator(_) => "yaml-line-separator",
            Self::MergeValue { .. } => "yaml-merge-value",
            Self::NotFinite(_) => "yaml-not-finite",
            Self::Syntax(_) => "yaml-syntax",
            Self::TagMismatch { .. } => "yaml-tag-mismatch",
            Self::TooDeep { .. } => "yaml-too-deep",
            Self::TooLarge { .. } => "yaml-too-large",
            Self::TooManyNodes { .. } => "yaml-too-many-nodes",
            Self::UnknownAlias { .. } => "yaml-unknown-alias",
            Self::UnknownTag { .. } => "yaml-unknown-tag",
            Self::UnquotedTemplate => "yaml-unquoted-template",
        }
    }

    /// What to do about it, where the message does not say so already.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::AmbiguousMerge { .. } => {
                Some("put `<<` first in its mapping: then the keys behind it win everywhere")
            }
            Self::ControlCharacter(_) => Some("write it as an escape in double quotes, such as \"\\x07\""),
            Self::DuplicateKey { .. } => Some("remove one of the two, or rename it"),
            Self::InvalidKey { .. } => Some("put the key in quotes"),
            Self::LineSeparator(_) => Some("write it as an escape in double quotes, such as \"\\u2028\""),
            Self::NotFinite(_) => Some("put it in quotes to mean the text"),
            Self::UnknownTag { .. } => Some("remove the tag; put the value in quotes to mean text"),
            Self::UnquotedTemplate => Some("put the whole value in quotes: \"{{ ... }}\""),
            _ => None,
        }
    }

    pub(super) fn at(self, position: Position) -> YamlError {
        YamlError { kind: self, position }
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

/// Text of the caller in a message: one line, and not too long a one.
fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let cut: String = text.chars().take(MOST).collect();
    let rest = if cut.len() < text.len() { "..." } else { "" };
    format!("{}{rest}", cut.escape_debug())
}
