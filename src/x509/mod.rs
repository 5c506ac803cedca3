//! X.509 certificates, and which of them another one vouches for.
//!
//! The rules are those of Go's `crypto/x509` (1.26), which cosign, Kyverno and notation verify with; `rustls-webpki` and
//! OpenSSL differ from it in what they take (key usages of authorities, extended key usages, leaves that are authorities).
//! Not checked: certificate policies (an authority that demands them is refused). Revocation is [`crate::revocation`].

mod certificate;
mod chain;
mod constraints;
mod error;
mod extensions;
mod name;
pub mod sct;
mod signed;

pub use certificate::Certificate;
pub use chain::{Chaining, Usage, check_signature, check_signed_by, verify_chain};
pub use error::{CertificateError, ChainError};
pub use extensions::{AlternativeNames, BasicConstraints, ExtendedKeyUsage, Extension, KeyUsage};
pub use name::Name;
pub use signed::{Signed, check_authority};

#[cfg(test)]
pub(crate) mod test_certificates;
#[cfg(test)]
mod tests;
