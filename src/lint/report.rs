//! Where rules put what they find.

use super::subject::PolicySubject;
use super::{Finding, Rule};
use crate::diagnostic::Diagnostic;
use crate::policy::Policy;
use crate::source::{SourceName, Span};
use std::fmt::Arguments;

/// The findings of one rule.
pub(super) struct Report<'a> {
    pub(super) rule: &'static Rule,
    pub(super) subjects: &'a [PolicySubject<'a>],
    pub(super) findings: &'a mut Vec<Finding>,
}

impl Report<'_> {
    /// Notes that `policy` says at `span` what the message tells.
    pub(super) fn add(&mut self, policy: &Policy, span: Span, message: Arguments<'_>, advice: Arguments<'_>) {
        self.push(&policy.source, span, message.to_string(), advice.to_string());
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

    /// Keeps the findings in the order of their places.
    fn push(&mut self, source: &SourceName, span: Span, message: String, advice: String) {
        let is_here =
            |policy: &PolicySubject<'_>| policy.policy.source == *source && encloses(policy.policy.span, span);
        let policy = self.subjects.iter().position(is_here).unwrap_or_default();
        let Some(subject) = self.subjects.get(policy) else { return };
        let rule = subject.rules.iter().find(|rule| encloses(rule.node.span, span));
        let finding = Finding {
            rule: self.rule,
            message,
            advice,
            source: source.clone(),
            span,
            policy_index: policy,
            policy: subject.policy.key(),
            policy_rule: rule.map(|rule| rule.rule.name.clone()),
        };
        let before = |other: &Finding| (other.policy_index, other.span.start) <= (policy, span.start);
        let at = self.findings.partition_point(before);
        self.findings.insert(at, finding);
    }
}

fn encloses(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
