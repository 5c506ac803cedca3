//! OCI names and documents: image references, repositories, descriptors, manifests.

mod manifest;
mod reference;
mod repository;

pub use manifest::{Descriptor, Manifest};
pub use reference::ImageReference;
pub use repository::Repository;

use crate::digest::DigestError;
use thiserror::Error;

/// Why a text or document is none of the OCI's.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum OciError {
    /// A text is no digest.
    #[error(transparent)]
    Digest(#[from] DigestError),
    /// A field of a manifest is missing or of another type.
    #[error("expected {expected} at `{field}` of the manifest, found {found}")]
    Field {
        /// The field.
        field: String,
        /// What belongs there.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// The manifest is not JSON that has one meaning.
    #[error("the manifest is not a JSON document: {0}")]
    Json(String),
    /// The media type is none that is understood here.
    #[error("expected an image manifest, found media type `{0}`")]
    MediaType(String),
    /// A text is no image reference. The text is Kyverno's.
    #[error("bad image: {text}, defaultRegistry: {default_registry}, enableDefaultRegistryMutation: true: {reason}")]
    Reference {
        /// The text, registry added.
        text: String,
        /// The registry that is added.
        default_registry: &'static str,
        /// What is wrong.
        reason: &'static str,
    },
    /// A text is no repository.
    #[error("expected registry/path in lower case, found `{0}`")]
    Repository(String),
}

impl OciError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Digest(_) => "digest-malformed",
            Self::Field { .. } | Self::Json(_) => "manifest-malformed",
            Self::MediaType(_) => "manifest-media-type",
            Self::Reference { .. } => "image-unparsable",
            Self::Repository(_) => "repository-malformed",
        }
    }
}
