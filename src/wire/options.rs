//! Options of an evaluation.

use super::malformed;
use crate::diagnostic::Diagnostic;
use crate::engine::Supplied;
use crate::engine::{Compat, Options};
use crate::limits::Limits;
use crate::scalar::time::{self, Timestamp};
use crate::trace::TraceLevel;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// How to evaluate. Everything may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct OptionsDocument {
    /// RFC 3339 time of the evaluation, for functions that ask for it.
    pub now: Option<String>,
    /// `default`, or `exact` for Kyverno to the letter, where it accepts what nobody signed too.
    #[cfg_attr(feature = "typescript", ts(optional, type = "\"default\" | \"exact\""))]
    pub compat: Option<String>,
    /// How much reasoning the results carry: `none`, `failures` (the default) or `full`.
    #[cfg_attr(feature = "typescript", ts(optional, type = "\"none\" | \"failures\" | \"full\""))]
    pub trace: Option<String>,
    /// Add exactly the artifacts that the verdict used.
    pub evidence: Option<bool>,
    /// Bounds that replace the defaults.
    pub limits: Option<LimitsDocument>,
    /// Values for variables, by dotted path, in place of what a cluster would answer.
    #[cfg_attr(feature = "typescript", ts(optional, type = "Record<string, unknown>"))]
    pub values: Option<BTreeMap<String, Value>>,
    /// Sigstore TrustedRoot. Nothing that is built yet depends on it.
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub trust_root: Option<Value>,
}

/// Bounds on untrusted input.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct LimitsDocument {
    /// Bytes of a manifest.
    pub manifest_bytes: Option<usize>,
    /// Bytes of a signature layer.
    pub signature_layer_bytes: Option<usize>,
    /// Layers of a signature manifest.
    pub signature_layers: Option<usize>,
    /// Images of an object.
    pub images: Option<usize>,
}

impl OptionsDocument {
    /// Checked options, and whether the answer carries evidence.
    pub(super) fn into_options(self) -> Result<(Options, bool), Diagnostic> {
        let unknown = |option: &str, found: &str, expected: &str| {
            malformed(&format!("options.{option}"), &format!("expected {expected}, found `{found}`"))
        };
        let now = match self.now.as_deref() {
            None => None,
            Some(now) if time::has_utc_form(now) => Timestamp::parse_rfc3339(now).ok(),
            Some(now) => return Err(unknown("now", now, "a time such as 2026-01-31T12:00:00Z")),
        };
        let compat = match self.compat.as_deref() {
            None | Some("default") => Compat::Default,
            Some("exact") => Compat::Exact,
            Some(other) => return Err(unknown("compat", other, "default or exact")),
        };
        let trace = match self.trace.as_deref() {
            None | Some("failures") => TraceLevel::Failures,
            Some("full") => TraceLevel::Full,
            Some("none") => TraceLevel::None,
            Some(other) => return Err(unknown("trace", other, "none, failures or full")),
        };
        let mut limits = Limits::default();
        let given = self.limits.unwrap_or_default();
        for (limit, value) in [
            (&mut limits.manifest_bytes, given.manifest_bytes),
            (&mut limits.signature_layer_bytes, given.signature_layer_bytes),
            (&mut limits.signature_layers, given.signature_layers),
            (&mut limits.images, given.images),
        ] {
            *limit = value.unwrap_or(*limit);
        }
        let supplied = Supplied { values: self.values.unwrap_or_default(), ..Supplied::default() };
        Ok((Options { compat, trace, limits, supplied, now, ..Options::default() }, self.evidence.unwrap_or(false)))
    }
}
