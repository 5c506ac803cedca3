//! Signatures in cosign's tag layout, by static keys.
//!
//! The order of steps is cosign's (`pkg/cosign/verify.go`, `VerifyImageSignatures`), so that the first reason found is
//! the one that people know:
//! 1. the attestor's options are complete: hash, key, repository;
//! 2. the reference is resolved to a digest;
//! 3. the signature manifest is found ([`discovery`]);
//! 4. each layer is verified ([`layer`]), every one of them;
//! 5. the annotations that the policy asks for are on one of the layers that verified.

mod discovery;
mod layer;

use super::plan::PlannedKind;
use super::{Context, PlannedAttestor, Rejection, Subject, VerifyError, keys};
use crate::crypto::{self, HashAlgorithm, PublicKey, VerificationAlgorithm};
use crate::digest::Digest;
use crate::evidence::Unavailable;
use crate::oci::Repository;
use crate::simple_signing::SimpleSigningPayload;
use crate::trace::{Step, StepOutcome};
use serde_json::Value;
use std::collections::BTreeMap;

/// The proof that an image is signed as an attestor asks. There is no other way to make one than to verify.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifiedImage {
    digest: Digest,
}

impl VerifiedImage {
    /// The digest that was signed.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }
}

/// A key with the algorithm that its signatures are checked by.
pub(super) struct Verifier {
    key: PublicKey,
    algorithm: &'static dyn VerificationAlgorithm,
    log_required: bool,
    timestamp_required: bool,
}

/// Verifies the image of `subject` by the key of `attestor`.
pub(super) fn verify(
    attestor: &PlannedAttestor,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<VerifiedImage, VerifyError> {
    let verifier = verifier(attestor, context)?;
    let repository = signature_repository(attestor, subject)?;
    let digest = resolve(subject, context)?;
    let payloads = verified_payloads(subject, &repository, &verifier, &digest, context)?;
    let required = attestor.annotations.as_ref().unwrap_or(subject.annotations);
    check_annotations(required, &payloads, context)?;
    Ok(VerifiedImage { digest })
}

/// The payloads of the signatures that verify: of those among the referrers where the policy says so, else of those
/// behind the tag. cosign falls back to the tag whatever is wrong with the referrers, a signature that does not verify
/// included.
fn verified_payloads(
    subject: &Subject<'_>,
    repository: &Repository,
    verifier: &Verifier,
    digest: &Digest,
    context: &mut Context<'_, '_>,
) -> Result<Vec<SimpleSigningPayload>, VerifyError> {
    if subject.oci11 {
        let referred = discovery::from_referrers(subject.repository, digest, context)
            .and_then(|found| verify_layers(&found, verifier, digest, context));
        match referred {
            Err(VerifyError::Rejected(rejection)) => context.trace.record(|| {
                let text = format!("looking at the tag instead: {rejection}");
                Step::new("referrers-unusable", StepOutcome::Skipped, text)
            }),
            decided => return decided,
        }
    }
    let found = discovery::from_tag(repository, digest, context)?;
    verify_layers(&found, verifier, digest, context)
}

fn verifier(attestor: &PlannedAttestor, context: &mut Context<'_, '_>) -> Result<Verifier, VerifyError> {
    let (key, hash, log_required, timestamp_required) = match &attestor.kind {
        PlannedKind::Key { key, hash, log_required, timestamp_required } => {
            (key, hash, *log_required, *timestamp_required)
        }
        PlannedKind::NotBuilt(feature) => return Err(VerifyError::NotBuilt { feature: feature.clone() }),
        PlannedKind::Empty | PlannedKind::Nested(_) => return Err(Rejection::NoAttestor.into()),
    };
    let hash: HashAlgorithm = hash.clone()?;
    let key = keys::resolve(key, context)?;
    let algorithm =
        crypto::cosign_verifier(&key, hash).map_err(|error| Rejection::Key { from: "PEM".to_owned(), error })?;
    context.trace.record(|| {
        Step::new("key-loaded", StepOutcome::Ok, format!("verifying with the {key} key {}", key.fingerprint()))
            .fact("algorithm", algorithm.id())
            .fact("fingerprint", key.fingerprint().as_str())
    });
    Ok(Verifier { key, algorithm, log_required, timestamp_required })
}

fn signature_repository(attestor: &PlannedAttestor, subject: &Subject<'_>) -> Result<Repository, VerifyError> {
    let written = attestor.repository.as_deref().or(subject.signature_repository.filter(|text| !text.is_empty()));
    let Some(written) = written else {
        return Ok(subject.repository.clone());
    };
    Repository::parse(written).map_err(|error| Rejection::Repository { repository: written.to_owned(), error }.into())
}

/// The digest of the image: that of the reference, else what the tag names.
///
/// An index is taken as it is: its own digest is the one that must be signed, not that of a platform's manifest.
pub fn resolve(subject: &Subject<'_>, context: &mut Context<'_, '_>) -> Result<Digest, VerifyError> {
    if let Some(digest) = subject.image.digest() {
        return Ok(digest.clone());
    }
    let tag = subject.image.tag().unwrap_or("latest");
    let name = subject.image.canonical();
    match context.session.tag(subject.repository, tag, &context.asker) {
        Ok(digest) => {
            let kind = context.session.manifest_at_hand(&digest).map_or("unknown", discovery::manifest_kind);
            context.trace.record(|| {
                let text = format!("the registry resolves {name} to {digest}");
                Step::new("tag-resolved", StepOutcome::Ok, text).fact("digest", digest.as_str()).fact("kind", kind)
            });
            Ok(digest)
        }
        Err(Unavailable::Absent) => Err(Rejection::ImageNotFound(name.to_owned()).into()),
        Err(other) => Err(unavailable(name.to_owned(), other)),
    }
}

/// Verifies every layer; the payloads of those that verify, or the reasons of all.
fn verify_layers(
    found: &discovery::Found,
    verifier: &Verifier,
    digest: &Digest,
    context: &mut Context<'_, '_>,
) -> Result<Vec<SimpleSigningPayload>, VerifyError> {
    let mut payloads = Vec::new();
    let mut reasons = Vec::new();
    let mut undecided = None;
    for descriptor in &found.manifest.layers {
        let layer = descriptor.digest.clone();
        context.trace.enter(|| {
            Step::new("signature-layer", StepOutcome::Info, format!("layer {layer}"))
                .fact("digest", layer.as_str())
                .fact("mediaType", descriptor.media_type.as_str())
        });
        let outcome = layer::verify(descriptor, &found.repository, verifier, digest, context);
        context.trace.leave(match &outcome {
            Ok(_) => StepOutcome::Ok,
            Err(error) if error.is_undecided() => StepOutcome::Error,
            Err(_) => StepOutcome::Failed,
        });
        match outcome {
            Ok(payload) => payloads.push(payload),
            Err(VerifyError::Rejected(rejection)) => reasons.push(rejection),
            Err(other) => undecided = Some(undecided.unwrap_or(other)),
        }
    }
    // Which signatures an attestor's annotations may be found on depends on every layer: nothing is decided while one is
    // undecided.
    match (payloads.is_empty(), undecided) {
        (_, Some(VerifyError::Pending)) => Err(VerifyError::Pending),
        (true, Some(error)) => Err(error),
        (true, None) => Err(Rejection::SignaturesMismatch { reasons }.into()),
        (false, _) => Ok(payloads),
    }
}

/// Some verified signature must carry all of `required`, as text (Kyverno `checkAnnotations`).
fn check_annotations(
    required: &BTreeMap<String, String>,
    payloads: &[SimpleSigningPayload],
    context: &mut Context<'_, '_>,
) -> Result<(), VerifyError> {
    if required.is_empty() {
        return Ok(());
    }
    let carries = |payload: &SimpleSigningPayload| {
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

/// The error for `what`, which could not be had.
pub(super) fn unavailable(what: String, error: Unavailable) -> VerifyError {
    match error {
        Unavailable::Absent => Rejection::Http { what, status: Some(404), error: "not found".to_owned() }.into(),
        Unavailable::Corrupt(digest) => Rejection::DigestMismatch { what, digest }.into(),
        Unavailable::Failed(failure) => VerifyError::from_failure(what, &failure),
        Unavailable::Pending => VerifyError::Pending,
        Unavailable::TooLarge { bytes, limit } => Rejection::TooLarge { what, found: bytes, limit }.into(),
    }
}
