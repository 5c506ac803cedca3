//! One rule about one object: does it apply, and what is common to everything that it says.

use super::result::{Phase, RuleResult, RuleStatus, RuleType};
use crate::oci::ImageReference;
use crate::policy::{FailureAction, Policy, Rule, Unsupported};
use crate::resource::{AdmissionRequest, Target, failure_action, rule_applies};
use crate::source::Spanned;
use crate::wildcard;
use serde_json::Value;

/// A rule, its policy and the object it looks at.
pub(super) struct RuleView<'a> {
    pub(super) policy: &'a Policy,
    pub(super) rule: &'a Rule,
    pub(super) request: &'a AdmissionRequest,
    action: FailureAction,
}

impl<'a> RuleView<'a> {
    /// The rule, if it applies to the request as `object` now stands.
    pub(super) fn of(
        policy: &'a Policy,
        rule: &'a Rule,
        request: &'a AdmissionRequest,
        object: &Value,
    ) -> Option<Self> {
        let target = Target::new(request, object);
        rule_applies(policy, &rule.match_resources, rule.exclude.as_ref(), &target).then(|| Self {
            policy,
            rule,
            request,
            action: failure_action(policy, rule, &target),
        })
    }

    /// What is not built of this rule or its policy.
    pub(super) fn unsupported(&self) -> Option<&'a Unsupported> {
        self.policy.spec.unsupported.first().or(self.rule.unsupported.first())
    }

    /// A result of this rule.
    pub(super) fn result(
        &self,
        phase: Option<Phase>,
        status: RuleStatus,
        code: &'static str,
        message: impl Into<String>,
    ) -> RuleResult {
        RuleResult {
            policy: self.policy.name.clone(),
            policy_key: self.policy.key(),
            rule: self.rule.name.clone(),
            rule_type: RuleType::ImageVerify,
            phase,
            image: None,
            status,
            code,
            message: message.into(),
            failure_action: self.action,
            properties: self.rule.report_properties.clone(),
            source: self.policy.source.clone(),
            span: self.rule.span,
            emit_warning: false,
            trace: None,
        }
    }

    /// The result of a rule that needs something which is not built.
    pub(super) fn not_built(&self, phase: Option<Phase>, unsupported: &Unsupported) -> RuleResult {
        let message = format!(
            "{} not available: {} (line {}, column {})",
            unsupported.feature, unsupported.path, unsupported.span.start.line, unsupported.span.start.column
        );
        self.result(phase, RuleStatus::Error, "not-built", message)
    }
}

/// The first of `patterns` that matches an image.
pub(super) fn matched<'a>(patterns: &'a [Spanned<String>], image: &ImageReference) -> Option<&'a Spanned<String>> {
    patterns.iter().find(|pattern| wildcard::matches(&pattern.value, image.canonical()))
}
