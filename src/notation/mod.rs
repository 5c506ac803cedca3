//! Signature envelopes of the Notary Project, in both formats, and what must hold of them.
//!
//! The rules are those of notation-go v1.3.2 with notation-core-go v1.3.0 at the level `strict`, as Kyverno uses them: one
//! store of type `ca`, no store of type `tsa`, any identity, no plugins. So:
//!
//! - a countersignature is not looked at, and every certificate of the chain must be valid now;
//! - every certificate below the root that names an OCSP responder or a list must not be revoked, and unknown is a failure
//!   (`verify/notary/revocation.rs`); a certificate that names neither cannot be revoked;
//! - a signature of scheme `notary.x509.signingAuthority` finds no certificate to trust.
//!
//! Both formats end in one [`Envelope`], so that the same fault has the same reason in both. Where this is stricter than
//! notation, [`Strictness`] or the module of the format says so.

mod algorithm;
mod chain;
mod cose;
mod envelope;
mod error;
mod headers;
mod jws;
mod payload;
mod stated;
mod trust_store;

pub use algorithm::Algorithm;
pub use chain::ChainFault;
pub use envelope::{Envelope, Format, SignedEnvelope, Strictness, parse};
pub use error::NotationError;
pub use headers::{SignedAttributes, SigningScheme};
pub use payload::Target;
pub use stated::Stated;
pub use trust_store::CertificateStore;
