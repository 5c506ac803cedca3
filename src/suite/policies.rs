//! The policies of a test: those that are evaluated, those that are invalid, and those of kinds that are not built.
//!
//! Source: Kyverno `cmd/cli/kubectl-kyverno/policy/load.go`, `commands/test/test.go`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::limits::Limits;
use crate::policy::{Loaded, Policy, PolicyException};
use crate::source::SourceName;
use crate::yaml::{Node, parse_documents};
use std::collections::BTreeMap;

/// What the policy and exception files of a test hold.
#[derive(Debug, Default)]
pub(super) struct Policies {
    pub(super) policies: Vec<Policy>,
    pub(super) exceptions: Vec<PolicyException>,
    /// Name of a policy that is understood and makes no sense, to why.
    pub(super) invalid: BTreeMap<String, String>,
    pub(super) others: Vec<OtherPolicy>,
    /// Errors refuse the test.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A policy of a kind that is not built.
#[derive(Debug)]
pub(super) struct OtherPolicy {
    pub(super) name: String,
    /// Kind and `apiVersion`.
    pub(super) kind: String,
}

/// Kinds that belong to policies of other kinds.
const COMPANIONS: [&str; 2] = ["MutatingAdmissionPolicyBinding", "ValidatingAdmissionPolicyBinding"];

/// Codes of what the reference refuses while it reads, with the whole test; it finds everything else invalid later and
/// leaves out the policy.
const UNREADABLE: [&str; 5] = ["invalid-value", "missing-field", "unknown-field", "unsupported-kind", "wrong-type"];

impl Policies {
    /// Reads one file.
    pub(super) fn read(&mut self, text: &str, source: &SourceName, limits: &Limits) {
        match parse_documents(text, limits) {
            Ok(documents) => documents.iter().for_each(|document| self.document(document, source)),
            Err(error) => self.diagnostics.push(Diagnostic::from(error).in_source(source)),
        }
    }

    fn document(&mut self, node: &Node, source: &SourceName) {
        let text = |name| node.field(name).and_then(Node::as_str).unwrap_or_default();
        let (api_version, kind) = (text("apiVersion"), text("kind"));
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        match (group, kind) {
            (_, "List") => {
                let items = node.field("items").map(|items| &items.kind);
                if let Some(crate::yaml::NodeKind::Sequence(items)) = items {
                    items.iter().for_each(|item| self.document(item, source));
                }
            }
            // Exceptions of CEL policies say nothing about the others.
            ("policies.kyverno.io", "PolicyException") => {}
            ("admissionregistration.k8s.io", kind) if COMPANIONS.contains(&kind) => {}
            ("policies.kyverno.io", _)
            | ("admissionregistration.k8s.io", "MutatingAdmissionPolicy" | "ValidatingAdmissionPolicy")
            | ("kyverno.io", "CleanupPolicy" | "ClusterCleanupPolicy") => {
                let kind = format!("{kind} ({api_version})");
                self.others.push(OtherPolicy { name: name_of(node), kind });
            }
            _ => self.classic(node, source),
        }
    }

    fn classic(&mut self, node: &Node, source: &SourceName) {
        let mut loaded = Loaded::default();
        loaded.document(node, source);
        let errors: Vec<&Diagnostic> =
            loaded.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
        if let Some(first) = errors.first() {
            if errors.iter().any(|error| UNREADABLE.contains(&error.code)) {
                self.diagnostics.append(&mut loaded.diagnostics);
                return;
            }
            self.invalid.insert(name_of(node), first.to_string());
            for diagnostic in &mut loaded.diagnostics {
                diagnostic.severity = Severity::Warning;
            }
        }
        self.diagnostics.append(&mut loaded.diagnostics);
        self.policies.append(&mut loaded.policies);
        self.exceptions.append(&mut loaded.exceptions);
    }
}

fn name_of(node: &Node) -> String {
    let name = node.field("metadata").and_then(|metadata| metadata.field("name"));
    name.and_then(Node::as_str).unwrap_or_default().to_owned()
}
