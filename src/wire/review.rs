//! The request of an AdmissionReview.

use super::malformed;
use super::request::{operation, refused};
use crate::diagnostic::Diagnostic;
use crate::resource::{AdmissionRequest, UserInfo};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The request of an AdmissionReview. Fields that are not listed are accepted and ignored, as Kubernetes adds to them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct RequestReview {
    /// Identifies the request.
    pub uid: Option<String>,
    /// Kind of the object: `group`, `version`, `kind`.
    #[cfg_attr(feature = "typescript", ts(optional, type = "Record<string, string>"))]
    pub kind: Option<Value>,
    /// Resource of the object: `group`, `version`, `resource`.
    #[cfg_attr(feature = "typescript", ts(optional, type = "Record<string, string>"))]
    pub resource: Option<Value>,
    /// Kind before a conversion.
    #[cfg_attr(feature = "typescript", ts(optional, type = "Record<string, string>"))]
    pub request_kind: Option<Value>,
    /// Resource before a conversion.
    #[cfg_attr(feature = "typescript", ts(optional, type = "Record<string, string>"))]
    pub request_resource: Option<Value>,
    /// Subresource before a conversion.
    pub request_sub_resource: Option<String>,
    /// Name of the object, where it has one.
    pub name: Option<String>,
    /// Nothing is stored.
    pub dry_run: Option<bool>,
    /// Options of the operation, such as CreateOptions.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub options: Option<Value>,
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
    /// Identifies the user.
    pub uid: Option<String>,
    /// What the authenticator says beside.
    pub extra: Option<BTreeMap<String, Vec<String>>>,
    /// Groups.
    pub groups: Option<Vec<String>>,
    /// Roles, as `namespace:name`.
    pub roles: Option<Vec<String>>,
    /// Cluster roles.
    pub cluster_roles: Option<Vec<String>>,
}

impl RequestReview {
    /// The request within an AdmissionReview.
    pub(super) fn of(mut review: Value) -> Result<Self, Vec<Diagnostic>> {
        let request = review.get_mut("request").map(Value::take).unwrap_or_default();
        serde_json::from_value(request).map_err(|error| vec![malformed("AdmissionReview.request", &error)])
    }

    pub(super) fn into_request(self) -> Result<AdmissionRequest, Vec<Diagnostic>> {
        let present = |object: Option<Value>| object.filter(|object| !object.is_null());
        let details = self.details();
        let request = AdmissionRequest {
            operation: operation(&self.operation)?,
            object: present(self.object),
            old_object: present(self.old_object),
            sub_resource: self.sub_resource.unwrap_or_default(),
            dry_run: self.dry_run.unwrap_or(false),
            details,
            ..AdmissionRequest::default()
        };
        let namespace = self.namespace.unwrap_or_default();
        let request = request.in_namespace(&namespace).map_err(|error| vec![refused(&error)])?;
        request.check().map_err(|error| vec![refused(&error)])?;
        Ok(request)
    }

    /// What rules can read and the engine does not.
    fn details(&self) -> Map<String, Value> {
        let text = |text: &Option<String>| text.clone().map(Value::String);
        let fields = [
            ("uid", text(&self.uid)),
            ("kind", self.kind.clone()),
            ("resource", self.resource.clone()),
            ("subResource", text(&self.sub_resource)),
            ("requestKind", self.request_kind.clone()),
            ("requestResource", self.request_resource.clone()),
            ("requestSubResource", text(&self.request_sub_resource)),
            ("name", text(&self.name)),
            ("dryRun", self.dry_run.map(Value::Bool)),
            ("options", self.options.clone()),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

impl From<UserInfoDocument> for UserInfo {
    fn from(document: UserInfoDocument) -> Self {
        Self {
            username: document.username.unwrap_or_default(),
            uid: document.uid.unwrap_or_default(),
            groups: document.groups.unwrap_or_default(),
            extra: document.extra.unwrap_or_default(),
            roles: document.roles.unwrap_or_default(),
            cluster_roles: document.cluster_roles.unwrap_or_default(),
        }
    }
}
