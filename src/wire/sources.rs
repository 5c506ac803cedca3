//! Policies and exceptions.

use super::{DEPTH, malformed};
use crate::diagnostic::Diagnostic;
use crate::json;
use serde::Deserialize;

/// A text and its name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SourceDocument {
    /// What diagnostics call it: a file name.
    pub name: String,
    /// YAML or JSON, one document or several.
    pub text: String,
}

/// What a policy set is loaded from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SourcesDocument {
    /// Policies.
    pub policies: Vec<SourceDocument>,
    /// PolicyExceptions.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<SourceDocument>>"))]
    pub exceptions: Vec<SourceDocument>,
}

impl SourcesDocument {
    /// Parses the JSON text.
    pub fn parse(bytes: &[u8]) -> Result<Self, Diagnostic> {
        let value = json::parse(bytes, DEPTH).map_err(|error| malformed("sources", &error))?;
        serde_json::from_value(value).map_err(|error| malformed("sources", &error))
    }
}
