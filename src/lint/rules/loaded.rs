//! What loading a policy warns of.

use super::{Category, Check, Rule, Severity};

pub(super) const WITHOUT_EFFECT: Rule = Rule {
    code: "lint-field-without-effect",
    severity: Severity::Error,
    category: Category::WithoutEffect,
    explanation: "Kyverno does not read the field where it stands: what it seems to ask for is not checked.",
    check: Check::Diagnostics(&["field-without-effect"]),
};

pub(super) const MISSPELT: Rule = Rule {
    code: "lint-misspelt",
    severity: Severity::Warning,
    category: Category::WithoutEffect,
    explanation: "A function, variable, expression or anchor is probably not what was meant: it fails, or counts as a text.",
    check: Check::Diagnostics(&["anchor-unknown", "expression-malformed", "function-unknown", "variable-unknown"]),
};

pub(super) const FIELD: Rule = Rule {
    code: "lint-deprecated-field",
    severity: Severity::Warning,
    category: Category::Deprecated,
    explanation: "The field has a successor, and will not be read for ever.",
    check: Check::Diagnostics(&["deprecated-field"]),
};

pub(super) const OPERATOR: Rule = Rule {
    code: "lint-deprecated-operator",
    severity: Severity::Warning,
    category: Category::Deprecated,
    explanation: "`In` and `NotIn` have successors that say what they do with lists.",
    check: Check::Diagnostics(&["deprecated-operator"]),
};
