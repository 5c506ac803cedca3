//! Sigstore bundles: a signature with everything that is needed to verify it.
//!
//! Source: [`sigstore_bundle.proto`](https://github.com/sigstore/protobuf-specs), as JSON; sigstore-go v1.3, packages
//! `bundle` and `verify`, in the order that Kyverno 1.19 calls them. Not checked, as there: certificate timestamps (SCTs).

mod error;
mod identity;
mod key_id;
mod parse;
mod verify;

pub use error::BundleError;
pub use identity::{BundleIdentity, Matcher};
pub use parse::{Bundle, BundleContent, BundleSigner, MessageSignature};
pub use verify::{Artifact, BundlePolicy, Requirements, VerifiedBundle, VerifiedSigner, verify};

#[cfg(test)]
mod tests;
