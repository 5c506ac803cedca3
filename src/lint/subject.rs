//! What rules look at: the policy model beside the nodes that it was read from, which know where everything stands.

use crate::policy::{FailureAction, ImageVerification, Policy, Rule, RuleBody, field, list};
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
    /// The elements of verifyImages.
    pub(super) entries: Vec<EntrySubject<'a>>,
}

/// An element of verifyImages.
pub(super) struct EntrySubject<'a> {
    pub(super) policy: &'a Policy,
    pub(super) entry: &'a ImageVerification,
    pub(super) node: &'a Node,
    /// Every attestor set: of the entry, of its attestations, and those within attestors.
    pub(super) sets: Vec<&'a Node>,
}

/// The text of a field; empty where there is none.
pub(super) fn word<'a>(node: &'a Node, name: &str) -> &'a str {
    field(node, name).and_then(Node::as_str).unwrap_or_default()
}

/// Where the field is written, or where its object is.
pub(super) fn place(node: &Node, name: &str) -> Span {
    field(node, name).unwrap_or(node).span
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
    let rules = list(spec, "rules").iter().filter_map(|node| rule(policy, node)).collect();
    Some(PolicySubject { policy, spec, rules })
}

fn rule<'a>(policy: &'a Policy, node: &'a Node) -> Option<RuleSubject<'a>> {
    let rule = policy.spec.rules.iter().find(|rule| rule.name == word(node, "name"))?;
    let entries: &[ImageVerification] = match &rule.body {
        RuleBody::VerifyImages(body) => &body.entries,
        RuleBody::Generate | RuleBody::Mutate(_) | RuleBody::Validate(_) => &[],
    };
    let entry = |(entry, node)| {
        let mut sets = Vec::new();
        find_sets(node, &mut sets);
        list(node, "attestations").iter().for_each(|attestation| find_sets(attestation, &mut sets));
        EntrySubject { policy, entry, node, sets }
    };
    let entries = entries.iter().zip(list(node, "verifyImages")).map(entry).collect();
    Some(RuleSubject { policy, rule, node, entries })
}

fn find_sets<'a>(node: &'a Node, found: &mut Vec<&'a Node>) {
    for set in list(node, "attestors") {
        find_nested(set, found);
    }
}

fn find_nested<'a>(set: &'a Node, found: &mut Vec<&'a Node>) {
    found.push(set);
    for nested in list(set, "entries").iter().filter_map(|attestor| field(attestor, "attestor")) {
        find_nested(nested, found);
    }
}

/// The document, or the element of a list of documents, that stands at `span`.
fn document_at(node: &Node, span: Span) -> Option<&Node> {
    if node.span == span && field(node, "spec").is_some() {
        return Some(node);
    }
    list(node, "items").iter().find_map(|item| document_at(item, span))
}

impl RuleSubject<'_> {
    /// What a failure of the rule does: of the entries or the check, else of the policy.
    ///
    /// Source: Kyverno `pkg/engine/api/engineresponse.go`.
    pub(super) fn action(&self) -> FailureAction {
        let enforces = |entry: &&EntrySubject<'_>| entry.entry.failure_action == Some(FailureAction::Enforce);
        let own = match &self.rule.body {
            RuleBody::VerifyImages(_) if self.entries.iter().any(|entry| enforces(&entry)) => {
                Some(FailureAction::Enforce)
            }
            RuleBody::VerifyImages(_) => self.entries.iter().find_map(|entry| entry.entry.failure_action),
            RuleBody::Validate(validation) => validation.failure_action,
            RuleBody::Generate | RuleBody::Mutate(_) => None,
        };
        own.unwrap_or(self.policy.spec.failure_action)
    }
}

impl<'a> EntrySubject<'a> {
    /// Does it verify signatures or attestations?
    pub(super) fn verifies(&self) -> bool {
        !self.entry.attestors.is_empty() || !self.entry.attestations.is_empty()
    }

    /// What every attestor says under `kind`: `keys`, `certificates` or `keyless`.
    pub(super) fn attestors(&self, kind: &str) -> Vec<&'a Node> {
        let mut found = Vec::new();
        for set in &self.sets {
            found.extend(list(set, "entries").iter().filter_map(|attestor| field(attestor, kind)));
        }
        found
    }
}
