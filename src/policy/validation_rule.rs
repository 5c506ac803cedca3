//! `validate`.

use super::{Conditions, ContextEntry, FailureAction, FailureActionOverride, Template};

/// What a validate rule asks for.
#[derive(Clone, Debug)]
pub struct Validation {
    /// What is said where it is not satisfied.
    pub message: Template,
    /// The test.
    pub check: Check,
    /// `failureAction`.
    pub failure_action: Option<FailureAction>,
    /// `failureActionOverrides`.
    pub failure_action_overrides: Vec<FailureActionOverride>,
    /// Are updates of objects let through that were in violation before.
    pub allow_existing_violations: bool,
}

/// A test of the object, or of an element of it.
#[derive(Clone, Debug)]
pub enum Check {
    /// One of these patterns.
    AnyPattern(Template),
    /// None of these conditions; without conditions it always denies.
    Deny(Option<Conditions>),
    /// For each element of these lists.
    ForEach(Vec<ForEachValidation>),
    /// Nothing that is evaluated.
    Nothing,
    /// This pattern.
    Pattern(Template),
}

/// One list of a `foreach`.
#[derive(Clone, Debug)]
pub struct ForEachValidation {
    /// JMESPath of the list.
    pub list: String,
    /// Are patterns held against the element.
    pub element_scope: Option<bool>,
    /// Named values.
    pub context: Vec<ContextEntry>,
    /// Elements for which these do not hold are left out.
    pub preconditions: Option<Conditions>,
    /// The test.
    pub check: Check,
}
