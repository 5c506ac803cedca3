//! The walk through pattern and resource: elements and lists. Maps are in `map`.
//!
//! Source: Kyverno 1.19 `pkg/engine/validate/validate.go`, `pkg/engine/anchor/anchormap.go`.

use super::anchor::{self, AnchorKind};
use super::error::Mismatch;
use super::print::{display_pattern, type_name};
use super::scalar;
use crate::scalar::print::display;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What the walk remembers.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Every conditional or existence key met so far, and whether some map that was compared with it has the key.
    ///
    /// By the text of the key alone, wherever it stands, as upstream does.
    keys: BTreeMap<String, bool>,
}

impl Walk {
    /// Is there an anchored key that none of the maps compared with it has?
    pub(super) fn lacks_a_key(&self) -> bool {
        self.keys.values().any(|present| !present)
    }

    fn note_keys(&mut self, resource: &Map<String, Value>, pattern: &Map<String, Value>) {
        for text in pattern.keys() {
            let Some(anchor) = anchor::parse(text) else { continue };
            // Upstream notes negated keys too, and then does not count them.
            if matches!(anchor.kind, AnchorKind::Conditional | AnchorKind::Existence) {
                *self.keys.entry(text.clone()).or_default() |= resource.contains_key(anchor.key);
            }
        }
    }

    /// One element of the pattern, whatever it is.
    pub(super) fn element(&mut self, resource: &Value, pattern: &Value, path: &str) -> Result<(), Mismatch> {
        match (pattern, resource) {
            (Value::Object(pattern), Value::Object(resource)) => {
                self.note_keys(resource, pattern);
                self.map(resource, pattern, path)
            }
            (Value::Object(_), _) => {
                let (expected, found) = (type_name(pattern), type_name(resource));
                Err(Mismatch::plain(
                    path,
                    format!(
                        "pattern and resource have different structures. Path: {path}. Expected {expected}, found {found}"
                    ),
                ))
            }
            (Value::Array(pattern), Value::Array(resource)) => self.list(resource, pattern, path),
            (Value::Array(_), _) => Err(Mismatch::plain(
                path,
                format!(
                    "validation rule failed at path {path}, resource does not satisfy the expected overlay pattern"
                ),
            )),
            (pattern, Value::Array(items)) => {
                check(items.iter().all(|item| scalar::matches(item, pattern)), resource, pattern, path)
            }
            (pattern, resource) => check(scalar::matches(resource, pattern), resource, pattern, path),
        }
    }

    fn list(&mut self, resource: &[Value], pattern: &[Value], path: &str) -> Result<(), Mismatch> {
        match pattern.first() {
            None => Err(Mismatch::plain(path, "pattern Array empty".to_owned())),
            // Of maps, only the first counts, for every element.
            Some(first @ Value::Object(_)) => self.items(resource.iter().map(|item| (item, first)), path),
            Some(Value::Array(_)) if resource.len() < pattern.len() => Err(Mismatch::plain(
                "",
                format!(
                    "validate Array failed, array length mismatch, resource Array len is {} and pattern Array len is {}",
                    resource.len(),
                    pattern.len()
                ),
            )),
            Some(Value::Array(_)) => self.items(resource.iter().zip(pattern), path),
            Some(first) => {
                let matches = resource.iter().all(|item| scalar::matches(item, first));
                check(matches, &Value::Array(resource.to_vec()), first, path)
            }
        }
    }

    /// Pairs of a list; it is skipped where some are skipped and none matches.
    fn items<'a>(&mut self, pairs: impl Iterator<Item = (&'a Value, &'a Value)>, path: &str) -> Result<(), Mismatch> {
        let mut skips = Vec::new();
        let mut applied = false;
        for (index, (resource, pattern)) in pairs.enumerate() {
            match self.element(resource, pattern, &format!("{path}{index}/")) {
                Ok(()) => applied = true,
                Err(mismatch) if mismatch.is_skip() => skips.push(mismatch),
                Err(mismatch) => return Err(mismatch),
            }
        }
        if applied || skips.is_empty() { Ok(()) } else { Err(Mismatch::combined(path, &skips)) }
    }
}

fn check(matches: bool, resource: &Value, pattern: &Value, path: &str) -> Result<(), Mismatch> {
    if matches {
        return Ok(());
    }
    let (resource, pattern) = (display(resource), display_pattern(pattern));
    Err(Mismatch::plain(path, format!("resource value '{resource}' does not match '{pattern}' at path {path}")))
}
