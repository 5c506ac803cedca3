//! The certificate of a signature: who issued it, which logs have it, and when it was valid.
//!
//! Source: cosign `pkg/cosign/verify.go` (`ValidateAndUnpackCertWithIntermediates`, `TrustedCert`, `CheckExpiry`),
//! `pkg/cosign/verify_sct.go`.

use crate::scalar::time::Timestamp;
use crate::trace::{Step, StepOutcome};
use crate::transparency_log::LogKey;
use crate::verify::{Context, Rejection, identity};
use crate::x509::sct::{Sct, embedded};
use crate::x509::{Certificate, Chaining, Usage, verify_chain};

/// Subject alternative names: Fulcio marks them critical, whatever kind of name they are.
const NAMES: &str = "2.5.29.17";

/// The certificates above `leaf`, its issuer first, up to one of `roots`.
///
/// The time is that at which the leaf began to be valid: whether it was valid when it was used is a question of its own
/// ([`check_validity`]).
pub(super) fn chain(
    leaf: &Certificate,
    intermediates: &[Certificate],
    roots: &[Certificate],
    context: &mut Context<'_, '_>,
) -> Result<Vec<Certificate>, Rejection> {
    let chaining = Chaining {
        roots,
        intermediates,
        time: leaf.not_before(),
        usage: Usage::CodeSigning,
        tolerated_critical: &[NAMES],
    };
    let chains = verify_chain(leaf, &chaining);
    context.trace.record(|| {
        let step = match &chains {
            Ok(_) => Step::new("chain-verified", StepOutcome::Ok, format!("issued by {}", leaf.issuer())),
            Err(error) => Step::new("chain-verified", StepOutcome::Failed, error.to_string()),
        };
        step.fact("certificate", certificate_facts(leaf))
    });
    let chains = chains.map_err(Rejection::Chain)?;
    Ok(chains.into_iter().next().unwrap_or_default().into_iter().skip(1).cloned().collect())
}

fn certificate_facts(certificate: &Certificate) -> serde_json::Value {
    serde_json::json!({
        "serial": certificate.serial_hex(),
        "issuer": certificate.issuer().to_string(),
        "notBefore": certificate.not_before().to_rfc3339(),
        "notAfter": certificate.not_after().to_rfc3339(),
        "fingerprint": certificate.fingerprint().as_str(),
        "names": identity::named(certificate),
    })
}

/// A certificate of the policy must be below the last of its chain.
pub(super) fn check_given_chain(
    leaf: &Certificate,
    given: &[Certificate],
    context: &mut Context<'_, '_>,
) -> Result<(), Rejection> {
    let (roots, intermediates) =
        given.split_last().map(|(root, rest)| (std::slice::from_ref(root), rest)).unwrap_or_default();
    let chain = chain(leaf, intermediates, roots, context).map_err(|error| Rejection::GivenChain(Box::new(error)))?;
    // DIVERGENCE certificate-with-chain: upstream asks for an SCT here before it has read `ignoreSCT` and the keys of
    // certificate logs, so that no certificate is good enough.
    if context.exact {
        return check_logged(leaf, &chain, &[], context).map_err(|error| Rejection::GivenChain(Box::new(error)));
    }
    Ok(())
}

/// Every embedded SCT must be of a known log.
pub(super) fn check_logged(
    leaf: &Certificate,
    chain: &[Certificate],
    logs: &[LogKey],
    context: &mut Context<'_, '_>,
) -> Result<(), Rejection> {
    let timestamps = embedded(leaf).map_err(Rejection::Sct)?;
    if timestamps.is_empty() {
        return Err(Rejection::SctMissing);
    }
    let Some(issuer) = chain.first() else { return Err(Rejection::ChainTooShort) };
    for timestamp in &timestamps {
        let outcome = check_timestamp(timestamp, leaf, issuer, logs);
        context.trace.record(|| {
            let (state, text) = match &outcome {
                Ok(()) => (StepOutcome::Ok, "the certificate log promised to have the certificate".to_owned()),
                Err(rejection) => (StepOutcome::Failed, rejection.to_string()),
            };
            Step::new("sct-checked", state, text).fact("logId", hex::encode(timestamp.log_id))
        });
        outcome?;
    }
    Ok(())
}

fn check_timestamp(sct: &Sct, leaf: &Certificate, issuer: &Certificate, logs: &[LogKey]) -> Result<(), Rejection> {
    let log = logs.iter().find(|log| log.log_id == sct.log_id);
    let log = log.ok_or_else(|| Rejection::SctLogUnknown { log_id: hex::encode(sct.log_id) })?;
    sct.verify(leaf, issuer, &log.key).map_err(Rejection::Sct)
}

/// Were the certificate and those above it valid at `time`?
pub(super) fn check_validity(
    leaf: &Certificate,
    chain: &[Certificate],
    time: &Timestamp,
    context: &mut Context<'_, '_>,
) -> Result<(), Rejection> {
    let all =
        std::iter::once((leaf, "certificate")).chain(chain.iter().map(|issuer| (issuer, "issuing CA certificate")));
    let outcome = all.into_iter().try_for_each(|(certificate, what)| valid_at(certificate, what, time));
    context.trace.record(|| {
        let (state, text) = match &outcome {
            Ok(()) => (StepOutcome::Ok, "the certificate was valid at the proven time".to_owned()),
            Err(rejection) => (StepOutcome::Failed, rejection.to_string()),
        };
        let window = format!("{} to {}", leaf.not_before().to_rfc3339(), leaf.not_after().to_rfc3339());
        Step::new("validity-checked", state, text).compare(window, time.to_rfc3339())
    });
    outcome
}

fn valid_at(certificate: &Certificate, what: &'static str, time: &Timestamp) -> Result<(), Rejection> {
    if certificate.not_after() < time {
        let (limit, time) = (certificate.not_after().to_rfc3339(), time.to_rfc3339());
        return Err(Rejection::CertificateExpired { what, limit, time });
    }
    if certificate.not_before() > time {
        let (limit, time) = (certificate.not_before().to_rfc3339(), time.to_rfc3339());
        return Err(Rejection::CertificateNotYetValid { what, limit, time });
    }
    Ok(())
}
