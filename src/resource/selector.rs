//! Label selectors, with Kyverno's wildcards in `matchLabels`.
//!
//! Source: Kyverno `pkg/engine/wildcards/wildcards.go`; apimachinery `pkg/labels/selector.go` and
//! `pkg/util/validation` for the syntax of keys and values.

use crate::policy::{LabelSelector, Requirement, RequirementOperator};
use crate::wildcard;
use std::collections::BTreeMap;
use thiserror::Error;

const NAME_MAX: usize = 63;
const PREFIX_MAX: usize = 253;

/// Why a selector cannot be evaluated. Such a selector selects nothing, neither in `match` nor in `exclude`.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SelectorError {
    /// A label key that Kubernetes refuses.
    #[error("expected a label key such as app.example/name, found `{0}`")]
    Key(String),
    /// A label value that Kubernetes refuses.
    #[error("expected a label value of at most 63 letters, digits, `-`, `_` and `.`, found `{0}`")]
    Value(String),
    /// `Exists` or `DoesNotExist` with values.
    #[error("expected no values for `{0}` with Exists or DoesNotExist")]
    ValuesGiven(String),
    /// `In` or `NotIn` without values.
    #[error("expected values for `{0}` with In or NotIn, found none")]
    ValuesMissing(String),
}

/// Does the selector select these labels?
pub(super) fn selects(selector: &LabelSelector, labels: &BTreeMap<&str, &str>) -> Result<bool, SelectorError> {
    check(selector)?;
    Ok(selector.match_labels.iter().all(|(key, value)| has_label(key, value, labels))
        && selector.match_expressions.iter().all(|requirement| holds(requirement, labels)))
}

fn check(selector: &LabelSelector) -> Result<(), SelectorError> {
    for (key, value) in selector.match_labels.iter().filter(|(key, value)| !has_wildcard(key, value)) {
        check_key(key)?;
        check_value(value)?;
    }
    selector.match_expressions.iter().try_for_each(check_requirement)
}

fn check_requirement(requirement: &Requirement) -> Result<(), SelectorError> {
    check_key(&requirement.key)?;
    let wants_values = match requirement.operator {
        RequirementOperator::DoesNotExist | RequirementOperator::Exists => false,
        RequirementOperator::In | RequirementOperator::NotIn => true,
    };
    match (wants_values, requirement.values.is_empty()) {
        (true, true) => Err(SelectorError::ValuesMissing(requirement.key.clone())),
        (false, false) => Err(SelectorError::ValuesGiven(requirement.key.clone())),
        _ => requirement.values.iter().try_for_each(|value| check_value(value)),
    }
}

/// `[prefix/]name`: the prefix a DNS subdomain, the name a label value that is not empty.
fn check_key(key: &str) -> Result<(), SelectorError> {
    let good = match key.split_once('/') {
        Some((prefix, name)) => is_subdomain(prefix) && is_name(name),
        None => is_name(key),
    };
    if good { Ok(()) } else { Err(SelectorError::Key(key.to_owned())) }
}

fn check_value(value: &str) -> Result<(), SelectorError> {
    if value.is_empty() || is_name(value) { Ok(()) } else { Err(SelectorError::Value(value.to_owned())) }
}

fn is_name(text: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_alphanumeric();
    text.len() <= NAME_MAX
        && text.starts_with(alphanumeric)
        && text.ends_with(alphanumeric)
        && text.chars().all(|c| alphanumeric(c) || matches!(c, '-' | '_' | '.'))
}

fn is_subdomain(text: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let label = |label: &str| {
        label.starts_with(alphanumeric)
            && label.ends_with(alphanumeric)
            && label.chars().all(|c| alphanumeric(c) || c == '-')
    };
    text.len() <= PREFIX_MAX && text.split('.').all(label)
}

fn has_wildcard(key: &str, value: &str) -> bool {
    wildcard::is_pattern(key) || wildcard::is_pattern(value)
}

/// A pair with wildcards stands for a label that is there and matches in both parts; where there is none, upstream puts
/// `0` for each wildcard and asks for that, which no label can then be.
fn has_label(key: &str, value: &str, labels: &BTreeMap<&str, &str>) -> bool {
    if has_wildcard(key, value) {
        return labels.iter().any(|(k, v)| wildcard::matches(key, k) && wildcard::matches(value, v));
    }
    labels.get(key) == Some(&value)
}

fn holds(requirement: &Requirement, labels: &BTreeMap<&str, &str>) -> bool {
    let found = labels.get(requirement.key.as_str());
    let listed = found.is_some_and(|value| requirement.values.iter().any(|v| v == value));
    match requirement.operator {
        RequirementOperator::DoesNotExist => found.is_none(),
        RequirementOperator::Exists => found.is_some(),
        RequirementOperator::In => listed,
        RequirementOperator::NotIn => !listed,
    }
}

#[cfg(test)]
#[path = "selector_tests.rs"]
mod tests;
