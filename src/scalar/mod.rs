//! Texts as Go reads and writes them: times, regular expressions, versions, certificates.
//!
//! Kyverno's functions hand these texts to Go's standard library and to Go modules; a policy that works there relies on
//! their exact rules.

pub mod certificate;
pub mod quoted;
pub mod regex;
pub mod semver;
pub mod time;
pub mod url;
