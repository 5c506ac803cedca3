//! The two patch languages of Kyverno's mutate rules, as functions on JSON.
//!
//! Does not know rules, variables or contexts: a patch comes in with its variables substituted.

mod error;
mod json_patch;
mod number;
mod strategic;

pub use error::MutateError;
pub use json_patch::JsonPatch;
pub use strategic::apply;
