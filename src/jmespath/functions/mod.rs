//! The functions of the dialect.

use super::ast::Node;
use super::error::EvalError;
use super::eval::{Evaluation, Outcome};
use serde_json::Value;
use std::borrow::Cow;

/// An argument of a call.
pub(super) enum Argument<'a, 'e> {
    /// `&expression`.
    Expression(&'e Node),
    /// A value.
    Value(Cow<'a, Value>),
}

impl Argument<'_, '_> {
    /// The value, if it is one.
    pub(super) fn value(&self) -> Option<&Value> {
        match self {
            Self::Expression(_) => None,
            Self::Value(value) => Some(value),
        }
    }
}

/// Calls the function `name`.
pub(super) fn call<'a>(_evaluation: &Evaluation<'_>, name: &str, _arguments: Vec<Argument<'a, '_>>) -> Outcome<'a> {
    Err(EvalError::failed(format!("unknown function: {name}")))
}
