//! RFC 3161 timestamps: an authority's word that it saw some bytes at some time.
//!
//! Two sets of rules, over one reader of tokens:
//!
//! - [`verify_token`]: those of sigstore's `timestamp-authority` (v2.1.3, `pkg/verification`), which cosign and sigstore-go
//!   verify with;
//! - [`verify_countersignature`]: those of notation's `tspclient-go` (v1.0.0).
//!
//! What they refuse is refused (`tests/timestamp.rs`). Refused although they accept it: BER that is not DER, more than one
//! signature, SHA-1, embedded revocation lists, signed attributes that are missing or there twice, bytes behind the last
//! field of a structure, an RSA signature algorithm that names another hash than the digest algorithm. Not checked, as
//! there: nonce, policy, revocation.

mod attributes;
mod authority;
mod cms;
mod countersignature;
mod error;
mod info;
mod response;
mod stated;
mod verify;

pub use authority::Authority;
pub use countersignature::verify_countersignature;
pub use error::TimestampError;
pub use stated::{StatedTime, stated_time};
pub use verify::{VerifiedTime, verify_token};

#[cfg(test)]
mod tests;
