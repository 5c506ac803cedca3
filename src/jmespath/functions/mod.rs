//! The functions of the dialect: JMESPath's own and Kyverno's.
//!
//! A new one is a line in `table` and a handler in the file of its theme. Source: `kyverno/go-jmespath`
//! `functions.go`, Kyverno `pkg/engine/jmespath/functions.go`.

mod arithmetic;
mod by;
mod collection;
mod data;
mod letters;
mod number;
mod pattern;
mod random;
mod table;
mod text;
mod time;

pub use table::{FUNCTIONS, Function, Type, find};

use super::ast::Node;
use super::error::EvalError;
use super::eval::{Evaluation, Outcome};
use crate::scalar::{float, print};
use serde_json::Value;
use std::borrow::Cow;

/// An argument of a call.
#[derive(Clone)]
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

/// A call: what was given, already of the types that the function declares.
pub(super) struct Call<'c, 'a, 'e> {
    name: &'static str,
    arguments: Vec<Argument<'a, 'e>>,
    evaluation: &'c Evaluation<'c>,
}

/// What a handler gives.
type Answer = Result<Value, EvalError>;

/// Calls the function `name`.
pub(super) fn call<'a>(evaluation: &Evaluation<'_>, name: &str, arguments: Vec<Argument<'a, '_>>) -> Outcome<'a> {
    let function = find(name).ok_or_else(|| EvalError::failed(format!("unknown function: {name}")))?;
    function.check(&arguments)?;
    let mut call = Call { name: function.name, arguments, evaluation };
    (function.handler)(&mut call).map(Cow::Owned)
}

impl<'e> Call<'_, '_, 'e> {
    fn value(&self, index: usize) -> &Value {
        self.arguments.get(index).and_then(Argument::value).unwrap_or(&Value::Null)
    }

    fn take(&mut self, index: usize) -> Value {
        match self.arguments.get_mut(index) {
            Some(Argument::Value(value)) => std::mem::take(value).into_owned(),
            _ => Value::Null,
        }
    }

    fn expression(&self, index: usize) -> Result<&'e Node, EvalError> {
        match self.arguments.get(index) {
            Some(Argument::Expression(node)) => Ok(node),
            _ => Err(self.failed("an expression reference (`&`) is expected")),
        }
    }

    fn text(&self, index: usize) -> &str {
        self.value(index).as_str().unwrap_or_default()
    }

    fn number(&self, index: usize) -> f64 {
        self.value(index).as_f64().unwrap_or_default()
    }

    fn items(&self, index: usize) -> &[Value] {
        self.value(index).as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// Counts the bytes that are about to be made, so that no more of them is made than there is work allowed.
    fn charge(&self, bytes: usize) -> Result<(), EvalError> {
        self.evaluation.step(u64::try_from(bytes / 64).unwrap_or(u64::MAX))
    }

    /// A number; upstream cannot write the others down.
    fn finite(&self, number: f64) -> Answer {
        if number.is_finite() {
            return Ok(float::to_value(number));
        }
        Err(self.failed(format!("the result is no number of JSON: {}", float::general(number))))
    }

    /// `JMESPath function 'NAME': TEXT`.
    fn failed(&self, text: impl std::fmt::Display) -> EvalError {
        EvalError::failed(format!("JMESPath function '{}': {text}", self.name))
    }

    fn wrong_type(&self, argument: usize, expected: &str) -> EvalError {
        self.failed(format!("argument #{argument} is not of type {expected}"))
    }

    /// A text, a number or a truth value as text: numbers as the shortest 32-bit float.
    fn as_text(&self, index: usize) -> Result<String, EvalError> {
        to_text(self.value(index)).ok_or_else(|| self.wrong_type(index + 1, "String or Real"))
    }
}

fn to_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => number.as_f64().map(float::shortest32),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

impl Function {
    /// Upstream's checks, and its texts.
    fn check(&self, arguments: &[Argument<'_, '_>]) -> Result<(), EvalError> {
        if self.arguments.is_empty() {
            return Ok(());
        }
        if self.is_variadic {
            let enough = arguments.len() >= self.arguments.len();
            return if enough { Ok(()) } else { Err(EvalError::failed("Invalid arity.")) };
        }
        if self.arguments.len() != arguments.len() {
            return Err(EvalError::failed("incorrect number of args"));
        }
        for (types, argument) in self.arguments.iter().zip(arguments) {
            if !types.iter().any(|kind| kind.accepts(argument)) {
                let found = argument.value().map_or_else(|| "{}".to_owned(), print::display);
                let names: Vec<String> = types.iter().map(|kind| format!("\"{}\"", kind.name())).collect();
                return Err(EvalError::failed(format!(
                    "Invalid type for: {found}, expected: []jmespath.JpType{{{}}}",
                    names.join(", ")
                )));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
