//! One signature: a layer, its annotation, the payload and what it claims.
//!
//! Source: cosign `pkg/cosign/verify.go` (`verifyInternal`), `pkg/cosign/verifiers.go` (`SimpleClaimVerifier`).

use super::{Verifier, unavailable};
use crate::digest::Digest;
use crate::encoding::base64;
use crate::oci::{Descriptor, Repository};
use crate::simple_signing::SimpleSigningPayload;
use crate::trace::{Step, StepOutcome};
use crate::verify::{Context, Rejection, VerifyError};

const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";

/// Verifies one layer: the signature over its bytes, then the claim in them.
///
/// A layer that carries a certificate must also be judged by the certificate's validity, and one whose attestor asks for
/// a log entry or a timestamp by these: where that is not built, a layer that is otherwise good is undecided.
pub(super) fn verify(
    descriptor: &Descriptor,
    repository: &Repository,
    verifier: &Verifier,
    image: &Digest,
    context: &mut Context<'_, '_>,
) -> Result<SimpleSigningPayload, VerifyError> {
    let signature = signature(descriptor)?;
    let what = format!("signature layer {}", descriptor.digest);
    let limit = context.session.limits().signature_layer_bytes;
    let payload = context
        .session
        .blob(repository, &descriptor.digest, limit, &context.asker)
        .map_err(|error| flattened(unavailable(what, error)))?;
    check_signature(descriptor, payload, &signature, verifier, context)?;
    let claim = check_claim(payload, image, context)?;
    check_time(descriptor, verifier)?;
    Ok(claim)
}

/// cosign flattens whatever happens within the check of one layer to text, so that a connection that breaks there is a
/// rejection like any other (Kyverno looks for network errors in the chain of causes, and finds none).
fn flattened(error: VerifyError) -> VerifyError {
    match error {
        VerifyError::Unreachable { what, error } => Rejection::Http { what, status: None, error }.into(),
        other => other,
    }
}

fn signature(descriptor: &Descriptor) -> Result<Vec<u8>, VerifyError> {
    let layer = &descriptor.digest;
    let text = descriptor
        .annotations
        .get(SIGNATURE)
        .ok_or_else(|| Rejection::SignatureAnnotationMissing { layer: layer.clone() })?;
    let decoded = base64::decode(text);
    decoded.map_err(|e| Rejection::SignatureNotBase64 { layer: layer.clone(), error: e.to_string() }.into())
}

fn check_signature(
    descriptor: &Descriptor,
    payload: &[u8],
    signature: &[u8],
    verifier: &Verifier,
    context: &mut Context<'_, '_>,
) -> Result<(), VerifyError> {
    let layer = &descriptor.digest;
    let scheme = format!("{} {}", verifier.algorithm.id(), verifier.key.fingerprint());
    let outcome = context
        .session
        .artifacts()
        .verified_once(&scheme, layer, signature, || verifier.algorithm.verify(&verifier.key, payload, signature));
    context.trace.record(|| {
        let (state, text) = match &outcome {
            Ok(()) => (StepOutcome::Ok, "the signature is by this key over this payload".to_owned()),
            Err(error) => (StepOutcome::Failed, error.to_string()),
        };
        Step::new("signature-checked", state, text)
            .fact("algorithm", verifier.algorithm.id())
            .fact("key", verifier.key.fingerprint().as_str())
    });
    outcome.map_err(|error| Rejection::Signature { layer: layer.clone(), error }.into())
}

fn check_claim(
    payload: &[u8],
    image: &Digest,
    context: &mut Context<'_, '_>,
) -> Result<SimpleSigningPayload, VerifyError> {
    let claim = SimpleSigningPayload::parse(payload).map_err(Rejection::from)?;
    let matches = claim.digest == *image;
    context.trace.record(|| {
        let outcome = if matches { StepOutcome::Ok } else { StepOutcome::Failed };
        Step::new("claim-compared", outcome, "the digest that the payload claims")
            .compare(image.as_str(), claim.digest.as_str())
            .fact("dockerReference", claim.docker_reference.clone())
    });
    if !matches {
        let found = claim.digest.to_string();
        return Err(Rejection::ClaimDigest { expected: image.clone(), found }.into());
    }
    SimpleSigningPayload::check_unambiguous(payload, context.session.limits().depth).map_err(Rejection::from)?;
    Ok(claim)
}

fn check_time(descriptor: &Descriptor, verifier: &Verifier) -> Result<(), VerifyError> {
    let feature = if verifier.timestamp_required {
        "timestamp verification"
    } else if verifier.log_required {
        "transparency log verification"
    } else if descriptor.annotations.contains_key(CERTIFICATE) {
        "the expiry check of a certificate beside a signature is"
    } else {
        return Ok(());
    };
    Err(VerifyError::NotBuilt { feature: feature.to_owned() })
}
