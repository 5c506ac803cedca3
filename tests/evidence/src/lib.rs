//! Small signed images, made here: same bytes at every run.
//!
//! Signatures by keys, by short-lived certificates of a Sigstore of our own ([`Sigstore`]), by certificates of the Notary
//! Project ([`CertifiedSigner`]); attestations beside them.
//!
//! Keys come from a fixed text by hashing, ECDSA nonces from RFC 6979, RSA primes from a seeded generator. The private
//! keys are therefore public: they protect nothing, and nothing but tests may trust them.
//!
//! Start at [`scenarios`] for every case with its expected verdict, at [`Signer`], [`Image`] and [`SignatureLayer`] for
//! cases of your own, at [`many_signatures`] and [`large_payload`] for cases too large to keep in the repository.

mod cases;
mod certificate;
mod der;
mod document;
mod image;
mod layout;
mod notation;
mod output;
mod policy;
mod samples;
mod scenario;
mod signature;
mod signer;
mod sigstore;
mod time;
mod variants;

pub use cases::scenarios;
pub use certificate::{Authority, Certificate, Draft};
pub use document::{Absence, Document};
pub use image::{Blob, Image, Index, digest};
pub use layout::Layout;
pub use notation::{CertifiedSigner, EnvelopeFormat, NotationSignature};
pub use output::{File, differences, files, write};
pub use scenario::{Expectation, NamedKey, Requirements, Scenario, Verdict};
pub use signature::{Payload, SIGNATURE_ANNOTATION, SignatureLayer, Signatures};
pub use signer::{Hash, KeyKind, Signer};
pub use sigstore::{ShortLived, Sigstore, Workflow};
pub use time::Time;
pub use variants::{large_payload, many_signatures};

/// The host of every image here: a name that RFC 2606 keeps from ever existing.
pub const REGISTRY: &str = "registry.example";

/// The one time in every document: nothing here depends on the clock.
pub const CAPTURED_AT: &str = "2026-03-14T09:26:53Z";
