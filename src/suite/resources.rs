//! Objects of a text, as Kyverno's command line reads them.
//!
//! Source: Kyverno `cmd/cli/kubectl-kyverno/resource/resource.go`, `resource/duplicate.go`.

use crate::limits::Limits;
use crate::yaml::{YamlError, parse_documents};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Kinds of Kubernetes' own APIs that are in no namespace, by group (`data/api-group-resources.json`).
const CLUSTER_SCOPED: [(&str, &[&str]); 14] = [
    ("", &["ComponentStatus", "Namespace", "Node", "PersistentVolume"]),
    (
        "admissionregistration.k8s.io",
        &[
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
        ],
    ),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", &["APIService"]),
    ("authentication.k8s.io", &["SelfSubjectReview", "TokenReview"]),
    ("authorization.k8s.io", &["SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"]),
    ("certificates.k8s.io", &["CertificateSigningRequest"]),
    ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("networking.k8s.io", &["IPAddress", "IngressClass", "ServiceCIDR"]),
    ("node.k8s.io", &["RuntimeClass"]),
    ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"]),
    ("resource.k8s.io", &["DeviceClass", "ResourceSlice"]),
    ("scheduling.k8s.io", &["PriorityClass"]),
    ("storage.k8s.io", &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"]),
];

/// Fields that charts leave null where a mapping belongs.
const MAPPINGS: [&str; 6] = ["annotations", "data", "labels", "matchLabels", "nodeSelector", "stringData"];

/// What identifies an object in the results of a test.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) api_version: String,
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
}

impl Key {
    pub(super) fn of(object: &Value) -> Self {
        let text = |pointer| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            api_version: text("/apiVersion"),
            kind: text("/kind"),
            namespace: text("/metadata/namespace"),
            name: text("/metadata/name"),
        }
    }

    /// Of a payload that is no Kubernetes object: its path.
    pub(super) fn of_payload(path: &str) -> Self {
        let empty = String::new;
        Self { api_version: empty(), kind: empty(), namespace: empty(), name: path.to_owned() }
    }

    /// `namespace/name`, or the name where there is no namespace.
    pub(super) fn name(&self) -> String {
        if self.namespace.is_empty() { self.name.clone() } else { format!("{}/{}", self.namespace, self.name) }
    }

    /// Is it what a result names: `name` or `namespace/name`?
    pub(super) fn is_named(&self, text: &str) -> bool {
        match text.split_once('/') {
            None => text == self.name,
            Some(_) if text == self.name => true,
            Some((namespace, name)) => namespace == self.namespace && name == self.name,
        }
    }
}

/// The objects of a text; lists are unwrapped, and what names no namespace is in `default`.
pub(super) fn objects(text: &str, limits: &Limits) -> Result<Vec<Value>, YamlError> {
    let mut objects = Vec::new();
    for document in parse_documents(text, limits)? {
        unwrap(document.to_value(), &mut objects);
    }
    for object in &mut objects {
        place(object);
        fill(object);
    }
    Ok(objects)
}

/// Each object once, by group, kind, namespace and name; the first one counts.
pub(super) fn unique(objects: Vec<Value>) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let mut is_new = |object: &Value| {
        let key = Key::of(object);
        let group = key.api_version.rsplit_once('/').map_or("", |(group, _)| group).to_owned();
        seen.insert((group, key.kind, key.namespace, key.name))
    };
    objects.into_iter().filter(|object| is_new(object)).collect()
}

fn unwrap(mut object: Value, objects: &mut Vec<Value>) {
    let is_list = object.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
    match object.get_mut("items") {
        Some(Value::Array(items)) if is_list => items.drain(..).for_each(|item| unwrap(item, objects)),
        _ => objects.push(object),
    }
}

fn place(object: &mut Value) {
    let key = Key::of(object);
    if !key.namespace.is_empty() || is_cluster_scoped(&key) {
        return;
    }
    let Some(fields) = object.as_object_mut() else { return };
    let metadata = fields.entry("metadata").or_insert(Value::Null);
    if metadata.is_null() {
        *metadata = Value::Object(Map::new());
    }
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.insert("namespace".to_owned(), "default".into());
    }
}

fn is_cluster_scoped(key: &Key) -> bool {
    let group = key.api_version.split_once('/').map_or("", |(group, _)| group);
    CLUSTER_SCOPED.iter().any(|(scoped, kinds)| *scoped == group && kinds.contains(&key.kind.as_str()))
}

fn fill(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(fill),
        Value::Object(fields) => {
            for (key, value) in fields {
                if value.is_null() && MAPPINGS.contains(&key.as_str()) {
                    *value = Value::Object(Map::new());
                } else {
                    fill(value);
                }
            }
        }
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
#[path = "resources_tests.rs"]
mod tests;
