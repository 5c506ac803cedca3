//! Values and UserInfo files.
//!
//! Source: Kyverno `cmd/cli/kubectl-kyverno/variables`, `apis/v1alpha1/values_spec.go`, `userinfo`.

use super::reader::{Fields, Reader};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::resource::{NamespaceLabels, UserInfo};
use crate::source::SourceName;
use crate::yaml::{Node, NodeKind, parse_documents};
use serde_json::Value;
use std::collections::BTreeMap;

/// Values that stand for what a cluster would say.
#[derive(Clone, Debug, Default)]
pub struct Values {
    pub(crate) global: BTreeMap<String, Value>,
    pub(super) policies: Vec<PolicyValues>,
    /// Labels of namespaces: of `namespaces`, else of `namespaceSelector`.
    pub(crate) namespaces: NamespaceLabels,
    pub(super) subresources: Vec<Subresource>,
}

/// Values for one policy.
#[derive(Clone, Debug)]
pub(super) struct PolicyValues {
    pub(super) name: String,
    pub(super) resources: Vec<(String, BTreeMap<String, Value>)>,
    pub(super) rules: Vec<RuleValues>,
}

/// Values for one rule.
#[derive(Clone, Debug)]
pub(super) struct RuleValues {
    pub(super) name: String,
    pub(super) values: BTreeMap<String, Value>,
    pub(super) foreach: BTreeMap<String, Vec<Value>>,
}

/// Objects of a kind that stand for a subresource of another kind.
#[derive(Clone, Debug)]
pub(super) struct Subresource {
    pub(super) of: ApiResource,
    pub(super) parent: ApiResource,
}

/// The parts of an APIResource that count.
#[derive(Clone, Debug, Default)]
pub(super) struct ApiResource {
    /// `pods/exec`.
    pub(super) name: String,
    pub(super) api_version: String,
    pub(super) kind: String,
}

/// Reads a Values file.
pub fn read_values(text: &str, source: &SourceName, limits: &Limits) -> Result<Values, Vec<Diagnostic>> {
    let mut reader = Reader::new(source);
    let document = one_document(text, source, limits)?;
    let fields = reader.fields(
        &document,
        "",
        &[
            "apiVersion",
            "globalValues",
            "kind",
            "metadata",
            "namespaceSelector",
            "namespaces",
            "policies",
            "subresources",
        ],
    );
    refuse_old_layout(&mut reader, &fields, "values", source);
    let values = spec(&mut reader, &fields);
    reader.finish(values)
}

/// Reads inline values.
pub(super) fn read_spec(reader: &mut Reader<'_>, node: &Node, path: &str) -> Values {
    let known = ["globalValues", "namespaceSelector", "namespaces", "policies", "subresources"];
    let fields = reader.fields(node, path, &known);
    spec(reader, &fields)
}

/// Reads a UserInfo file.
pub fn read_user_info(text: &str, source: &SourceName, limits: &Limits) -> Result<UserInfo, Vec<Diagnostic>> {
    let mut reader = Reader::new(source);
    let document = one_document(text, source, limits)?;
    let known = ["apiVersion", "clusterRoles", "kind", "metadata", "roles", "synchronize", "userInfo"];
    let fields = reader.fields(&document, "", &known);
    refuse_old_layout(&mut reader, &fields, "userInfo", source);
    let mut info = UserInfo {
        roles: plain(reader.texts(&fields, "roles")),
        cluster_roles: plain(reader.texts(&fields, "clusterRoles")),
        ..UserInfo::default()
    };
    if let Some(node) = fields.node("userInfo") {
        let user = reader.fields(node, "userInfo", &["extra", "groups", "uid", "username"]);
        info.username = reader.text(&user, "username").map(|text| text.value).unwrap_or_default();
        info.uid = reader.text(&user, "uid").map(|text| text.value).unwrap_or_default();
        info.groups = plain(reader.texts(&user, "groups"));
        info.extra = extra(&mut reader, &user);
    }
    reader.finish(info)
}

fn extra(reader: &mut Reader<'_>, user: &Fields<'_>) -> BTreeMap<String, Vec<String>> {
    let mut extra = BTreeMap::new();
    for (key, node, path) in reader.entries(user, "extra") {
        let texts = reader.items(node, &path).into_iter().filter_map(|(node, path)| reader.text_of(node, &path));
        let texts = texts.map(|text| text.value).collect();
        extra.insert(key.to_owned(), texts);
    }
    extra
}

fn plain(texts: Option<Vec<crate::source::Spanned<String>>>) -> Vec<String> {
    texts.unwrap_or_default().into_iter().map(|text| text.value).collect()
}

/// Upstream reads the first document of such a file; more than one is more than anybody reads.
fn one_document(text: &str, source: &SourceName, limits: &Limits) -> Result<Node, Vec<Diagnostic>> {
    let documents = parse_documents(text, limits).map_err(|error| vec![Diagnostic::from(error).in_source(source)])?;
    let count = documents.len();
    match documents.into_iter().next() {
        Some(document) if count == 1 => Ok(document),
        _ => {
            let message = format!("expected one document, found {count}");
            Err(vec![Diagnostic::error("document-count", message).in_source(source)])
        }
    }
}

/// Source: `deprecations/check.go`; the text is upstream's.
fn refuse_old_layout(reader: &mut Reader<'_>, fields: &Fields<'_>, what: &str, source: &SourceName) {
    let mut text = |name| reader.text(fields, name).map(|text| text.value).unwrap_or_default();
    if text("apiVersion").is_empty() || text("kind").is_empty() {
        let message = format!("{what} file {source} uses a deprecated schema — please migrate to the latest format");
        reader.complain("deprecated-schema", message, "", fields.span());
    }
}

fn spec(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Values {
    let policies = reader.list(fields, "policies");
    let subresources = reader.list(fields, "subresources");
    Values {
        global: reader.values(fields, "globalValues"),
        policies: policies.iter().map(|(node, path)| policy(reader, node, path)).collect(),
        namespaces: namespaces(reader, fields),
        subresources: subresources.iter().map(|(node, path)| subresource(reader, node, path)).collect(),
    }
}

fn policy(reader: &mut Reader<'_>, node: &Node, path: &str) -> PolicyValues {
    let fields = reader.fields(node, path, &["name", "resources", "rules"]);
    let resources = reader.list(&fields, "resources").into_iter().map(|(node, path)| {
        let fields = reader.fields(node, &path, &["name", "values"]);
        (reader.required_text(&fields, "name").value, reader.values(&fields, "values"))
    });
    let resources = resources.collect();
    let rules = reader.list(&fields, "rules");
    PolicyValues {
        name: reader.required_text(&fields, "name").value,
        resources,
        rules: rules.iter().map(|(node, path)| rule(reader, node, path)).collect(),
    }
}

fn rule(reader: &mut Reader<'_>, node: &Node, path: &str) -> RuleValues {
    let fields = reader.fields(node, path, &["foreachValues", "name", "values"]);
    let mut foreach = BTreeMap::new();
    for (key, node, path) in reader.entries(&fields, "foreachValues") {
        match &node.kind {
            NodeKind::Sequence(items) => {
                foreach.insert(key.to_owned(), items.iter().map(Node::to_value).collect());
            }
            _ => reader.wrong_type(node, "a list", &path),
        }
    }
    RuleValues { name: reader.required_text(&fields, "name").value, values: reader.values(&fields, "values"), foreach }
}

/// Whole Namespaces take precedence over selectors.
fn namespaces(reader: &mut Reader<'_>, fields: &Fields<'_>) -> NamespaceLabels {
    let mut labels = NamespaceLabels::new();
    for (node, path) in reader.list(fields, "namespaceSelector") {
        let fields = reader.fields(node, &path, &["labels", "name"]);
        labels.insert(reader.required_text(&fields, "name").value, reader.text_map(&fields, "labels"));
    }
    for (node, path) in reader.list(fields, "namespaces") {
        let fields = reader.fields(node, &path, &["apiVersion", "kind", "metadata", "spec", "status"]);
        let Some(metadata) = fields.node("metadata") else { continue };
        let known = ["annotations", "creationTimestamp", "finalizers", "labels", "name", "resourceVersion", "uid"];
        let metadata = reader.fields(metadata, &fields.path("metadata"), &known);
        labels.insert(reader.required_text(&metadata, "name").value, reader.text_map(&metadata, "labels"));
    }
    labels
}

fn subresource(reader: &mut Reader<'_>, node: &Node, path: &str) -> Subresource {
    let fields = reader.fields(node, path, &["parentResource", "subresource"]);
    let mut part = |name: &str| match fields.node(name) {
        Some(node) => api_resource(reader, node, &fields.path(name)),
        None => {
            let message = format!("the field `{name}` is missing");
            reader.complain("missing-field", message, &fields.path(name), fields.span());
            ApiResource::default()
        }
    };
    Subresource { of: part("subresource"), parent: part("parentResource") }
}

fn api_resource(reader: &mut Reader<'_>, node: &Node, path: &str) -> ApiResource {
    let known = [
        "categories",
        "group",
        "kind",
        "name",
        "namespaced",
        "shortNames",
        "singularName",
        "storageVersionHash",
        "verbs",
        "version",
    ];
    let fields = reader.fields(node, path, &known);
    let mut text = |name| reader.text(&fields, name).map(|text| text.value).unwrap_or_default();
    let (group, version) = (text("group"), text("version"));
    ApiResource {
        name: text("name"),
        kind: text("kind"),
        api_version: if group.is_empty() { version } else { format!("{group}/{version}") },
    }
}

#[cfg(test)]
#[path = "values_tests.rs"]
mod tests;
