//! Why an image is not verified.

use super::notary::NotaryRejection;
use crate::bundle::BundleError;
use crate::crypto::{KeyError, SignatureError};
use crate::digest::{Digest, DigestError};
use crate::evidence::Failure;
use crate::in_toto::InTotoError;
use crate::oci::OciError;
use crate::simple_signing::PayloadError;
use crate::timestamp::TimestampError;
use crate::trace::StepOutcome;
use crate::transparency_log::LogError;
use crate::x509::sct::SctError;
use crate::x509::{CertificateError, ChainError};
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
    /// Something depends on the time of the evaluation, which was not given.
    #[error("the time of the evaluation is needed, and was not given: give `now`")]
    TimeUnknown,
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
    /// Several reasons, of as many signatures.
    #[error("{}", join(reasons, "; "))]
    All {
        /// In the order of the signatures.
        reasons: Vec<Rejection>,
    },
    /// An annotation of a layer cannot be read.
    #[error("signature layer {layer} has an annotation \"{annotation}\" that cannot be read: {problem}")]
    Annotation {
        /// The layer.
        layer: Digest,
        /// Its name.
        annotation: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The attestation cannot be read.
    #[error(transparent)]
    Attestation(InTotoError),
    /// No attestation verifies; the reason of each.
    #[error("no matching attestations: {}", join(reasons, "\n "))]
    AttestationsMismatch {
        /// In layer order.
        reasons: Vec<Rejection>,
    },
    /// No verified signature carries the annotations.
    #[error("no signature matched the required annotations")]
    AnnotationsMismatch,
    /// A bundle does not prove what is asked.
    #[error(transparent)]
    Bundle(BundleError),
    /// A bundle cannot be read, which speaks against every bundle of the image.
    #[error("failed to unmarshal bundle: {0}")]
    BundleMalformed(BundleError),
    /// `ignoreSCT` without `ignoreTlog`: no time is asked for, and the log alone is none.
    #[error(
        "when initializing a new Verifier, you must specify at least one of WithObserverTimestamps(), WithSignedTimestamps(), WithIntegratedTimestamps(), or WithNoObserverTimestamps(): set ignoreTlog too, or leave ignoreSCT out"
    )]
    BundleRequirements,
    /// Something about the bundles of an image.
    #[error("{doing}: {image}: {reason}")]
    Bundles {
        /// What was to be done.
        doing: &'static str,
        /// The image.
        image: String,
        /// What kept from it.
        reason: Box<Rejection>,
    },
    /// No bundle verifies; the reason of each.
    #[error("sigstore bundle verification failed: no matching signatures found{}", reasons.iter().map(|reason| format!(": {reason}")).collect::<String>())]
    BundlesMismatch {
        /// In the order of the referrers.
        reasons: Vec<Rejection>,
    },
    /// The certificate of the policy cannot be read.
    #[error("failed to load certificate: {0}")]
    Certificate(CertificateError),
    /// The chain of the policy cannot be read.
    #[error("failed to load certificate chain: {0}")]
    CertificateChain(CertificateError),
    /// Valid no more at the proven time.
    #[error("{what} expired before observed time: {limit} is before {time}")]
    CertificateExpired {
        /// Which one.
        what: &'static str,
        /// When it ceased to be valid.
        limit: String,
        /// The proven time.
        time: String,
    },
    /// The signature comes without a certificate, and the attestor names no key.
    #[error("no certificate found on signature")]
    CertificateMissing,
    /// An identity is wanted of a signature without certificate.
    #[error("certificate not found")]
    CertificateNotFound,
    /// Not valid yet at the proven time.
    #[error("{what} was issued after observed time: {limit} is after {time}")]
    CertificateNotYetValid {
        /// Which one.
        what: &'static str,
        /// When it began to be valid.
        limit: String,
        /// The proven time.
        time: String,
    },
    /// A certificate was not valid when it was used.
    #[error("checking expiry on certificate with {by}: {reason}")]
    CertificateTime {
        /// Who proves the time: `timestamp` or `bundle`.
        by: &'static str,
        /// Which certificate, and when.
        reason: Box<Rejection>,
    },
    /// There is no certificate where the policy has one.
    #[error("{0}")]
    CertificatesMissing(&'static str),
    /// The certificate is not below any of the roots.
    #[error("cert verification failed: {0}. Check the roots of the policy or of the trust root")]
    Chain(ChainError),
    /// More certificates than the limit.
    #[error("certificate chain too long ({found}), maximum allowed is {limit}")]
    ChainTooLong {
        /// How many.
        found: usize,
        /// How many may be.
        limit: usize,
    },
    /// The certificate is a root itself.
    #[error("certificate chain must contain at least a certificate and its issuer")]
    ChainTooShort,
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
    /// None of the signatures of an envelope is by the key.
    #[error(
        "accepted signatures do not match threshold, Found: 0, Expected 1: none of the {found} signatures of the envelope is by this key over its payload"
    )]
    EnvelopeSignature {
        /// How many there are.
        found: usize,
    },
    /// A certificate extension has another value.
    #[error("extension mismatch: expected {expected} for key {key}, received {found}")]
    ExtensionMismatch {
        /// As the policy calls it.
        key: String,
        /// Wildcard.
        expected: String,
        /// Its value; empty where it is absent.
        found: String,
    },
    /// A certificate extension that nobody can ask for.
    #[error("invalid certificate extension {key}: expected one of {}", super::EXTENSIONS.map(|(name, oid)| format!("{name} ({oid})")).join(", "))]
    ExtensionUnknown {
        /// As the policy calls it.
        key: String,
    },
    /// The certificate of the policy is not below its chain.
    #[error("failed to load validate certificate chain: {0}")]
    GivenChain(Box<Rejection>),
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
    /// Another issuer.
    #[error("issuer mismatch: expected {expected}, received {found}")]
    IssuerMismatch {
        /// Wildcard or expression.
        expected: String,
        /// What the certificate says; empty where it says nothing.
        found: String,
    },
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
    /// A manifest without layers.
    #[error("layers not found")]
    LayersMissing,
    /// There is no log entry with the signature, and no log that could be asked.
    #[error(
        "searching log query: the signature has no log entry, and the policy names no log that could be asked for it: write rekor.url"
    )]
    LogAddressMissing,
    /// The log entry that comes with the signature does not hold.
    #[error("error verifying bundle: {0}")]
    LogBundle(LogError),
    /// The key of a log cannot be used.
    #[error("{what}: {error}")]
    LogKey {
        /// What was to be read.
        what: &'static str,
        /// What is wrong with it.
        error: KeyError,
    },
    /// What the log answers does not hold.
    #[error("searching log query: {0}")]
    LogLookup(LogError),
    /// A manifest cannot be read.
    #[error("{what}: {error}")]
    Manifest {
        /// Which one.
        what: String,
        /// What is wrong with it.
        error: OciError,
    },
    /// Notary signatures.
    #[error(transparent)]
    Notary(Box<NotaryRejection>),
    /// The payload cannot be read.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// A set within an attestor of an attestation, which Kyverno does not read.
    #[error("a nested attestor in an attestation names nobody: write its entries in the attestor set itself")]
    NestedInAttestation,
    /// The attestor is empty, which for signatures proves nothing.
    #[error("the attestor names no key, certificate or identity")]
    NoAttestor,
    /// Nothing is attached.
    #[error("no signatures found")]
    NoSignatures,
    /// A regular expression of the policy is none.
    #[error("invalid regexp for {of}: {text} : {error}")]
    RegularExpression {
        /// `subject` or `issuer`.
        of: &'static str,
        /// As written.
        text: String,
        /// What is wrong with it.
        error: String,
    },
    /// The repository override is no repository.
    #[error("failed to parse signature repository {repository}: {error}")]
    Repository {
        /// As written.
        repository: String,
        /// What is wrong with it.
        error: OciError,
    },
    /// Nothing in the text is a certificate.
    #[error("{0}: error creating root cert pool")]
    RootsUnreadable(&'static str),
    /// A certificate timestamp does not hold.
    #[error(transparent)]
    Sct(SctError),
    /// A certificate timestamp is of a log that nobody named.
    #[error(
        "ctfe public key not found for payload. Check your trust root, or give the key of the certificate log {log_id} as ctlog.pubkey"
    )]
    SctLogUnknown {
        /// SHA-256 of the log's key, in hex.
        log_id: String,
    },
    /// The certificate is in no certificate log.
    #[error("certificate does not include required embedded SCT and no detached SCT was set")]
    SctMissing,
    /// No layer verifies; the reason of each.
    #[error("no matching signatures: {}", join(reasons, "\n "))]
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
    /// The statement is about something else.
    #[error("no matching subject digest found: expected {expected}")]
    StatementSubject {
        /// The image.
        expected: Digest,
    },
    /// Nobody that the certificate names is wanted.
    #[error("subject mismatch: expected {expected}, received {}", found.join(", "))]
    SubjectMismatch {
        /// Wildcard or expression.
        expected: String,
        /// Whom the certificate names.
        found: Vec<String>,
    },
    /// The timestamp does not hold.
    #[error("unable to verify RFC3161 timestamp bundle: {0}")]
    Timestamp(TimestampError),
    /// The chain of the timestamp authority cannot be used.
    #[error("{0}")]
    TimestampChain(TimestampError),
    /// An expired certificate, and nothing proves when it was used.
    #[error("expected a signed timestamp to verify an expired certificate")]
    TimestampWanted,
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
    /// More referrers than the limit.
    #[error("failed to fetch referrers: too many referrers found, max limit is {limit}")]
    TooManyReferrers {
        /// How many may be.
        limit: usize,
    },
    /// The digest of a reference is of an algorithm that has no tag layout.
    #[error("{0}")]
    UnsupportedDigest(DigestError),
}

impl Rejection {
    /// One reason of several.
    pub(super) fn all(mut reasons: Vec<Self>) -> Self {
        if reasons.len() == 1 { reasons.remove(0) } else { Self::All { reasons } }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::All { reasons } => reasons.first().map_or("identity-mismatch", Self::code),
            Self::Annotation { .. } => "annotation-unreadable",
            Self::AnnotationsMismatch => "annotations-mismatch",
            Self::Attestation(error) => error.code(),
            Self::AttestationsMismatch { .. } => "no-matching-attestations",
            Self::Bundle(error) | Self::BundleMalformed(error) => error.code(),
            Self::BundleRequirements => "bundle-requirements",
            Self::Bundles { reason, .. } => reason.code(),
            Self::BundlesMismatch { .. } => "no-matching-bundles",
            Self::Certificate(error) | Self::CertificateChain(error) => error.code(),
            Self::CertificateExpired { .. } => "certificate-expired",
            Self::CertificateMissing => "certificate-missing",
            Self::CertificateNotFound => "certificate-not-found",
            Self::CertificateNotYetValid { .. } => "certificate-not-yet-valid",
            Self::CertificateTime { reason, .. } | Self::GivenChain(reason) => reason.code(),
            Self::CertificatesMissing(_) => "certificates-missing",
            Self::Chain(error) => error.code(),
            Self::ChainTooLong { .. } => "chain-too-long",
            Self::ChainTooShort => "chain-too-short",
            Self::ClaimDigest { .. } => "claim-digest-mismatch",
            Self::DigestMismatch { .. } => "digest-mismatch",
            Self::EnvelopeSignature { .. } => "envelope-signature-mismatch",
            Self::ExtensionMismatch { .. } => "extension-mismatch",
            Self::ExtensionUnknown { .. } => "extension-unknown",
            Self::HashUnknown(_) => "signature-algorithm-unknown",
            Self::Http { status: None, .. } => "registry-unreachable",
            Self::Http { .. } => "registry-error",
            Self::ImageNotFound(_) => "image-not-found",
            Self::IssuerMismatch { .. } => "issuer-mismatch",
            Self::Key { error, .. } | Self::LogKey { error, .. } => error.code(),
            Self::KeySecret { .. } => "key-secret-invalid",
            Self::LayersMissing => "layers-missing",
            Self::LogAddressMissing => "log-address-missing",
            Self::LogBundle(error) | Self::LogLookup(error) => error.code(),
            Self::Manifest { error, .. } | Self::Repository { error, .. } => error.code(),
            Self::NestedInAttestation => "attestor-nested-in-attestation",
            Self::NoAttestor => "attestor-empty",
            Self::NoSignatures => "no-signatures",
            Self::Notary(reason) => reason.code(),
            Self::Payload(error) => error.code(),
            Self::RegularExpression { .. } => "regular-expression-invalid",
            Self::RootsUnreadable(_) => "roots-unreadable",
            Self::Sct(error) => error.code(),
            Self::SctLogUnknown { .. } => "sct-log-unknown",
            Self::SctMissing => "sct-missing",
            Self::Signature { error, .. } => error.code(),
            Self::SignatureAnnotationMissing { .. } => "signature-annotation-missing",
            Self::SignaturesMismatch { .. } => "no-matching-signatures",
            Self::StatementSubject { .. } => "statement-subject-mismatch",
            Self::SubjectMismatch { .. } => "subject-mismatch",
            Self::Timestamp(error) | Self::TimestampChain(error) => error.code(),
            Self::TimestampWanted => "timestamp-wanted",
            Self::TooLarge { .. } => "too-large",
            Self::TooManyReferrers { .. } => "too-many-referrers",
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
            Self::TimeUnknown => "time-unknown",
            Self::Unreachable { .. } => "registry-unreachable",
        }
    }

    /// Nothing was decided: the rule answers `error`.
    pub fn is_undecided(&self) -> bool {
        !matches!(self, Self::Rejected(_))
    }

    /// What a trace says of it.
    pub(super) fn step_outcome(&self) -> StepOutcome {
        if self.is_undecided() { StepOutcome::Error } else { StepOutcome::Failed }
    }

    /// A request of the registry that failed.
    pub fn from_failure(what: String, failure: &Failure) -> Self {
        if failure.transport {
            return Self::Unreachable { what, error: failure.error.clone() };
        }
        Self::Rejected(Rejection::Http { what, status: failure.status, error: failure.error.clone() })
    }
}

fn join(reasons: &[Rejection], separator: &str) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
}
