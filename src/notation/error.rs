//! Why an envelope does not prove anything.

use super::{Algorithm, ChainFault, Target};
use crate::crypto::{KeyError, KeyKind, SignatureError};
use crate::x509::CertificateError;
use thiserror::Error;

/// The first reason found. Where notation words it, the text is notation's.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NotationError {
    /// The header names another algorithm than the key must sign with.
    #[error("signature is invalid. Error: expected {expected} for a key of kind {key}, found {found}")]
    AlgorithmMismatch {
        /// The kind of the key.
        key: KeyKind,
        /// What it must sign with.
        expected: Algorithm,
        /// What the header says.
        found: Algorithm,
    },
    /// None of the six algorithms.
    #[error(
        "signature is invalid. Error: signing method {found} is invalid: expected PS256, PS384, PS512, ES256, ES384 or ES512"
    )]
    AlgorithmUnsupported {
        /// As written.
        found: String,
    },
    /// A certificate of the envelope cannot be read.
    #[error("malformed certificate {} of the chain: {error}", .index + 1)]
    Certificate {
        /// Its place.
        index: usize,
        /// What is wrong with it.
        error: CertificateError,
    },
    /// A certificate is no longer valid.
    #[error(
        "verification time is after certificate {subject:?} validity period, it was expired at {at:?}{}",
        countersigned_hint(*.countersigned)
    )]
    CertificateExpired {
        /// Whose.
        subject: String,
        /// When it ended.
        at: String,
        /// Has the signature a countersignature, which a policy with a `tsa` store would look at?
        countersigned: bool,
    },
    /// A certificate is not valid yet.
    #[error("verification time is before certificate {subject:?} validity period, it will be valid from {at:?}")]
    CertificateNotYetValid {
        /// Whose.
        subject: String,
        /// When it begins.
        at: String,
    },
    /// The chain or one of its certificates is not as the specification wants it.
    #[error("certificate-chain is invalid, {0}")]
    Chain(ChainFault),
    /// The envelope has no certificates.
    #[error("certificate chain is not present")]
    ChainMissing,
    /// The payload is of another type than notation's.
    #[error("payload content type {found:?} not supported")]
    ContentType {
        /// As written.
        found: String,
    },
    /// `crit` lists a header that is not there.
    #[error("{name:?} header is marked critical but not present")]
    CriticalAbsent {
        /// Its name.
        name: String,
    },
    /// There is no `crit`.
    #[error("missing \"crit\" header")]
    CriticalMissing,
    /// `crit` lacks a header that must be in it.
    #[error("these required headers are not marked as critical: [{name}]")]
    CriticalNotMarked {
        /// Its name.
        name: &'static str,
    },
    /// `crit` lists a header that nobody here understands.
    #[error("{name:?} header is marked critical, and is none that a verifier without plugins understands")]
    CriticalNotUnderstood {
        /// Its name.
        name: String,
    },
    /// `crit` lists a header twice.
    #[error("{name:?} header is marked critical twice")]
    CriticalTwice {
        /// Its name.
        name: String,
    },
    /// The signature is about something else.
    #[error("content descriptor mismatch")]
    DescriptorMismatch {
        /// What is verified.
        expected: Box<Target>,
        /// What was signed.
        found: Box<Target>,
    },
    /// The bytes are no envelope of their format.
    #[error("unable to parse the digital signature, error : {problem}")]
    EnvelopeMalformed {
        /// What is wrong.
        problem: String,
    },
    /// None of the two formats of envelopes.
    #[error(
        "unable to parse the digital signature, error : signature envelope format with media type {found:?} is not supported"
    )]
    EnvelopeType {
        /// The media type.
        found: String,
    },
    /// The signature's own time is over.
    #[error("digital signature has expired on {at:?}")]
    Expired {
        /// Since when.
        at: String,
    },
    /// It would have expired before it was made.
    #[error("expiry cannot be equal or before the signing time")]
    ExpiryNotAfterSigning,
    /// A header of the other signing scheme.
    #[error("{name:?} header must not be present for {scheme} signing scheme")]
    HeaderForbidden {
        /// Its name.
        name: &'static str,
        /// The scheme.
        scheme: &'static str,
    },
    /// A header of an envelope is not of its type.
    #[error("unable to parse the digital signature, error : expected {expected} as {name}, found {found}")]
    HeaderMalformed {
        /// Its name.
        name: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// The key of the signing certificate cannot be used.
    #[error("malformed leaf certificate: {error}")]
    Key {
        /// Why.
        error: KeyError,
    },
    /// Keys of this kind or size may not sign.
    #[error(
        "signing key is not supported: expected RSA of 2048, 3072 or 4096 bits or ECDSA on P-256, P-384 or P-521, found {key}"
    )]
    KeyUnsupported {
        /// The kind of the key.
        key: KeyKind,
    },
    /// What was signed is no payload.
    #[error("the signed payload is not what notation signs: {problem}")]
    PayloadMalformed {
        /// What is wrong.
        problem: String,
    },
    /// The signer asks for a plugin.
    #[error("plugin unsupported due to nil verifier.pluginManager")]
    PluginRequired,
    /// A certificate says where its revocation can be looked up, and there is no answer that counts.
    #[error("signing certificate with subject {subject:?} revocation status is unknown: {reason}")]
    RevocationUnknown {
        /// Whose.
        subject: String,
        /// What was asked, and what came of it.
        reason: String,
    },
    /// The issuer revoked a certificate.
    #[error("signing certificate with subject {subject:?} is revoked since {since}")]
    Revoked {
        /// Whose.
        subject: String,
        /// Since when.
        since: String,
    },
    /// None of the two signing schemes.
    #[error("unsupported SigningScheme: `{found}`")]
    SchemeUnsupported {
        /// As written.
        found: String,
    },
    /// Not the signature of the chain's first certificate over this.
    #[error("signature is invalid. Error: {0}")]
    Signature(SignatureError),
    /// The envelope has no signature.
    #[error("signature missing in the envelope")]
    SignatureMissing,
    /// The header does not say when it was signed.
    #[error("signing-time not present")]
    SigningTimeMissing,
    /// No certificate of the chain is one of the policy's.
    #[error("the signature's certificate chain does not contain any trusted certificate")]
    Untrusted,
    /// There is nothing to trust for this signing scheme.
    #[error("no trusted certificates are found to verify authenticity")]
    TrustStoreEmpty,
}

impl NotationError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlgorithmMismatch { .. } => "envelope-algorithm-mismatch",
            Self::AlgorithmUnsupported { .. } => "envelope-algorithm-unsupported",
            Self::Certificate { error, .. } => error.code(),
            Self::CertificateExpired { .. } => "certificate-expired",
            Self::CertificateNotYetValid { .. } => "certificate-not-yet-valid",
            Self::Chain(fault) => fault.code(),
            Self::ChainMissing => "envelope-chain-missing",
            Self::ContentType { .. } => "envelope-content-type",
            Self::CriticalAbsent { .. } => "critical-header-absent",
            Self::CriticalMissing => "critical-headers-missing",
            Self::CriticalNotMarked { .. } => "critical-header-not-marked",
            Self::CriticalNotUnderstood { .. } => "critical-header-unknown",
            Self::CriticalTwice { .. } => "critical-header-twice",
            Self::DescriptorMismatch { .. } => "descriptor-mismatch",
            Self::EnvelopeMalformed { .. } => "envelope-malformed",
            Self::EnvelopeType { .. } => "envelope-type-unsupported",
            Self::Expired { .. } => "signature-expired",
            Self::ExpiryNotAfterSigning => "signature-expiry-before-signing",
            Self::HeaderForbidden { .. } => "envelope-header-forbidden",
            Self::HeaderMalformed { .. } => "envelope-header-malformed",
            Self::Key { error } => error.code(),
            Self::KeyUnsupported { .. } => "signing-key-unsupported",
            Self::PayloadMalformed { .. } => "signed-payload-malformed",
            Self::PluginRequired => "verification-plugin-required",
            Self::RevocationUnknown { .. } => "revocation-unknown",
            Self::Revoked { .. } => "certificate-revoked",
            Self::SchemeUnsupported { .. } => "signing-scheme-unsupported",
            Self::Signature(error) => error.code(),
            Self::SignatureMissing => "envelope-signature-missing",
            Self::SigningTimeMissing => "signing-time-missing",
            Self::Untrusted => "certificate-chain-untrusted",
            Self::TrustStoreEmpty => "trust-store-empty",
        }
    }
}

fn countersigned_hint(countersigned: bool) -> &'static str {
    if countersigned { "; its timestamp does not help: a policy has no way to trust a timestamp authority" } else { "" }
}
