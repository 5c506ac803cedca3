//! The value of a tree. Source: `kyverno/go-jmespath` `interpreter.go`.
//!
//! Values are borrowed from the scope as long as nothing new is made of them.

use super::ast::{Comparator, Node};
use super::error::EvalError;
use super::functions::{self, Argument};
use crate::json::equal;
use crate::scalar::time::Timestamp;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::cell::Cell;

/// What an expression is evaluated on: named values.
pub trait Scope {
    /// The value of a name.
    fn lookup(&self, name: &str) -> Option<&Value>;
    /// All of it as one object: the current node `@`.
    fn whole(&self) -> Value;
    /// Is there nothing that has names: `null`, a scalar or a list?
    fn value(&self) -> Option<&Value> {
        None
    }
}

impl Scope for Value {
    fn lookup(&self, name: &str) -> Option<&Value> {
        self.get(name)
    }

    fn whole(&self) -> Value {
        self.clone()
    }

    fn value(&self) -> Option<&Value> {
        Some(self)
    }
}

/// What functions read beside their arguments.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'a> {
    /// The time of the evaluation.
    pub now: Option<&'a Timestamp>,
    /// Where random texts begin.
    pub seed: Option<u64>,
    /// Bound on the work of one expression: nodes visited plus values copied.
    pub steps: u64,
}

/// A value, or why there is none.
pub(super) type Outcome<'a> = Result<Cow<'a, Value>, EvalError>;

/// The value of `node` on `scope`.
pub(super) fn search(node: &Node, scope: &dyn Scope, environment: &Environment<'_>) -> Result<Value, EvalError> {
    let evaluation = Evaluation { environment, steps: Cell::new(0) };
    let at = scope.value().map_or(At::Scope(scope), At::Value);
    let value = evaluation.eval(node, at)?;
    evaluation.own(value)
}

/// Where an expression looks.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    Scope(&'a dyn Scope),
    Value(&'a Value),
}

/// One evaluation under way.
pub(super) struct Evaluation<'e> {
    pub(super) environment: &'e Environment<'e>,
    steps: Cell<u64>,
}

/// A missing key becomes null where upstream lets it.
fn forgive(outcome: Outcome<'_>) -> Outcome<'_> {
    match outcome {
        Err(EvalError::NotFound(_)) => Ok(Cow::Owned(Value::Null)),
        other => other,
    }
}

/// Left of a flattening, a filter or a value projection every error counts as null, but for the bound on work.
fn forgive_all<T>(outcome: Result<T, EvalError>) -> Result<Option<T>, EvalError> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error @ EvalError::TooMuch { .. }) => Err(error),
        Err(_) => Ok(None),
    }
}

/// `false`, null and everything empty.
pub(super) fn is_false(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Bool(flag) => !flag,
        Value::Null => true,
        Value::Number(_) => false,
        Value::Object(entries) => entries.is_empty(),
        Value::String(text) => text.is_empty(),
    }
}

impl<'a> Evaluation<'_> {
    /// Counts work.
    pub(super) fn step(&self, count: u64) -> Result<(), EvalError> {
        let total = self.steps.get().saturating_add(count);
        self.steps.set(total);
        let limit = self.environment.steps;
        if total > limit { Err(EvalError::TooMuch { limit }) } else { Ok(()) }
    }

    /// The work so far.
    pub(super) fn done(&self) -> u64 {
        self.steps.get()
    }

    /// Copies what is borrowed.
    pub(super) fn own(&self, value: Cow<'_, Value>) -> Result<Value, EvalError> {
        if let Cow::Borrowed(value) = value {
            self.step(size(value))?;
        }
        Ok(value.into_owned())
    }

    /// The value of `node` on `value`.
    pub(super) fn apply(&self, node: &Node, value: Cow<'a, Value>) -> Outcome<'a> {
        match value {
            Cow::Borrowed(value) => self.eval(node, At::Value(value)),
            Cow::Owned(_) if matches!(node, Node::Identity | Node::Current) => Ok(value),
            Cow::Owned(value) => {
                let result = self.eval(node, At::Value(&value))?;
                self.own(result).map(Cow::Owned)
            }
        }
    }

    pub(super) fn eval(&self, node: &Node, at: At<'a>) -> Outcome<'a> {
        self.step(1)?;
        match node {
            Node::And(left, right) => {
                let left = forgive(self.eval(left, at))?;
                if is_false(&left) { Ok(left) } else { self.eval(right, at) }
            }
            Node::Comparator(comparator, left, right) => {
                let left = forgive(self.eval(left, at))?;
                let right = forgive(self.eval(right, at))?;
                self.step(size(&left).min(size(&right)))?;
                Ok(Cow::Owned(compare(*comparator, &left, &right)))
            }
            Node::Current | Node::Identity => Ok(match at {
                At::Scope(scope) => Cow::Owned(scope.whole()),
                At::Value(value) => Cow::Borrowed(value),
            }),
            Node::ExpressionReference(_) => {
                Err(EvalError::failed("an expression reference (`&`) can only be an argument of a function"))
            }
            Node::Field { name, .. } => field(name, at),
            Node::Filter { .. } | Node::Flatten(_) | Node::Projection(..) | Node::ValueProjection(..) => {
                match self.items(node, at)? {
                    Some(items) => {
                        let items: Result<Vec<Value>, EvalError> =
                            items.into_iter().map(|item| self.own(item)).collect();
                        Ok(Cow::Owned(Value::Array(items?)))
                    }
                    None => Ok(Cow::Owned(Value::Null)),
                }
            }
            Node::Function { name, arguments, .. } => self.call(name, arguments, at),
            Node::Index(index) => Ok(element(at, *index)),
            Node::Literal(value) => Ok(Cow::Owned(value.clone())),
            Node::MultiSelectHash(entries) => self.multi_select_hash(entries, at),
            Node::MultiSelectList(nodes) => self.multi_select_list(nodes, at),
            Node::Not(node) => Ok(Cow::Owned(Value::Bool(is_false(forgive(self.eval(node, at))?.as_ref())))),
            Node::Or(left, right) => {
                let left = forgive(self.eval(left, at))?;
                if is_false(&left) { forgive(self.eval(right, at)) } else { Ok(left) }
            }
            Node::Pipe(left, right) => {
                let left = forgive(self.eval(left, at))?;
                forgive(self.apply(right, left))
            }
            Node::Slice(parts) => self.slice(parts, at),
            Node::Sub(left, right) => {
                let left = self.eval(left, at)?;
                self.apply(right, left)
            }
        }
    }

    /// The elements that a projection makes; `None` where it has nothing to project.
    fn items(&self, node: &Node, at: At<'a>) -> Result<Option<Vec<Cow<'a, Value>>>, EvalError> {
        match node {
            Node::Filter { left, right, condition } => {
                let Some(Some(items)) = forgive_all(self.items(left, at))? else { return Ok(None) };
                let mut kept = Vec::new();
                for item in items {
                    let holds = !is_false(forgive(self.eval(condition, At::Value(&item)))?.as_ref());
                    if holds {
                        self.project(right, item, &mut kept)?;
                    }
                }
                Ok(Some(kept))
            }
            Node::Flatten(left) => {
                let Some(Some(items)) = forgive_all(self.items(left, at))? else { return Ok(None) };
                Ok(Some(items.into_iter().flat_map(unfold).collect()))
            }
            Node::Projection(left, right) => {
                let items = match self.items(left, at) {
                    Err(EvalError::NotFound(_)) => None,
                    other => other?,
                };
                let Some(items) = items else { return Ok(None) };
                let mut projected = Vec::with_capacity(items.len());
                for item in items {
                    self.project(right, item, &mut projected)?;
                }
                Ok(Some(projected))
            }
            Node::ValueProjection(left, right) => {
                let Some(left) = forgive_all(self.eval(left, at))? else { return Ok(None) };
                let values: Vec<Cow<'a, Value>> = match left {
                    Cow::Borrowed(Value::Object(entries)) => entries.values().map(Cow::Borrowed).collect(),
                    Cow::Owned(Value::Object(entries)) => {
                        entries.into_iter().map(|(_, value)| Cow::Owned(value)).collect()
                    }
                    _ => return Ok(None),
                };
                let mut projected = Vec::with_capacity(values.len());
                for value in values {
                    self.project(right, value, &mut projected)?;
                }
                Ok(Some(projected))
            }
            other => Ok(match self.eval(other, at)? {
                Cow::Borrowed(Value::Array(items)) => Some(items.iter().map(Cow::Borrowed).collect()),
                Cow::Owned(Value::Array(items)) => Some(items.into_iter().map(Cow::Owned).collect()),
                _ => None,
            }),
        }
    }

    /// Adds what `node` makes of an element, unless that is null.
    fn project(&self, node: &Node, item: Cow<'a, Value>, into: &mut Vec<Cow<'a, Value>>) -> Result<(), EvalError> {
        self.step(1)?;
        let value = forgive(self.apply(node, item))?;
        if !value.is_null() {
            into.push(value);
        }
        Ok(())
    }

    fn call(&self, name: &str, nodes: &[Node], at: At<'a>) -> Outcome<'a> {
        let mut arguments = Vec::with_capacity(nodes.len());
        for node in nodes {
            arguments.push(match node {
                Node::ExpressionReference(node) => Argument::Expression(node),
                node => Argument::Value(forgive(self.eval(node, at))?),
            });
        }
        let values = arguments.iter().filter_map(Argument::value);
        self.step(values.map(size).sum())?;
        functions::call(self, name, arguments)
    }

    fn multi_select_hash(&self, entries: &[(String, Node)], at: At<'a>) -> Outcome<'a> {
        if matches!(at, At::Value(Value::Null)) {
            return Ok(Cow::Owned(Value::Null));
        }
        let mut object = Map::new();
        for (key, node) in entries {
            object.insert(key.clone(), self.own(forgive(self.eval(node, at))?)?);
        }
        Ok(Cow::Owned(Value::Object(object)))
    }

    fn multi_select_list(&self, nodes: &[Node], at: At<'a>) -> Outcome<'a> {
        if matches!(at, At::Value(Value::Null)) {
            return Ok(Cow::Owned(Value::Null));
        }
        let items: Result<Vec<Value>, EvalError> =
            nodes.iter().map(|node| self.own(forgive(self.eval(node, at))?)).collect();
        Ok(Cow::Owned(Value::Array(items?)))
    }

    fn slice(&self, parts: &[Option<i64>; 3], at: At<'a>) -> Outcome<'a> {
        let At::Value(Value::Array(items)) = at else { return Ok(Cow::Owned(Value::Null)) };
        let [start, stop, step] = *parts;
        let step = step.unwrap_or(1);
        if step == 0 {
            return Err(EvalError::failed("Invalid slice, step cannot be 0"));
        }
        let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let (first, last) = if step < 0 { (length - 1, -1) } else { (0, length) };
        let mut index = start.map_or(first, |start| bound(length, start, step));
        let stop = stop.map_or(last, |stop| bound(length, stop, step));
        let mut taken = Vec::new();
        while if step > 0 { index < stop } else { index > stop } {
            let item = usize::try_from(index).ok().and_then(|index| items.get(index));
            taken.push(self.own(Cow::Borrowed(item.unwrap_or(&Value::Null)))?);
            index = index.saturating_add(step);
        }
        Ok(Cow::Owned(Value::Array(taken)))
    }
}

/// An end of a slice within the list.
fn bound(length: i64, actual: i64, step: i64) -> i64 {
    if actual < 0 {
        let actual = actual.saturating_add(length);
        return if actual >= 0 { actual } else { -i64::from(step < 0) };
    }
    if actual < length { actual } else { length - i64::from(step < 0) }
}

fn field<'a>(name: &str, at: At<'a>) -> Outcome<'a> {
    let found = match at {
        At::Scope(scope) => scope.lookup(name),
        At::Value(Value::Object(entries)) => entries.get(name),
        At::Value(_) => return Ok(Cow::Owned(Value::Null)),
    };
    found.map(Cow::Borrowed).ok_or_else(|| EvalError::NotFound(name.to_owned()))
}

fn element(at: At<'_>, index: i64) -> Cow<'_, Value> {
    let At::Value(Value::Array(items)) = at else { return Cow::Owned(Value::Null) };
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let index = if index < 0 { index.saturating_add(length) } else { index };
    let item = usize::try_from(index).ok().and_then(|index| items.get(index));
    item.map_or(Cow::Owned(Value::Null), Cow::Borrowed)
}

fn unfold(item: Cow<'_, Value>) -> Vec<Cow<'_, Value>> {
    match item {
        Cow::Borrowed(Value::Array(items)) => items.iter().map(Cow::Borrowed).collect(),
        Cow::Owned(Value::Array(items)) => items.into_iter().map(Cow::Owned).collect(),
        other => vec![other],
    }
}

fn compare(comparator: Comparator, left: &Value, right: &Value) -> Value {
    let ordered = |holds: fn(&f64, &f64) -> bool| match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => Value::Bool(holds(&left, &right)),
        _ => Value::Null,
    };
    match comparator {
        Comparator::Equal => Value::Bool(equal(left, right)),
        Comparator::Greater => ordered(f64::gt),
        Comparator::GreaterOrEqual => ordered(f64::ge),
        Comparator::Less => ordered(f64::lt),
        Comparator::LessOrEqual => ordered(f64::le),
        Comparator::NotEqual => Value::Bool(!equal(left, right)),
    }
}

/// How much there is to copy: one for each value, more for long texts.
pub(super) fn size(value: &Value) -> u64 {
    match value {
        Value::Array(items) => items.iter().map(size).sum::<u64>().saturating_add(1),
        Value::Object(entries) => entries.values().map(size).sum::<u64>().saturating_add(1),
        Value::String(text) => u64::try_from(text.len() / 64).unwrap_or(u64::MAX).saturating_add(1),
        Value::Bool(_) | Value::Null | Value::Number(_) => 1,
    }
}
