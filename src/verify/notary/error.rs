//! Why an image or attestation is not signed as the Notary Project wants it.

use crate::digest::Digest;
use crate::encoding::gzip::GzipError;
use crate::notation::NotationError;
use crate::verify::Rejection;
use crate::x509::CertificateError;
use thiserror::Error;

/// The reason. Texts are those of Kyverno and notation, as far as they word it.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum NotaryRejection {
    /// The layer that holds an attestation has something else than an object in it.
    #[error("expected a JSON object in layer {layer}, found {found}")]
    AttestationMalformed {
        /// The layer.
        layer: Digest,
        /// What is there.
        found: String,
    },
    /// No referrer is of the type.
    #[error("no matching attestations found for image {image} with type {kind}")]
    AttestationMissing {
        /// The image.
        image: String,
        /// The type.
        kind: String,
    },
    /// What the registry lists as attestation of the image says itself that it is something else.
    #[error(
        "digest mismatch: the registry lists {referrer} with type {kind} at {image}, and its manifest says {found}"
    )]
    AttestationOfOther {
        /// What is listed.
        referrer: Digest,
        /// As what.
        kind: String,
        /// Where.
        image: Digest,
        /// What its manifest says.
        found: String,
    },
    /// The certificates of the policy cannot be read.
    #[error("failed to parse certificates: {0}")]
    Certificates(CertificateError),
    /// A signature does not hold.
    #[error(transparent)]
    Envelope(#[from] NotationError),
    /// A layer cannot be unpacked.
    #[error("layer {layer}: {error}")]
    Gzip {
        /// The layer.
        layer: Digest,
        /// What is wrong.
        error: GzipError,
    },
    /// Kyverno says what it was about.
    #[error("{doing} {reference}: {reason}")]
    In {
        /// What it was about.
        doing: &'static str,
        /// With what.
        reference: String,
        /// Why it failed.
        reason: Box<Rejection>,
    },
    /// A manifest has no layer.
    #[error("{what}: the manifest has no layers")]
    LayersMissing {
        /// Which manifest, and for what.
        what: String,
    },
    /// The attestation has several layers.
    #[error("multiple layers in predicate not supported: {found}")]
    LayersTooMany {
        /// How many.
        found: usize,
    },
    /// A layer is longer than the limit.
    #[error("{what} size {found} exceeds {limit} for digest {layer}")]
    LayerTooLarge {
        /// What it would hold.
        what: &'static str,
        /// The layer.
        layer: Digest,
        /// How long it is.
        found: u64,
        /// How long it may be.
        limit: usize,
    },
    /// As many signatures as are tried, and none holds.
    #[error(
        "signature evaluation stopped. The configured limit of {limit} signatures to verify per artifact exceeded{}",
        listed(reasons)
    )]
    LimitReached {
        /// How many are tried.
        limit: usize,
        /// Why each does not hold.
        reasons: Vec<(Digest, Rejection)>,
    },
    /// None of the signatures holds.
    #[error("signature verification failed{}", listed(reasons))]
    SignaturesFailed {
        /// Why each does not hold.
        reasons: Vec<(Digest, Rejection)>,
    },
    /// There are no signatures.
    #[error("no signature is associated with {reference:?}, make sure the artifact was signed successfully")]
    SignaturesMissing {
        /// The artifact.
        reference: String,
    },
    /// A signature cannot be fetched, which as upstream speaks against all.
    #[error("unable to retrieve digital signature with digest {signature:?} associated with {reference:?} from the Repository, error : {reason}", signature = signature.as_str())]
    Unretrievable {
        /// Its manifest.
        signature: Digest,
        /// The artifact.
        reference: String,
        /// Why.
        reason: Box<Rejection>,
    },
}

impl NotaryRejection {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AttestationMalformed { .. } => "attestation-not-object",
            Self::AttestationMissing { .. } => "attestation-missing",
            Self::AttestationOfOther { .. } => "attestation-of-other",
            Self::Certificates(error) => error.code(),
            Self::Envelope(error) => error.code(),
            Self::Gzip { .. } => "layer-gzip",
            Self::In { reason, .. } | Self::Unretrievable { reason, .. } => reason.code(),
            Self::LayerTooLarge { .. } => "too-large",
            Self::LayersMissing { .. } => "layers-missing",
            Self::LayersTooMany { .. } => "layers-too-many",
            Self::LimitReached { .. } => "too-many-signatures",
            Self::SignaturesFailed { .. } => "no-matching-signatures",
            Self::SignaturesMissing { .. } => "no-signatures",
        }
    }
}

fn listed(reasons: &[(Digest, Rejection)]) -> String {
    let line =
        |(digest, reason): &(Digest, Rejection)| format!("\nfailed to verify signature with digest {digest}, {reason}");
    reasons.iter().map(line).collect()
}
