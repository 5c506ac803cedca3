//! Attestations: in-toto Statements in DSSE Envelopes.
//!
//! Sources: [DSSE v1](https://github.com/secure-systems-lab/dsse/blob/master/envelope.md), in-toto Attestation Framework
//! v0.1 and v1, cosign `pkg/cosign/attestation`.

mod envelope;
mod error;
mod statement;

pub use envelope::{Envelope, EnvelopeSignature, PAYLOAD_TYPE};
pub use error::InTotoError;
pub use statement::{Statement, StatementSubject};

#[cfg(test)]
mod tests;
