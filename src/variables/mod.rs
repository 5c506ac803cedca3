//! Variables in policies: `{{ expression }}`, and references `$(./../path)` to other places of the same document.
//!
//! Source: Kyverno `pkg/engine/variables`, `pkg/engine/jsonutils`.

mod find;
mod path;
mod reference;
mod substitute;

pub use find::{places, variables};
pub use substitute::{Resolver, VariableError, substitute};
