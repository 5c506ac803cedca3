//! Signatures and attestations in cosign's tag layout.
//!
//! The order of steps is cosign's (`pkg/cosign/verify.go`, `VerifyImageSignatures` and `VerifyImageAttestations`), so that
//! the first reason found is the one that people know:
//! 1. what the attestor asks for can be used ([`options`]);
//! 2. the reference is resolved to a digest;
//! 3. the manifest that holds the signatures is found ([`discovery`]);
//! 4. each layer is verified ([`layer`]), every one of them;
//! 5. one of the layers that verified names the identity and carries the annotations that the policy asks for.

pub(crate) mod annotations;
mod certificate;
mod claim;
pub(crate) mod discovery;
mod layer;
mod options;
mod proof_of_time;

use super::check_plan::CheckPlan;
use super::{Attested, Context, PlannedAttestor, Rejection, Subject, VerifiedImage, VerifyError, resolve, unavailable};
use crate::digest::Digest;
use crate::in_toto::Statement;
use crate::oci::Repository;
use crate::simple_signing::SimpleSigningPayload;
use crate::trace::{Step, StepOutcome};
use claim::Claim;
use layer::VerifiedLayer;
use options::CheckOptions;
use serde_json::Value;
use std::collections::BTreeMap;

/// Verifies the signatures of the image of `subject` as `plan` asks.
pub(super) fn verify(
    plan: &CheckPlan,
    attestor: &PlannedAttestor,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<VerifiedImage, VerifyError> {
    let options = CheckOptions::new(plan, context)?;
    let repository = signature_repository(attestor, subject)?;
    let digest = resolve(subject, context)?;
    let layers = signatures(subject, &repository, &options, &digest, context)?;
    check_signer(plan, attestor.annotations.as_ref().unwrap_or(subject.annotations), &layers, context)?;
    Ok(VerifiedImage::of(digest))
}

/// The attestations of the image of `subject` that verify; those of type `kind` are by whom `plan` asks for.
pub(super) fn fetch_attestations(
    plan: &CheckPlan,
    attestor: &PlannedAttestor,
    kind: &str,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<Attested, VerifyError> {
    let options = CheckOptions::new(plan, context)?;
    let repository = signature_repository(attestor, subject)?;
    let digest = resolve(subject, context)?;
    let found = discovery::attestations(&repository, &digest, context)?;
    let layers: Vec<VerifiedLayer<Statement>> = verify_layers(&found, &options, &digest, context)?
        .map_err(|reasons| Rejection::AttestationsMismatch { reasons })?;
    for layer in layers.iter().filter(|layer| layer.claim.predicate_type == kind) {
        check_identity(plan, layer, context)?;
    }
    // An envelope has no annotations that a policy could ask for.
    if !attestor.annotations.as_ref().unwrap_or(subject.annotations).is_empty() {
        return Err(Rejection::AnnotationsMismatch.into());
    }
    let statements = layers.into_iter().map(|layer| layer.claim.to_value()).collect();
    Ok(Attested { statements, digest: None })
}

/// The signatures that verify: of those among the referrers where the policy says so, else of those behind the tag. cosign
/// falls back to the tag whatever is wrong with the referrers, a signature that does not verify included.
fn signatures(
    subject: &Subject<'_>,
    repository: &Repository,
    options: &CheckOptions<'_>,
    digest: &Digest,
    context: &mut Context<'_, '_>,
) -> Result<Vec<VerifiedLayer<SimpleSigningPayload>>, VerifyError> {
    let mismatch = |reasons| Rejection::SignaturesMismatch { reasons };
    if subject.oci11 {
        let referred = discovery::from_referrers(subject.repository, digest, context)
            .and_then(|found| Ok(verify_layers(&found, options, digest, context)?.map_err(mismatch)?));
        match referred {
            Err(VerifyError::Rejected(rejection)) => context.trace.record(|| {
                let text = format!("looking at the tag instead: {rejection}");
                Step::new("referrers-unusable", StepOutcome::Skipped, text)
            }),
            decided => return decided,
        }
    }
    let found = discovery::signatures(repository, digest, context)?;
    Ok(verify_layers(&found, options, digest, context)?.map_err(mismatch)?)
}

fn signature_repository(attestor: &PlannedAttestor, subject: &Subject<'_>) -> Result<Repository, VerifyError> {
    let written = attestor.repository.as_deref().or(subject.signature_repository.filter(|text| !text.is_empty()));
    let Some(written) = written else {
        return Ok(subject.repository.clone());
    };
    Repository::parse(written).map_err(|error| Rejection::Repository { repository: written.to_owned(), error }.into())
}

/// Verifies every layer: those that verify, or the reasons of all.
fn verify_layers<C: Claim>(
    found: &discovery::Found,
    options: &CheckOptions<'_>,
    digest: &Digest,
    context: &mut Context<'_, '_>,
) -> Result<Result<Vec<VerifiedLayer<C>>, Vec<Rejection>>, VerifyError> {
    let mut verified = Vec::new();
    let mut reasons = Vec::new();
    let mut undecided = None;
    for descriptor in &found.manifest.layers {
        let layer = descriptor.digest.clone();
        context.trace.enter(|| {
            Step::new("signature-layer", StepOutcome::Info, format!("layer {layer}"))
                .fact("digest", layer.as_str())
                .fact("mediaType", descriptor.media_type.as_str())
        });
        let outcome = layer::verify(descriptor, &found.repository, options, digest, context);
        if let Err(VerifyError::Rejected(rejection)) = &outcome {
            context.trace.record_cause(|| Step::new(rejection.code(), StepOutcome::Failed, rejection.to_string()));
        }
        context.trace.leave(match &outcome {
            Ok(_) => StepOutcome::Ok,
            Err(error) if error.is_undecided() => StepOutcome::Error,
            Err(_) => StepOutcome::Failed,
        });
        match outcome {
            Ok(layer) => verified.push(layer),
            Err(VerifyError::Rejected(rejection)) => reasons.push(rejection),
            Err(other) => undecided = Some(undecided.unwrap_or(other)),
        }
    }
    // Which signatures an attestor's annotations may be found on depends on every layer: nothing is decided while one is
    // undecided.
    match (verified.is_empty(), undecided) {
        (_, Some(VerifyError::Pending)) => Err(VerifyError::Pending),
        (true, Some(error)) => Err(error),
        (true, None) => Ok(Err(reasons)),
        (false, _) => Ok(Ok(verified)),
    }
}

/// One signature must name the identity and carry the annotations.
fn check_signer(
    plan: &CheckPlan,
    annotations: &BTreeMap<String, String>,
    layers: &[VerifiedLayer<SimpleSigningPayload>],
    context: &mut Context<'_, '_>,
) -> Result<(), VerifyError> {
    let mut named = Vec::new();
    let mut reasons = Vec::new();
    for layer in layers {
        match check_identity(plan, layer, context) {
            Ok(()) => named.push(&layer.claim),
            // As in Kyverno, a signature without certificate ends the search.
            Err(Rejection::CertificateNotFound) if named.is_empty() => {
                return Err(Rejection::CertificateNotFound.into());
            }
            Err(reason) => reasons.push(reason),
        }
    }
    if named.is_empty() {
        return Err(Rejection::all(reasons).into());
    }
    // DIVERGENCE identity-and-annotations-apart: upstream, one signature may name the identity and another one carry the
    // annotations.
    if context.exact {
        named = layers.iter().map(|layer| &layer.claim).collect();
    }
    check_annotations(annotations, &named, context)
}

fn check_identity<C>(
    plan: &CheckPlan,
    layer: &VerifiedLayer<C>,
    context: &mut Context<'_, '_>,
) -> Result<(), Rejection> {
    if plan.identity.is_anybody() {
        return Ok(());
    }
    plan.identity.check(layer.certificate.as_ref().ok_or(Rejection::CertificateNotFound)?, context)
}

/// Some signature must carry all of `required`, as text (Kyverno `checkAnnotations`).
fn check_annotations(
    required: &BTreeMap<String, String>,
    payloads: &[&SimpleSigningPayload],
    context: &mut Context<'_, '_>,
) -> Result<(), VerifyError> {
    if required.is_empty() {
        return Ok(());
    }
    let carries = |payload: &&SimpleSigningPayload| {
        required.iter().all(|(key, value)| payload.optional.get(key).and_then(Value::as_str) == Some(value))
    };
    let matched = payloads.iter().any(carries);
    context.trace.record(|| {
        let outcome = if matched { StepOutcome::Ok } else { StepOutcome::Failed };
        let found: Vec<Value> = payloads.iter().map(|payload| Value::Object(payload.optional.clone())).collect();
        let expected: Value = required.iter().map(|(k, v)| (k.clone(), Value::from(v.as_str()))).collect();
        Step::new("annotations-compared", outcome, "annotations of the verified signatures").compare(expected, found)
    });
    if matched { Ok(()) } else { Err(Rejection::AnnotationsMismatch.into()) }
}
