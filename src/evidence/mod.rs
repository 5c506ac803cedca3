//! What the host fetched, and what it still has to fetch.
//!
//! The host is transport, not authority: every byte is hashed here against the digest that asks for it.

mod artifacts;
mod document;
mod request;
mod request_document;
mod session;

pub use artifacts::{Artifacts, Failure, Referrers, ReferrersSource};
pub use document::{DocumentError, SCHEMA};
pub use request::{Asker, Need, Request};
pub use request_document::RequestDocument;
pub use session::{Session, Unavailable};

#[cfg(test)]
mod tests;
