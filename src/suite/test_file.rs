//! What a test file says.
//!
//! Source: Kyverno `cmd/cli/kubectl-kyverno/apis/v1alpha1/test.go`, `test_result.go`, `test/load.go`.

use super::expectation::{self, Expectation};
use super::mocks::{self, ApiCallMock, GlobalContextMock};
use super::reader::{Fields, Reader};
use super::values::{self, Values};
use super::{PathRole, WantedPath};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::scalar::time;
use crate::source::{SourceName, Spanned};
use crate::yaml::{Node, parse_documents};

/// One document of a test file.
#[derive(Clone, Debug)]
pub struct TestFile {
    /// The text it came from.
    pub source: SourceName,
    /// `metadata.name`.
    pub name: String,
    /// What is expected.
    pub results: Vec<Expectation>,
    /// RFC 3339 time of the evaluation. Ours: upstream reads the clock.
    pub now: Option<String>,
    pub(super) policies: Vec<Spanned<String>>,
    pub(super) resources: Vec<Spanned<String>>,
    pub(super) target_resources: Vec<Spanned<String>>,
    pub(super) param_resources: Vec<Spanned<String>>,
    pub(super) payloads: Vec<(PathRole, Spanned<String>)>,
    pub(super) exceptions: Vec<Spanned<String>>,
    pub(super) cluster_resources: Vec<Spanned<String>>,
    pub(super) artifacts: Vec<Spanned<String>>,
    pub(super) variables: Option<Spanned<String>>,
    pub(super) user_info: Option<Spanned<String>>,
    pub(super) context: Option<Spanned<String>>,
    pub(super) values: Option<Values>,
    pub(super) api_calls: Vec<ApiCallMock>,
    pub(super) global_context: Vec<GlobalContextMock>,
}

const FIELDS: [&str; 23] = [
    "apiCallResponses",
    "apiVersion",
    "artifacts",
    "clusterResources",
    "context",
    "envoyPayloads",
    "exceptions",
    "globalContextEntries",
    "httpPayloads",
    "jsonPayload",
    "jsonPayloads",
    "kind",
    "metadata",
    "name",
    "now",
    "paramResources",
    "policies",
    "resources",
    "results",
    "targetResources",
    "userinfo",
    "values",
    "variables",
];

impl TestFile {
    /// Reads every document of a test file.
    ///
    /// Errors: everything that is wrong with it. One wrong document refuses the file, as upstream.
    pub fn parse(text: &str, name: &SourceName, limits: &Limits) -> Result<Vec<Self>, Vec<Diagnostic>> {
        let documents = parse_documents(text, limits).map_err(|error| vec![Diagnostic::from(error).in_source(name)])?;
        let mut tests = Vec::new();
        let mut found = Vec::new();
        for document in &documents {
            match read(document, name) {
                Ok(test) => tests.push(test),
                Err(wrong) => found.extend(wrong),
            }
        }
        if found.is_empty() { Ok(tests) } else { Err(found) }
    }

    /// Every path that the test file names, relative to its folder, each once for a role.
    pub fn paths(&self) -> Vec<WantedPath> {
        let mut paths = Vec::new();
        let mut add = |role: PathRole, path: &Spanned<String>| {
            let wanted = WantedPath { role, path: path.value.clone() };
            if !path.value.is_empty() && !paths.contains(&wanted) {
                paths.push(wanted);
            }
        };
        for (role, list) in [
            (PathRole::Policies, &self.policies),
            (PathRole::Resources, &self.resources),
            (PathRole::TargetResources, &self.target_resources),
            (PathRole::ParamResources, &self.param_resources),
            (PathRole::Exceptions, &self.exceptions),
            (PathRole::ClusterResources, &self.cluster_resources),
            (PathRole::Artifacts, &self.artifacts),
        ] {
            list.iter().for_each(|path| add(role, path));
        }
        self.payloads.iter().for_each(|(role, path)| add(*role, path));
        if self.values.is_none() {
            self.variables.iter().for_each(|path| add(PathRole::Values, path));
        }
        self.user_info.iter().for_each(|path| add(PathRole::UserInfo, path));
        self.context.iter().for_each(|path| add(PathRole::Context, path));
        for path in self.global_context.iter().flat_map(|mock| &mock.resource_files) {
            add(PathRole::GlobalContext, path);
        }
        for result in &self.results {
            result.patched_resources.iter().for_each(|path| add(PathRole::PatchedResources, path));
            result.generated_resources.iter().for_each(|path| add(PathRole::GeneratedResources, path));
            result.clone_source.iter().for_each(|path| add(PathRole::CloneSource, path));
        }
        paths
    }
}

fn read(document: &Node, source: &SourceName) -> Result<TestFile, Vec<Diagnostic>> {
    let mut reader = Reader::new(source);
    let fields = reader.fields(document, "", &FIELDS);
    refuse_old_layout(&mut reader, &fields, source);
    let mut list = |name| unique(reader.texts(&fields, name).unwrap_or_default());
    let policies = list("policies");
    let resources = list("resources");
    let target_resources = list("targetResources");
    let param_resources = list("paramResources");
    let exceptions = list("exceptions");
    let cluster_resources = list("clusterResources");
    let artifacts = list("artifacts");
    let results = reader.list(&fields, "results");
    let results = results.iter().map(|(node, path)| expectation::read(&mut reader, node, path)).collect();
    let test = TestFile {
        source: source.clone(),
        name: metadata_name(&fields),
        results,
        now: now(&mut reader, &fields),
        policies,
        resources,
        target_resources,
        param_resources,
        payloads: payloads(&mut reader, &fields),
        exceptions,
        cluster_resources,
        artifacts,
        variables: reader.text(&fields, "variables"),
        user_info: reader.text(&fields, "userinfo"),
        context: reader.text(&fields, "context"),
        values: fields.node("values").map(|node| values::read_spec(&mut reader, node, "values")),
        api_calls: mocks::read_api_calls(&mut reader, &fields),
        global_context: mocks::read_global_context(&mut reader, &fields),
    };
    reader.finish(test)
}

/// Source: `deprecations/check.go`; the text is upstream's.
fn refuse_old_layout(reader: &mut Reader<'_>, fields: &Fields<'_>, source: &SourceName) {
    let mut text = |name| reader.text(fields, name).map(|text| text.value).unwrap_or_default();
    if text("apiVersion").is_empty() || text("kind").is_empty() || !text("name").is_empty() {
        let message = format!("test file {source} uses a deprecated schema — please migrate to the latest format");
        reader.complain("deprecated-schema", message, "", fields.span());
    }
}

fn metadata_name(fields: &Fields<'_>) -> String {
    let name = fields.node("metadata").and_then(|metadata| metadata.field("name"));
    name.and_then(Node::as_str).unwrap_or_default().to_owned()
}

fn now(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Option<String> {
    let now = reader.text(fields, "now")?;
    if !time::has_utc_form(&now.value) {
        let message = format!("expected a time such as 2026-01-31T12:00:00Z, found `{}`", now.value);
        reader.complain("invalid-value", message, "now", now.span);
    }
    Some(now.value)
}

/// The singular `jsonPayload` counts where there is no list.
fn payloads(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Vec<(PathRole, Spanned<String>)> {
    let mut json = reader.texts(fields, "jsonPayloads").unwrap_or_default();
    let old = reader.text(fields, "jsonPayload");
    if json.is_empty() {
        json.extend(old.filter(|path| !path.value.is_empty()));
    }
    let mut all: Vec<(PathRole, Spanned<String>)> =
        unique(json).into_iter().map(|path| (PathRole::JsonPayloads, path)).collect();
    for (role, name) in [(PathRole::HttpPayloads, "httpPayloads"), (PathRole::EnvoyPayloads, "envoyPayloads")] {
        let paths = reader.texts(fields, name).unwrap_or_default();
        all.extend(paths.into_iter().map(|path| (role, path)));
    }
    all
}

fn unique(paths: Vec<Spanned<String>>) -> Vec<Spanned<String>> {
    let mut kept: Vec<Spanned<String>> = Vec::new();
    for path in paths {
        if !kept.contains(&path) {
            kept.push(path);
        }
    }
    kept
}

#[cfg(test)]
#[path = "test_file_tests.rs"]
mod tests;
