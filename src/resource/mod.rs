//! The object of an admission request: what it is, whom a rule concerns, which images it runs.

mod action;
mod filter;
mod images;
mod kind;
mod matching;
pub mod pointer;
mod reason;
mod request;
mod selector;
mod target;

pub use action::failure_action;
pub use images::{ExtractedImage, ImageError, extract_images};
pub use kind::KindSelector;
pub use matching::{Applicability, applicability, exception_applies, lacks_namespace_labels, rule_applies};
pub use reason::Reason;
pub use request::{AdmissionRequest, NamespaceLabels, Operation, ResourceError, UserInfo};
pub use selector::SelectorError;
pub use target::{ResourceId, Target};

#[cfg(test)]
mod testing;
