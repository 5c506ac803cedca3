//! What a caller supplies in place of a cluster.

use crate::resource::AdmissionRequest;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a caller supplies in place of a cluster.
#[derive(Clone, Debug, Default)]
pub struct Supplied {
    /// Dotted path (CSV quoting for dots) to value; merged into the context of every rule.
    pub values: BTreeMap<String, Value>,
    /// What single policies see instead, by name.
    pub policies: BTreeMap<String, PolicyValues>,
    /// Values of single rules, by policy and rule name.
    pub rules: BTreeMap<(String, String), RuleValues>,
    /// Objects that mutate-existing rules may change. Where there are none and the cluster is `Complete`, its objects.
    pub targets: Vec<Value>,
    /// Answers to API calls.
    pub api_calls: Vec<ApiResponse>,
    /// `name` or `name.projection` of a GlobalContextEntry to its data.
    pub global_context: BTreeMap<String, Value>,
    /// What is known of the cluster.
    pub cluster: ClusterAccess,
}

/// What one policy sees in place of what the others see.
#[derive(Clone, Debug, Default)]
pub struct PolicyValues {
    /// In place of [`Supplied::values`].
    pub values: BTreeMap<String, Value>,
    /// In place of the request: values can say what is done, and to what.
    pub request: AdmissionRequest,
}

/// Values of one rule.
#[derive(Clone, Debug, Default)]
pub struct RuleValues {
    /// Dotted path to value.
    pub values: BTreeMap<String, Value>,
    /// Dotted path to one value for each element of a foreach.
    pub foreach: BTreeMap<String, Vec<Value>>,
}

/// The answer to one API call.
#[derive(Clone, Debug)]
pub struct ApiResponse {
    /// HTTP method; empty: any.
    pub method: String,
    /// URL, or path of the Kubernetes API.
    pub url: String,
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
}

/// What is known of the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClusterAccess {
    /// Whoever evaluates can be asked: what is missing is a need.
    #[default]
    Ask,
    /// There is none: context entries that would ask it are not loaded.
    Absent,
    /// The objects among the artifacts are all there is.
    Complete,
}
