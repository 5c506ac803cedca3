//! The JSON boundary: what goes in, what comes out, field for field.
//!
//! The same documents cross everywhere: Rust hosts, JavaScript, Kubewarden. Nothing else in the core knows them.

mod answer;
mod inspect;
mod lint;
mod options;
mod query;
mod request;
mod review;
mod sources;
mod suite;

pub use answer::{
    AdmissionDocument, AnswerDocument, AnswerStatus, DiagnosticDocument, ImageDocument, LocationDocument, NeedDocument,
    ResourceDocument, ResultDocument, TargetDocument,
};
pub use inspect::{InspectionDocument, inspect};
pub use lint::{FindingDocument, LintDocument, lint};
pub use options::{LimitsDocument, OptionsDocument};
pub use query::{functions, parse_expression, query};
pub use request::EvaluateDocument;
pub use review::{RequestReview, UserInfoDocument};
pub use sources::{SourceDocument, SourcesDocument};
pub use suite::{OutcomeDocument, RowDocument, WantedPathDocument, outcome, wanted_paths};

use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::PolicySet;
use crate::evidence::Artifacts;
use crate::limits::Limits;
use crate::source::SourceName;
use crate::trust_root::TrustRoot;
use crate::yaml::parse_documents;
use request::Parts;
use serde_json::Value;

/// Nesting of a document that comes in: JSON readers stop at 128.
const DEPTH: usize = 120;

/// Loads the policies and exceptions of a sources document; JSON in, typed set out.
pub fn load(sources: &[u8]) -> Result<PolicySet, Vec<Diagnostic>> {
    let document = SourcesDocument::parse(sources).map_err(|diagnostic| vec![diagnostic])?;
    PolicySet::load(&named(&document), &Limits::default())
}

/// The texts of the document with their names.
fn named(document: &SourcesDocument) -> Vec<(SourceName, &str)> {
    let sources = document.policies.iter().chain(&document.exceptions);
    sources.map(|source| (SourceName::new(&source.name), source.text.as_str())).collect()
}

/// Evaluates: JSON in, JSON out. Errors of the caller come back as `{"diagnostics": [...]}`.
pub fn evaluate(set: &PolicySet, request: &[u8], artifacts: &Artifacts) -> String {
    let document = EvaluateDocument::parse(request).map_err(|diagnostic| vec![diagnostic]);
    match document.and_then(|document| document.into_parts(artifacts)) {
        Ok(Parts { request, options, with_evidence, used }) => {
            let mut answer = set.evaluate(&request, artifacts, &options);
            answer.used.extend(used);
            let evidence = with_evidence.then(|| artifacts.to_document(Some(&answer.used)));
            to_text(&AnswerDocument::new(&answer, &request, evidence))
        }
        Err(diagnostics) => refusal(&diagnostics),
    }
}

/// A Sigstore TrustedRoot.
pub fn trust_root(document: &[u8]) -> Result<TrustRoot, Diagnostic> {
    TrustRoot::parse(document).map_err(|error| Diagnostic::error(error.code(), error.to_string()))
}

/// The objects of a resource text, lists unwrapped: `{"objects": [...]}`, or `{"diagnostics": [...]}`.
///
/// For hosts, which have no YAML reader with Kubernetes' rules of their own.
pub fn objects(text: &str, name: &str) -> String {
    let source = SourceName::new(name);
    match parse_documents(text, &Limits::default()) {
        Ok(documents) => {
            let mut objects = Vec::new();
            documents.iter().for_each(|node| unwrap_list(node.to_value(), &mut objects));
            to_text(&serde_json::json!({ "objects": objects }))
        }
        Err(error) => refusal(&[Diagnostic::from(error).in_source(&source)]),
    }
}

fn unwrap_list(mut object: Value, objects: &mut Vec<Value>) {
    let is_list = object.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
    match object.get_mut("items").map(Value::take) {
        Some(Value::Array(items)) if is_list => items.into_iter().for_each(|item| unwrap_list(item, objects)),
        Some(other) => {
            if let Some(map) = object.as_object_mut() {
                map.insert("items".to_owned(), other);
            }
            objects.push(object);
        }
        None => objects.push(object),
    }
}

/// `{"diagnostics": [...]}`.
pub fn refusal(diagnostics: &[Diagnostic]) -> String {
    let diagnostics: Vec<DiagnosticDocument> = diagnostics.iter().map(DiagnosticDocument::from).collect();
    to_text(&serde_json::json!({ "diagnostics": diagnostics }))
}

/// The diagnostics as a JSON array.
pub fn diagnostics(diagnostics: &[Diagnostic]) -> String {
    to_text(&diagnostics.iter().map(DiagnosticDocument::from).collect::<Vec<_>>())
}

/// Documents of this module always have a text; were it otherwise, the empty text is no answer that anybody takes.
fn to_text(document: &impl serde::Serialize) -> String {
    serde_json::to_string(document).unwrap_or_default()
}

/// A diagnostic for a document that cannot be read.
fn malformed(what: &str, error: &impl std::fmt::Display) -> Diagnostic {
    Diagnostic { severity: Severity::Error, ..Diagnostic::error("input-malformed", format!("{what}: {error}")) }
}
