//! Why a log does not vouch for a signature.

use crate::crypto::SignatureError;
use thiserror::Error;

/// Why the entry of a log proves nothing. Where cosign words the reason, the text is cosign's.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LogError {
    /// The checkpoint cannot be read.
    #[error("the checkpoint cannot be read: {0}")]
    CheckpointMalformed(&'static str),
    /// The checkpoint is about another tree.
    #[error("the checkpoint has the root hash {found}, the inclusion proof {expected}")]
    CheckpointRoot {
        /// Of the proof, in hex.
        expected: String,
        /// Of the checkpoint, in hex.
        found: String,
    },
    /// The checkpoint is not signed by the log.
    #[error("the checkpoint is not signed by the log's key")]
    CheckpointSignature,
    /// An entry over the hash, of a key that signs messages.
    #[error(
        "a hashedrekord entry of an Ed25519 key has a signature over the hash (Ed25519ph), where cosign signs the message"
    )]
    Ed25519,
    /// The entry is about other bytes.
    #[error("matching bundle to payload: bundle=\"{found}\", payload=\"{expected}\"")]
    Hash {
        /// Of the signed bytes.
        expected: String,
        /// In the entry.
        found: String,
    },
    /// The entry uses another hash function.
    #[error("unexpected algorithm: \"{0}\"")]
    HashAlgorithm(String),
    /// The proof does not lead to its root.
    #[error("the inclusion proof leads to the root hash {found}, expected {expected}")]
    InclusionProof {
        /// Root of the proof, in hex.
        expected: String,
        /// What was computed.
        found: String,
    },
    /// The entry has neither proof nor promise, or not the one that it must have.
    #[error("the log entry has no {0}")]
    Unproven(&'static str),
    /// The certificate is not the key's.
    #[error("both public key and certificate were provided but did not match")]
    KeyAndCertificate,
    /// The key of the log is of a kind that signs no such thing.
    #[error("rekor Public key for LogID {log_id} is not type ecdsa.PublicKey")]
    LogKeyKind {
        /// Which log, in hex.
        log_id: String,
    },
    /// Nobody named this log.
    #[error("verifying bundle: rekor log public key not found for payload: the log {log_id} is none of {}", known.join(", "))]
    LogUnknown {
        /// Which log, in hex.
        log_id: String,
        /// Ids of those that are trusted.
        known: Vec<String>,
    },
    /// Not JSON, or not of the right form.
    #[error("the log entry cannot be read: expected {expected} at `{at}`")]
    Malformed {
        /// Where.
        at: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// Several signatures in one entry.
    #[error("multiple signatures on DSSE envelopes are not currently supported")]
    SeveralSignatures,
    /// The promise is not signed by the log.
    #[error("unable to verify SET: {0}")]
    Set(SignatureError),
    /// The entry is of another signature.
    #[error("signature in bundle does not match signature being verified")]
    Signature,
    /// The log has no such entry.
    #[error("signature not found in transparency log")]
    NotFound,
    /// The log's key was not in use when the entry was made.
    #[error("the log {log_id} did not use this key at {time}")]
    OutsideValidity {
        /// Which log, in hex.
        log_id: String,
        /// When the entry was made.
        time: String,
    },
    /// An entry of a kind that is not known.
    #[error("unsupported type: {kind} {version}")]
    UnsupportedKind {
        /// Kind.
        kind: String,
        /// Version.
        version: String,
    },
    /// The id of the entry is not that of its body.
    #[error("the log calls the entry {found}, its hash is {expected}")]
    Uuid {
        /// Leaf hash of the body, in hex.
        expected: String,
        /// What the log says.
        found: String,
    },
    /// The entry names another signer.
    #[error("comparing public key PEMs, expected the signer {expected}, the entry names {found}")]
    Verifier {
        /// SHA-256 of ours, in hex.
        expected: String,
        /// SHA-256 of the entry's.
        found: String,
    },
}

impl LogError {
    pub(super) fn malformed(at: impl Into<String>, expected: &'static str) -> Self {
        Self::Malformed { at: at.into(), expected }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CheckpointMalformed(_) => "checkpoint-malformed",
            Self::CheckpointRoot { .. } => "checkpoint-root-mismatch",
            Self::CheckpointSignature => "checkpoint-signature-mismatch",
            Self::Ed25519 => "log-entry-ed25519",
            Self::Hash { .. } => "log-entry-hash-mismatch",
            Self::HashAlgorithm(_) => "log-entry-hash-algorithm",
            Self::InclusionProof { .. } => "inclusion-proof-mismatch",
            Self::KeyAndCertificate => "key-and-certificate-mismatch",
            Self::LogKeyKind { .. } => "log-key-kind",
            Self::LogUnknown { .. } => "log-unknown",
            Self::Malformed { .. } => "log-entry-malformed",
            Self::NotFound => "log-entry-not-found",
            Self::OutsideValidity { .. } => "log-key-outside-validity",
            Self::Set(_) => "log-promise-mismatch",
            Self::SeveralSignatures => "log-entry-several-signatures",
            Self::Signature => "log-entry-signature-mismatch",
            Self::Unproven(_) => "log-entry-unproven",
            Self::UnsupportedKind { .. } => "log-entry-kind",
            Self::Uuid { .. } => "log-entry-id-mismatch",
            Self::Verifier { .. } => "log-entry-signer-mismatch",
        }
    }
}
