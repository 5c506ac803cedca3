//! Scalars as Go and Kubernetes read and print them: durations, quantities, numbers, times, regular expressions,
//! versions, certificates.
//!
//! Kyverno hands these texts to Go's standard library and to Go modules; a policy that works there relies on their exact
//! rules.

pub mod certificate;
pub mod duration;
pub mod float;
pub mod print;
pub mod quantity;
pub mod quoted;
pub mod regex;
pub mod semver;
pub mod time;
pub mod url;
