//! An admission request.

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
    /// Groups.
    pub groups: Vec<String>,
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
#[derive(Clone, Debug, Default)]
pub struct AdmissionRequest {
    /// What is done.
    pub operation: Operation,
    /// The new object; `None` on DELETE.
    pub object: Option<Value>,
    /// The old object, on UPDATE and DELETE.
    pub old_object: Option<Value>,
    /// The subresource; empty for the object itself.
    pub sub_resource: String,
    /// Who asks.
    pub user_info: UserInfo,
    /// Labels of namespaces, by name.
    pub namespace_labels: NamespaceLabels,
}

/// Kind, namespace and name of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceId {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// Namespace; empty for cluster-scoped ones.
    pub namespace: String,
    /// Name.
    pub name: String,
}

/// Why a value is no Kubernetes object.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ResourceError {
    /// Something in it has another type than Kubernetes gives it.
    #[error("expected {expected} at `{field}` of the resource, found {found}")]
    Type {
        /// JSON path.
        field: &'static str,
        /// What belongs there.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// There is nothing to evaluate.
    #[error("a {operation} request needs {needs}: give it")]
    Missing {
        /// The operation.
        operation: &'static str,
        /// What it needs.
        needs: &'static str,
    },
}

impl ResourceError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Type { .. } => "resource-malformed",
            Self::Missing { .. } => "resource-missing",
        }
    }
}

impl AdmissionRequest {
    /// A request about `object`. UPDATE without an old object takes the same one; DELETE has an old object only.
    pub fn new(operation: Operation, object: Value, old_object: Option<Value>) -> Result<Self, ResourceError> {
        let (object, old_object) = match operation {
            Operation::Delete => (None, Some(old_object.unwrap_or(object))),
            Operation::Update => (Some(object.clone()), Some(old_object.unwrap_or(object))),
            Operation::Create | Operation::Connect => (Some(object), old_object),
        };
        let request = Self { operation, object, old_object, ..Self::default() };
        request.check()?;
        Ok(request)
    }

    /// Checks what the engine reads of the objects.
    pub fn check(&self) -> Result<(), ResourceError> {
        let (present, needs) = match self.operation {
            Operation::Delete => (self.old_object.is_some(), "an old object"),
            Operation::Create | Operation::Update | Operation::Connect => (self.object.is_some(), "an object"),
        };
        if !present {
            return Err(ResourceError::Missing { operation: self.operation.as_str(), needs });
        }
        self.object.iter().chain(&self.old_object).try_for_each(check_object)
    }

    /// Kind, namespace and name of the object.
    pub fn resource_id(&self) -> ResourceId {
        let empty = Value::Null;
        let object = self.object.as_ref().or(self.old_object.as_ref()).unwrap_or(&empty);
        let target = Target { request: self, object };
        ResourceId {
            api_version: target.api_version().to_owned(),
            kind: target.kind().to_owned(),
            namespace: target.namespace().to_owned(),
            name: target.name().to_owned(),
        }
    }
}

fn check_object(object: &Value) -> Result<(), ResourceError> {
    let expect =
        |field: &'static str, pointer: &str, expected: &'static str, good: fn(&Value) -> bool, needed: bool| {
            match object.pointer(pointer) {
                None | Some(Value::Null) if !needed => Ok(()),
                Some(value) if good(value) => Ok(()),
                other => {
                    Err(ResourceError::Type { field, expected, found: other.map_or("nothing", crate::json::describe) })
                }
            }
        };
    expect("", "", "an object", Value::is_object, true)?;
    expect("apiVersion", "/apiVersion", "a string", Value::is_string, true)?;
    expect("kind", "/kind", "a string", |v| v.as_str().is_some_and(|s| !s.is_empty()), true)?;
    expect("metadata", "/metadata", "an object", Value::is_object, false)?;
    expect("metadata.name", "/metadata/name", "a string", Value::is_string, false)?;
    expect("metadata.generateName", "/metadata/generateName", "a string", Value::is_string, false)?;
    expect("metadata.namespace", "/metadata/namespace", "a string", Value::is_string, false)?;
    expect("metadata.labels", "/metadata/labels", "a map of strings", is_string_map, false)?;
    expect("metadata.annotations", "/metadata/annotations", "a map of strings", is_string_map, false)
}

fn is_string_map(value: &Value) -> bool {
    value.as_object().is_some_and(|map| map.values().all(Value::is_string))
}

/// The object that a rule looks at, within its request.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The request.
    pub request: &'a AdmissionRequest,
    /// The object as it now stands, or the old one where there is no new one.
    pub object: &'a Value,
}

impl<'a> Target<'a> {
    /// `object` as it now stands; on DELETE, the old object.
    pub fn new(request: &'a AdmissionRequest, object: &'a Value) -> Self {
        let object = match &request.old_object {
            Some(old) if object.is_null() => old,
            _ => object,
        };
        Self { request, object }
    }

    fn text(&self, pointer: &str) -> &'a str {
        self.object.pointer(pointer).and_then(Value::as_str).unwrap_or("")
    }

    /// `apiVersion`.
    pub fn api_version(&self) -> &'a str {
        self.text("/apiVersion")
    }

    /// `kind`.
    pub fn kind(&self) -> &'a str {
        self.text("/kind")
    }

    /// `metadata.namespace`.
    pub fn namespace(&self) -> &'a str {
        self.text("/metadata/namespace")
    }

    /// `metadata.name`, else `metadata.generateName`.
    pub fn name(&self) -> &'a str {
        match self.text("/metadata/name") {
            "" => self.text("/metadata/generateName"),
            name => name,
        }
    }

    /// A string map of the object: labels or annotations.
    pub fn string_map(&self, pointer: &str) -> BTreeMap<&'a str, &'a str> {
        let entries = self.object.pointer(pointer).and_then(Value::as_object);
        let entries = entries.into_iter().flatten();
        entries.filter_map(|(key, value)| value.as_str().map(|text| (key.as_str(), text))).collect()
    }
}
