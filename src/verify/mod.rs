//! Decides whether an image is signed by whom a policy asks for.
//!
//! This is the one place where that decision is taken. It knows nothing of rules, resources or admission: it receives
//! attestor sets and an image, and answers with a proof or with the reason why there is none.

mod attestor_set;
mod check_plan;
pub(crate) mod cosign;
mod error;
mod identity;
mod keys;
pub(crate) mod notary;
mod plan;
mod resolve;
pub(crate) mod sigstore_bundle;

pub use attestor_set::{SetFailure, verify_sets};
pub use check_plan::{CertificateLogPlan, CheckPlan, LogPlan, Planned, SignerPlan};
pub use error::{Rejection, VerifyError};
pub(crate) use identity::subject_names;
pub use identity::{EXTENSIONS, Identity};
pub use notary::NotaryRejection;
pub use plan::{EntryPlan, PlannedAttestor, PlannedKind, PlannedSet};
pub use resolve::resolve as resolve_image;
pub(crate) use resolve::unavailable;

use crate::digest::Digest;
use crate::evidence::{Asker, Session};
use crate::oci::{ImageReference, Repository};
use crate::policy::{ImageVerification, VerificationType};
use crate::scalar::time::Timestamp;
use crate::trace::{Step, StepOutcome, Tracer};
use crate::trust_root::TrustRoot;
use resolve::resolve;
use serde_json::Value;
use std::collections::BTreeMap;

/// The proof that an image is signed as an attestor asks. There is no other way to make one than to verify.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifiedImage {
    digest: Digest,
}

impl VerifiedImage {
    fn of(digest: Digest) -> Self {
        Self { digest }
    }

    /// The digest that was signed.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }
}

/// Attestations that verified, and the digest of the image where the technology tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attested {
    /// The statements as conditions see them: with `type` and `predicate`.
    pub statements: Vec<Value>,
    /// The image's digest; cosign's tag layout does not tell it.
    pub digest: Option<Digest>,
}

/// Verifies the image of `subject` as one attestor asks.
fn verify_attestor(
    attestor: &PlannedAttestor,
    plan: &CheckPlan,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<VerifiedImage, VerifyError> {
    match subject.kind {
        VerificationType::Cosign => cosign::verify(plan, attestor, subject, context),
        VerificationType::Notary => notary::verify(plan, subject, context),
        VerificationType::SigstoreBundle => sigstore_bundle::verify(plan, subject, context),
    }
}

/// The attestations of type `kind` by one attestor.
///
/// `path` is that of the attestor, for whoever fetches what is missing.
pub fn fetch_attestations(
    attestor: &PlannedAttestor,
    kind: &str,
    path: &str,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<Attested, VerifyError> {
    context.asker.attestor = path.to_owned();
    context.trace.enter(|| Step::new("attestor", StepOutcome::Info, path.to_owned()).fact("path", path.to_owned()));
    let outcome = fetch(attestor, kind, subject, context);
    if let Err(error) = &outcome {
        context.trace.record(|| Step::new(error.code(), error.step_outcome(), error.to_string()));
    }
    context.trace.leave(outcome.as_ref().map_or_else(VerifyError::step_outcome, |_| StepOutcome::Ok));
    outcome
}

fn fetch(
    attestor: &PlannedAttestor,
    kind: &str,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<Attested, VerifyError> {
    let anybody;
    let plan = match &attestor.kind {
        PlannedKind::Signer(plan) => plan.as_ref(),
        // DIVERGENCE nested-attestor-in-attestation: upstream reads it as an attestor that names nobody, so that any
        // identity of Fulcio's will do.
        PlannedKind::Nested(_) if !context.exact => return Err(Rejection::NestedInAttestation.into()),
        PlannedKind::Nested(_) => {
            anybody = CheckPlan::nobody(true);
            &anybody
        }
    };
    match subject.kind {
        VerificationType::Cosign => cosign::fetch_attestations(plan, attestor, kind, subject, context),
        VerificationType::Notary => notary::fetch_attestation(plan, kind, subject, context),
        VerificationType::SigstoreBundle => sigstore_bundle::fetch_attestations(plan, kind, subject, context),
    }
}

/// What one verification works on.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The image, as the policy names it.
    pub image: &'a ImageReference,
    /// Where the image is.
    pub repository: &'a Repository,
    /// The annotations that a signature must carry where its attestor names none.
    pub annotations: &'a BTreeMap<String, String>,
    /// Another repository for signatures, where its attestor names none.
    pub signature_repository: Option<&'a str>,
    /// Look among the OCI 1.1 referrers first.
    pub oci11: bool,
    /// The technology.
    pub kind: VerificationType,
}

impl<'a> Subject<'a> {
    /// `image`, as `entry` asks for it.
    pub fn new(image: &'a ImageReference, repository: &'a Repository, entry: &'a ImageVerification) -> Self {
        Self {
            image,
            repository,
            annotations: &entry.annotations,
            signature_repository: entry.repository.as_deref(),
            oci11: entry.cosign_oci11,
            kind: entry.kind,
        }
    }
}

/// What every step of a verification needs: artifacts, trace, and for whom it asks.
#[derive(Debug)]
pub struct Context<'a, 'b> {
    /// Look-ups.
    pub session: &'b Session<'a>,
    /// The reasoning.
    pub trace: &'b mut Tracer,
    /// Policy and rule that ask.
    pub asker: Asker,
    /// The time of the evaluation.
    pub now: Option<&'b Timestamp>,
    /// Follow Kyverno to the letter, where it accepts what nobody signed too.
    pub exact: bool,
}

impl<'a, 'b> Context<'a, 'b> {
    /// The time of the evaluation, where something depends on it.
    fn now(&self) -> Result<&'b Timestamp, VerifyError> {
        self.now.ok_or(VerifyError::TimeUnknown)
    }

    /// Sigstore's trust root, where something depends on it.
    fn trust_root(&self) -> Result<&'a TrustRoot, VerifyError> {
        self.session.trust_root(&self.asker).map_err(|error| unavailable("the Sigstore trust root".to_owned(), error))
    }
}
