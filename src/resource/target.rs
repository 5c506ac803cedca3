//! The object that a rule looks at.

use super::AdmissionRequest;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// What identifies an object in messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceId {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.namespace`; empty for cluster-scoped objects.
    pub namespace: String,
    /// `metadata.name`, else `metadata.generateName`.
    pub name: String,
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.namespace, self.kind, self.name)
    }
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
    /// `object` as it now stands; where it is null, as on DELETE, the old object.
    pub fn new(request: &'a AdmissionRequest, object: &'a Value) -> Self {
        let object = match &request.old_object {
            Some(old) if object.is_null() => old,
            _ => object,
        };
        Self { request, object }
    }

    /// Identifies the object.
    pub fn id(&self) -> ResourceId {
        ResourceId {
            api_version: self.api_version().to_owned(),
            kind: self.kind().to_owned(),
            namespace: self.namespace().to_owned(),
            name: self.name().to_owned(),
        }
    }

    /// `apiVersion`.
    pub fn api_version(&self) -> &'a str {
        self.text("/apiVersion")
    }

    /// The group of `apiVersion`; empty for the core group.
    pub fn group(&self) -> &'a str {
        self.api_version().split_once('/').map_or("", |(group, _)| group)
    }

    /// The version of `apiVersion`.
    pub fn version(&self) -> &'a str {
        self.api_version().split_once('/').map_or(self.api_version(), |(_, version)| version)
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

    /// `metadata.labels`.
    pub fn labels(&self) -> BTreeMap<&'a str, &'a str> {
        self.string_map("/metadata/labels")
    }

    /// `metadata.annotations`.
    pub fn annotations(&self) -> BTreeMap<&'a str, &'a str> {
        self.string_map("/metadata/annotations")
    }

    /// The labels of the object's namespace, if they are known.
    pub fn namespace_labels(&self) -> Option<BTreeMap<&'a str, &'a str>> {
        let labels = self.request.namespace_labels.get(self.namespace())?;
        Some(labels.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect())
    }

    fn text(&self, pointer: &str) -> &'a str {
        self.object.pointer(pointer).and_then(Value::as_str).unwrap_or("")
    }

    fn string_map(&self, pointer: &str) -> BTreeMap<&'a str, &'a str> {
        let entries = self.object.pointer(pointer).and_then(Value::as_object);
        let entries = entries.into_iter().flatten();
        entries.filter_map(|(key, value)| value.as_str().map(|text| (key.as_str(), text))).collect()
    }
}
