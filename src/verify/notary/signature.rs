//! One signature: notation's checks at the level `strict`, each a step of the trace.
//!
//! Source: notation-go v1.3.2 `verifier/verifier.go` (`processSignature`).

use super::discovery::Found;
use super::{NotaryRejection, revocation, strictness};
use crate::notation::{CertificateStore, Envelope, NotationError, SigningScheme, Target, parse};
use crate::scalar::time::Timestamp;
use crate::trace::{Step, StepOutcome};
use crate::verify::{Context, VerifyError};
use crate::x509::Certificate;
use serde_json::{Value, json};

/// Verifies that the envelope is a signature over `target` by somebody whom the store vouches for.
pub(super) fn verify(
    found: &Found<'_>,
    target: &Target,
    store: &CertificateStore,
    context: &mut Context<'_, '_>,
) -> Result<(), VerifyError> {
    let strictness = strictness(context);
    let envelope = parse(&found.media_type, &found.bytes).and_then(|signed| signed.verify(strictness));
    note(context, "envelope-verified", envelope.as_ref().err(), || match &envelope {
        Ok(envelope) => signed_step(envelope),
        Err(_) => Step::new("", StepOutcome::Failed, "").fact("mediaType", found.media_type.as_str()),
    });
    let envelope = envelope.map_err(NotaryRejection::from)?;
    check(context, "plugin-checked", envelope.check_plugin(), || {
        Step::new("", StepOutcome::Ok, "the signer asks for no verification plugin")
    })?;
    check(context, "trust-checked", envelope.trusted_by(store).map(|_| ()), || trust_step(&envelope, store))?;
    let now = context.now()?;
    check(context, "expiry-checked", envelope.check_expiry(now), || {
        let expiry = envelope.attributes.expiry.as_ref().map(Timestamp::to_rfc3339);
        Step::new("", StepOutcome::Ok, "the signature has not expired")
            .compare(format!("after {}", now.to_rfc3339()), expiry)
    })?;
    check(context, "validity-checked", envelope.check_validity(now), || validity_step(&envelope, now))?;
    revocation::check(&envelope.chain, now, context)?;
    check(context, "descriptor-compared", envelope.check_target(target), || {
        Step::new("", StepOutcome::Ok, "the signature is about this artifact")
            .compare(target.to_value(), envelope.target.to_value())
    })
}

/// Records what a check said, and passes it on.
fn check(
    context: &mut Context<'_, '_>,
    code: &'static str,
    outcome: Result<(), NotationError>,
    step: impl FnOnce() -> Step,
) -> Result<(), VerifyError> {
    note(context, code, outcome.as_ref().err(), step);
    outcome.map_err(|error| NotaryRejection::from(error).into())
}

/// `step` has the words for success, and the facts for both.
fn note(context: &mut Context<'_, '_>, code: &'static str, error: Option<&NotationError>, step: impl FnOnce() -> Step) {
    context.trace.record(|| match error {
        None => Step { code, ..step() },
        Some(error) => Step { code, outcome: StepOutcome::Failed, message: error.to_string(), ..step() },
    });
}

fn signed_step(envelope: &Envelope) -> Step {
    let signer = envelope.chain.first().map_or(String::new(), |leaf| leaf.subject().to_string());
    let attributes = &envelope.attributes;
    let step = Step::new("", StepOutcome::Ok, format!("signed by {signer}"))
        .fact("format", envelope.format.media_type())
        .fact("algorithm", envelope.algorithm.to_string())
        .fact("scheme", attributes.scheme.as_str())
        .fact("signingTime", attributes.signing_time.to_rfc3339())
        .fact("chain", envelope.chain.iter().map(certificate_facts).collect::<Vec<_>>())
        .fact("countersigned", envelope.countersigned);
    let step = match &envelope.signing_agent {
        Some(agent) => step.fact("signingAgent", agent.as_str()),
        None => step,
    };
    if envelope.annotations.is_empty() { step } else { step.fact("metadata", envelope.annotations.clone()) }
}

fn certificate_facts(certificate: &Certificate) -> Value {
    json!({
        "subject": certificate.subject().to_string(),
        "issuer": certificate.issuer().to_string(),
        "serial": certificate.serial_hex(),
        "notBefore": certificate.not_before().to_rfc3339(),
        "notAfter": certificate.not_after().to_rfc3339(),
        "fingerprint": certificate.fingerprint().as_str(),
    })
}

/// Whom the policy trusts, and whom the chain names.
fn trust_step(envelope: &Envelope, store: &CertificateStore) -> Step {
    let list = |certificates: &[Certificate]| -> Vec<String> {
        let name = |certificate: &Certificate| format!("{} ({})", certificate.subject(), certificate.fingerprint());
        certificates.iter().map(name).collect()
    };
    let anchor = envelope.trusted_by(store).map_or(String::new(), |anchor| anchor.subject().to_string());
    let step = Step::new("", StepOutcome::Ok, format!("the policy trusts {anchor}"))
        .compare(list(store.certificates()), list(&envelope.chain));
    match envelope.attributes.scheme {
        SigningScheme::X509 => step,
        SigningScheme::SigningAuthority => step.fact(
            "notation",
            "a trust policy of notation can have a store of type signingAuthority; certificates of a Kyverno policy are \
             one of type ca",
        ),
    }
}

fn validity_step(envelope: &Envelope, now: &Timestamp) -> Step {
    let not_before = envelope.chain.iter().map(Certificate::not_before).max();
    let not_after = envelope.chain.iter().map(Certificate::not_after).min();
    let shown = |time: Option<&Timestamp>| time.map_or(String::new(), Timestamp::to_rfc3339);
    let step = Step::new("", StepOutcome::Ok, "every certificate of the chain is valid now")
        .compare(format!("{} to {}", shown(not_before), shown(not_after)), now.to_rfc3339());
    if envelope.countersigned {
        step.fact(
            "notation",
            "a trust policy of notation with a store of type tsa would take the time from the countersignature instead",
        )
    } else {
        step
    }
}
