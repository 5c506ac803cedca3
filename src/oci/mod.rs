//! OCI names and documents: image references, repositories, descriptors, manifests, indexes.

mod descriptor;
mod error;
mod fields;
mod grammar;
mod index;
mod manifest;
pub mod media_type;
mod reference;
mod repository;

pub use descriptor::{Descriptor, Platform};
pub use error::OciError;
pub use grammar::GrammarError;
pub use index::Index;
pub use manifest::{Document, Manifest};
pub use reference::{ImageReference, RegistryDefaults, is_registry};
pub use repository::Repository;
