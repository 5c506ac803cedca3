//! RFC 3161 timestamps: an authority's word that it saw some bytes at some time.
//!
//! The rules are those of sigstore's `timestamp-authority` (`pkg/verification`), which cosign and sigstore-go verify with.
//! Not checked: nonce, policy, accuracy, revocation.

mod authority;
mod cms;
mod error;
mod info;
mod verify;

pub use authority::Authority;
pub use error::TimestampError;
pub use verify::{VerifiedTime, verify_token};

#[cfg(test)]
mod tests;
