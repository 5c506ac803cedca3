//! Why a patch cannot be read or applied.

use thiserror::Error;

/// Why a patch cannot be read or applied.
///
/// The texts are Kyverno's: they reach the message of the rule behind `failed to patch resource: `.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum MutateError {
    /// The operations `copy` of a patch make too many values.
    #[error("expected `copy` operations that make at most {limit} values, found more: copy less")]
    CopyTooLarge {
        /// How many they may make.
        limit: usize,
    },
    /// Kyverno itself crashes here, so no text of its own exists.
    #[error("expected a patch that Kyverno can apply, found {reason}, at which Kyverno crashes: {help}")]
    Crash {
        /// What is wrong with it.
        reason: String,
        /// What to do instead.
        help: &'static str,
    },
    /// Two fields of one map have the same key once anchors are gone.
    #[error("yaml: unmarshal errors:\n  line 1: mapping key \"{key}\" already defined at line 1")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A number in the path of an `add` would create a list of unreasonable length.
    #[error("expected an index of at most {limit} in path '{path}', found {index}: use a smaller one")]
    IndexTooLarge {
        /// The index.
        index: usize,
        /// The largest index that is accepted.
        limit: usize,
        /// The path.
        path: String,
    },
    /// An operation of a JSON patch is malformed.
    #[error("failed to decode patches: invalid operation {operation}: {reason}")]
    InvalidOperation {
        /// The operation as JSON.
        operation: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A JSON patch that starts with `[` is not JSON.
    #[error("failed to decode patches: invalid state detected")]
    NotJson {
        /// Where JSON ends.
        reason: String,
    },
    /// A JSON patch or one of its operations has the wrong type.
    #[error("failed to decode patches: json: cannot unmarshal {found} into Go value of type jsonpatch.{expected}")]
    NotOperations {
        /// Go's name of what was expected: `Patch` or `Operation`.
        expected: &'static str,
        /// Go's name of what was found.
        found: &'static str,
    },
    /// A JSON patch is not YAML.
    #[error("failed to convert patchesJSON6902 to JSON: {reason}")]
    NotYaml {
        /// What the YAML reader said.
        reason: String,
    },
    /// An operation of a JSON patch does not apply.
    #[error("{reason}")]
    Operation {
        /// What json-patch says.
        reason: String,
    },
    /// The anchors of a strategic merge patch cannot be resolved.
    #[error("failed to preProcess rule: {cause}")]
    Preprocess {
        /// Why not.
        cause: Box<MutateError>,
    },
    /// The patch deletes the resource itself.
    #[error("filter cannot create or delete objects")]
    ResourceDeleted,
    /// An operation would nest values too deeply.
    #[error("expected at most {limit} levels of nesting, found more at path '{path}': use a shorter path")]
    TooDeep {
        /// How many levels there may be.
        limit: usize,
        /// The path.
        path: String,
    },
    /// Anchors in nested lists multiply a patch beyond reason.
    #[error("expected a patch that stays below {limit} values for this resource, found more: use fewer nested anchors")]
    TooLarge {
        /// How many values there may be.
        limit: usize,
    },
    /// `$patch` has a value that is not one of its three.
    #[error("unknown patch strategy '{found}'")]
    UnknownDirective {
        /// The value.
        found: String,
    },
    /// Patch and resource have different types at the same place.
    #[error("wrong node kind: expected {expected} but got {found}: node contents:\n{contents}\n")]
    WrongKind {
        /// kyaml's name of what was expected.
        expected: &'static str,
        /// kyaml's name of what was found.
        found: &'static str,
        /// What was found, as YAML.
        contents: String,
    },
}

impl MutateError {
    /// The stable name of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CopyTooLarge { .. } => "mutate-copy-too-large",
            Self::Crash { .. } => "mutate-crash",
            Self::DuplicateKey { .. } => "mutate-duplicate-key",
            Self::IndexTooLarge { .. } => "mutate-index-too-large",
            Self::InvalidOperation { .. } => "mutate-invalid-operation",
            Self::NotJson { .. } => "mutate-not-json",
            Self::NotOperations { .. } => "mutate-not-operations",
            Self::NotYaml { .. } => "mutate-not-yaml",
            Self::Operation { .. } => "mutate-operation-failed",
            Self::Preprocess { .. } => "mutate-anchors",
            Self::ResourceDeleted => "mutate-resource-deleted",
            Self::TooDeep { .. } => "mutate-too-deep",
            Self::TooLarge { .. } => "mutate-too-large",
            Self::UnknownDirective { .. } => "mutate-unknown-directive",
            Self::WrongKind { .. } => "mutate-wrong-kind",
        }
    }
}
