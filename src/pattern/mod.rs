//! Patterns of `validate`: what a resource must look like.
//!
//! Pure functions on JSON. Source: Kyverno 1.19 `pkg/engine/validate`, `pkg/engine/anchor`, `pkg/engine/pattern`.
//!
//! Numbers of a resource: the command line of Kyverno hands every one over as a 64-bit float, a cluster hands integers
//! over as integers. Here they are floats, as in the conformance data: `80?` does not match 8080, whose text is
//! `8.08E+03`. Integers of a pattern are integers. `1` and `1.0` are one value.

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
