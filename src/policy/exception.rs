//! PolicyException.

use super::{Conditions, MatchResources, Unsupported};
use crate::source::{SourceName, Span};

/// A PolicyException (`kyverno.io/v2`, `v2beta1`).
#[derive(Clone, Debug)]
pub struct PolicyException {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`; empty where the document has none.
    pub namespace: String,
    /// The text it came from.
    pub source: SourceName,
    /// Where the document stands in it.
    pub span: Span,
    /// Which rules of which policies it lifts.
    pub targets: Vec<ExceptionTarget>,
    /// For which resources.
    pub match_resources: MatchResources,
    /// It lifts where these hold.
    pub conditions: Option<Conditions>,
    /// Parts whose behaviour is not built: where the exception would apply, the rule answers `error` naming them.
    pub unsupported: Vec<Unsupported>,
}

impl PolicyException {
    /// `namespace/name`, or the name alone.
    pub fn key(&self) -> String {
        if self.namespace.is_empty() { self.name.clone() } else { format!("{}/{}", self.namespace, self.name) }
    }
}

/// One element of `spec.exceptions`.
#[derive(Clone, Debug, PartialEq)]
pub struct ExceptionTarget {
    /// `name` or `namespace/name` of the policy.
    pub policy_name: String,
    /// Wildcards on the rule name.
    pub rule_names: Vec<String>,
}
