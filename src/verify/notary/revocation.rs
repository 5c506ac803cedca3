//! Whether the signer's certificates were revoked.
//!
//! Source: notation-go v1.3.2 `verifier/verifier.go` (`verifyRevocation`, level `strict`): unknown is a failure, and the last
//! of a chain is not asked about.

use super::NotaryRejection;
use crate::encoding::base64;
use crate::evidence::{Request, Unavailable};
use crate::notation::NotationError;
use crate::revocation::{Outcome, Question, Reply, ask};
use crate::scalar::time::Timestamp;
use crate::trace::{Step, StepOutcome};
use crate::verify::{Context, VerifyError};
use crate::x509::Certificate;

/// Longest OCSP response (notation-core-go `ocspMaxResponseSize`).
const MOST_OCSP_BYTES: usize = 20_480;
/// Longest list (notation-core-go `maxCRLSize`).
const MOST_LIST_BYTES: usize = 32 << 20;

/// No certificate below the root may be revoked at `now`.
pub(super) fn check(chain: &[Certificate], now: &Timestamp, context: &mut Context<'_, '_>) -> Result<(), VerifyError> {
    let (mut revoked, mut unknown, mut pending) = (None, None, false);
    // All are asked about before any is missed; of several faults that of the signer itself is told.
    for pair in chain.windows(2).rev() {
        let [certificate, issuer] = pair else { continue };
        let subject = certificate.subject().to_string();
        let outcome = ask(certificate, issuer, now, !context.exact, &|question| reply(question, context));
        note(&subject, &outcome, context);
        match outcome {
            Outcome::Good(_) => {}
            Outcome::Pending => pending = true,
            Outcome::Revoked(at) => revoked = Some(NotationError::Revoked { subject, since: at.to_rfc3339() }),
            Outcome::Unknown(reason) => unknown = Some(NotationError::RevocationUnknown { subject, reason }),
        }
    }
    if pending {
        return Err(VerifyError::Pending);
    }
    revoked.or(unknown).map_or(Ok(()), |error| Err(NotaryRejection::from(error).into()))
}

/// What the evidence has, or else a need.
fn reply<'a>(question: &Question, context: &Context<'a, '_>) -> Reply<'a> {
    let (request, limit) = match question {
        Question::List { url } => (Request::RevocationList { url: url.clone() }, MOST_LIST_BYTES),
        Question::Ocsp { url, request } => {
            (Request::OcspResponse { url: url.clone(), body: base64::encode(request) }, MOST_OCSP_BYTES)
        }
    };
    match context.session.revocation(&request, limit, &context.asker) {
        Ok(bytes) => Reply::Bytes(bytes),
        Err(Unavailable::Pending) => Reply::Pending,
        Err(Unavailable::Failed(failure)) => Reply::None(failure.error.clone()),
        Err(Unavailable::TooLarge { bytes, limit }) => Reply::None(format!("{bytes} bytes, of which {limit} may be")),
        Err(Unavailable::Absent | Unavailable::Corrupt(_)) => Reply::None("not found".to_owned()),
    }
}

fn note(subject: &str, outcome: &Outcome, context: &mut Context<'_, '_>) {
    context.trace.record(|| {
        let (outcome, text) = match outcome {
            Outcome::Good(how) => (StepOutcome::Ok, format!("{subject} is not revoked: {how}")),
            Outcome::Pending => (StepOutcome::Info, format!("whether {subject} is revoked must be asked")),
            Outcome::Revoked(at) => (StepOutcome::Failed, format!("{subject} is revoked since {}", at.to_rfc3339())),
            Outcome::Unknown(why) => (StepOutcome::Failed, format!("not checked whether {subject} is revoked: {why}")),
        };
        Step::new("revocation-checked", outcome, text)
    });
}
