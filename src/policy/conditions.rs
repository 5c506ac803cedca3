//! Conditions: preconditions, `deny.conditions`, conditions of attestations and exceptions.

use super::Template;

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Left side.
    pub key: Template,
    /// Name of the operator, as written.
    pub operator: String,
    /// Right side.
    pub value: Template,
    /// What it says about its outcome.
    pub message: String,
}

/// A block of conditions.
#[derive(Clone, Debug, PartialEq)]
pub enum Conditions {
    /// `any` and `all`; both must hold. An `any` that is there and empty does not.
    AnyAll {
        /// One of these, where it is written.
        any: Option<Vec<Condition>>,
        /// All of these.
        all: Vec<Condition>,
    },
    /// The old plain list: all of these.
    List(Vec<Condition>),
}
