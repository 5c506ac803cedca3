//! `verifyImages`, as data: every field, deprecated ones converted, defaults applied.

use super::{Conditions, FailureAction, Template, Unsupported};
use crate::source::{Span, Spanned};
use std::collections::BTreeMap;

/// The verification technology of an entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum VerificationType {
    /// Signatures in cosign's tag layout. Also what an entry without `type` means.
    #[default]
    Cosign,
    /// Notary v2 signature envelopes.
    Notary,
    /// Sigstore bundles found as referrers.
    SigstoreBundle,
}

/// One element of `verifyImages`.
#[derive(Clone, Debug)]
pub struct ImageVerification {
    /// Where it is written.
    pub span: Span,
    /// Path of the entry, such as `spec.rules[0].verifyImages[0]`.
    pub path: String,
    /// Action of this entry; `None`: the policy's.
    pub failure_action: Option<FailureAction>,
    /// The technology.
    pub kind: VerificationType,
    /// Wildcards; one must match the image.
    pub image_references: Vec<Spanned<String>>,
    /// Wildcards; an image that one matches is skipped.
    pub skip_image_references: Vec<Spanned<String>>,
    /// Every set must succeed.
    pub attestors: Vec<AttestorSet>,
    /// Every attestation must be there.
    pub attestations: Vec<Attestation>,
    /// Annotations that a signature must carry where its attestor names none.
    pub annotations: BTreeMap<String, String>,
    /// Another repository for signatures.
    pub repository: Option<String>,
    /// Look for signatures among the OCI 1.1 referrers first.
    pub cosign_oci11: bool,
    /// Add the digest to the image string.
    pub mutate_digest: bool,
    /// The image string must have a digest.
    pub verify_digest: bool,
    /// The image must have been verified.
    pub required: bool,
    /// May a cached result be used. Results are cached by content alone here, so this changes nothing.
    pub use_cache: bool,
    /// How to log in.
    pub credentials: Option<RegistryCredentials>,
    /// What is denied once every attestation is there.
    pub validate: Option<ImageValidation>,
    /// Parts of this entry whose behaviour is not built: an image that it concerns answers `error` naming them.
    pub unsupported: Vec<Unsupported>,
}

/// `imageRegistryCredentials`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegistryCredentials {
    /// Plain HTTP, or TLS without verification.
    pub allow_insecure_registry: bool,
    /// Cloud providers to ask.
    pub providers: Vec<String>,
    /// Names of pull secrets.
    pub secrets: Vec<String>,
}

/// Attestors of which `required` must succeed.
#[derive(Clone, Debug, PartialEq)]
pub struct AttestorSet {
    /// How many must succeed; `None` or zero: every entry.
    pub count: Option<u32>,
    /// The candidates, as written: several PEM keys in one text are still one entry.
    pub entries: Vec<Attestor>,
}

/// One candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct Attestor {
    /// Where it is written.
    pub span: Span,
    /// How it proves itself; `None` for the empty attestor that a deprecated form can produce.
    pub kind: Option<AttestorKind>,
    /// Annotations that its signature must carry; `None`: those of the entry.
    pub annotations: Option<BTreeMap<String, String>>,
    /// Another repository for its signatures.
    pub repository: Option<String>,
    /// The hash for certificates.
    pub signature_algorithm: HashName,
}

/// How an attestor proves itself.
#[derive(Clone, Debug, PartialEq)]
pub enum AttestorKind {
    /// An X.509 certificate.
    Certificates(Certificates),
    /// A Fulcio certificate and an identity.
    Keyless(Keyless),
    /// A public key.
    Keys(StaticKeys),
    /// A set of its own.
    Nested(AttestorSet),
}

/// `signatureAlgorithm`: the hash over the signed bytes. `Other` keeps what Kyverno refuses when it verifies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum HashName {
    /// SHA-224.
    Sha224,
    /// SHA-256: also what an empty text means.
    #[default]
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// Anything else, as written.
    Other(String),
}

/// `keys`.
#[derive(Clone, Debug, PartialEq)]
pub struct StaticKeys {
    /// Where the key is.
    pub source: Spanned<KeySource>,
    /// The hash over the signed bytes.
    pub signature_algorithm: HashName,
    /// Transparency log; `None` where the object is absent, which means: the public log is asked for.
    pub rekor: Option<Rekor>,
    /// Certificate log and timestamps.
    pub ctlog: Option<Ctlog>,
}

/// Where a static key is. Precedence when several are written: text, secret, KMS.
#[derive(Clone, Debug, PartialEq)]
pub enum KeySource {
    /// A KMS URI.
    Kms(String),
    /// `publicKeys` as written: PEM text, or a reference such as `k8s://namespace/name`.
    Text(String),
    /// A Kubernetes Secret; its data key is `cosign.pub`.
    Secret {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
    },
}

/// `certificates`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Certificates {
    /// PEM of the leaf.
    pub cert: Option<Spanned<String>>,
    /// PEM of the chain.
    pub cert_chain: Option<Spanned<String>>,
    /// Transparency log.
    pub rekor: Option<Rekor>,
    /// Certificate log and timestamps.
    pub ctlog: Option<Ctlog>,
}

/// `keyless`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keyless {
    /// Wildcard (bundles: exact text) on the subject names.
    pub subject: Option<Spanned<String>>,
    /// Go regular expression on the subject names, unanchored.
    pub subject_reg_exp: Option<Spanned<String>>,
    /// Wildcard (bundles: exact text) on the issuer.
    pub issuer: Option<Spanned<String>>,
    /// Go regular expression on the issuer, unanchored.
    pub issuer_reg_exp: Option<Spanned<String>>,
    /// PEM roots that replace Fulcio's.
    pub roots: Option<Spanned<String>>,
    /// Certificate extension, by name or OID, to a wildcard on its value.
    pub additional_extensions: BTreeMap<String, String>,
    /// Transparency log.
    pub rekor: Option<Rekor>,
    /// Certificate log and timestamps.
    pub ctlog: Option<Ctlog>,
}

/// `rekor`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rekor {
    /// Address of the log; empty: none.
    pub url: String,
    /// PEM key that replaces the trust root's log keys.
    pub pubkey: Option<String>,
    /// Do not check the log.
    pub ignore_tlog: bool,
}

/// `ctlog`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ctlog {
    /// Do not check certificate timestamps.
    pub ignore_sct: bool,
    /// PEM key that replaces the trust root's certificate logs.
    pub pubkey: Option<String>,
    /// PEM chain of a timestamp authority.
    pub tsa_cert_chain: Option<String>,
}

/// One element of `attestations`.
#[derive(Clone, Debug)]
pub struct Attestation {
    /// Where it is written.
    pub span: Span,
    /// Context variable that receives the predicate.
    pub name: String,
    /// Predicate type or artifact type; `type`, else the deprecated `predicateType`; may be empty.
    pub predicate_type: String,
    /// Who must have signed it.
    pub attestors: Vec<AttestorSet>,
    /// Blocks of conditions on the predicate, as a list; every block must hold.
    pub conditions: Template,
}

/// `validate` of an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageValidation {
    /// Where it is written.
    pub span: Span,
    /// What is said when something is denied.
    pub message: String,
    /// When it is denied: a `deny` without conditions always denies; `None`: no `deny` is written.
    pub deny: Option<Option<Conditions>>,
}
