//! `apiCallResponses` and `globalContextEntries`: what a test says that servers answer.
//!
//! Source: Kyverno `cmd/cli/kubectl-kyverno/apis/v1alpha1/test.go`.

use super::reader::{Fields, Reader};
use crate::source::Spanned;
use crate::yaml::{Node, NodeKind};
use serde_json::Value;
use std::collections::BTreeSet;

/// One mocked HTTP answer.
#[derive(Clone, Debug)]
pub(super) struct ApiCallMock {
    /// `GET`, `POST`, or empty for any.
    pub(super) method: String,
    /// URL, or path of the Kubernetes API.
    pub(super) url: String,
    pub(super) status: u16,
    pub(super) body: Value,
}

/// One mocked GlobalContextEntry.
#[derive(Clone, Debug)]
pub(super) struct GlobalContextMock {
    pub(super) name: String,
    /// `data` or `resources`.
    pub(super) data: Option<Value>,
    /// `resourceFiles`, in place of `data`.
    pub(super) resource_files: Vec<Spanned<String>>,
    pub(super) field_path: Option<String>,
    /// Name and JMESPath.
    pub(super) projections: Vec<(String, String)>,
}

/// Reads `apiCallResponses`.
pub(super) fn read_api_calls(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Vec<ApiCallMock> {
    let mut seen = BTreeSet::new();
    let mut mocks = Vec::new();
    for (node, path) in reader.list(fields, "apiCallResponses") {
        let mock = api_call(reader, node, &path);
        if !seen.insert((mock.method.clone(), mock.url.clone())) {
            let message = format!("each method and url once: `{} {}` is there already", mock.method, mock.url);
            reader.complain("duplicate-entry", message.replace("` ", "`"), &path, node.span);
        }
        mocks.push(mock);
    }
    mocks
}

fn api_call(reader: &mut Reader<'_>, node: &Node, path: &str) -> ApiCallMock {
    let fields = reader.fields(node, path, &["method", "response", "url", "urlPath"]);
    let mut text =
        |name| reader.text(&fields, name).map(|text| text.value.trim().to_owned()).filter(|text| !text.is_empty());
    let (method, url, url_path) = (text("method"), text("url"), text("urlPath"));
    let method = method.unwrap_or_default().to_uppercase();
    if !["", "GET", "POST"].contains(&method.as_str()) {
        let message = format!("expected GET or POST, found `{method}`");
        reader.complain("invalid-value", message, &fields.path("method"), fields.span());
    }
    let is_absolute = |url: &str| {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
    };
    let wrong = match (&url, &url_path) {
        (None, None) | (Some(_), Some(_)) => Some("expected exactly one of url and urlPath"),
        (Some(url), None) if !is_absolute(url) => Some("expected an absolute http or https URL"),
        (None, Some(path)) if !path.starts_with('/') => Some("expected a path that begins with /"),
        _ => None,
    };
    if let Some(message) = wrong {
        reader.complain("invalid-value", message, path, node.span);
    }
    let (status, body) = response(reader, &fields);
    ApiCallMock { method, url: url.or(url_path).unwrap_or_default(), status, body }
}

fn response(reader: &mut Reader<'_>, fields: &Fields<'_>) -> (u16, Value) {
    let Some(node) = fields.node("response") else {
        reader.complain("missing-field", "the field `response` is missing", &fields.path("response"), fields.span());
        return (200, Value::Null);
    };
    let response = reader.fields(node, &fields.path("response"), &["body", "statusCode"]);
    let status = match response.node("statusCode").map(|node| (node, &node.kind)) {
        None => 200,
        Some((node, kind)) => match kind {
            NodeKind::Number(number) if number.as_u64().is_some_and(|n| (100..600).contains(&n)) => {
                number.as_u64().and_then(|number| u16::try_from(number).ok()).unwrap_or(200)
            }
            NodeKind::Number(number) if number.as_u64() == Some(0) => 200,
            _ => {
                let path = response.path("statusCode");
                reader.complain("invalid-value", "expected a status from 100 to 599", &path, node.span);
                200
            }
        },
    };
    match response.node("body") {
        Some(body) if body.entries().is_some() => (status, body.to_value()),
        Some(body) => {
            reader.wrong_type(body, "a mapping", &response.path("body"));
            (status, Value::Null)
        }
        None => {
            let path = response.path("body");
            reader.complain("missing-field", "the field `body` is missing", &path, response.span());
            (status, Value::Null)
        }
    }
}

/// Reads `globalContextEntries`.
pub(super) fn read_global_context(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Vec<GlobalContextMock> {
    let mut seen = BTreeSet::new();
    let mut mocks = Vec::new();
    for (node, path) in reader.list(fields, "globalContextEntries") {
        let mock = global_context(reader, node, &path);
        if !seen.insert(mock.name.clone()) {
            let message = format!("each name once: `{}` is there already", mock.name);
            reader.complain("duplicate-entry", message, &path, node.span);
        }
        mocks.push(mock);
    }
    mocks
}

fn global_context(reader: &mut Reader<'_>, node: &Node, path: &str) -> GlobalContextMock {
    let known = ["data", "fieldPath", "name", "projections", "resourceFiles", "resources"];
    let fields = reader.fields(node, path, &known);
    let sources = ["data", "resourceFiles", "resources"].iter().filter(|name| fields.node(name).is_some());
    if sources.count() != 1 {
        let message = "expected exactly one of data, resources and resourceFiles";
        reader.complain("invalid-value", message, path, node.span);
    }
    let resource_files = reader.texts(&fields, "resourceFiles").unwrap_or_default();
    for file in &resource_files {
        if file.value.starts_with('/') || file.value.split('/').any(|part| part == "..") {
            let message = format!("expected a path below the folder of the test, found `{}`", file.value);
            reader.complain("invalid-value", message, &fields.path("resourceFiles"), file.span);
        }
    }
    let projections = reader.list(&fields, "projections").into_iter().map(|(node, path)| {
        let fields = reader.fields(node, &path, &["name", "path"]);
        (reader.required_text(&fields, "name").value, reader.required_text(&fields, "path").value)
    });
    GlobalContextMock {
        projections: projections.collect(),
        name: reader.required_text(&fields, "name").value.trim().to_owned(),
        data: data(reader, &fields),
        resource_files,
        field_path: reader.text(&fields, "fieldPath").map(|text| text.value).filter(|text| !text.is_empty()),
    }
}

fn data(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<Value> {
    if let Some(node) = fields.node("data") {
        if node.entries().is_none() {
            reader.wrong_type(node, "a mapping", &fields.path("data"));
        }
        return Some(node.to_value());
    }
    fields.node("resources")?;
    let items = reader.list(fields, "resources");
    for (node, path) in items.iter().filter(|(node, _)| node.entries().is_none()) {
        reader.wrong_type(node, "a mapping", path);
    }
    Some(items.iter().map(|(node, _)| node.to_value()).collect())
}
