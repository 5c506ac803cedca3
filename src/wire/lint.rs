//! What linting found.

use super::{SourcesDocument, named, refusal, to_text};
use crate::limits::Limits;
use crate::lint::{self, Finding};
use serde::Serialize;

/// What was found in policies.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct LintDocument {
    /// In the order in which they stand in the policies.
    pub findings: Vec<FindingDocument>,
}

/// Something that the author of a policy can hardly want.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FindingDocument {
    /// Stable code of the rule: `lint-` and kebab-case.
    pub code: &'static str,
    /// `error`: the policy cannot do what it says.
    #[cfg_attr(feature = "typescript", ts(type = "\"error\" | \"warning\" | \"info\""))]
    pub severity: &'static str,
    /// What the policy says.
    pub message: String,
    /// What to write instead; may be empty.
    pub advice: String,
    /// Name of the text.
    pub source: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Name of the policy; `namespace/name` for a Policy.
    pub policy: String,
    /// Name of its rule, where it is about one.
    pub rule: Option<String>,
}

impl From<Finding> for FindingDocument {
    fn from(finding: Finding) -> Self {
        Self {
            code: finding.rule.code,
            severity: finding.rule.severity.as_str(),
            message: finding.message,
            advice: finding.advice,
            source: finding.source.as_str().to_owned(),
            line: finding.span.start.line,
            column: finding.span.start.column,
            policy: finding.policy,
            rule: finding.policy_rule,
        }
    }
}

/// Looks through the policies of a sources document: `{"findings": [...]}`, or `{"diagnostics": [...]}` where one of them
/// cannot be loaded.
pub fn lint(sources: &[u8]) -> String {
    let document = SourcesDocument::parse(sources).map_err(|diagnostic| vec![diagnostic]);
    match document.and_then(|document| lint::lint(&named(&document), &Limits::default())) {
        Ok(findings) => to_text(&LintDocument { findings: findings.into_iter().map(FindingDocument::from).collect() }),
        Err(diagnostics) => refusal(&diagnostics),
    }
}
