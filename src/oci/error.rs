//! What is wrong with a name or a document.

use super::GrammarError;
use crate::digest::DigestError;
use crate::json::JsonError;
use thiserror::Error;

/// Why a text or document is none of the OCI's.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum OciError {
    /// A document has the fields of an image manifest and of an index: readers would disagree about what it is.
    #[error(
        "expected an image manifest or an index, found `{manifest}` beside `manifests`: push it again as one of them"
    )]
    Ambiguous {
        /// The field of an image manifest that it has.
        manifest: &'static str,
    },
    /// A field holds no digest.
    #[error("`{field}` of the manifest: {error}")]
    Digest {
        /// The field.
        field: String,
        /// What is wrong with it.
        error: DigestError,
    },
    /// A field is missing or has another type than the format gives it.
    #[error("expected {expected} at `{field}` of the manifest, found {found}")]
    Field {
        /// The field; empty for the document itself.
        field: String,
        /// What belongs there.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// The document is of the other kind.
    #[error("expected {expected}, found {found}")]
    Kind {
        /// What was asked for.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// The media type that the document gives itself contradicts its fields.
    #[error("expected a media type of {kind}, found `{found}` in a document with its fields")]
    MediaType {
        /// What its fields say.
        kind: &'static str,
        /// What it says.
        found: String,
    },
    /// Not JSON that has one meaning.
    #[error("the manifest is not a JSON document: {0}")]
    NotJson(JsonError),
    /// A text is no image reference. The text is Kyverno's.
    #[error(
        "bad image: {full}, defaultRegistry: {default_registry}, enableDefaultRegistryMutation: {mutation}: {error}"
    )]
    Reference {
        /// The text, registry added.
        full: String,
        /// The registry that is added.
        default_registry: String,
        /// Is it kept in the result?
        mutation: bool,
        /// What is wrong.
        error: GrammarError,
    },
    /// A text is no repository.
    #[error("expected a repository such as registry.example/path in lower case, found `{text}`: {reason}")]
    Repository {
        /// The text.
        text: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// `schemaVersion` is another than 2.
    #[error("expected a manifest of schema version 2, found {found}")]
    SchemaVersion {
        /// What it says.
        found: String,
    },
    /// More bytes than the limit.
    #[error("expected a manifest of at most {limit} bytes, found {found}")]
    TooLarge {
        /// How many bytes there are.
        found: usize,
        /// How many may be.
        limit: usize,
    },
}

impl OciError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ambiguous { .. } => "manifest-ambiguous",
            Self::Digest { .. } | Self::Field { .. } | Self::NotJson(_) => "manifest-malformed",
            Self::Kind { .. } => "manifest-kind",
            Self::MediaType { .. } => "manifest-media-type",
            Self::Reference { .. } => "image-unparsable",
            Self::Repository { .. } => "repository-malformed",
            Self::SchemaVersion { .. } => "manifest-schema-version",
            Self::TooLarge { .. } => "manifest-too-large",
        }
    }
}
