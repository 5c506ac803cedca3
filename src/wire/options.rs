//! Options of an evaluation.

use super::{SourceDocument, malformed};
use crate::diagnostic::Diagnostic;
use crate::engine::{ClusterAccess, Compat, Options, Supplied};
use crate::limits::Limits;
use crate::resource::Operation;
use crate::scalar::time::{self, Timestamp};
use crate::source::SourceName;
use crate::suite::{Values, read_values};
use crate::trace::TraceLevel;
use crate::trust_root::TrustRoot;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// Where random texts begin; without one `random` is an error.
    pub seed: Option<u32>,
    /// What is known of the cluster: `ask` (the default: what policies read of it is a need), `absent` (there is none) or
    /// `complete` (the objects among the artifacts are all there is; mutate rules find their targets among them).
    #[cfg_attr(feature = "typescript", ts(optional, type = "\"ask\" | \"absent\" | \"complete\""))]
    pub cluster: Option<String>,
    /// A Values file of Kyverno's command line: values for all policies, for single ones and for rules, labels of
    /// namespaces, subresources.
    pub values_file: Option<SourceDocument>,
    /// Values for variables, by dotted path, over those of the file.
    #[cfg_attr(feature = "typescript", ts(optional, type = "Record<string, unknown>"))]
    pub values: Option<BTreeMap<String, Value>>,
    /// Sigstore TrustedRoot, in place of the host's.
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

/// Options, checked.
pub(super) struct Checked {
    pub(super) options: Options,
    /// What the values file says, and the values over it.
    pub(super) values: Values,
    pub(super) over: BTreeMap<String, Value>,
    /// The answer carries evidence.
    pub(super) with_evidence: bool,
}

impl OptionsDocument {
    pub(super) fn check(self) -> Result<Checked, Vec<Diagnostic>> {
        let limits = self.limits.clone().unwrap_or_default().bounds();
        let values = match &self.values_file {
            Some(file) => read_values(&file.text, &SourceName::new(&file.name), &limits)?,
            None => Values::default(),
        };
        let over = self.values.clone().unwrap_or_default();
        check_operation(over.get("request.operation").or(values.global.get("request.operation")))?;
        let with_evidence = self.evidence.unwrap_or(false);
        let supplied = Supplied { rules: values.rules(), cluster: self.cluster()?, ..Supplied::default() };
        let options = Options {
            compat: self.compat()?,
            trace: self.trace()?,
            limits,
            supplied,
            now: self.now()?,
            seed: self.seed.map(u64::from),
            trust_root: self.trust_root()?,
        };
        Ok(Checked { options, values, over, with_evidence })
    }

    fn trust_root(&self) -> Result<Option<Arc<TrustRoot>>, Vec<Diagnostic>> {
        let Some(document) = &self.trust_root else { return Ok(None) };
        let parsed = super::trust_root(document.to_string().as_bytes()).map_err(|diagnostic| vec![diagnostic])?;
        Ok(Some(Arc::new(parsed)))
    }

    fn now(&self) -> Result<Option<Timestamp>, Vec<Diagnostic>> {
        match self.now.as_deref() {
            None => Ok(None),
            Some(now) if time::has_utc_form(now) => Ok(Timestamp::parse_rfc3339(now).ok()),
            Some(now) => Err(unknown("now", now, "a time such as 2026-01-31T12:00:00Z")),
        }
    }

    fn compat(&self) -> Result<Compat, Vec<Diagnostic>> {
        match self.compat.as_deref() {
            None | Some("default") => Ok(Compat::Default),
            Some("exact") => Ok(Compat::Exact),
            Some(other) => Err(unknown("compat", other, "default or exact")),
        }
    }

    fn trace(&self) -> Result<TraceLevel, Vec<Diagnostic>> {
        match self.trace.as_deref() {
            None | Some("failures") => Ok(TraceLevel::Failures),
            Some("full") => Ok(TraceLevel::Full),
            Some("none") => Ok(TraceLevel::None),
            Some(other) => Err(unknown("trace", other, "none, failures or full")),
        }
    }

    fn cluster(&self) -> Result<ClusterAccess, Vec<Diagnostic>> {
        match self.cluster.as_deref() {
            None | Some("ask") => Ok(ClusterAccess::Ask),
            Some("absent") => Ok(ClusterAccess::Absent),
            Some("complete") => Ok(ClusterAccess::Complete),
            Some(other) => Err(unknown("cluster", other, "ask, absent or complete")),
        }
    }
}

impl LimitsDocument {
    fn bounds(&self) -> Limits {
        let mut limits = Limits::default();
        for (limit, value) in [
            (&mut limits.manifest_bytes, self.manifest_bytes),
            (&mut limits.signature_layer_bytes, self.signature_layer_bytes),
            (&mut limits.signature_layers, self.signature_layers),
            (&mut limits.images, self.images),
        ] {
            *limit = value.unwrap_or(*limit);
        }
        limits
    }
}

/// Source: `processor/operation.go` (`NormalizeValuesOperation`).
fn check_operation(value: Option<&Value>) -> Result<(), Vec<Diagnostic>> {
    match value {
        None => Ok(()),
        Some(Value::String(text)) if Operation::parse(text).is_some() => Ok(()),
        Some(other) => {
            let error = format!("expected CREATE, UPDATE, DELETE or CONNECT, found {other}");
            Err(vec![malformed("values: request.operation", &error)])
        }
    }
}

fn unknown(option: &str, found: &str, expected: &str) -> Vec<Diagnostic> {
    vec![malformed(&format!("options.{option}"), &format!("expected {expected}, found `{found}`"))]
}
