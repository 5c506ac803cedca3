//! `context`: named values that a rule reads.

use super::Template;
use crate::source::Span;

/// A named value.
#[derive(Clone, Debug, PartialEq)]
pub struct ContextEntry {
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub source: ContextSource,
    /// Where it is written.
    pub span: Span,
}

/// Where a named value comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ContextSource {
    /// `apiCall`, as it is written.
    ApiCall(Template),
    /// `configMap`: name and namespace.
    ConfigMap(Template),
    /// `globalReference`: name and jmesPath.
    GlobalReference(Template),
    /// `imageRegistry`.
    ImageRegistry(Template),
    /// `variable`: value, jmesPath, default.
    Variable(Template),
}
