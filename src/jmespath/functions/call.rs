//! A call: its arguments, checked and taken apart.

use super::super::ast::Node;
use super::super::error::EvalError;
use super::super::eval::{Evaluation, Outcome};
use super::table::{self, Function, Type};
use crate::scalar::{float, print};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// An argument of a call.
pub(in super::super) enum Argument<'a, 'e> {
    /// `&expression`.
    Expression(&'e Node),
    /// A value.
    Value(Cow<'a, Value>),
}

impl Argument<'_, '_> {
    /// The value, if it is one.
    pub(in super::super) fn value(&self) -> Option<&Value> {
        match self {
            Self::Expression(_) => None,
            Self::Value(value) => Some(value),
        }
    }
}

/// What a function does.
pub(super) type Handler = for<'a> fn(&mut Call<'_, 'a>) -> Outcome<'a>;

/// A call whose arguments have the right types.
pub(super) struct Call<'c, 'a> {
    pub(super) name: &'static str,
    pub(super) evaluation: &'c Evaluation<'c>,
    arguments: Vec<Argument<'a, 'c>>,
}

/// Calls the function `name`.
pub(in super::super) fn call<'a, 'c>(
    evaluation: &'c Evaluation<'c>,
    name: &str,
    arguments: Vec<Argument<'a, 'c>>,
) -> Outcome<'a> {
    let function = table::find(name).ok_or_else(|| EvalError::failed(format!("unknown function: {name}")))?;
    check(function, &arguments)?;
    (function.handler)(&mut Call { name: function.name, evaluation, arguments })
}

/// A function that takes nothing is not asked what it is given, as upstream.
fn check(function: &Function, arguments: &[Argument<'_, '_>]) -> Result<(), EvalError> {
    let Some(last) = function.arguments.last() else { return Ok(()) };
    if function.variadic && arguments.len() < function.arguments.len() {
        return Err(EvalError::failed("Invalid arity."));
    }
    if !function.variadic && arguments.len() != function.arguments.len() {
        return Err(EvalError::failed("incorrect number of args"));
    }
    let types = function.arguments.iter().chain(std::iter::repeat(last));
    arguments.iter().zip(types).try_for_each(|(argument, types)| check_type(argument, types))
}

fn check_type(argument: &Argument<'_, '_>, types: &[Type]) -> Result<(), EvalError> {
    let found = match argument {
        Argument::Expression(_) if types.contains(&Type::Expression) => return Ok(()),
        Argument::Expression(_) => "an expression reference".to_owned(),
        Argument::Value(value) if types.iter().any(|kind| kind.admits(value)) => return Ok(()),
        Argument::Value(value) => print::display(value),
    };
    let names: Vec<String> = types.iter().map(|kind| format!("\"{}\"", kind.name())).collect();
    let expected = names.join(", ");
    Err(EvalError::failed(format!("Invalid type for: {found}, expected: []jmespath.JpType{{{expected}}}")))
}

/// A value that was made.
pub(super) fn given<'a>(value: impl Into<Value>) -> Outcome<'a> {
    Ok(Cow::Owned(value.into()))
}

/// What a Go function answers, or its message.
pub(super) fn answered<'a>(answer: Result<impl Into<Value>, impl ToString>) -> Outcome<'a> {
    answer.map(|value| Cow::Owned(value.into())).map_err(|error| EvalError::failed(error.to_string()))
}

/// A number; infinity and what is no number cannot be written in JSON.
pub(super) fn finite<'a>(number: f64) -> Outcome<'a> {
    if number.is_finite() {
        return given(float::to_value(number));
    }
    Err(EvalError::failed(format!("json: unsupported value: {}", float::general(number))))
}

impl<'c, 'a> Call<'c, 'a> {
    /// An error with the name of the function.
    pub(super) fn fail(&self, text: impl AsRef<str>) -> EvalError {
        EvalError::failed(format!("JMESPath function '{}': {}", self.name, text.as_ref()))
    }

    /// The error of an argument that is of another type; arguments are counted from 0.
    pub(super) fn other_type(&self, index: usize, expected: &str) -> EvalError {
        self.fail(format!("argument #{} is not of type {expected}", index + 1))
    }

    /// Counts the bytes that are about to be made.
    pub(super) fn charge(&self, bytes: usize) -> Result<(), EvalError> {
        self.evaluation.step(u64::try_from(bytes / 64).unwrap_or(u64::MAX))
    }

    pub(super) fn value(&self, index: usize) -> Result<&Value, EvalError> {
        let value = self.arguments.get(index).and_then(Argument::value);
        value.ok_or_else(|| self.other_type(index, "value"))
    }

    /// The argument itself; it is gone afterwards.
    pub(super) fn take(&mut self, index: usize) -> Outcome<'a> {
        match self.arguments.get_mut(index) {
            Some(Argument::Value(value)) => Ok(std::mem::replace(value, Cow::Owned(Value::Null))),
            _ => Err(self.other_type(index, "value")),
        }
    }

    /// All arguments that are values.
    pub(super) fn take_all(&mut self) -> Vec<Cow<'a, Value>> {
        let arguments = std::mem::take(&mut self.arguments);
        let value = |argument| match argument {
            Argument::Value(value) => Some(value),
            Argument::Expression(_) => None,
        };
        arguments.into_iter().filter_map(value).collect()
    }

    pub(super) fn text(&self, index: usize) -> Result<&str, EvalError> {
        self.value(index)?.as_str().ok_or_else(|| self.other_type(index, "string"))
    }

    pub(super) fn number(&self, index: usize) -> Result<f64, EvalError> {
        self.value(index)?.as_f64().ok_or_else(|| self.other_type(index, "float64"))
    }

    pub(super) fn list(&self, index: usize) -> Result<&[Value], EvalError> {
        match self.value(index)? {
            Value::Array(items) => Ok(items),
            _ => Err(self.other_type(index, "Array")),
        }
    }

    pub(super) fn object(&self, index: usize) -> Result<&Map<String, Value>, EvalError> {
        self.value(index)?.as_object().ok_or_else(|| self.other_type(index, "Object"))
    }

    pub(super) fn expression(&self, index: usize) -> Result<&'c Node, EvalError> {
        match self.arguments.get(index) {
            Some(Argument::Expression(node)) => Ok(node),
            _ => Err(self.other_type(index, "expref")),
        }
    }

    /// A text, or the text of a number.
    pub(super) fn text_or_number(&self, index: usize) -> Result<String, EvalError> {
        match self.value(index)? {
            Value::Bool(_) => None,
            value => scalar_text(value),
        }
        .ok_or_else(|| self.other_type(index, "String or Real"))
    }
}

/// The text of a scalar; `None` for null, lists and objects.
///
/// Source: Kyverno `pkg/engine/jmespath/functions.go`, `ifaceToString`.
pub(super) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::Array(_) | Value::Null | Value::Object(_) => None,
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => number.as_f64().map(float::shortest32),
        Value::String(text) => Some(text.clone()),
    }
}
