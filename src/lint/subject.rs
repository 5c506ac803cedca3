//! What rules look at: the policy model beside the nodes that it was read from, which know where everything stands.

use crate::policy::{FailureAction, ImageVerification, Policy, Rule, RuleBody, field, list, text};
use crate::source::{SourceName, Span};
use crate::yaml::Node;

/// A policy.
pub(super) struct PolicySubject<'a> {
    pub(super) policy: &'a Policy,
    /// `spec`.
    pub(super) spec: &'a Node,
    /// The written rules, without those generated for pod controllers.
    pub(super) rules: Vec<RuleSubject<'a>>,
}

/// A written rule.
pub(super) struct RuleSubject<'a> {
    pub(super) policy: &'a Policy,
    pub(super) rule: &'a Rule,
    pub(super) node: &'a Node,
}

/// An element of verifyImages.
pub(super) struct EntrySubject<'a> {
    pub(super) policy: &'a Policy,
    pub(super) entry: &'a ImageVerification,
    pub(super) node: &'a Node,
}

/// The policies with the nodes of the documents that hold them.
pub(super) fn subjects<'a>(
    policies: &'a [Policy],
    documents: &'a [(&SourceName, Vec<Node>)],
) -> Vec<PolicySubject<'a>> {
    policies.iter().filter_map(|policy| subject(policy, documents)).collect()
}

fn subject<'a>(policy: &'a Policy, documents: &'a [(&SourceName, Vec<Node>)]) -> Option<PolicySubject<'a>> {
    let of_source = documents.iter().filter(|(source, _)| **source == policy.source);
    let document = of_source.flat_map(|(_, nodes)| nodes).find_map(|node| document_at(node, policy.span))?;
    let spec = field(document, "spec")?;
    let rule = |node: &'a Node| {
        let name = text(node, "name").unwrap_or_default();
        let rule = policy.spec.rules.iter().find(|rule| rule.name == name)?;
        Some(RuleSubject { policy, rule, node })
    };
    Some(PolicySubject { policy, spec, rules: list(spec, "rules").iter().filter_map(rule).collect() })
}

/// The document, or the element of a list of documents, that stands at `span`.
fn document_at(node: &Node, span: Span) -> Option<&Node> {
    if node.span == span && field(node, "spec").is_some() {
        return Some(node);
    }
    list(node, "items").iter().find_map(|item| document_at(item, span))
}

impl<'a> RuleSubject<'a> {
    /// The elements of verifyImages.
    pub(super) fn entries(&self) -> Vec<EntrySubject<'a>> {
        let RuleBody::VerifyImages(body) = &self.rule.body else { return Vec::new() };
        let subject = |(entry, node)| EntrySubject { policy: self.policy, entry, node };
        body.entries.iter().zip(list(self.node, "verifyImages")).map(subject).collect()
    }

    /// What a failure of the rule does: of the entries or the check, else of the policy.
    ///
    /// Source: Kyverno `pkg/engine/api/engineresponse.go`.
    pub(super) fn action(&self) -> FailureAction {
        let own = match &self.rule.body {
            RuleBody::VerifyImages(body) => {
                let actions = || body.entries.iter().filter_map(|entry| entry.failure_action);
                actions().find(|action| *action == FailureAction::Enforce).or_else(|| actions().next())
            }
            RuleBody::Validate(validation) => validation.failure_action,
            RuleBody::Generate | RuleBody::Mutate(_) => None,
        };
        own.unwrap_or(self.policy.spec.failure_action)
    }
}

impl<'a> EntrySubject<'a> {
    /// Where the field is written, or where the entry is.
    pub(super) fn place(&self, name: &str) -> Span {
        field(self.node, name).map_or(self.node.span, |value| value.span)
    }

    /// Every attestor set: of the entry, of its attestations, and those within attestors.
    pub(super) fn sets(&self) -> Vec<&'a Node> {
        let own = list(self.node, "attestors").iter();
        let attested = list(self.node, "attestations").iter().flat_map(|node| list(node, "attestors"));
        let mut sets: Vec<&Node> = own.chain(attested).collect();
        let mut at = 0;
        while let Some(set) = sets.get(at).copied() {
            sets.extend(list(set, "entries").iter().filter_map(|attestor| field(attestor, "attestor")));
            at += 1;
        }
        sets
    }

    /// What every attestor says under `kind`: `keys`, `certificates` or `keyless`.
    pub(super) fn attestors(&self, kind: &str) -> impl Iterator<Item = &'a Node> {
        let sets = self.sets().into_iter();
        sets.flat_map(|set| list(set, "entries")).filter_map(move |attestor| field(attestor, kind))
    }
}
