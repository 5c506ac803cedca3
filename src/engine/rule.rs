//! One rule about one object: does it apply, and what is common to everything that it says.

use super::result::{Phase, RuleResult, RuleStatus, RuleType};
use crate::oci::ImageReference;
use crate::policy::{Block, FailureAction, MatchResources, Policy, ResourceFilter, Rule, Unsupported};
use crate::resource::{AdmissionRequest, Target, failure_action, lacks_namespace_labels, rule_applies};
use crate::source::Spanned;
use crate::wildcard;
use serde_json::Value;
use std::collections::BTreeMap;

/// A rule, its policy and the object it looks at.
pub(super) struct RuleView<'a> {
    pub(super) policy: &'a Policy,
    pub(super) rule: &'a Rule,
    pub(super) request: &'a AdmissionRequest,
    /// What reports say beside the result.
    pub(super) properties: BTreeMap<String, String>,
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
            properties: rule.report_properties.clone(),
            action: failure_action(policy, rule, &target),
        })
    }

    /// The rule, if whether it applies depends on labels of the object's namespace that nobody gave.
    // DIVERGENCE namespace-labels-unknown: upstream's command line takes unknown labels for none, which can leave a rule
    // out without a word.
    pub(super) fn undecided(
        policy: &'a Policy,
        rule: &'a Rule,
        request: &'a AdmissionRequest,
        object: &Value,
    ) -> Option<Self> {
        let target = Target::new(request, object);
        if !lacks_namespace_labels(&rule.match_resources, rule.exclude.as_ref(), &target) {
            return None;
        }
        let matched = widest(&rule.match_resources);
        let excluded = rule.exclude.as_ref().and_then(narrowest);
        rule_applies(policy, &matched, excluded.as_ref(), &target).then(|| Self {
            policy,
            rule,
            request,
            properties: rule.report_properties.clone(),
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
            properties: self.properties.clone(),
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

/// The block as if every namespace selector held.
fn widest(block: &MatchResources) -> MatchResources {
    let widen = |filter: &ResourceFilter| {
        let wide = ResourceFilter { namespace_selector: None, ..filter.clone() };
        // A filter that names nothing else matches everything then, and not nothing.
        if wide == ResourceFilter::default() { ResourceFilter { kinds: vec!["*".to_owned()], ..wide } } else { wide }
    };
    let all = |filters: &[ResourceFilter]| filters.iter().map(widen).collect();
    MatchResources {
        block: match &block.block {
            Block::All(filters) => Block::All(all(filters)),
            Block::Any(filters) => Block::Any(all(filters)),
            Block::Direct(filter) => Block::Direct(Box::new(widen(filter))),
        },
    }
}

/// The block as if no namespace selector held; `None`: nothing is left of it.
fn narrowest(block: &MatchResources) -> Option<MatchResources> {
    let selects = |filter: &ResourceFilter| filter.namespace_selector.is_some();
    let block = match &block.block {
        Block::Any(filters) => {
            let kept: Vec<_> = filters.iter().filter(|filter| !selects(filter)).cloned().collect();
            (!kept.is_empty()).then_some(Block::Any(kept))
        }
        other => (!block.filters().iter().any(selects)).then(|| other.clone()),
    };
    block.map(|block| MatchResources { block })
}
