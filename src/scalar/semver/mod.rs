//! Versions and ranges of versions as `blang/semver` v4 reads them, which Kyverno's `semver_compare` uses.
//!
//! Source: `github.com/blang/semver/v4` v4.0.0.

mod range;
mod version;

pub use range::{Range, RangeError};
pub use version::{Version, VersionError};

/// Kyverno's `semver_compare`: is the version in the range? A text that is no version is taken for 0.0.0.
///
/// Source: Kyverno, `pkg/engine/jmespath/functions.go`, `jpSemverCompare`.
pub fn semver_compare(version: &str, range: &str) -> Result<bool, String> {
    let version = Version::parse(version).unwrap_or_default();
    let range = Range::parse(range).map_err(|error| error.to_string())?;
    Ok(range.contains(&version))
}

#[cfg(test)]
mod tests;
