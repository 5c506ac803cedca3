//! The data that variables of a rule are looked up in.
//!
//! `request.*`, `images`, `serviceAccountName`, the elements of a `foreach` and the context entries that a rule
//! declares. Entries are loaded when an expression names them. Source: Kyverno `pkg/engine/context`.

mod api_call;
mod base;
mod entries;
mod image_data;
mod paths;
mod scope;
mod supplied;

pub use base::image as image_value;
pub use paths::inject;
pub use scope::{Context, Mark, World};
pub use supplied::{ApiResponse, ClusterAccess, PolicyValues, RuleValues, Supplied};
