//! Whether a certificate was revoked, by what its issuer says of it: OCSP responses and revocation lists.
//!
//! Nothing is fetched here: [`ask`] walks the addresses that a certificate names ([`Locations`]), is handed the answers by
//! its caller, and holds them against issuer and time.
//!
//! The rules are those of notation-core-go v1.3.0 (`revocation/internal`) on `golang.org/x/crypto/ocsp` and Go's
//! `crypto/x509`, but for these, which are stricter: a responder that is not the issuer must be certified for OCSP (RFC 6960,
//! section 4.2.2.2; Go asks for the issuer's signature alone); a response must name the issuer, a list come from a CA of the
//! issuer's name; what is not yet valid does not count; lists that have delta lists are not understood. Not checked:
//! whether the responder's own certificate was revoked, and nonces: a response is good until it says that it is not.

mod ask;
mod error;
mod list;
mod locations;
mod ocsp;

pub use ask::{Outcome, Question, Reply, ask};
pub use error::RevocationError;
pub use list::check_list;
pub use locations::Locations;
pub use ocsp::{check_ocsp, ocsp_request};

use crate::encoding::der::{GENERALIZED_TIME, Reader, UTC_TIME};
use crate::scalar::certificate::asn1_time;
use crate::scalar::time::Timestamp;

/// What the issuer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationStatus {
    /// It was not revoked.
    Good,
    /// It was revoked.
    Revoked {
        /// When.
        at: Timestamp,
    },
    /// The responder does not know it.
    Unknown,
}

/// A time within a response or list.
fn time(reader: &mut Reader<'_>) -> Option<Timestamp> {
    if !reader.peek(UTC_TIME) && !reader.peek(GENERALIZED_TIME) {
        return None;
    }
    asn1_time(reader)
}

/// It was made at `this`, and there is another one at `next`: it counts in between.
fn check_time(this: &Timestamp, next: Option<&Timestamp>, now: &Timestamp) -> Result<(), RevocationError> {
    let Some(next) = next else { return Err(RevocationError::WithoutEnd) };
    if now < this {
        return Err(RevocationError::NotYetValid { from: this.to_rfc3339() });
    }
    if now > next {
        return Err(RevocationError::Expired { until: next.to_rfc3339() });
    }
    Ok(())
}
