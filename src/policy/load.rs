//! Texts to policies.

use super::check::Checker;
use super::{Policy, PolicyException, PolicyKind, autogen, decode, schema, validation};
use crate::diagnostic::{Diagnostic, Severity};
use crate::limits::Limits;
use crate::source::SourceName;
use crate::yaml::{Node, NodeKind, parse_documents};

/// What the texts hold.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The policies, in the order they were written.
    pub policies: Vec<Policy>,
    /// The exceptions.
    pub exceptions: Vec<PolicyException>,
    /// What is wrong or odd. A document with an error is in neither list.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads every policy and exception of `sources`: name and text each.
pub fn load(sources: &[(SourceName, &str)], limits: &Limits) -> Loaded {
    let mut loaded = Loaded::default();
    for (source, text) in sources {
        match parse_documents(text, limits) {
            Ok(documents) => loaded.documents(&documents, source),
            Err(error) => loaded.diagnostics.push(Diagnostic::from(error).in_source(source)),
        }
    }
    loaded
}

impl Loaded {
    /// A text without any policy is refused: whoever named it meant it to hold one.
    fn documents(&mut self, documents: &[Node], source: &SourceName) {
        let before = self.policies.len() + self.exceptions.len() + self.diagnostics.len();
        documents.iter().for_each(|document| self.document(document, source));
        if self.policies.len() + self.exceptions.len() + self.diagnostics.len() == before {
            let found = if documents.is_empty() { "no document" } else { "an empty list" };
            let message = format!("expected a policy, found {found}");
            self.diagnostics.push(Diagnostic::error("no-policy", message).in_source(source));
        }
    }

    /// Reads one document, which may be a list of them.
    pub fn document(&mut self, node: &Node, source: &SourceName) {
        let text = |name| decode::text(node, name).unwrap_or_default();
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        match (api_version.as_str(), kind.as_str()) {
            (_, "List" | "ClusterPolicyList" | "PolicyList" | "PolicyExceptionList") => self.list(node, source),
            ("kyverno.io/v1" | "kyverno.io/v2beta1", "ClusterPolicy") => {
                self.policy(node, PolicyKind::ClusterPolicy, source);
            }
            ("kyverno.io/v1" | "kyverno.io/v2beta1", "Policy") => self.policy(node, PolicyKind::Policy, source),
            ("kyverno.io/v2" | "kyverno.io/v2beta1", "PolicyException") => self.exception(node, source),
            _ => self.diagnostics.push(unknown_kind(node, &api_version, &kind).in_source(source)),
        }
    }

    fn list(&mut self, node: &Node, source: &SourceName) {
        if self.check(node, &schema::LIST, false, source) {
            decode::list(node, "items").iter().for_each(|item| self.document(item, source));
        }
    }

    fn policy(&mut self, node: &Node, kind: PolicyKind, source: &SourceName) {
        let v2beta1 = decode::text(node, "apiVersion").as_deref() == Some("kyverno.io/v2beta1");
        if !self.check(node, &schema::POLICY, v2beta1, source) {
            return;
        }
        let spec = decode::field(node, "spec");
        let written = spec.map(|spec| decode::list(spec, "rules")).unwrap_or_default();
        let rule = |(index, node): (usize, &Node)| decode::rule(node, &format!("spec.rules[{index}]"));
        let rules = written.iter().enumerate().map(rule).collect();
        let mut policy = decode::policy(node, kind, source, rules);
        let found = validation::validate(node, &policy);
        if !self.report(found, source) {
            policy.spec.rules = autogen::expand(written, policy.spec.rules, &policy.annotations);
            self.policies.push(policy);
        }
    }

    fn exception(&mut self, node: &Node, source: &SourceName) {
        if !self.check(node, &schema::EXCEPTION, true, source) {
            return;
        }
        let found = validation::validate_exception(node);
        let refused = self.report(found, source);
        if !refused {
            self.exceptions.push(decode::exception(node, source));
        }
    }

    fn check(&mut self, node: &Node, object: &schema::Object, v2beta1: bool, source: &SourceName) -> bool {
        let mut checker = Checker { v2beta1, found: Vec::new() };
        checker.object(node, object, "");
        !self.report(checker.found, source)
    }

    /// Notes what was found; is there an error among it?
    fn report(&mut self, found: Vec<Diagnostic>, source: &SourceName) -> bool {
        let refused = found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        self.diagnostics.extend(found.into_iter().map(|diagnostic| diagnostic.in_source(source)));
        refused
    }
}

fn unknown_kind(node: &Node, api_version: &str, kind: &str) -> Diagnostic {
    let not_mapping = !matches!(node.kind, NodeKind::Mapping(_));
    let message = if not_mapping {
        format!("expected a policy, found {}", node.describe())
    } else if kind.is_empty() || api_version.is_empty() {
        "expected a policy, found a document without apiVersion and kind".to_owned()
    } else if api_version.starts_with("policies.kyverno.io/") {
        format!("{kind} ({api_version}) is not supported yet")
    } else {
        format!("expected a ClusterPolicy, Policy or PolicyException, found {kind} ({api_version})")
    };
    Diagnostic::error("unsupported-kind", message).at("", node.span)
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
