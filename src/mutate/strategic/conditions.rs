//! Anchors of a patch, resolved against the resource: what does not apply goes, what is conditional loses its condition.
//!
//! Source: Kyverno 1.19 `pkg/engine/mutate/patch/strategicPreprocessing.go`.

use super::super::MutateError;
use super::anchor::{self, Anchor, AnchoredKey};
use super::removal;
use super::tree::{Content, Id, Kind, Tree};
use serde_json::{Number, Value};

/// How a part of the resource is compared with the value of a condition.
pub(super) type Matches<'a> = &'a dyn Fn(&Value, &Value) -> bool;

/// Why the walk ends before its end.
pub(super) enum Stop {
    /// A `(key)` does not match: the element, or the whole patch where there is no list, does not apply.
    Condition,
    Error(MutateError),
    /// A `<(key)` does not match: the patch does not apply.
    Global,
}

impl From<MutateError> for Stop {
    fn from(error: MutateError) -> Self {
        Self::Error(error)
    }
}

/// Resolves every anchor of `pattern` against `resource`.
pub(super) fn resolve(tree: &mut Tree, matches: Matches<'_>, pattern: Id, resource: Id) -> Result<(), Stop> {
    Resolver { tree, matches }.walk(pattern, Some(resource))?;
    Ok(removal::from_patch(tree, pattern)?)
}

struct Resolver<'a> {
    tree: &'a mut Tree,
    matches: Matches<'a>,
}

impl Resolver<'_> {
    fn walk(&mut self, pattern: Id, resource: Option<Id>) -> Result<(), Stop> {
        match self.tree.kind(pattern) {
            Kind::Map => self.walk_map(pattern, resource),
            Kind::List => self.walk_list(pattern, resource),
            Kind::Scalar => Ok(()),
        }
    }

    fn walk_map(&mut self, pattern: Id, resource: Option<Id>) -> Result<(), Stop> {
        self.add_if_not_present(pattern, resource);
        if !self.conditions_hold(pattern, resource, Anchor::Global)? {
            return Err(Stop::Global);
        }
        if !self.conditions_hold(pattern, resource, Anchor::Conditional)? {
            return Err(Stop::Condition);
        }
        for key in self.tree.keys(pattern) {
            if anchor::parse(&key).is_none()
                && let Some(value) = self.tree.field(pattern, &key)
            {
                let found = resource.and_then(|resource| self.tree.field(resource, &key));
                self.walk(value, found)?;
            }
        }
        Ok(())
    }

    /// Drops each `+(key)` that the resource has and uncovers the others; answers how many there were.
    fn add_if_not_present(&mut self, pattern: Id, resource: Option<Id>) -> usize {
        let anchored = self.anchored(pattern, Anchor::AddIfNotPresent);
        for found in &anchored {
            if resource.and_then(|resource| self.tree.field(resource, &found.key)).is_some() {
                self.tree.clear(pattern, &found.text);
            } else {
                self.tree.rename(pattern, &found.text, &found.key);
            }
        }
        anchored.len()
    }

    fn anchored(&self, pattern: Id, wanted: Anchor) -> Vec<AnchoredKey> {
        let found = self.tree.fields(pattern).iter().filter_map(|(key, _)| anchor::parse(key));
        found.filter(|found| found.anchor == wanted).collect()
    }

    fn conditions_hold(&mut self, pattern: Id, resource: Option<Id>, wanted: Anchor) -> Result<bool, Stop> {
        for found in self.anchored(pattern, wanted) {
            let Some(resource) = resource.and_then(|resource| self.tree.field(resource, &found.key)) else {
                return Ok(false);
            };
            let value = self.tree.field(pattern, &found.text).ok_or_else(|| blanks_around(&found.text))?;
            // A condition that adds is taken as met, whatever else it says.
            if self.add_if_not_present(value, Some(resource)) == 0 && !self.is_match(value, resource) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_match(&self, pattern: Id, resource: Id) -> bool {
        match (self.compared(resource), self.compared(pattern)) {
            (Ok(resource), Ok(pattern)) => (self.matches)(&resource, &pattern),
            _ => false,
        }
    }

    /// What the pattern engine gets to see: scalars as text, and in maps and lists every number as a fraction.
    fn compared(&self, id: Id) -> Result<Value, MutateError> {
        match self.tree.content(id) {
            Content::Scalar(_) => Ok(Value::String(self.tree.text(id))),
            _ => self.tree.value(id).map(with_fractions),
        }
    }

    fn walk_list(&mut self, pattern: Id, resource: Option<Id>) -> Result<(), Stop> {
        let elements = self.tree.items(pattern);
        // The first element decides what the list is a list of.
        if elements.first().is_none_or(|first| self.tree.kind(*first) != Kind::Map) {
            return Ok(());
        }
        if let Some(resource) = resource {
            self.tree.expect(resource, Kind::List)?;
        }
        for element in elements {
            if has_anchor(self.tree, element, |_| true) {
                self.walk_element(pattern, element, resource)?;
            }
        }
        Ok(())
    }

    /// Tries one element of the patch on every element of the resource and appends a copy for each that it applies to.
    ///
    /// One copy is tried on all of them, so that a `+(key)` which the first uncovers stays so for the rest.
    fn walk_element(&mut self, pattern: Id, element: Id, resource: Option<Id>) -> Result<(), Stop> {
        let is_gate = has_anchor(self.tree, element, |found| found == Anchor::Global);
        let element = self.tree.copy(element);
        let Some(resource) = resource else {
            return match self.walk(element, None) {
                Ok(()) | Err(Stop::Condition) => Ok(()),
                Err(stop) => Err(stop),
            };
        };
        let (mut passed, mut failed) = (false, false);
        for found in self.tree.items(resource) {
            self.tree.check_size()?;
            match self.walk(element, Some(found)) {
                Ok(()) if is_gate => passed = true,
                Ok(()) => self.append_for(pattern, element, found)?,
                Err(Stop::Condition) => {}
                Err(Stop::Global) => failed = true,
                Err(stop) => return Err(stop),
            }
        }
        if failed && !passed { Err(Stop::Global) } else { Ok(()) }
    }

    /// Appends `element` without its conditions, under the name of the element of the resource that it is for.
    fn append_for(&mut self, pattern: Id, element: Id, found: Id) -> Result<(), Stop> {
        let Some(name) = self.tree.field(found, "name").filter(|name| !self.tree.is_empty(*name)) else {
            return Ok(());
        };
        let copy = self.tree.copy(element);
        if !removal::from_element(self.tree, copy)? {
            self.tree.expect(copy, Kind::Map)?;
            let name = self.tree.copy(name);
            self.tree.set_field(copy, "name", Some(name));
            self.tree.append(pattern, copy);
        }
        Ok(())
    }
}

/// Kyverno finds an anchor with blanks around it, and then not its value.
pub(super) fn blanks_around(key: &str) -> MutateError {
    let reason = format!("blanks around the anchor `{key}`");
    MutateError::Crash { reason, help: "write the key without blanks" }
}

/// Whether an anchor that is `wanted` stands anywhere in `id`.
///
/// A scalar that reads like a condition counts as one.
pub(super) fn has_anchor(tree: &Tree, id: Id, wanted: fn(Anchor) -> bool) -> bool {
    match tree.content(id) {
        Content::List(items) => items.iter().any(|item| has_anchor(tree, *item, wanted)),
        // Of two fields with one key the first counts, as everywhere.
        Content::Map(fields) => fields.iter().any(|(key, _)| {
            let value = tree.field(id, key).filter(|value| !tree.is_empty(*value));
            anchor::parse(key).is_some_and(|found| wanted(found.anchor))
                || value.is_some_and(|value| has_anchor(tree, value, wanted))
        }),
        Content::Scalar(_) => anchor::is_condition(&tree.text(id)),
    }
}

fn with_fractions(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(with_fractions).collect(),
        Value::Number(number) => number.as_f64().and_then(Number::from_f64).map_or(Value::Null, Value::Number),
        Value::Object(fields) => fields.into_iter().map(|(key, value)| (key, with_fractions(value))).collect(),
        other => other,
    }
}
