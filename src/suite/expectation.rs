//! One entry of `results`.

use super::reader::Reader;
use crate::source::Spanned;
use crate::yaml::Node;

/// What a test expects of one policy or rule.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// `name` or `namespace/name`; the last part counts.
    pub policy: String,
    /// Rule name; empty: every rule.
    pub rule: String,
    /// `kind` as written. Upstream does not match by it.
    pub kind: String,
    /// `pass`, `fail`, `warn`, `error` or `skip`.
    pub result: &'static str,
    /// The operation of a run of its own.
    pub operation: Option<&'static str>,
    /// `name` or `namespace/name`; `None`: not written.
    pub resources: Option<Vec<String>>,
    pub(super) specs: Vec<ResourceSpec>,
    pub(super) patched_resources: Option<Spanned<String>>,
    pub(super) generated_resources: Vec<Spanned<String>>,
    /// Is it the old, single field: its message is another one.
    pub(super) is_single_generated: bool,
    pub(super) clone_source: Option<Spanned<String>>,
    pub(super) fail_on_missing: bool,
}

/// One entry of `resourceSpecs`. Kind and subresource are not compared upstream.
#[derive(Clone, Debug)]
pub(super) struct ResourceSpec {
    pub(super) api_version: String,
    pub(super) namespace: String,
    pub(super) name: String,
}

const FIELDS: [&str; 19] = [
    "cloneSourceResource",
    "failOnMissingResources",
    "generatedResource",
    "generatedResources",
    "isDeletingPolicy",
    "isGeneratingPolicy",
    "isImageValidatingPolicy",
    "isMutatingAdmissionPolicy",
    "isMutatingPolicy",
    "isValidatingAdmissionPolicy",
    "isValidatingPolicy",
    "kind",
    "operation",
    "patchedResources",
    "policy",
    "resourceSpecs",
    "resources",
    "result",
    "rule",
];

/// Hints of the policy kind, which nothing depends on.
const HINTS: [&str; 6] = [
    "isGeneratingPolicy",
    "isImageValidatingPolicy",
    "isMutatingAdmissionPolicy",
    "isMutatingPolicy",
    "isValidatingAdmissionPolicy",
    "isValidatingPolicy",
];

/// Reads one entry.
pub(super) fn read(reader: &mut Reader<'_>, node: &Node, path: &str) -> Expectation {
    let fields = reader.fields(node, path, &FIELDS);
    for hint in HINTS {
        reader.flag(&fields, hint);
    }
    let is_deleting = reader.flag(&fields, "isDeletingPolicy");
    let operation = reader.word(&fields, "operation", &["CREATE", "DELETE", "UPDATE"]);
    if is_deleting && operation.is_some() {
        let message = "operation is not supported for deleting policies";
        reader.complain("invalid-value", message, &fields.path("operation"), fields.span());
    }
    reader.required_text(&fields, "result");
    let mut text = |name| reader.text(&fields, name).filter(|text| !text.value.is_empty());
    let (patched_resources, clone_source) = (text("patchedResources"), text("cloneSourceResource"));
    let single = text("generatedResource");
    let rule = text("rule").map(|text| text.value).unwrap_or_default();
    let kind = text("kind").map(|text| text.value).unwrap_or_default();
    let generated = reader.texts(&fields, "generatedResources").unwrap_or_default();
    let specs = reader.list(&fields, "resourceSpecs");
    Expectation {
        policy: reader.required_text(&fields, "policy").value,
        rule,
        kind,
        result: reader.word(&fields, "result", &["error", "fail", "pass", "skip", "warn"]).unwrap_or_default(),
        operation,
        resources: reader.texts(&fields, "resources").map(|all| all.into_iter().map(|text| text.value).collect()),
        specs: specs.iter().map(|(node, path)| read_spec(reader, node, path)).collect(),
        patched_resources,
        is_single_generated: generated.is_empty() && single.is_some(),
        generated_resources: if generated.is_empty() { single.into_iter().collect() } else { generated },
        clone_source,
        fail_on_missing: reader.flag(&fields, "failOnMissingResources"),
    }
}

fn read_spec(reader: &mut Reader<'_>, node: &Node, path: &str) -> ResourceSpec {
    let fields = reader.fields(node, path, &["group", "kind", "name", "namespace", "subresource", "version"]);
    let mut text = |name| reader.text(&fields, name).map(|text| text.value).unwrap_or_default();
    let (group, version) = (text("group"), text("version"));
    ResourceSpec {
        api_version: if group.is_empty() { version } else { format!("{group}/{version}") },
        namespace: text("namespace"),
        name: text("name"),
    }
}
