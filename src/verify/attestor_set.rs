//! Attestor sets: which entries must succeed, and what is said when too few do.
//!
//! Source: Kyverno `pkg/engine/internal/imageverifier.go` (`verifyAttestorSet`).

use super::plan::PlannedKind;
use super::{Context, PlannedAttestor, PlannedSet, Rejection, Subject, VerifiedImage, VerifyError, verify_attestor};
use crate::trace::{Step, StepOutcome};

/// Why a set did not succeed.
#[derive(Clone, Debug, PartialEq)]
pub struct SetFailure {
    /// Kyverno's text: each entry's path and reason, joined by `; `.
    pub message: String,
    /// The reason to show first.
    pub cause: VerifyError,
}

/// Verifies every set; the proof is the last set's, as in Kyverno.
///
/// `None`: there is no set.
pub fn verify_sets(
    sets: &[PlannedSet],
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<Option<VerifiedImage>, SetFailure> {
    let mut last = None;
    for (index, set) in sets.iter().enumerate() {
        last = Some(verify_set(set, subject, &format!(".attestors[{index}]"), context)?);
    }
    Ok(last)
}

fn verify_set(
    set: &PlannedSet,
    subject: &Subject<'_>,
    path: &str,
    context: &mut Context<'_, '_>,
) -> Result<VerifiedImage, SetFailure> {
    let needed = set.required;
    context.trace.enter(|| {
        let text = format!("{needed} of {} attestors must have signed", set.entries.len());
        Step::new("attestor-set", StepOutcome::Info, text).fact("path", path)
    });
    let outcome = count_entries(set, subject, path, context);
    context.trace.leave(match &outcome {
        Ok(_) => StepOutcome::Ok,
        Err(failure) => failure.cause.step_outcome(),
    });
    outcome
}

fn count_entries(
    set: &PlannedSet,
    subject: &Subject<'_>,
    path: &str,
    context: &mut Context<'_, '_>,
) -> Result<VerifiedImage, SetFailure> {
    let mut succeeded = 0;
    let mut failures: Vec<SetFailure> = Vec::new();
    for (index, entry) in set.entries.iter().enumerate() {
        match verify_entry(entry, subject, &format!("{path}.entries[{index}]"), context) {
            Ok(proof) => {
                succeeded += 1;
                if succeeded >= set.required {
                    return Ok(proof);
                }
            }
            Err(failure) => failures.push(failure),
        }
    }
    Err(combine(failures, set.required.saturating_sub(succeeded)))
}

/// One failure of all.
///
/// What is undecided leaves the set undecided only while it could still make up the count. A registry that cannot be
/// reached is an error either way, as in Kyverno (`handleRegistryErrors`), and missing artifacts are fetched first.
fn combine(failures: Vec<SetFailure>, missing: usize) -> SetFailure {
    let message = failures.iter().map(|failure| failure.message.as_str()).collect::<Vec<_>>().join("; ");
    let not_built = failures.iter().filter(|failure| matches!(failure.cause, VerifyError::NotBuilt { .. })).count();
    let rank = |error: &VerifyError| match error {
        VerifyError::Pending => 0,
        VerifyError::TimeUnknown | VerifyError::Unreachable { .. } => 1,
        VerifyError::NotBuilt { .. } if not_built >= missing => 2,
        VerifyError::Rejected(_) => 3,
        VerifyError::NotBuilt { .. } => 4,
    };
    let cause = failures.into_iter().map(|failure| failure.cause).min_by_key(rank);
    // A count above the number of entries, which policy validation refuses: Kyverno dereferences nil here.
    let cause = cause.unwrap_or(VerifyError::Rejected(Rejection::NoAttestor));
    let message = if message.is_empty() { cause.to_string() } else { message };
    SetFailure { message, cause }
}

fn verify_entry(
    entry: &PlannedAttestor,
    subject: &Subject<'_>,
    path: &str,
    context: &mut Context<'_, '_>,
) -> Result<VerifiedImage, SetFailure> {
    let path = format!("{path}{}", entry.suffix);
    let plan = match &entry.kind {
        PlannedKind::Nested(set) => return verify_set(set, subject, &path, context),
        PlannedKind::Signer(plan) => plan,
    };
    context.asker.attestor.clone_from(&path);
    context.trace.enter(|| Step::new("attestor", StepOutcome::Info, path.clone()).fact("path", path.clone()));
    let outcome = verify_attestor(entry, plan, subject, context);
    if let Err(error) = &outcome {
        context.trace.record(|| Step::new(error.code(), error.step_outcome(), error.to_string()));
    }
    context.trace.leave(match &outcome {
        Ok(_) => StepOutcome::Ok,
        Err(error) => error.step_outcome(),
    });
    outcome.map_err(|cause| SetFailure { message: format!("{path}: {cause}"), cause })
}
