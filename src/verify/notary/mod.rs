//! Signatures of the Notary Project (`type: Notary`).
//!
//! The order of steps is Kyverno's and notation's, so that the first reason found is the one that people know:
//! 1. the certificates of the policy are read;
//! 2. the reference is resolved to a digest, and its manifest described;
//! 3. the signatures are found among the referrers ([`discovery`]);
//! 4. one after the other is verified ([`signature`]), until one holds.
//!
//! Attestations ([`attestation`]) are referrers that are themselves signed.
//!
//! Source: Kyverno `pkg/image/verifiers/cpol/notary`; notation-go v1.3.2 `notation.go` (`Verify`).

mod attestation;
pub(crate) mod discovery;
mod error;
mod revocation;
mod signature;

pub(super) use attestation::fetch_attestation;
pub use error::NotaryRejection;

use super::check_plan::{CheckPlan, Planned, SignerPlan};
use super::{Context, Rejection, Subject, VerifiedImage, VerifyError, resolve};
use crate::digest::Digest;
use crate::notation::{CertificateStore, Strictness, Target};
use crate::policy::{Attestor, AttestorKind};
use crate::trace::{Step, StepOutcome};

/// Longest envelope or attestation.
pub(crate) const MOST_BYTES: usize = 10_000_000;
/// As many signatures of an artifact are tried.
const MOST_SIGNATURES: usize = 10;

/// The certificates that an attestor names.
///
/// An attestor without any, which policy validation refuses where it sees it: Kyverno dereferences nil.
pub(super) fn certificates(attestor: &Attestor) -> Planned<CertificateStore> {
    let Some(AttestorKind::Certificates(given)) = &attestor.kind else { return Err(Rejection::NoAttestor) };
    let text = |field: &Option<crate::source::Spanned<String>>| {
        field.as_ref().map_or(String::new(), |field| field.value.clone())
    };
    CertificateStore::from_pem(&text(&given.cert), &text(&given.cert_chain))
        .map_err(|error| NotaryRejection::Certificates(error).into())
}

/// Verifies the image of `subject` by the certificates of an attestor.
pub(super) fn verify(
    plan: &CheckPlan,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<VerifiedImage, VerifyError> {
    let store = store(plan, context)?;
    let image = subject.image.canonical();
    let unusable = |error| within("failed to parse image reference:", image, error);
    let digest = resolve(subject, context).map_err(unusable)?;
    let reference = format!("{}@{digest}", subject.repository);
    verify_artifact(&store, subject, &digest, context)
        .map_err(|error| within("failed to verify", &reference, error))?;
    Ok(VerifiedImage::of(digest))
}

/// One of the artifact's signatures must hold.
fn verify_artifact(
    store: &CertificateStore,
    subject: &Subject<'_>,
    digest: &Digest,
    context: &mut Context<'_, '_>,
) -> Result<Target, VerifyError> {
    let reference = format!("{}@{digest}", subject.repository);
    // Both are asked for before either is missed: one round of fetching less.
    let target = discovery::describe(subject, digest, context);
    let signatures = discovery::signatures(subject, digest, context);
    let (target, signatures) = (target?, signatures?);
    if signatures.is_empty() {
        return Err(NotaryRejection::SignaturesMissing { reference }.into());
    }
    let mut reasons = Vec::new();
    let mut pending = false;
    for name in signatures.iter().take(MOST_SIGNATURES) {
        let enter = || Step::new("notary-signature", StepOutcome::Info, format!("signature {name}"));
        context.trace.enter(|| enter().fact("digest", name.as_str()));
        let found = discovery::envelope(subject, name, context);
        let outcome = match found {
            // While an earlier one is missing, the rest is only asked for.
            Ok(_) if pending => Err(VerifyError::Pending),
            Ok(Some(found)) => signature::verify(&found, &target, store, context),
            Ok(None) => {
                let what = format!("signature {name}");
                Err(NotaryRejection::LayersMissing { what }.into())
            }
            Err(VerifyError::Pending) => Err(VerifyError::Pending),
            Err(error) => {
                context.trace.leave(error.step_outcome());
                return Err(if pending { VerifyError::Pending } else { unretrievable(name, &reference, error) });
            }
        };
        context.trace.leave(outcome.as_ref().map_or_else(VerifyError::step_outcome, |()| StepOutcome::Ok));
        match outcome {
            Ok(()) => return Ok(target),
            Err(VerifyError::Pending) => pending = true,
            Err(VerifyError::Rejected(reason)) => reasons.push((name.clone(), reason)),
            Err(other) => return Err(other),
        }
    }
    match (pending, signatures.len() >= MOST_SIGNATURES) {
        (true, _) => Err(VerifyError::Pending),
        (false, true) => Err(NotaryRejection::LimitReached { limit: MOST_SIGNATURES, reasons }.into()),
        (false, false) => Err(NotaryRejection::SignaturesFailed { reasons }.into()),
    }
}

/// notation flattens what happened to text, so that a connection that breaks here is a rejection like any other.
fn unretrievable(name: &Digest, reference: &str, error: VerifyError) -> VerifyError {
    let reason = match error {
        VerifyError::Rejected(reason) => reason,
        VerifyError::Unreachable { what, error } => Rejection::Http { what, status: None, error },
        other => return other,
    };
    let (signature, reference) = (name.clone(), reference.to_owned());
    NotaryRejection::Unretrievable { signature, reference, reason: Box::new(reason) }.into()
}

/// Kyverno says what it was about when it met an error.
fn within(doing: &'static str, reference: &str, error: VerifyError) -> VerifyError {
    match error {
        VerifyError::Rejected(reason) => {
            NotaryRejection::In { doing, reference: reference.to_owned(), reason: Box::new(reason) }.into()
        }
        VerifyError::Unreachable { what, error } => {
            VerifyError::Unreachable { what: format!("{doing} {reference}: {what}"), error }
        }
        other => other,
    }
}

fn store(plan: &CheckPlan, context: &mut Context<'_, '_>) -> Result<CertificateStore, VerifyError> {
    let SignerPlan::Store(store) = &plan.signer else { return Err(Rejection::NoAttestor.into()) };
    let store = store.clone()?;
    context.trace.record(|| {
        let names: Vec<String> = store.certificates().iter().map(|it| it.subject().to_string()).collect();
        Step::new("certificates-loaded", StepOutcome::Ok, format!("trusting {} certificates", names.len()))
            .fact("subjects", names)
    });
    Ok(store)
}

fn strictness(context: &Context<'_, '_>) -> Strictness {
    if context.exact { Strictness::Kyverno } else { Strictness::Specification }
}

impl From<NotaryRejection> for Rejection {
    fn from(reason: NotaryRejection) -> Self {
        Self::Notary(Box::new(reason))
    }
}

impl From<NotaryRejection> for VerifyError {
    fn from(reason: NotaryRejection) -> Self {
        Self::Rejected(reason.into())
    }
}
