//! Functions of regular expressions.

use super::super::error::EvalError;
use super::super::eval::Outcome;
use super::call::{Call, given};
use super::table::{Function, STRING, TEXT, Type};
use crate::scalar::regex::{GoRegex, RegexError};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "regex_match",
        &[STRING, TEXT],
        Type::Bool,
        "does the expression match a part of the text?",
        regex_match,
    ),
    Function::new(
        "regex_replace_all",
        &[STRING, TEXT, TEXT],
        Type::String,
        "every match replaced; `$1` and `${name}` stand for groups",
        replace_all,
    ),
    Function::new(
        "regex_replace_all_literal",
        &[STRING, TEXT, TEXT],
        Type::String,
        "every match replaced by the text as it is",
        replace_all_literal,
    ),
];

/// Compiling costs far more than its few characters.
const COMPILE_COST: usize = 64 * 100;

fn compiled(call: &Call<'_, '_>, text: &str) -> Result<Result<GoRegex, RegexError>, EvalError> {
    let expression = call.text(0)?;
    call.charge(expression.len().saturating_mul(text.len().saturating_add(64)).saturating_add(COMPILE_COST))?;
    Ok(GoRegex::new(expression))
}

fn regex_match<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let text = call.text_or_number(1)?;
    let regex = compiled(call, &text)?.map_err(|error| EvalError::failed(error.to_string()))?;
    given(regex.is_match(&text))
}

fn replace_all<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    replace(call, GoRegex::replace_all)
}

fn replace_all_literal<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    replace(call, GoRegex::replace_all_literal)
}

/// There are at most as many matches as characters and one more; a group takes two characters of the replacement, and
/// all that one group matches is no longer than the text.
fn replace<'a>(call: &Call<'_, '_>, replace: fn(&GoRegex, &str, &str) -> String) -> Outcome<'a> {
    let (text, replacement) = (call.text_or_number(1)?, call.text_or_number(2)?);
    let regex = compiled(call, &text)?.map_err(|error| call.fail(error.to_string()))?;
    call.charge(text.len().saturating_add(1).saturating_mul(replacement.len().saturating_add(1)))?;
    given(replace(&regex, &text, &replacement))
}
