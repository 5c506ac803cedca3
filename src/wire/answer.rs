//! The answer.

use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::{
    Answer, ImageOutcome, ImageReport, Mutated, PatchOperation, Phase, RuleResult, RuleStatus, RuleType,
};
use crate::evidence::{Asker, Need, RequestDocument};
use crate::policy::FailureAction;
use crate::resource::AdmissionRequest;
use crate::trace::Step;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Is there a verdict?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum AnswerStatus {
    /// Yes.
    Complete,
    /// No: fetch what `needs` lists and ask again.
    NeedsArtifacts,
}

/// What an evaluation answers with.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AnswerDocument {
    /// Is there a verdict?
    pub status: AnswerStatus,
    /// What is missing, each once.
    pub needs: Vec<NeedDocument>,
    /// One result for each rule, image and phase; provisional while something is missing.
    pub results: Vec<ResultDocument>,
    /// What an admission webhook would answer.
    pub admission: AdmissionDocument,
    /// What is to be changed in the object.
    pub patches: Vec<PatchOperation>,
    /// The object with the patches applied; null on DELETE.
    #[cfg_attr(feature = "typescript", ts(type = "unknown"))]
    pub resource: Value,
    /// Other objects, as mutate rules leave them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<TargetDocument>>"))]
    pub targets: Vec<TargetDocument>,
    /// Every image that was found.
    pub images: Vec<ImageDocument>,
    /// The artifacts that the verdict used, where the options ask for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub evidence: Option<Value>,
    /// Warnings about the policies.
    pub diagnostics: Vec<DiagnosticDocument>,
}

/// A request that is open.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct NeedDocument {
    /// What.
    #[serde(flatten)]
    pub request: RequestDocument,
    /// Larger answers are refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub max_bytes: Option<usize>,
    /// For whom.
    pub asked_by: Vec<Asker>,
}

/// What one rule says.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ResultDocument {
    /// Policy name; `namespace/name` for a Policy.
    pub policy: String,
    /// Rule name.
    pub rule: String,
    /// Kind of response in reports.
    #[cfg_attr(feature = "typescript", ts(type = "\"ImageVerify\" | \"Mutation\" | \"Validation\" | \"Generation\""))]
    pub rule_type: &'static str,
    /// `verify` or `check` for verifyImages rules.
    #[cfg_attr(feature = "typescript", ts(type = "\"verify\" | \"check\" | null"))]
    pub phase: Option<&'static str>,
    /// The object.
    pub resource: ResourceDocument,
    /// The image, where the result is about one.
    pub image: Option<String>,
    /// The status.
    #[cfg_attr(feature = "typescript", ts(type = "\"pass\" | \"fail\" | \"warn\" | \"error\" | \"skip\""))]
    pub status: &'static str,
    /// Stable kebab-case reason.
    pub code: String,
    /// Kyverno's message.
    pub message: String,
    /// What a failure does.
    #[cfg_attr(feature = "typescript", ts(type = "\"Enforce\" | \"Audit\""))]
    pub failure_action: &'static str,
    /// `reportProperties` of the rule.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<BTreeMap<String, String>>"))]
    pub properties: BTreeMap<String, String>,
    /// Where the rule is written.
    pub location: LocationDocument,
    /// The reasoning.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub trace: Option<Step>,
}

/// Kind, namespace and name of an object.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ResourceDocument {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// Namespace; empty for cluster-scoped ones.
    pub namespace: String,
    /// Name.
    pub name: String,
}

/// A place in a text, counted from 1.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LocationDocument {
    /// Name of the text.
    pub source: String,
    /// Line.
    pub line: u32,
    /// Column in characters.
    pub column: u32,
}

/// An object beside the one of the request, after a mutate rule.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TargetDocument {
    /// Policy name; `namespace/name` for a Policy.
    pub policy: String,
    /// Rule name.
    pub rule: String,
    /// The object.
    #[cfg_attr(feature = "typescript", ts(type = "unknown"))]
    pub resource: Value,
}

/// What an admission webhook answers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AdmissionDocument {
    /// Is the request let through.
    pub allowed: bool,
    /// Why not.
    pub message: String,
    /// What the user is told either way.
    pub warnings: Vec<String>,
}

/// An image of the object.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ImageDocument {
    /// JSON pointer of the text.
    pub pointer: String,
    /// Canonical reference.
    pub image: String,
    /// Registry.
    pub registry: String,
    /// Repository path.
    pub path: String,
    /// Last component of the path.
    pub name: String,
    /// Tag.
    pub tag: Option<String>,
    /// Digest: the reference's, or the one that verification found.
    pub digest: Option<String>,
    /// The worst that any rule said.
    #[cfg_attr(feature = "typescript", ts(type = "\"pass\" | \"fail\" | \"error\" | \"skip\" | \"not-matched\""))]
    pub outcome: &'static str,
}

/// What is wrong with an input.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct DiagnosticDocument {
    /// Stable kebab-case code.
    pub code: String,
    /// `error`: nothing was evaluated.
    #[cfg_attr(feature = "typescript", ts(type = "\"error\" | \"warning\""))]
    pub severity: &'static str,
    /// What was expected and what was found.
    pub message: String,
    /// Path of the field, empty for the document itself.
    pub path: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Name of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Line of the first character behind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    /// Its column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
}

impl AnswerDocument {
    /// The document of an answer.
    pub fn new(answer: &Answer, request: &AdmissionRequest, evidence: Option<Value>) -> Self {
        let status = if answer.is_complete() { AnswerStatus::Complete } else { AnswerStatus::NeedsArtifacts };
        let id = request.resource_id();
        let resource =
            ResourceDocument { api_version: id.api_version, kind: id.kind, namespace: id.namespace, name: id.name };
        Self {
            status,
            needs: answer.needs.iter().map(NeedDocument::from).collect(),
            results: answer.results.iter().map(|result| ResultDocument::new(result, &resource)).collect(),
            admission: AdmissionDocument {
                allowed: answer.admission.allowed,
                message: answer.admission.message.clone(),
                warnings: answer.admission.warnings.clone(),
            },
            patches: answer.patches.clone(),
            resource: answer.resource.clone(),
            targets: answer.mutated.iter().filter_map(TargetDocument::of).collect(),
            images: answer.images.iter().map(ImageDocument::from).collect(),
            evidence,
            diagnostics: answer.diagnostics.iter().map(DiagnosticDocument::from).collect(),
        }
    }
}

impl TargetDocument {
    fn of(mutated: &Mutated) -> Option<Self> {
        let rule = mutated.rule.clone()?;
        Some(Self { policy: mutated.policy.clone(), rule, resource: mutated.resource.clone() })
    }
}

impl From<&Need> for NeedDocument {
    fn from(need: &Need) -> Self {
        Self {
            request: (&need.request).into(),
            max_bytes: need.max_bytes,
            asked_by: need.asked_by.iter().cloned().collect(),
        }
    }
}

impl ResultDocument {
    fn new(result: &RuleResult, resource: &ResourceDocument) -> Self {
        Self {
            policy: result.policy_key.clone(),
            rule: result.rule.clone(),
            rule_type: match result.rule_type {
                RuleType::Generation => "Generation",
                RuleType::ImageVerify => "ImageVerify",
                RuleType::Mutation => "Mutation",
                RuleType::Validation => "Validation",
            },
            phase: result.phase.map(|phase| match phase {
                Phase::Check => "check",
                Phase::Verify => "verify",
            }),
            resource: resource.clone(),
            image: result.image.clone(),
            status: match result.status {
                RuleStatus::Error => "error",
                RuleStatus::Fail => "fail",
                RuleStatus::Pass => "pass",
                RuleStatus::Skip => "skip",
                RuleStatus::Warn => "warn",
            },
            code: result.code.to_owned(),
            message: result.message.clone(),
            failure_action: match result.failure_action {
                FailureAction::Audit => "Audit",
                FailureAction::Enforce => "Enforce",
            },
            properties: result.properties.clone(),
            location: LocationDocument {
                source: result.source.to_string(),
                line: result.span.start.line,
                column: result.span.start.column,
            },
            trace: result.trace.clone(),
        }
    }
}

impl From<&ImageReport> for ImageDocument {
    fn from(report: &ImageReport) -> Self {
        Self {
            pointer: report.pointer.clone(),
            image: report.image.clone(),
            registry: report.registry.clone(),
            path: report.path.clone(),
            name: report.name.clone(),
            tag: report.tag.clone(),
            digest: report.digest.clone(),
            outcome: match report.outcome {
                ImageOutcome::Error => "error",
                ImageOutcome::Fail => "fail",
                ImageOutcome::NotMatched => "not-matched",
                ImageOutcome::Pass => "pass",
                ImageOutcome::Skip => "skip",
            },
        }
    }
}

impl From<&Diagnostic> for DiagnosticDocument {
    fn from(diagnostic: &Diagnostic) -> Self {
        let span = diagnostic.span;
        Self {
            code: diagnostic.code.to_owned(),
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: diagnostic.message.clone(),
            path: diagnostic.path.clone(),
            help: diagnostic.help.clone(),
            source: diagnostic.source.as_ref().map(ToString::to_string),
            line: span.map(|span| span.start.line),
            column: span.map(|span| span.start.column),
            end_line: span.map(|span| span.end.line),
            end_column: span.map(|span| span.end.column),
        }
    }
}
