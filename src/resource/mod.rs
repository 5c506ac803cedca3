//! The object of an admission request: what it is, whom a rule matches, which images it runs.

mod action;
mod images;
mod kind;
mod matching;
mod request;
mod selector;

pub use action::failure_action;
pub use images::{ExtractedImage, ImageError, extract_images};
pub use matching::{exception_applies, rule_applies};
pub use request::{AdmissionRequest, NamespaceLabels, Operation, ResourceError, ResourceId, Target, UserInfo};
