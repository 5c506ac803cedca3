//! What is signed, and that it is about the image: a simple-signing payload, or a statement in an envelope.
//!
//! Source: cosign `pkg/cosign/verify.go` (`verifyOCISignature`, `verifyOCIAttestation`), `pkg/cosign/verifiers.go`.

use super::layer::Layer;
use super::options::KeySigner;
use crate::crypto::SignatureError;
use crate::digest::Digest;
use crate::in_toto::{Envelope, InTotoError, PAYLOAD_TYPE, Statement};
use crate::simple_signing::SimpleSigningPayload;
use crate::trace::{Step, StepOutcome};
use crate::verify::{Context, Rejection, VerifyError};

/// A kind of signed document.
pub(super) trait Claim: Sized {
    /// Checks the signature over it, then that it is about `image`.
    fn check(
        layer: &Layer<'_>,
        signer: &KeySigner,
        image: &Digest,
        context: &mut Context<'_, '_>,
    ) -> Result<Self, VerifyError>;
}

impl Claim for SimpleSigningPayload {
    fn check(
        layer: &Layer<'_>,
        signer: &KeySigner,
        image: &Digest,
        context: &mut Context<'_, '_>,
    ) -> Result<Self, VerifyError> {
        let outcome = verified(layer.digest, signer, &layer.signature, layer.blob, context);
        record(&outcome, signer, context);
        outcome.map_err(|error| Rejection::Signature { layer: layer.digest.clone(), error })?;
        let claim = Self::parse(layer.blob).map_err(Rejection::from)?;
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
        Self::check_unambiguous(layer.blob, context.session.limits().depth).map_err(Rejection::from)?;
        Ok(claim)
    }
}

impl Claim for Statement {
    fn check(
        layer: &Layer<'_>,
        signer: &KeySigner,
        image: &Digest,
        context: &mut Context<'_, '_>,
    ) -> Result<Self, VerifyError> {
        let envelope = Envelope::parse(layer.blob).map_err(Rejection::Attestation)?;
        if envelope.payload_type != PAYLOAD_TYPE {
            return Err(Rejection::Attestation(InTotoError::PayloadType { found: envelope.payload_type }).into());
        }
        let message = envelope.pre_authentication_encoding();
        let message_digest = Digest::sha256(&message);
        // One signature is enough, and key ids are hints that nobody authenticated.
        let good = envelope
            .signatures
            .iter()
            .any(|signature| verified(&message_digest, signer, &signature.signature, &message, context).is_ok());
        let outcome = if good { Ok(()) } else { Err(SignatureError::Mismatch { algorithm: signer.algorithm.id() }) };
        record(&outcome, signer, context);
        if !good {
            return Err(Rejection::EnvelopeSignature { found: envelope.signatures.len() }.into());
        }
        let statement = Self::parse(&envelope.payload).map_err(Rejection::Attestation)?;
        let about = statement.is_about(image);
        context.trace.record(|| {
            let outcome = if about { StepOutcome::Ok } else { StepOutcome::Failed };
            let found: Vec<_> = statement.subjects.iter().map(|subject| serde_json::json!(subject.digests)).collect();
            Step::new("subject-compared", outcome, "the subjects of the statement")
                .compare(image.as_str(), found)
                .fact("predicateType", statement.predicate_type.as_str())
        });
        if about { Ok(statement) } else { Err(Rejection::StatementSubject { expected: image.clone() }.into()) }
    }
}

/// `digest` is that of `message`.
fn verified(
    digest: &Digest,
    signer: &KeySigner,
    signature: &[u8],
    message: &[u8],
    context: &Context<'_, '_>,
) -> Result<(), SignatureError> {
    let scheme = format!("{} {}", signer.algorithm.id(), signer.key.fingerprint());
    let artifacts = context.session.artifacts();
    artifacts.verified_once(&scheme, digest, signature, || signer.algorithm.verify(&signer.key, message, signature))
}

fn record(outcome: &Result<(), SignatureError>, signer: &KeySigner, context: &mut Context<'_, '_>) {
    context.trace.record(|| {
        let (state, text) = match outcome {
            Ok(()) => (StepOutcome::Ok, "the signature is by this key over this payload".to_owned()),
            Err(error) => (StepOutcome::Failed, error.to_string()),
        };
        Step::new("signature-checked", state, text)
            .fact("algorithm", signer.algorithm.id())
            .fact("key", signer.key.fingerprint().as_str())
    });
}
