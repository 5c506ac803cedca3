//! Sigstore bundles: a signature with everything that is needed to verify it.
//!
//! Source: [`sigstore_bundle.proto`](https://github.com/sigstore/protobuf-specs), as JSON; sigstore-go v1.3, packages
//! `bundle` and `verify`, in the order that Kyverno 1.19 calls them. Not used, as there: certificates of a chain beyond the
//! first one.

mod chain;
mod content;
mod error;
mod identity;
mod key_id;
mod log;
mod parse;
mod signer;
mod time;
mod verify;
mod version;

pub use error::{BundleError, ChainReason};
pub(crate) use identity::text as extension_text;
pub use identity::{BundleIdentity, Matcher};
pub use time::{ProvenTime, TimeProof};
pub use verify::{Artifact, BundlePolicy, Requirements, VerifiedBundle, VerifiedSigner, verify};

use crate::in_toto::Envelope;
use crate::transparency_log::TransparencyLogEntry;

/// A bundle whose form is right, and nothing of which is verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// Its media type, which names the version.
    pub media_type: String,
    /// What is signed, and the signature.
    pub content: BundleContent,
    /// Who signed.
    pub signer: BundleSigner,
    /// What logs say.
    pub log_entries: Vec<TransparencyLogEntry>,
    /// Timestamp responses.
    pub timestamps: Vec<Vec<u8>>,
}

/// What is signed.
#[derive(Clone, Debug, PartialEq)]
pub enum BundleContent {
    /// An envelope.
    Envelope(Envelope),
    /// Something with a digest.
    Message(MessageSignature),
}

/// A signature over something that is not in the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSignature {
    /// Name of the hash function, such as `sha256`.
    pub algorithm: String,
    /// A hint at what is signed: the signature decides.
    pub digest: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Who signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BundleSigner {
    /// The holder of the certificate with this encoding.
    Certificate(Vec<u8>),
    /// The holder of a key, with a hint at which.
    Key(String),
}

impl Bundle {
    /// The signature.
    pub fn signature(&self) -> Result<&[u8], BundleError> {
        match &self.content {
            BundleContent::Message(message) => Ok(&message.signature),
            BundleContent::Envelope(envelope) => match envelope.signatures.as_slice() {
                [signature] => Ok(&signature.signature),
                several => Err(BundleError::SignatureCount(several.len())),
            },
        }
    }
}
