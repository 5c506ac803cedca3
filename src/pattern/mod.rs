//! Patterns of `validate`: what a resource must look like.
//!
//! Pure functions on JSON. Source: Kyverno 1.19 `pkg/engine/validate`, `pkg/engine/anchor`, `pkg/engine/pattern`.
//!
//! Numbers: the command line of Kyverno hands every number over as a 64-bit float, a cluster hands integers over as
//! integers. Here they are floats, so that a suite answers as it does there; `1` and `1.0` are one value.

pub mod anchor;
mod error;
mod map;
mod metadata;
mod print;
pub mod range;
pub mod scalar;
mod walk;

#[cfg(test)]
mod tests;

pub use error::{PatternError, PatternErrorKind};

use serde_json::Value;

/// Matches a resource against a pattern.
///
/// Errors: [`PatternErrorKind::Skip`] where an anchor says that the pattern is not about this resource;
/// [`PatternErrorKind::Fail`] with the path of the mismatch; [`PatternErrorKind::Error`] where upstream gives no path.
/// Recursion goes no deeper than the pattern, whose depth the reader of policies limits.
/// Source: `pkg/engine/validate/validate.go`, `MatchPattern`.
pub fn match_pattern(resource: &Value, pattern: &Value) -> Result<(), PatternError> {
    let mut walk = walk::Walk::default();
    walk.element(resource, pattern, "/").map_err(|mismatch| mismatch.settle(walk.lacks_a_key()))
}
