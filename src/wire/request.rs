//! What to evaluate.

use super::{DEPTH, OptionsDocument, malformed};
use crate::diagnostic::Diagnostic;
use crate::engine::Options;
use crate::json;
use crate::limits::Limits;
use crate::resource::{AdmissionRequest, NamespaceLabels, Operation, ResourceError, UserInfo};
use crate::source::SourceName;
use crate::yaml::parse_documents;
use serde::Deserialize;
use serde_json::Value;

/// A question: exactly one of `resource`, `resourceText` and `request`, and options.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct EvaluateDocument {
    /// A Kubernetes object, or a whole AdmissionReview.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub resource: Option<Value>,
    /// YAML or JSON of one object.
    pub resource_text: Option<String>,
    /// What diagnostics call that text.
    pub resource_name: Option<String>,
    /// The request of an AdmissionReview.
    pub request: Option<RequestReview>,
    /// CREATE unless it is given; not together with `request`.
    #[cfg_attr(feature = "typescript", ts(optional, type = "\"CREATE\" | \"UPDATE\" | \"DELETE\" | \"CONNECT\""))]
    pub operation: Option<String>,
    /// The object before an UPDATE; not together with `request`.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub old_resource: Option<Value>,
    /// Who asks; not together with `request`.
    pub user_info: Option<UserInfoDocument>,
    /// Labels of namespaces, by name.
    pub namespace_labels: Option<NamespaceLabels>,
    /// How.
    pub options: Option<OptionsDocument>,
}

/// The request of an AdmissionReview. Fields that no rule reads are accepted and ignored, as Kubernetes adds to them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct RequestReview {
    /// What is done.
    pub operation: String,
    /// The new object.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub object: Option<Value>,
    /// The old one.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub old_object: Option<Value>,
    /// Subresource.
    pub sub_resource: Option<String>,
    /// Namespace of the request.
    pub namespace: Option<String>,
    /// Who asks.
    pub user_info: Option<UserInfoDocument>,
}

/// Who asks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct UserInfoDocument {
    /// User name.
    pub username: Option<String>,
    /// Groups.
    pub groups: Option<Vec<String>>,
    /// Roles, as `namespace:name`.
    pub roles: Option<Vec<String>>,
    /// Cluster roles.
    pub cluster_roles: Option<Vec<String>>,
}

impl EvaluateDocument {
    /// Parses the JSON text.
    pub fn parse(bytes: &[u8]) -> Result<Self, Diagnostic> {
        let value = json::parse(bytes, DEPTH).map_err(|error| malformed("request", &error))?;
        serde_json::from_value(value).map_err(|error| malformed("request", &error))
    }

    /// The request, the options, and whether the answer carries evidence.
    pub fn into_parts(mut self) -> Result<(AdmissionRequest, Options, bool), Diagnostic> {
        let (options, with_evidence) = self.options.take().unwrap_or_default().into_options()?;
        let labels = self.namespace_labels.take().unwrap_or_default();
        let mut request = self.into_request(&options.limits)?;
        request.namespace_labels = labels;
        Ok((request, options, with_evidence))
    }

    fn into_request(self, limits: &Limits) -> Result<AdmissionRequest, Diagnostic> {
        let written = [self.resource.is_some(), self.resource_text.is_some(), self.request.is_some()];
        if written.iter().filter(|written| **written).count() != 1 {
            let error = "expected exactly one of resource, resourceText and request";
            return Err(malformed("request", &error));
        }
        if let Some(review) = self.request {
            if self.operation.is_some() || self.old_resource.is_some() || self.user_info.is_some() {
                let error = "operation, oldResource and userInfo stand within request where there is one";
                return Err(malformed("request", &error));
            }
            return review.into_request();
        }
        let object = match (self.resource, self.resource_text) {
            (Some(object), _) => object,
            (None, text) => object(&text.unwrap_or_default(), self.resource_name.as_deref(), limits)?,
        };
        if object.get("kind").and_then(Value::as_str) == Some("AdmissionReview") {
            return RequestReview::of(object)?.into_request();
        }
        let operation = operation(self.operation.as_deref().unwrap_or("CREATE"))?;
        let mut request =
            AdmissionRequest::new(operation, object, self.old_resource).map_err(|error| refused(&error))?;
        request.user_info = self.user_info.unwrap_or_default().into();
        Ok(request)
    }
}

impl RequestReview {
    /// The request within an AdmissionReview.
    fn of(mut review: Value) -> Result<Self, Diagnostic> {
        let request = review.get_mut("request").map(Value::take).unwrap_or_default();
        serde_json::from_value(request).map_err(|error| malformed("AdmissionReview.request", &error))
    }

    fn into_request(self) -> Result<AdmissionRequest, Diagnostic> {
        let present = |object: Option<Value>| object.filter(|object| !object.is_null());
        let request = AdmissionRequest {
            operation: operation(&self.operation)?,
            object: present(self.object),
            old_object: present(self.old_object),
            sub_resource: self.sub_resource.unwrap_or_default(),
            user_info: self.user_info.unwrap_or_default().into(),
            ..AdmissionRequest::default()
        };
        let namespace = self.namespace.unwrap_or_default();
        let request = request.in_namespace(&namespace).map_err(|error| refused(&error))?;
        request.check().map_err(|error| refused(&error))?;
        Ok(request)
    }
}

impl From<UserInfoDocument> for UserInfo {
    fn from(document: UserInfoDocument) -> Self {
        Self {
            username: document.username.unwrap_or_default(),
            groups: document.groups.unwrap_or_default(),
            roles: document.roles.unwrap_or_default(),
            cluster_roles: document.cluster_roles.unwrap_or_default(),
        }
    }
}

fn operation(text: &str) -> Result<Operation, Diagnostic> {
    let error = || malformed("operation", &format!("expected CREATE, UPDATE, DELETE or CONNECT, found `{text}`"));
    Operation::parse(text).ok_or_else(error)
}

fn refused(error: &ResourceError) -> Diagnostic {
    Diagnostic::error(error.code(), error.to_string())
}

/// The one object in a text.
fn object(text: &str, name: Option<&str>, limits: &Limits) -> Result<Value, Diagnostic> {
    let source = SourceName::new(name.unwrap_or("resource"));
    let documents = parse_documents(text, limits).map_err(|error| Diagnostic::from(error).in_source(&source))?;
    match documents.as_slice() {
        [node] => Ok(node.to_value()),
        other => {
            let message = format!("expected one object, found {}", other.len());
            Err(Diagnostic::error("resource-count", message).in_source(&source))
        }
    }
}
