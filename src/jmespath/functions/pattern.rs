//! Wildcards, regular expressions and version ranges.

use super::{Answer, Call};
use crate::jmespath::EvalError;
use crate::scalar::regex::GoRegex;
use crate::scalar::semver;
use crate::wildcard;

pub(super) fn pattern_match(call: &mut Call<'_, '_, '_>) -> Answer {
    let text = call.as_text(1)?;
    // Every character may be compared with every one of the pattern.
    call.charge(call.text(0).len().saturating_mul(text.len()))?;
    Ok(wildcard::matches(call.text(0), &text).into())
}

/// There are at most as many matches as characters and one more; a group takes two characters of the replacement, and
/// all that one group matches is no longer than the text.
fn charge_replacement(call: &Call<'_, '_, '_>, text: &str, replacement: &str) -> Result<(), EvalError> {
    call.charge(text.len().saturating_add(1).saturating_mul(replacement.len().saturating_add(1)))
}

fn regex(call: &Call<'_, '_, '_>) -> Result<GoRegex, EvalError> {
    GoRegex::new(call.text(0)).map_err(|error| call.failed(error))
}

pub(super) fn regex_match(call: &mut Call<'_, '_, '_>) -> Answer {
    let text = call.as_text(1)?;
    // Upstream gives the error of this one without the name of the function.
    let regex = GoRegex::new(call.text(0)).map_err(|error| EvalError::failed(error.to_string()))?;
    Ok(regex.is_match(&text).into())
}

pub(super) fn regex_replace_all(call: &mut Call<'_, '_, '_>) -> Answer {
    let (text, replacement) = (call.as_text(1)?, call.as_text(2)?);
    charge_replacement(call, &text, &replacement)?;
    Ok(regex(call)?.replace_all(&text, &replacement).to_string().into())
}

pub(super) fn regex_replace_all_literal(call: &mut Call<'_, '_, '_>) -> Answer {
    let (text, replacement) = (call.as_text(1)?, call.as_text(2)?);
    charge_replacement(call, &text, &replacement)?;
    Ok(regex(call)?.replace_all_literal(&text, &replacement).to_string().into())
}

pub(super) fn semver_compare(call: &mut Call<'_, '_, '_>) -> Answer {
    semver::semver_compare(call.text(0), call.text(1)).map(Into::into).map_err(EvalError::failed)
}
