//! What to evaluate.

use super::options::Checked;
use super::review::{RequestReview, UserInfoDocument};
use super::{DEPTH, OptionsDocument, SourceDocument, malformed};
use crate::diagnostic::Diagnostic;
use crate::engine::Options;
use crate::evidence::{Artifacts, Request};
use crate::json;
use crate::limits::Limits;
use crate::resource::{AdmissionRequest, NamespaceLabels, Operation, ResourceError, UserInfo};
use crate::source::SourceName;
use crate::suite::{Simulated, Simulation, read_user_info};
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
    /// What is done: where it is absent, what the values say, else CREATE; not together with `request`.
    #[cfg_attr(feature = "typescript", ts(optional, type = "\"CREATE\" | \"UPDATE\" | \"DELETE\" | \"CONNECT\""))]
    pub operation: Option<String>,
    /// The object before an UPDATE; not together with `request`.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub old_resource: Option<Value>,
    /// Who asks; not together with `request`.
    pub user_info: Option<UserInfoDocument>,
    /// A UserInfo file of Kyverno's command line, in place of `userInfo`; not together with a request that says who asks.
    pub user_info_file: Option<SourceDocument>,
    /// Labels of namespaces, by name; over those of the values and of the Namespaces among the artifacts.
    pub namespace_labels: Option<NamespaceLabels>,
    /// How.
    pub options: Option<OptionsDocument>,
}

/// What is evaluated.
pub(super) struct Parts {
    pub(super) request: AdmissionRequest,
    pub(super) options: Options,
    /// The answer carries evidence.
    pub(super) with_evidence: bool,
    /// What the request rests on of the artifacts.
    pub(super) used: Option<Request>,
}

impl EvaluateDocument {
    /// Parses the JSON text.
    pub fn parse(bytes: &[u8]) -> Result<Self, Diagnostic> {
        let value = json::parse(bytes, DEPTH).map_err(|error| malformed("request", &error))?;
        serde_json::from_value(value).map_err(|error| malformed("request", &error))
    }

    /// Reads what the document names; Namespaces are looked up among the artifacts.
    pub(super) fn into_parts(mut self, artifacts: &Artifacts) -> Result<Parts, Vec<Diagnostic>> {
        let checked = self.options.take().unwrap_or_default().check()?;
        let asked = self.asked(&checked.options.limits)?;
        let (labels, used) = labels(self.namespace_labels.take().unwrap_or_default(), &checked, &asked, artifacts);
        let Checked { mut options, values, over, with_evidence } = checked;
        let user_info = self.user_info(&asked, &options.limits)?;
        let simulation = Simulation {
            values: &values,
            over: &over,
            operation: self.operation.as_deref().map(operation).transpose()?,
            old_object: self.old_resource.as_ref(),
            user_info: &user_info,
            namespace_labels: &labels,
        };
        let Simulated { request, values, policies } = match asked {
            Asked::Object(object) => simulation.request(&object).map_err(|error| vec![refused(&error)])?,
            // What somebody sent says itself what is done, and to what.
            Asked::Review(review) => simulation.about((*review).into_request()?),
        };
        options.supplied.values = values;
        options.supplied.policies = policies;
        Ok(Parts { request, options, with_evidence, used })
    }

    /// What the document is about.
    fn asked(&mut self, limits: &Limits) -> Result<Asked, Vec<Diagnostic>> {
        let written = [self.resource.is_some(), self.resource_text.is_some(), self.request.is_some()];
        if written.iter().filter(|written| **written).count() != 1 {
            let error = "expected exactly one of resource, resourceText and request";
            return Err(vec![malformed("request", &error)]);
        }
        if let Some(review) = self.request.take() {
            if self.operation.is_some() || self.old_resource.is_some() || self.user_info.is_some() {
                let error = "operation, oldResource and userInfo stand within request where there is one";
                return Err(vec![malformed("request", &error)]);
            }
            return Ok(Asked::Review(Box::new(review)));
        }
        let object = match (self.resource.take(), self.resource_text.take()) {
            (Some(object), _) => object,
            (None, text) => object(&text.unwrap_or_default(), self.resource_name.as_deref(), limits)?,
        };
        if object.get("kind").and_then(Value::as_str) == Some("AdmissionReview") {
            return Ok(Asked::Review(Box::new(RequestReview::of(object)?)));
        }
        Ok(Asked::Object(object))
    }

    fn user_info(&mut self, asked: &Asked, limits: &Limits) -> Result<UserInfo, Vec<Diagnostic>> {
        let written = match asked {
            Asked::Object(_) => self.user_info.take(),
            Asked::Review(review) => review.user_info.clone(),
        };
        let written = UserInfo::from(written.unwrap_or_default());
        let Some(file) = &self.user_info_file else { return Ok(written) };
        if !written.is_empty() {
            let error = "the request says who asks, and userInfoFile too: give one of them";
            return Err(vec![malformed("userInfoFile", &error)]);
        }
        read_user_info(&file.text, &SourceName::new(&file.name), limits)
    }
}

/// What a document is about.
enum Asked {
    Object(Value),
    Review(Box<RequestReview>),
}

impl Asked {
    fn namespace(&self) -> &str {
        match self {
            Self::Object(object) => object.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or_default(),
            Self::Review(review) => review.namespace.as_deref().unwrap_or_default(),
        }
    }
}

/// Labels of namespaces; those of the object's own, where nobody gave them, from its Namespace among the artifacts.
fn labels(
    given: NamespaceLabels,
    checked: &Checked,
    asked: &Asked,
    artifacts: &Artifacts,
) -> (NamespaceLabels, Option<Request>) {
    let mut labels = checked.values.namespaces.clone();
    labels.extend(given);
    let name = asked.namespace();
    let namespace = artifacts.object("v1", "Namespace", "", name);
    let Some(namespace) = namespace.filter(|_| !labels.contains_key(name)) else { return (labels, None) };
    let own = namespace.pointer("/metadata/labels").and_then(Value::as_object).into_iter().flatten();
    let text = |(key, value): (&String, &Value)| Some((key.clone(), value.as_str()?.to_owned()));
    labels.insert(name.to_owned(), own.filter_map(text).collect());
    (labels, Some(Request::of_object(namespace)))
}

pub(super) fn operation(text: &str) -> Result<Operation, Vec<Diagnostic>> {
    let error = || malformed("operation", &format!("expected CREATE, UPDATE, DELETE or CONNECT, found `{text}`"));
    Operation::parse(text).ok_or_else(|| vec![error()])
}

pub(super) fn refused(error: &ResourceError) -> Diagnostic {
    Diagnostic::error(error.code(), error.to_string())
}

/// The one object in a text.
fn object(text: &str, name: Option<&str>, limits: &Limits) -> Result<Value, Vec<Diagnostic>> {
    let source = SourceName::new(name.unwrap_or("resource"));
    let documents = parse_documents(text, limits).map_err(|error| vec![Diagnostic::from(error).in_source(&source)])?;
    match documents.as_slice() {
        [node] => Ok(node.to_value()),
        other => {
            let message = format!("expected one object, found {}", other.len());
            Err(vec![Diagnostic::error("resource-count", message).in_source(&source)])
        }
    }
}
