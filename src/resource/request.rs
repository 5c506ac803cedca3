//! An admission request and the object that it is about.
//!
//! Source: Kyverno `pkg/utils/admission/resource.go`; Kubernetes `admission.k8s.io/v1`.

use super::{ResourceId, Target};
use crate::json;
pub use crate::policy::Operation;
use serde_json::Value;
use std::collections::BTreeMap;
use thiserror::Error;

/// Labels by namespace name.
pub type NamespaceLabels = BTreeMap<String, BTreeMap<String, String>>;

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserInfo {
    /// User name.
    pub username: String,
    /// Identifies the user.
    pub uid: String,
    /// Groups.
    pub groups: Vec<String>,
    /// What the authenticator says beside.
    pub extra: BTreeMap<String, Vec<String>>,
    /// Roles, as `namespace:name`.
    pub roles: Vec<String>,
    /// Cluster roles.
    pub cluster_roles: Vec<String>,
}

impl UserInfo {
    /// Nobody is named: a background scan, or a command line without user information.
    pub fn is_empty(&self) -> bool {
        self.username.is_empty() && self.groups.is_empty() && self.roles.is_empty() && self.cluster_roles.is_empty()
    }
}

/// The request that policies are evaluated on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AdmissionRequest {
    /// What is done.
    pub operation: Operation,
    /// The new object; `None` on DELETE.
    pub object: Option<Value>,
    /// The old object, on UPDATE and DELETE.
    pub old_object: Option<Value>,
    /// The subresource; empty for the object itself.
    pub sub_resource: String,
    /// `apiVersion` and `kind` of what the subresource belongs to, where that is not the object's own kind.
    pub parent: Option<(String, String)>,
    /// Who asks.
    pub user_info: UserInfo,
    /// Labels of namespaces, by name. A namespace that is not in it is unknown, which is not without labels.
    pub namespace_labels: NamespaceLabels,
    /// Nothing is stored.
    pub dry_run: bool,
    /// Further fields of `request`, as they are in the AdmissionReview: `uid`, `kind`, `resource`, `options` and others.
    pub details: serde_json::Map<String, Value>,
}

/// Why a value is no object that a request can be about.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ResourceError {
    /// There is nothing to evaluate.
    #[error("a {operation} request needs {needs}: give it")]
    Missing {
        /// The operation.
        operation: &'static str,
        /// What it needs.
        needs: &'static str,
    },
    /// A list of objects, where one is judged at a time.
    #[error("expected one object, found a {kind} of objects: evaluate each of them")]
    List {
        /// The kind of list.
        kind: String,
    },
    /// Request and object name different namespaces.
    #[error("expected an object in namespace `{request}` of the request, found one in `{object}`")]
    Namespace {
        /// Namespace of the request.
        request: String,
        /// Namespace of the object.
        object: String,
    },
    /// Something has another type than Kubernetes gives it.
    #[error("expected {expected} at `{field}` of the resource, found {found}")]
    Type {
        /// The field; empty for the object itself.
        field: &'static str,
        /// What belongs there.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
}

impl ResourceError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::List { .. } => "resource-list",
            Self::Missing { .. } => "resource-missing",
            Self::Namespace { .. } => "resource-namespace",
            Self::Type { .. } => "resource-malformed",
        }
    }
}

impl AdmissionRequest {
    /// A request about `object`. UPDATE without an old object takes the same one, less what it claims of verified images:
    /// only an object that a cluster stored can say that. DELETE has an old object only.
    pub fn new(operation: Operation, object: Value, old_object: Option<Value>) -> Result<Self, ResourceError> {
        let (object, old_object) = match operation {
            Operation::Connect | Operation::Create => (Some(object), old_object),
            Operation::Delete => (None, Some(old_object.unwrap_or(object))),
            Operation::Update => {
                let old_object = old_object.unwrap_or_else(|| without_claims(object.clone()));
                (Some(object), Some(old_object))
            }
        };
        let request = Self { operation, object, old_object, ..Self::default() };
        request.check()?;
        Ok(request)
    }

    /// Sets the namespace that the request names on objects that name none, as Kyverno's webhook does.
    pub fn in_namespace(mut self, namespace: &str) -> Result<Self, ResourceError> {
        if !namespace.is_empty() {
            self.object.iter_mut().chain(&mut self.old_object).try_for_each(|object| place(object, namespace))?;
        }
        Ok(self)
    }

    /// Checks what is read of the objects.
    pub fn check(&self) -> Result<(), ResourceError> {
        let (present, needs) = match self.operation {
            Operation::Delete => (self.old_object.is_some(), "an old object"),
            Operation::Connect | Operation::Create | Operation::Update => (self.object.is_some(), "an object"),
        };
        if !present {
            return Err(ResourceError::Missing { operation: self.operation.as_str(), needs });
        }
        self.object.iter().chain(&self.old_object).try_for_each(check_object)
    }

    /// The object as it came; on DELETE, the old one.
    pub fn target(&self) -> Target<'_> {
        Target::new(self, self.object.as_ref().unwrap_or(&Value::Null))
    }

    /// Identifies the object.
    pub fn resource_id(&self) -> ResourceId {
        self.target().id()
    }
}

/// The object without the annotations that record verified images.
fn without_claims(mut object: Value) -> Value {
    if let Some(annotations) = object.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
        annotations.retain(|key, _| !key.starts_with("kyverno.io/verify-images"));
    }
    object
}

/// A Namespace is in none, whatever the request says.
fn place(object: &mut Value, namespace: &str) -> Result<(), ResourceError> {
    if object.get("kind").and_then(Value::as_str) == Some("Namespace") {
        return Ok(());
    }
    let written = object.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or("").to_owned();
    if !written.is_empty() && written != namespace {
        return Err(ResourceError::Namespace { request: namespace.to_owned(), object: written });
    }
    if let Some(object) = object.as_object_mut() {
        let metadata = object.entry("metadata").or_insert(Value::Null);
        if metadata.is_null() {
            *metadata = Value::Object(serde_json::Map::new());
        }
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.insert("namespace".to_owned(), namespace.into());
        }
    }
    Ok(())
}

fn check_object(object: &Value) -> Result<(), ResourceError> {
    let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
    if kind.ends_with("List") && object.get("items").is_some_and(Value::is_array) {
        return Err(ResourceError::List { kind: kind.to_owned() });
    }
    required(object, "", "", "an object", Value::is_object)?;
    required(object, "apiVersion", "/apiVersion", "`version` or `group/version`", is_api_version)?;
    required(object, "kind", "/kind", "a kind", |v| v.as_str().is_some_and(|kind| !kind.is_empty()))?;
    optional(object, "metadata", "/metadata", "an object", Value::is_object)?;
    optional(object, "metadata.name", "/metadata/name", "a string", Value::is_string)?;
    optional(object, "metadata.generateName", "/metadata/generateName", "a string", Value::is_string)?;
    optional(object, "metadata.namespace", "/metadata/namespace", "a string", Value::is_string)?;
    string_map(object, "metadata.labels", "/metadata/labels")?;
    string_map(object, "metadata.annotations", "/metadata/annotations")
}

type Test = fn(&Value) -> bool;

fn required(
    object: &Value,
    field: &'static str,
    pointer: &str,
    expected: &'static str,
    good: Test,
) -> Result<(), ResourceError> {
    match object.pointer(pointer) {
        Some(value) if good(value) => Ok(()),
        other => Err(ResourceError::Type { field, expected, found: other.map_or("nothing", describe) }),
    }
}

/// `null` is absent, as Kubernetes decodes it.
fn optional(
    object: &Value,
    field: &'static str,
    pointer: &str,
    expected: &'static str,
    good: Test,
) -> Result<(), ResourceError> {
    match object.pointer(pointer) {
        None | Some(Value::Null) => Ok(()),
        Some(_) => required(object, field, pointer, expected, good),
    }
}

fn string_map(object: &Value, field: &'static str, pointer: &str) -> Result<(), ResourceError> {
    optional(object, field, pointer, "an object", Value::is_object)?;
    let values = object.pointer(pointer).and_then(Value::as_object).into_iter().flat_map(|map| map.values());
    match values.into_iter().find(|value| !value.is_string()) {
        Some(value) => Err(ResourceError::Type { field, expected: "strings as values", found: describe(value) }),
        None => Ok(()),
    }
}

fn describe(value: &Value) -> &'static str {
    match value {
        Value::String(text) if text.is_empty() => "an empty string",
        Value::String(_) => "another string",
        other => json::describe(other),
    }
}

fn is_api_version(value: &Value) -> bool {
    let parts: Option<Vec<&str>> = value.as_str().map(|text| text.split('/').collect());
    parts.is_some_and(|parts| parts.len() <= 2 && parts.iter().all(|part| !part.is_empty()))
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
