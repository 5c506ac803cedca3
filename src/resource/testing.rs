//! Builders for the tests of this module.

use super::{AdmissionRequest, Operation};
use crate::policy::{
    ApplyRules, Block, FailureAction, FailurePolicy, LabelSelector, MatchResources, Policy, PolicyKind, Requirement,
    RequirementOperator, ResourceFilter, Spec,
};
use crate::source::{SourceName, Span};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

pub(super) fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

pub(super) fn labels(pairs: &[(&str, &str)]) -> LabelSelector {
    LabelSelector { match_labels: map(pairs), match_expressions: Vec::new() }
}

pub(super) fn expression(key: &str, operator: RequirementOperator, values: &[&str]) -> LabelSelector {
    let requirement = Requirement { key: key.to_owned(), operator, values: strings(values) };
    LabelSelector { match_labels: BTreeMap::new(), match_expressions: vec![requirement] }
}

pub(super) fn kinds(kinds: &[&str]) -> ResourceFilter {
    ResourceFilter { kinds: strings(kinds), ..ResourceFilter::default() }
}

pub(super) fn any(filters: Vec<ResourceFilter>) -> MatchResources {
    MatchResources { block: Block::Any(filters) }
}

pub(super) fn all(filters: Vec<ResourceFilter>) -> MatchResources {
    MatchResources { block: Block::All(filters) }
}

pub(super) fn direct(filter: ResourceFilter) -> MatchResources {
    MatchResources { block: Block::Direct(Box::new(filter)) }
}

pub(super) fn pod() -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": "web-1", "namespace": "shop",
            "labels": {"app": "web", "tier": "front"},
            "annotations": {"team.example/owner": "blue"},
        },
        "spec": {"containers": [{"name": "c", "image": "nginx"}]},
    })
}

pub(super) fn create(object: Value) -> AdmissionRequest {
    AdmissionRequest::new(Operation::Create, object, None).unwrap()
}

pub(super) fn request_of(api_version: &str, kind: &str) -> AdmissionRequest {
    create(json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}}))
}

pub(super) fn policy(kind: PolicyKind, namespace: &str) -> Policy {
    Policy {
        kind,
        name: "p".to_owned(),
        namespace: namespace.to_owned(),
        annotations: BTreeMap::new(),
        source: SourceName::new("policy.yaml"),
        span: Span::default(),
        spec: Spec {
            admission: true,
            background: true,
            apply_rules: ApplyRules::All,
            emit_warning: false,
            failure_action: FailureAction::Audit,
            failure_action_overrides: Vec::new(),
            failure_policy: FailurePolicy::Fail,
            rules: Vec::new(),
            unsupported: Vec::new(),
        },
    }
}

pub(super) fn cluster_policy() -> Policy {
    policy(PolicyKind::ClusterPolicy, "")
}
