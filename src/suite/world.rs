//! What a test supplies beside policies: objects, values, who asks, and what servers answer.

use super::files::Files;
use super::resources::{Key, objects, unique};
use super::test_file::TestFile;
use super::values::{Values, read_user_info, read_values};
use super::{SourceFile, adapter};
use crate::diagnostic::Diagnostic;
use crate::engine::{ApiResponse, ClusterAccess, Supplied};
use crate::evidence::Artifacts;
use crate::limits::Limits;
use crate::resource::{NamespaceLabels, UserInfo};
use crate::source::Spanned;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The world that a test evaluates in.
#[derive(Debug, Default)]
pub(super) struct World {
    /// Objects that trigger, each once.
    pub(super) triggers: Vec<Value>,
    /// Payloads of policies that look at no Kubernetes object.
    pub(super) payloads: Vec<String>,
    /// `targetResources`.
    pub(super) targets: Vec<Value>,
    pub(super) values: Values,
    pub(super) user_info: UserInfo,
    pub(super) namespace_labels: NamespaceLabels,
    /// What every evaluation is supplied with; values of its own come on top.
    pub(super) supplied: Supplied,
    /// Expected objects by the path of their file.
    pub(super) expected: BTreeMap<String, Result<Vec<Value>, String>>,
}

/// Loads what a test names.
pub(super) struct Loader<'a> {
    pub(super) test: &'a TestFile,
    pub(super) files: &'a Files,
    pub(super) limits: &'a Limits,
    pub(super) found: Vec<Diagnostic>,
}

impl<'a> Loader<'a> {
    /// The world of the test; objects of its cluster are added to `artifacts`.
    pub(super) fn world(&mut self, artifacts: &mut Artifacts) -> World {
        let test = self.test;
        let triggers = unique(self.all_objects(&test.resources));
        let targets = self.all_objects(&test.target_resources);
        let params = self.all_objects(&test.param_resources);
        let cluster = self.cluster_objects();
        let mut values = self.values();
        let known: Vec<&Value> = triggers.iter().chain(&targets).chain(&params).chain(&cluster).collect();
        let has_cluster = !test.cluster_resources.is_empty();
        if has_cluster {
            // Upstream asks the cluster which kind a subresource belongs to.
            values.subresources.clear();
        }
        let supplied = Supplied {
            rules: values.rules(),
            targets: known.iter().map(|object| (*object).clone()).collect(),
            api_calls: self.api_calls(),
            global_context: self.global_context(),
            cluster: if has_cluster { ClusterAccess::Complete } else { ClusterAccess::Absent },
            ..Supplied::default()
        };
        if has_cluster {
            known.iter().for_each(|object| artifacts.add_object((*object).clone()));
        }
        World {
            namespace_labels: namespace_labels(&values, if has_cluster { &known } else { &[] }),
            payloads: test.payloads.iter().map(|(_, path)| clean(&path.value)).collect(),
            user_info: self.user_info(),
            expected: self.expected(),
            triggers,
            targets,
            values,
            supplied,
        }
    }

    /// The files behind a path; none is an error of the test.
    pub(super) fn files_of(&mut self, path: &Spanned<String>) -> &'a [SourceFile] {
        self.files.of(&path.value).unwrap_or_else(|why| {
            let message = format!("{}: {why}", path.value);
            self.found.push(Diagnostic::error("file-missing", message).at("", path.span).in_source(&self.test.source));
            &[]
        })
    }

    fn all_objects(&mut self, paths: &[Spanned<String>]) -> Vec<Value> {
        let files: Vec<&SourceFile> = paths.iter().flat_map(|path| self.files_of(path)).collect();
        files.into_iter().flat_map(|file| self.objects(file)).collect()
    }

    fn objects(&mut self, file: &SourceFile) -> Vec<Value> {
        objects(&file.text, self.limits).unwrap_or_else(|error| {
            self.found.push(Diagnostic::from(error).in_source(&file.name));
            Vec::new()
        })
    }

    /// Objects of ClusterResource files, and the CustomResourceDefinitions that they name.
    fn cluster_objects(&mut self) -> Vec<Value> {
        let mut found = Vec::new();
        for document in self.all_objects(&self.test.cluster_resources) {
            for path in crd_paths(&document) {
                let files = self.files.of(&path).unwrap_or_default();
                found.extend(files.iter().flat_map(|file| self.objects(file)));
            }
            let resources = document.pointer("/spec/resources").and_then(Value::as_array);
            found.extend(resources.into_iter().flatten().cloned());
        }
        found
    }

    fn values(&mut self) -> Values {
        if let Some(values) = &self.test.values {
            return values.clone();
        }
        let file = self.test.variables.as_ref().and_then(|path| self.files_of(path).first());
        let values = file.map(|file| read_values(&file.text, &file.name, self.limits));
        self.taken(values)
    }

    fn user_info(&mut self) -> UserInfo {
        let file = self.test.user_info.as_ref().and_then(|path| self.files_of(path).first());
        let info = file.map(|file| read_user_info(&file.text, &file.name, self.limits));
        self.taken(info)
    }

    fn taken<T: Default>(&mut self, read: Option<Result<T, Vec<Diagnostic>>>) -> T {
        match read {
            None => T::default(),
            Some(Ok(value)) => value,
            Some(Err(mut found)) => {
                self.found.append(&mut found);
                T::default()
            }
        }
    }

    fn api_calls(&self) -> Vec<ApiResponse> {
        let response = |mock: &super::mocks::ApiCallMock| ApiResponse {
            method: mock.method.clone(),
            url: mock.url.clone(),
            status: mock.status,
            body: mock.body.clone(),
        };
        self.test.api_calls.iter().map(response).collect()
    }

    fn global_context(&mut self) -> BTreeMap<String, Value> {
        let mut entries = BTreeMap::new();
        for mock in &self.test.global_context {
            let root = match &mock.data {
                Some(data) => data.clone(),
                None => {
                    let files: Vec<&SourceFile> =
                        mock.resource_files.iter().flat_map(|path| self.files_of(path)).collect();
                    files.into_iter().flat_map(|file| self.plain_documents(file)).collect()
                }
            };
            match adapter::global_context(mock, root) {
                Ok(found) => entries.extend(found),
                Err(message) => {
                    let message = format!("globalContextEntries `{}`: {message}", mock.name);
                    self.found.push(Diagnostic::error("global-context", message).in_source(&self.test.source));
                }
            }
        }
        entries
    }

    /// Objects as they are written.
    fn plain_documents(&mut self, file: &SourceFile) -> Vec<Value> {
        match crate::yaml::parse_documents(&file.text, self.limits) {
            Ok(documents) => documents.iter().map(crate::yaml::Node::to_value).filter(|o| *o != json!({})).collect(),
            Err(error) => {
                self.found.push(Diagnostic::from(error).in_source(&file.name));
                Vec::new()
            }
        }
    }

    /// A file that is missing or wrong matters only where something is compared with it.
    fn expected(&self) -> BTreeMap<String, Result<Vec<Value>, String>> {
        let read = |path: &str| -> Result<Vec<Value>, String> {
            let files = self.files.of(path)?;
            let mut all = Vec::new();
            for file in files {
                all.extend(objects(&file.text, self.limits).map_err(|error| format!("{}: {error}", file.name))?);
            }
            Ok(all)
        };
        let results = self.test.results.iter();
        let paths = results.flat_map(|result| result.patched_resources.iter().chain(&result.generated_resources));
        paths.map(|path| (path.value.clone(), read(&path.value))).collect()
    }
}

/// The paths of CustomResourceDefinitions that a ClusterResource names.
pub(super) fn crd_paths(document: &Value) -> Vec<String> {
    let paths = document.pointer("/spec/crds").and_then(Value::as_array);
    paths.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Labels that the values give win over those of the cluster's Namespaces.
fn namespace_labels(values: &Values, cluster: &[&Value]) -> NamespaceLabels {
    let mut labels = NamespaceLabels::new();
    for object in cluster {
        let key = Key::of(object);
        if key.api_version == "v1" && key.kind == "Namespace" {
            let own = object.pointer("/metadata/labels").and_then(Value::as_object).into_iter().flatten();
            let text = |(key, value): (&String, &Value)| Some((key.clone(), value.as_str()?.to_owned()));
            labels.insert(key.name, own.filter_map(text).collect());
        }
    }
    let given = values.namespaces.iter().filter(|(name, own)| !own.is_empty() || !labels.contains_key(*name));
    let given: Vec<(String, BTreeMap<String, String>)> = given.map(|(k, v)| (k.clone(), v.clone())).collect();
    labels.extend(given);
    labels
}

/// Source: `test/load.go` (`path.Clean`), so that results can name a payload either way.
fn clean(path: &str) -> String {
    path.split('/').filter(|part| !part.is_empty() && *part != ".").collect::<Vec<_>>().join("/")
}
