//! ClusterPolicy and Policy.

use super::{LabelSelector, Rule, Unsupported};
use crate::source::{SourceName, Span};
use std::collections::BTreeMap;

/// The two classic kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PolicyKind {
    /// Applies to every namespace.
    ClusterPolicy,
    /// Applies to its own namespace.
    Policy,
}

/// What a failed rule does to the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FailureAction {
    /// Reported only.
    #[default]
    Audit,
    /// Denied.
    Enforce,
}

/// What a rule that could not be evaluated does to the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FailurePolicy {
    /// Denied.
    #[default]
    Fail,
    /// Admitted.
    Ignore,
}

/// How many rules of a policy apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ApplyRules {
    /// Every rule.
    #[default]
    All,
    /// Stop after the first rule that passed or failed.
    One,
}

/// Another failure action for some namespaces (`validationFailureActionOverrides`).
#[derive(Clone, Debug, PartialEq)]
pub struct FailureActionOverride {
    /// The action; `None` where the text is neither `Audit` nor `Enforce`: such an entry never applies.
    pub action: Option<FailureAction>,
    /// Wildcards on the namespace; empty: no restriction.
    pub namespaces: Vec<String>,
    /// Selector on the labels of the namespace.
    pub namespace_selector: Option<LabelSelector>,
}

/// One policy document.
#[derive(Clone, Debug)]
pub struct Policy {
    /// ClusterPolicy or Policy.
    pub kind: PolicyKind,
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`, empty for a ClusterPolicy.
    pub namespace: String,
    /// `metadata.annotations`.
    pub annotations: BTreeMap<String, String>,
    /// The text it came from.
    pub source: SourceName,
    /// Where the document stands in it.
    pub span: Span,
    /// What it says.
    pub spec: Spec,
}

impl Policy {
    /// The key that exceptions and reports use: `name` or `namespace/name`.
    pub fn key(&self) -> String {
        match self.kind {
            PolicyKind::ClusterPolicy => self.name.clone(),
            PolicyKind::Policy => format!("{}/{}", self.namespace, self.name),
        }
    }
}

/// `spec`, defaults applied.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Evaluate at admission.
    pub admission: bool,
    /// Evaluate in background scans.
    pub background: bool,
    /// How many rules apply.
    pub apply_rules: ApplyRules,
    /// Warn on audit failures.
    pub emit_warning: bool,
    /// `validationFailureAction`.
    pub failure_action: FailureAction,
    /// `validationFailureActionOverrides`.
    pub failure_action_overrides: Vec<FailureActionOverride>,
    /// `webhookConfiguration.failurePolicy` or its deprecated alias.
    pub failure_policy: FailurePolicy,
    /// The rules as they are evaluated: the written ones, then those generated for pod controllers.
    pub rules: Vec<Rule>,
    /// Parts of the policy, outside its rules, whose behaviour is not built: every rule answers `error` naming them.
    pub unsupported: Vec<Unsupported>,
}
