//! What came of a test.

use super::{DiagnosticDocument, NeedDocument, to_text};
use crate::suite::{Outcome, Row, WantedPath};
use serde::Serialize;

/// A path that a test names.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct WantedPathDocument {
    /// The field of the test file that names it.
    pub role: &'static str,
    /// A file, folder or pattern, from the folder of the test file.
    pub path: String,
}

/// What came of a test.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OutcomeDocument {
    /// The name of the test.
    pub name: String,
    /// One row for each thing that was checked.
    pub rows: Vec<RowDocument>,
    /// What is missing: with any, no row is final.
    pub needs: Vec<NeedDocument>,
    /// Warnings; errors where nothing was evaluated.
    pub diagnostics: Vec<DiagnosticDocument>,
}

/// One thing that was checked.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RowDocument {
    /// The policy as the test names it.
    pub policy: String,
    /// The rule.
    pub rule: String,
    /// Kind of the object.
    pub kind: String,
    /// `namespace/name` of the object, or its name.
    pub resource: String,
    /// The operation that the result names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional, type = "\"CREATE\" | \"UPDATE\" | \"DELETE\""))]
    pub operation: Option<&'static str>,
    /// The expected verdict.
    #[cfg_attr(feature = "typescript", ts(type = "\"pass\" | \"fail\" | \"warn\" | \"error\" | \"skip\""))]
    pub expected: &'static str,
    /// The verdict; null where there is none.
    #[cfg_attr(feature = "typescript", ts(type = "\"pass\" | \"fail\" | \"warn\" | \"error\" | \"skip\" | null"))]
    pub actual: Option<&'static str>,
    /// Is it no failure?
    pub ok: bool,
    /// Stable kebab-case reason.
    pub code: &'static str,
    /// Kyverno's reason.
    pub reason: String,
    /// What the rule says, or what differs.
    pub message: String,
}

impl From<&Row> for RowDocument {
    fn from(row: &Row) -> Self {
        Self {
            policy: row.policy.clone(),
            rule: row.rule.clone(),
            kind: row.kind.clone(),
            resource: row.resource.clone(),
            operation: row.operation,
            expected: row.expected,
            actual: row.actual,
            ok: row.code.is_ok(),
            code: row.code.as_str(),
            reason: row.reason.clone(),
            message: row.message.clone(),
        }
    }
}

/// The outcome of the test called `name`, as JSON.
pub fn outcome(name: &str, outcome: &Outcome) -> String {
    to_text(&OutcomeDocument {
        name: name.to_owned(),
        rows: outcome.rows.iter().map(RowDocument::from).collect(),
        needs: outcome.needs.iter().map(NeedDocument::from).collect(),
        diagnostics: outcome.diagnostics.iter().map(DiagnosticDocument::from).collect(),
    })
}

/// The paths as a JSON array.
pub fn wanted_paths(paths: &[WantedPath]) -> String {
    let document = |wanted: &WantedPath| WantedPathDocument { role: wanted.role.as_str(), path: wanted.path.clone() };
    to_text(&paths.iter().map(document).collect::<Vec<_>>())
}
