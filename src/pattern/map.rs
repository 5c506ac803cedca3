//! Maps of a pattern: the anchored keys first, then the others.
//!
//! Source: Kyverno 1.19 `pkg/engine/validate/validate.go`, `validateMap`; `pkg/engine/anchor/handlers.go`.

use super::anchor::{self, AnchorKind};
use super::error::Mismatch;
use super::metadata;
use super::print::type_name;
use super::walk::Walk;
use crate::scalar::print;
use serde_json::{Map, Value};
use std::collections::VecDeque;

impl Walk {
    /// One map of the pattern against one of the resource.
    pub(super) fn map(
        &mut self,
        resource: &Map<String, Value>,
        pattern: &Map<String, Value>,
        path: &str,
    ) -> Result<(), Mismatch> {
        let pattern = metadata::expand(pattern, resource);
        let (anchored, others): (Vec<_>, Vec<_>) = pattern.iter().partition(|(key, _)| is_first_phase(key));
        self.anchored_keys(resource, &anchored, path)?;
        for (key, pattern) in in_order(&others) {
            self.key(resource, key, pattern, path)?;
        }
        Ok(())
    }

    fn anchored_keys(
        &mut self,
        resource: &Map<String, Value>,
        anchored: &[(&String, &Value)],
        path: &str,
    ) -> Result<(), Mismatch> {
        let mut skips: Vec<Mismatch> = Vec::new();
        let mut applied = false;
        for (key, pattern) in anchored {
            match self.key(resource, key, pattern, path) {
                Ok(()) => applied = true,
                Err(mismatch) if mismatch.is_skip() => skips.push(mismatch),
                // A map that is skipped anyway has no failures.
                Err(_) if skips.iter().any(Mismatch::is_direct) => {}
                Err(mismatch) => return Err(mismatch),
            }
        }
        let skipped = !skips.is_empty() && (!applied || skips.iter().any(Mismatch::is_direct));
        if skipped { Err(Mismatch::combined(path, &skips)) } else { Ok(()) }
    }

    /// One key of a pattern, with what its anchor asks for.
    fn key(&mut self, resource: &Map<String, Value>, text: &str, pattern: &Value, path: &str) -> Result<(), Mismatch> {
        let Some(anchor) = anchor::parse(text).filter(|anchor| anchor.kind != AnchorKind::AddIfNotPresent) else {
            return self.plain_key(resource, text, pattern, path);
        };
        let here = format!("{path}{}/", anchor.key);
        let value = resource.get(anchor.key);
        match (anchor.kind, value) {
            (AnchorKind::Conditional, None) => {
                Err(Mismatch::conditional(here, "conditional anchor key doesn't exist in the resource"))
            }
            (_, None) => Ok(()),
            (AnchorKind::Conditional, Some(value)) => self.element(value, pattern, &here).map_err(|mismatch| {
                let path = mismatch.path.clone();
                Mismatch::conditional(path, mismatch)
            }),
            (AnchorKind::Global, Some(value)) => self.element(value, pattern, &here).map_err(|mismatch| {
                let path = mismatch.path.clone();
                Mismatch::global(path, mismatch)
            }),
            (AnchorKind::Existence, Some(value)) => self.existence(value, pattern, &here),
            (AnchorKind::Negation, Some(_)) => Err(Mismatch::negation(here)),
            (AnchorKind::AddIfNotPresent | AnchorKind::Equality, Some(value)) => self.element(value, pattern, &here),
        }
    }

    fn plain_key(
        &mut self,
        resource: &Map<String, Value>,
        key: &str,
        pattern: &Value,
        path: &str,
    ) -> Result<(), Mismatch> {
        let value = resource.get(key).unwrap_or(&Value::Null);
        if pattern.as_str() != Some("*") {
            return self.element(value, pattern, &format!("{path}{key}/"));
        }
        if value.is_null() { Err(Mismatch::plain(path, format!("{path}/{key} not found"))) } else { Ok(()) }
    }

    /// Each map of the pattern must match some element of the list.
    fn existence(&mut self, resource: &Value, pattern: &Value, path: &str) -> Result<(), Mismatch> {
        let Value::Array(items) = resource else {
            let found = type_name(resource);
            return Err(Mismatch::plain(
                path,
                format!(
                    "invalid resource type {found}: Existence ^ () anchor can be used only on list/array type resource"
                ),
            ));
        };
        let found = print::type_name(pattern);
        let Value::Array(patterns) = pattern else {
            return Err(Mismatch::plain(
                path,
                format!("invalid pattern type {found}: Pattern has to be of list to compare against resource"),
            ));
        };
        for pattern in patterns {
            if !pattern.is_object() {
                return Err(Mismatch::plain(
                    path,
                    format!(
                        "invalid pattern type {found}: Pattern has to be of type map to compare against items in resource"
                    ),
                ));
            }
            let mut items = items.iter().enumerate();
            if !items.any(|(index, item)| self.element(item, pattern, &format!("{path}{index}/")).is_ok()) {
                return Err(Mismatch::plain(path, format!("existence anchor validation failed at path {path}")));
            }
        }
        Ok(())
    }
}

fn is_first_phase(key: &str) -> bool {
    anchor::parse(key).is_some_and(|anchor| match anchor.kind {
        AnchorKind::Conditional | AnchorKind::Equality | AnchorKind::Existence | AnchorKind::Negation => true,
        AnchorKind::AddIfNotPresent | AnchorKind::Global => false,
    })
}

/// Sorted keys, with global ones and those with anchors below put at the very front, one after the other.
fn in_order<'a>(entries: &[(&'a String, &'a Value)]) -> VecDeque<(&'a String, &'a Value)> {
    let mut ordered = VecDeque::new();
    for (key, value) in entries {
        if is_condition(key) || has_anchors(value) {
            ordered.push_front((*key, *value));
        } else {
            ordered.push_back((*key, *value));
        }
    }
    ordered
}

fn has_anchors(pattern: &Value) -> bool {
    match pattern {
        Value::Array(items) => items.iter().any(has_anchors),
        Value::Object(entries) => entries.iter().any(|(key, value)| is_condition(key) || has_anchors(value)),
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => false,
    }
}

/// Does the anchor of the key say something about a resource?
fn is_condition(key: &str) -> bool {
    anchor::parse(key).is_some_and(|anchor| anchor.kind != AnchorKind::AddIfNotPresent)
}
