//! What loading a policy warns of.

use super::{Category, Check, Rule, Severity};

/// Kyverno does not read the field where it stands: what it seems to ask for is not checked.
pub(super) const WITHOUT_EFFECT: Rule = Rule {
    code: "lint-field-without-effect",
    severity: Severity::Error,
    category: Category::WithoutEffect,
    check: Check::Diagnostics(&["field-without-effect"]),
};

/// A function, variable, expression or anchor is probably not what was meant: it fails, or counts as a text.
pub(super) const MISSPELT: Rule = Rule {
    code: "lint-misspelt",
    severity: Severity::Warning,
    category: Category::WithoutEffect,
    check: Check::Diagnostics(&["anchor-unknown", "expression-malformed", "function-unknown", "variable-unknown"]),
};

/// The field has a successor, and will not be read for ever.
pub(super) const FIELD: Rule = Rule {
    code: "lint-deprecated-field",
    severity: Severity::Warning,
    category: Category::Deprecated,
    check: Check::Diagnostics(&["deprecated-field"]),
};

/// `In` and `NotIn` have successors that say what they do with lists.
pub(super) const OPERATOR: Rule = Rule {
    code: "lint-deprecated-operator",
    severity: Severity::Warning,
    category: Category::Deprecated,
    check: Check::Diagnostics(&["deprecated-operator"]),
};
