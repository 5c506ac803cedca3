//! When a signature was made, as far as others prove it: a timestamp authority, the transparency log.

use super::layer::{Layer, flattened};
use super::options::{CheckOptions, LogOptions, Signer};
use super::unavailable;
use crate::scalar::time::Timestamp;
use crate::timestamp::verify_token;
use crate::trace::{Step, StepOutcome};
use crate::transparency_log::{LogEvidence, LoggedSubject, proposed_entries, verify_bundle, verify_retrieved};
use crate::verify::{Context, Rejection, VerifyError};

/// Proven times.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// By the timestamp authority.
    pub(super) stamped: Option<Timestamp>,
    /// By the transparency log.
    pub(super) logged: Option<Timestamp>,
}

/// Checks timestamp and log entry, as far as the attestor wants them.
pub(super) fn collect(
    layer: &Layer<'_>,
    options: &CheckOptions<'_>,
    context: &mut Context<'_, '_>,
) -> Result<Times, VerifyError> {
    let stamped = stamped(layer, options, context)?;
    let logged = match &options.log {
        None => None,
        Some(log) => logged(layer, log, &options.signer, context)?.integrated_time,
    };
    Ok(Times { stamped, logged })
}

/// An absent timestamp is no fault: the log may prove the time.
fn stamped(
    layer: &Layer<'_>,
    options: &CheckOptions<'_>,
    context: &mut Context<'_, '_>,
) -> Result<Option<Timestamp>, Rejection> {
    let (Some(authority), Some(token)) = (options.authority, &layer.timestamp) else { return Ok(None) };
    // Over the signature; over the whole envelope where the signatures are within it.
    let message = if layer.signature.is_empty() { layer.blob } else { &layer.signature };
    let outcome = verify_token(token, message, authority);
    context.trace.record(|| match &outcome {
        Ok(verified) => {
            let text = format!("{} saw the signature at {}", verified.signer.subject(), verified.time.to_rfc3339());
            Step::new("timestamp-checked", StepOutcome::Ok, text).fact("time", verified.time.to_rfc3339())
        }
        Err(error) => Step::new("timestamp-checked", StepOutcome::Failed, error.to_string()),
    });
    outcome.map(|verified| Some(verified.time)).map_err(Rejection::Timestamp)
}

fn logged(
    layer: &Layer<'_>,
    log: &LogOptions<'_>,
    signer: &Signer<'_>,
    context: &mut Context<'_, '_>,
) -> Result<LogEvidence, VerifyError> {
    let subject = LoggedSubject {
        signature: Some(layer.signature_text).filter(|text| !text.is_empty()),
        blob: layer.blob,
        certificate: layer.certificate.as_ref(),
        key: match signer {
            Signer::Key(signer) => Some(&signer.key),
            Signer::Below(_) => None,
        },
    };
    let outcome = match &layer.bundle {
        Some(bundle) => verify_bundle(bundle, &subject, &log.keys).map_err(|error| Rejection::LogBundle(error).into()),
        None => looked_up(layer, &subject, log, context),
    };
    context.trace.record(|| match &outcome {
        Ok(evidence) => {
            let time = evidence.integrated_time.as_ref().map(Timestamp::to_rfc3339);
            let at = time.as_ref().map(|time| format!(", taken in at {time}")).unwrap_or_default();
            let text = format!("the log {} has the signature as entry {}{at}", evidence.log_id, evidence.log_index);
            Step::new("log-entry-checked", StepOutcome::Ok, text)
                .fact("kind", format!("{} {}", evidence.kind, evidence.version))
                .fact("integratedTime", time.unwrap_or_default())
        }
        Err(error) => Step::new("log-entry-checked", StepOutcome::Failed, error.to_string()),
    });
    outcome
}

/// What the log answers when it is asked for the signature.
fn looked_up(
    layer: &Layer<'_>,
    subject: &LoggedSubject<'_>,
    log: &LogOptions<'_>,
    context: &Context<'_, '_>,
) -> Result<LogEvidence, VerifyError> {
    if log.url.is_empty() {
        return Err(Rejection::LogAddressMissing.into());
    }
    let question = proposed_entries(subject).map_err(Rejection::LogLookup)?;
    let answer = context.session.log_entry(log.url, &question, &context.asker).map_err(|error| {
        flattened(unavailable(format!("searching log query: {} for layer {}", log.url, layer.digest), error))
    })?;
    verify_retrieved(answer, subject, &log.keys).map_err(|error| Rejection::LogLookup(error).into())
}
