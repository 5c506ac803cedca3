//! Where rules put what they find.

use super::subject::PolicySubject;
use super::{Finding, Rule};
use crate::diagnostic::Diagnostic;
use crate::policy::Policy;
use crate::source::{SourceName, Span};

/// The findings of one rule.
pub(super) struct Report<'a> {
    rule: &'static Rule,
    subjects: &'a [PolicySubject<'a>],
    findings: &'a mut Vec<Finding>,
}

impl<'a> Report<'a> {
    pub(super) fn new(rule: &'static Rule, subjects: &'a [PolicySubject<'a>], findings: &'a mut Vec<Finding>) -> Self {
        Self { rule, subjects, findings }
    }

    /// Notes that `policy` says at `span` what the message tells.
    pub(super) fn add(&mut self, policy: &Policy, span: Span, message: impl Into<String>, advice: impl Into<String>) {
        self.push(&policy.source, span, message.into(), advice.into());
    }

    /// Takes over the warnings of these codes that loading the policies gave.
    pub(super) fn diagnostics(&mut self, codes: &[&str], diagnostics: &[Diagnostic]) {
        for found in diagnostics.iter().filter(|found| codes.contains(&found.code)) {
            let (Some(source), Some(span)) = (&found.source, found.span) else { continue };
            let text = found.message.as_str();
            let halves = || text.split_once(": ").or_else(|| text.split_once(". "));
            let (message, advice) = match &found.help {
                Some(help) => (text, help.as_str()),
                None => halves().unwrap_or((text, "")),
            };
            self.push(source, span, message.to_owned(), advice.to_owned());
        }
    }

    fn push(&mut self, source: &SourceName, span: Span, message: String, advice: String) {
        let is_here =
            |policy: &&PolicySubject<'_>| policy.policy.source == *source && encloses(policy.policy.span, span);
        let policy = self.subjects.iter().find(is_here);
        let rule = policy.and_then(|policy| policy.rules.iter().find(|rule| encloses(rule.node.span, span)));
        self.findings.push(Finding {
            rule: self.rule,
            message,
            advice,
            source: source.clone(),
            span,
            policy: policy.map(|policy| policy.policy.key()).unwrap_or_default(),
            policy_rule: rule.map(|rule| rule.rule.name.clone()),
        });
    }
}

fn encloses(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
