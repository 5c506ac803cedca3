//! What every rule goes through before it does what it is for: context, preconditions, exceptions.
//!
//! Source: Kyverno `pkg/engine/engine.go` (`invokeRuleHandler`).

use super::result::{Phase, RuleResult, RuleStatus, RuleType};
use super::rule::RuleView;
use super::run::Run;
use super::{Compat, conditions, exceptions};
use crate::policy::{Policy, PolicyException, Rule};
use crate::scalar::print;
use crate::variables::substitute;
use serde_json::{Value, json};

/// What kind of answer a rule gives, and in which phase.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) rule_type: RuleType,
    pub(super) phase: Option<Phase>,
}

impl<'b> Run<'_, 'b> {
    /// The rule, if it applies to the object as it stands. A rule of which that cannot be told answers so.
    pub(super) fn applies(&mut self, policy: &'b Policy, rule: &'b Rule, kind: Kind) -> Option<RuleView<'b>> {
        if self.options.compat == Compat::Default
            && let Some(view) = RuleView::undecided(policy, rule, self.request, &self.object)
        {
            let namespace = self.request.resource_id().namespace;
            let message = format!(
                "the rule selects namespaces by label, and the labels of `{namespace}` are not known: give them"
            );
            self.say(&view, kind, RuleStatus::Error, "namespace-labels-unknown", message);
            return None;
        }
        RuleView::of(policy, rule, self.request, &self.object)
    }

    /// Enters the rule's context. `false`: the rule does not concern the object, or cannot be evaluated, and has said so.
    ///
    /// The caller restores the context.
    pub(super) fn enter(&mut self, view: &mut RuleView<'b>, kind: Kind, lifting: &[PolicyException]) -> bool {
        if let Some(unsupported) = view.unsupported() {
            let result = view.not_built(kind.phase, unsupported);
            self.results.push(RuleResult { rule_type: kind.rule_type, ..result });
            return false;
        }
        self.context.enter(view.policy, view.rule);
        if let Some(preconditions) = &view.rule.preconditions {
            match conditions::holds(preconditions, &mut self.context) {
                Ok((true, _)) => {}
                Ok((false, message)) => {
                    let message = conditions::join(&["preconditions not met", &message], "; ");
                    self.say(view, kind, RuleStatus::Skip, "preconditions-not-met", message);
                    return false;
                }
                Err(error) => {
                    let message = format!("failed to evaluate preconditions: {error}");
                    self.say(view, kind, RuleStatus::Error, "preconditions-failed", message);
                    return false;
                }
            }
        }
        self.substitute_properties(view);
        match exceptions::lifted(view, lifting, &self.object, kind, &mut self.context) {
            Some(skip) => {
                self.results.push(skip);
                false
            }
            None => true,
        }
    }

    /// Properties in which a variable has no value stay as they are written.
    fn substitute_properties(&mut self, view: &mut RuleView<'_>) {
        if !view.properties.values().any(|text| text.contains("{{") || text.contains("$(")) {
            return;
        }
        let written = json!(view.properties);
        if let Ok(Value::Object(properties)) = substitute(&written, &mut self.context) {
            let text = |value: Value| match value {
                Value::String(text) => text,
                other => print::json(&other),
            };
            view.properties = properties.into_iter().map(|(key, value)| (key, text(value))).collect();
        }
    }

    /// Adds a result.
    pub(super) fn say(
        &mut self,
        view: &RuleView<'_>,
        kind: Kind,
        status: RuleStatus,
        code: &'static str,
        message: impl Into<String>,
    ) {
        let result = view.result(kind.phase, status, code, message);
        self.results.push(RuleResult { rule_type: kind.rule_type, ..result });
    }
}
