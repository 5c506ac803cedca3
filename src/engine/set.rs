//! Policies, loaded once and evaluated many times.

use crate::diagnostic::{Diagnostic, Severity};
use crate::limits::Limits;
use crate::policy::{self, Policy, PolicyException, RuleBody};
use crate::source::SourceName;
use crate::verify::EntryPlan;

/// Policies and exceptions, ready to evaluate.
///
/// # Example
///
/// ```
/// use vidimus::{Limits, PolicySet, SourceName};
///
/// let text = "
/// apiVersion: kyverno.io/v1
/// kind: ClusterPolicy
/// metadata: { name: signed }
/// spec:
///   rules:
///   - name: signed
///     match: { any: [{ resources: { kinds: [Pod] } }] }
///     verifyImages:
///     - imageReference: ['*']
///       failureAction: Enforce
/// ";
/// let diagnostics = PolicySet::load(&[(SourceName::new("signed.yaml"), text)], &Limits::default()).unwrap_err();
/// assert_eq!(diagnostics[0].code, "unknown-field");
/// assert_eq!(diagnostics[0].help.as_deref(), Some("did you mean `imageReferences`?"));
/// ```
#[derive(Debug)]
pub struct PolicySet {
    pub(super) policies: Vec<PreparedPolicy>,
    pub(super) exceptions: Vec<PolicyException>,
    diagnostics: Vec<Diagnostic>,
}

/// A policy with what is made ready once.
#[derive(Debug)]
pub(super) struct PreparedPolicy {
    pub(super) policy: Policy,
    /// For each rule, for each verifyImages entry.
    pub(super) plans: Vec<Vec<EntryPlan>>,
}

impl PolicySet {
    /// Loads every policy and exception in `sources` (name and text each; YAML or JSON, several documents a text).
    ///
    /// Errors: everything that is wrong with any of them, each with its place. One policy that cannot be understood
    /// refuses the set: the others must not pass in silence.
    pub fn load(sources: &[(SourceName, &str)], limits: &Limits) -> Result<Self, Vec<Diagnostic>> {
        let loaded = policy::load(sources, limits);
        if loaded.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            return Err(loaded.diagnostics);
        }
        let set = Self::of(loaded.policies, loaded.exceptions);
        Ok(Self { diagnostics: loaded.diagnostics, ..set })
    }

    /// The set of policies and exceptions that were loaded before.
    pub fn of(policies: Vec<Policy>, exceptions: Vec<PolicyException>) -> Self {
        Self { policies: policies.into_iter().map(prepare).collect(), exceptions, diagnostics: Vec::new() }
    }

    /// Warnings about the policies.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The policies.
    pub fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.policies.iter().map(|prepared| &prepared.policy)
    }
}

fn prepare(policy: Policy) -> PreparedPolicy {
    let plan = |rule: &policy::Rule| match &rule.body {
        RuleBody::VerifyImages(rules) => rules.entries.iter().map(EntryPlan::new).collect(),
        RuleBody::Generate | RuleBody::Mutate(_) | RuleBody::Validate(_) => Vec::new(),
    };
    let plans = policy.spec.rules.iter().map(plan).collect();
    PreparedPolicy { policy, plans }
}
