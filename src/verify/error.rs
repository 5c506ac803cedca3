//! Why an image is not verified.

use crate::crypto::{KeyError, SignatureError};
use crate::digest::{Digest, DigestError};
use crate::evidence::Failure;
use crate::oci::OciError;
use crate::simple_signing::PayloadError;
use thiserror::Error;

/// What kept a verification from succeeding.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum VerifyError {
    /// The policy asks for something that this version does not do.
    #[error("{feature} not available")]
    NotBuilt {
        /// What it asks for, as a noun.
        feature: String,
    },
    /// Artifacts are missing: the needs are recorded.
    #[error("artifacts are missing")]
    Pending,
    /// The evidence speaks against it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The registry could not be reached.
    #[error("{what}: {error}")]
    Unreachable {
        /// What was asked for.
        what: String,
        /// What the transport said.
        error: String,
    },
}

/// Why the evidence does not prove what the policy asks for.
///
/// Where Kyverno words the reason itself, the text is Kyverno's (`verify-images` messages that people test); where Go's
/// libraries do, it is ours.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum Rejection {
    /// No verified signature carries the annotations.
    #[error("no signature matched the required annotations")]
    AnnotationsMismatch,
    /// The claim is about another image.
    #[error("invalid or missing digest in claim: {found}")]
    ClaimDigest {
        /// The image.
        expected: Digest,
        /// What the claim says.
        found: String,
    },
    /// Bytes are not what their digest says.
    #[error("the bytes of {what} are not those of {digest}: whoever delivered them changed them")]
    DigestMismatch {
        /// What they were fetched as.
        what: String,
        /// The digest that asked for them.
        digest: Digest,
    },
    /// `signatureAlgorithm` is none that Kyverno knows.
    #[error("invalid signature algorithm provided {0}")]
    HashUnknown(String),
    /// The registry answered with an error.
    #[error("{what}: {}: {error}", status.map_or_else(|| "no answer".to_owned(), |s| format!("the registry answered {s}")))]
    Http {
        /// What was asked for.
        what: String,
        /// HTTP status.
        status: Option<u16>,
        /// What it said.
        error: String,
    },
    /// The image is not in the registry.
    #[error("image tag not found: {0} does not exist in the registry")]
    ImageNotFound(String),
    /// The key cannot be used.
    #[error("failed to load public key from {from}: {error}")]
    Key {
        /// `PEM`, or the reference it was to be read from.
        from: String,
        /// What is wrong with it.
        error: KeyError,
    },
    /// The Secret that holds the key has none.
    #[error("failed to load public key from {reference}: {reason}")]
    KeySecret {
        /// Its reference.
        reference: String,
        /// What is wrong.
        reason: String,
    },
    /// A manifest cannot be read.
    #[error("{what}: {error}")]
    Manifest {
        /// Which one.
        what: String,
        /// What is wrong with it.
        error: OciError,
    },
    /// The payload cannot be read.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// The attestor is empty, which for signatures proves nothing.
    #[error("the attestor names no key, certificate or identity")]
    NoAttestor,
    /// Nothing is attached.
    #[error("no signatures found")]
    NoSignatures,
    /// The repository override is no repository.
    #[error("failed to parse signature repository {repository}: {error}")]
    Repository {
        /// As written.
        repository: String,
        /// What is wrong with it.
        error: OciError,
    },
    /// No layer verifies; the reason of each.
    #[error("no matching signatures: {}", join(reasons))]
    SignaturesMismatch {
        /// In layer order.
        reasons: Vec<Rejection>,
    },
    /// The signature is not one of these bytes by this key.
    #[error("{error}: layer {layer}")]
    Signature {
        /// The layer.
        layer: Digest,
        /// What is wrong.
        error: SignatureError,
    },
    /// The signature annotation is missing.
    #[error("signature layer {layer} is missing \"dev.cosignproject.cosign/signature\" annotation")]
    SignatureAnnotationMissing {
        /// The layer.
        layer: Digest,
    },
    /// The signature annotation is not base64.
    #[error(
        "signature layer {layer} has an annotation \"dev.cosignproject.cosign/signature\" that is not base64: {error}"
    )]
    SignatureNotBase64 {
        /// The layer.
        layer: Digest,
        /// What the decoder said.
        error: String,
    },
    /// More than the limit.
    #[error("{what} has {found} bytes or more, at most {limit} are read")]
    TooLarge {
        /// What.
        what: String,
        /// How many.
        found: usize,
        /// How many may be.
        limit: usize,
    },
    /// More layers than the limit.
    #[error("the signature manifest has {found} layers, at most {limit} are verified")]
    TooManySignatures {
        /// How many.
        found: usize,
        /// How many may be.
        limit: usize,
    },
    /// The digest of a reference is of an algorithm that has no tag layout.
    #[error("{0}")]
    UnsupportedDigest(DigestError),
}

impl Rejection {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AnnotationsMismatch => "annotations-mismatch",
            Self::ClaimDigest { .. } => "claim-digest-mismatch",
            Self::DigestMismatch { .. } => "digest-mismatch",
            Self::HashUnknown(_) => "signature-algorithm-unknown",
            Self::Http { .. } => "registry-error",
            Self::ImageNotFound(_) => "image-not-found",
            Self::Key { error, .. } => error.code(),
            Self::KeySecret { .. } => "key-secret-invalid",
            Self::Manifest { error, .. } | Self::Repository { error, .. } => error.code(),
            Self::NoAttestor => "attestor-empty",
            Self::NoSignatures => "no-signatures",
            Self::Payload(error) => error.code(),
            Self::Signature { error, .. } => error.code(),
            Self::SignatureAnnotationMissing { .. } => "signature-annotation-missing",
            Self::SignatureNotBase64 { .. } => "signature-not-base64",
            Self::SignaturesMismatch { .. } => "no-matching-signatures",
            Self::TooLarge { .. } => "too-large",
            Self::TooManySignatures { .. } => "too-many-signatures",
            Self::UnsupportedDigest(_) => "digest-unsupported",
        }
    }
}

impl VerifyError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotBuilt { .. } => "not-built",
            Self::Pending => "artifacts-missing",
            Self::Rejected(rejection) => rejection.code(),
            Self::Unreachable { .. } => "registry-unreachable",
        }
    }

    /// Nothing was decided: the rule answers `error`.
    pub fn is_undecided(&self) -> bool {
        !matches!(self, Self::Rejected(_))
    }

    /// A request of the registry that failed.
    pub fn from_failure(what: String, failure: &Failure) -> Self {
        if failure.transport {
            return Self::Unreachable { what, error: failure.error.clone() };
        }
        Self::Rejected(Rejection::Http { what, status: failure.status, error: failure.error.clone() })
    }
}

fn join(reasons: &[Rejection]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n ")
}
