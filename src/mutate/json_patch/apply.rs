//! Operations on a document.
//!
//! Texts of errors are those of `github.com/evanphx/json-patch/v5` v5.9.11, `patch.go`: they reach the rule's message.

use super::super::MutateError;
use super::super::number;
use super::container::{self, INDEX_LIMIT};
use super::operation::Operation;
use crate::limits::Limits;
use serde_json::Value;

/// A document while it is patched.
pub(super) struct Document {
    root: Value,
    /// What json-patch takes for the whole document: as it came in, whatever has been done to it since.
    whole: Value,
    /// How many values `copy` may still make: a patch that copies a map into itself doubles it each time.
    copies_left: usize,
}

impl Document {
    pub(super) fn new(root: Value) -> Self {
        Self { whole: root.clone(), root, copies_left: Limits::default().yaml_nodes }
    }

    pub(super) fn into_value(self) -> Value {
        self.root
    }

    pub(super) fn apply(&mut self, operation: &Operation) -> Result<(), MutateError> {
        match operation {
            Operation::Add { path, value } => self.add(path, value),
            Operation::Copy { from, path } => self.copy(from, path),
            Operation::Move { from, path } => self.relocate(from, path),
            Operation::Remove { path } => self.remove(path),
            Operation::Replace { path, value } => self.replace(path, value),
            Operation::Test { path, value } => self.test(path, value),
        }
    }

    fn add(&mut self, path: &str, value: &Value) -> Result<(), MutateError> {
        if path.is_empty() {
            self.whole = value.clone();
            return self.replace_root(value, |found| {
                format!("json: cannot unmarshal {found} into Go value of type map[string]*jsonpatch.lazyNode")
            });
        }
        check_depth(path, value)?;
        self.create_parents(path)?;
        let missing = || format!("add operation does not apply: doc is missing path: \"{path}\": missing value");
        let (container, key) = self.find(path).ok_or_else(|| failed(missing()))?;
        container::add(container, &key, value.clone())
            .map_err(|error| failed(format!("error in add for path: '{path}': {error}")))
    }

    fn remove(&mut self, path: &str) -> Result<(), MutateError> {
        let Some((container, key)) = self.find(path) else { return Ok(()) };
        container::remove(container, &key)
            .map_err(|error| failed(format!("error in remove for path: '{path}': {error}")))
    }

    fn replace(&mut self, path: &str, value: &Value) -> Result<(), MutateError> {
        if path.is_empty() {
            self.whole = Value::Null;
            // The odd end is upstream's: it formats an error that is absent.
            let wrong = |_: &str| "replace operation value must be object or array: %!w(<nil>)".to_owned();
            return self.replace_root(value, wrong);
        }
        let missing = |what: &str| {
            failed(format!("replace operation does not apply: doc is missing {what}: {path}: missing value"))
        };
        let (container, key) = self.find(path).ok_or_else(|| missing("path"))?;
        container::get(container, &key).map_err(|_| missing("key"))?;
        check_depth(path, value)?;
        // The word `remove` is upstream's.
        container::set(container, &key, value.clone())
            .map_err(|error| failed(format!("error in remove for path: '{path}': {error}")))
    }

    /// The `move` operation.
    fn relocate(&mut self, from: &str, path: &str) -> Result<(), MutateError> {
        if from.is_empty() {
            return Err(failed("unable to move entire document to another path: invalid state detected".to_owned()));
        }
        let missing = |which: &str, pointer: &str| {
            failed(format!("move operation does not apply: doc is missing {which} path: {pointer}: missing value"))
        };
        let wrong = |key: &str, error: String| failed(format!("error in move for path: '{key}': {error}"));
        let whole = self.whole_at(from);
        let (container, key) = self.find(from).ok_or_else(|| missing("from", from))?;
        let value = whole.map_or_else(|| container::get(container, &key).cloned(), Ok);
        let value = value.map_err(|error| wrong(&key, error))?;
        container::remove(container, &key).map_err(|error| wrong(&key, error))?;
        check_depth(path, &value)?;
        let (container, key) = self.find(path).ok_or_else(|| missing("destination", path))?;
        container::add(container, &key, value).map_err(|error| wrong(path, error))
    }

    fn copy(&mut self, from: &str, path: &str) -> Result<(), MutateError> {
        let missing =
            |what: String| failed(format!("copy operation does not apply: doc is missing {what}: missing value"));
        let whole = self.whole_at(from);
        let (container, key) = self.find(from).ok_or_else(|| missing(format!("from path: \"{from}\"")))?;
        let value = whole.map_or_else(|| container::get(container, &key).cloned(), Ok);
        let value = value.map_err(|error| failed(format!("error in copy for from: '{from}': {error}")))?;
        self.copies_left = self
            .copies_left
            .checked_sub(size(&value))
            .ok_or(MutateError::CopyTooLarge { limit: Limits::default().yaml_nodes })?;
        check_depth(path, &value)?;
        let (container, key) = self.find(path).ok_or_else(|| missing(format!("destination path: {path}")))?;
        container::add(container, &key, value)
            .map_err(|error| failed(format!("error while adding value during copy: {error}")))
    }

    fn test(&mut self, path: &str, expected: &Value) -> Result<(), MutateError> {
        let whole = self.whole_at(path);
        let found = if path.is_empty() {
            &self.root
        } else if let Some(whole) = &whole {
            whole
        } else {
            let missing = || failed(format!("test operation does not apply: is missing path: {path}: missing value"));
            let (container, key) = self.find(path).ok_or_else(missing)?;
            match (container::get(container, &key), container.is_object()) {
                (Ok(found), _) => found,
                (Err(_), true) => &Value::Null,
                (Err(error), false) => return Err(failed(format!("error in test for path: '{path}': {error}"))),
            }
        };
        if is_equal(found, expected) {
            return Ok(());
        }
        Err(failed(format!("testing value {path} failed: test failed")))
    }

    fn replace_root(&mut self, value: &Value, wrong: fn(&str) -> String) -> Result<(), MutateError> {
        let found = match value {
            Value::Array(_) | Value::Object(_) => {
                self.root = value.clone();
                return Ok(());
            }
            Value::Bool(_) => "bool",
            Value::Null => {
                let type_name = "*jsonpatch.partialDoc";
                let reason =
                    format!("json: error calling MarshalJSON for type {type_name}: invalid value, expected object");
                return Err(failed(reason));
            }
            Value::Number(_) => "number",
            Value::String(_) => "string",
        };
        Err(failed(wrong(found)))
    }

    /// The whole document, where `pointer` ends in an empty key of it.
    fn whole_at(&self, pointer: &str) -> Option<Value> {
        (container::steps(pointer)? == [""]).then(|| self.whole.clone())
    }

    /// The map or list that the last step of `pointer` is a key of, and that key.
    fn find(&mut self, pointer: &str) -> Option<(&mut Value, String)> {
        let steps = container::steps(pointer)?;
        let (last, parents) = steps.split_last()?;
        let mut container = &mut self.root;
        for step in parents {
            container = container::step_into(container, &container::unescaped(step))?;
        }
        Some((container, container::unescaped(last)))
    }

    /// Creates the maps and lists on the way to the last step of `path`: a list where a number or `-` comes next.
    ///
    /// Whatever cannot be created is missed by [`Document::find`] afterwards; escapes stay in the keys that are created,
    /// so that such a path is missed too. A null is as good as nothing, also one that an earlier operation wrote, at
    /// which json-patch stops.
    fn create_parents(&mut self, path: &str) -> Result<(), MutateError> {
        let steps = container::steps(path).unwrap_or_default();
        let mut container = &mut self.root;
        for (index, (step, next)) in steps.iter().zip(steps.iter().skip(1)).enumerate() {
            let key = container::unescaped(step);
            let exists = container::get(container, &key).is_ok_and(|found| !found.is_null());
            if !exists {
                create(container, step, next, path)?;
            }
            match container::step_into(container, &key) {
                Some(found) => container = found,
                None if exists => return Err(failed("invalid state detected".to_owned())),
                None => return steps.iter().skip(index + 2).try_for_each(|next| parent_of(next, path).map(|_| ())),
            }
        }
        Ok(())
    }
}

fn create(container: &mut Value, step: &str, next: &str, path: &str) -> Result<(), MutateError> {
    if let (Value::Array(items), Ok(index)) = (&mut *container, container::index(step)) {
        container::fill(items, length_below(index, path)?);
    }
    let created = parent_of(next, path)?;
    // Where it cannot be added, the search for the path says so.
    container::add(container, step, created).or(Ok(()))
}

/// An empty map or list for the key `next`; a list is filled up to it.
fn parent_of(next: &str, path: &str) -> Result<Value, MutateError> {
    Ok(match container::index(next) {
        Ok(-1) => Value::Array(Vec::new()),
        Ok(index) if index < 0 => {
            return Err(failed(format!(
                "Unable to ensure path for negative index other than -1: {index}: invalid index referenced"
            )));
        }
        Ok(index) => Value::Array(vec![Value::Null; length_below(index, path)?]),
        Err(_) if next == "-" => Value::Array(Vec::new()),
        Err(_) => Value::Object(serde_json::Map::new()),
    })
}

/// How long a list must be for `index` to be the next.
fn length_below(index: i64, path: &str) -> Result<usize, MutateError> {
    let length = usize::try_from(index).unwrap_or_default();
    if length > INDEX_LIMIT {
        return Err(MutateError::IndexTooLarge { index: length, limit: INDEX_LIMIT, path: path.to_owned() });
    }
    Ok(length)
}

/// That a document with `value` at `path` is not nested too deeply to be walked.
fn check_depth(path: &str, value: &Value) -> Result<(), MutateError> {
    let limit = Limits::default().depth;
    let steps = path.bytes().filter(|byte| *byte == b'/').count();
    if steps.saturating_add(depth(value)) > limit {
        Err(MutateError::TooDeep { limit, path: path.to_owned() })
    } else {
        Ok(())
    }
}

fn depth(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(fields) => fields.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(fields) => fields.values().map(size).sum(),
        _ => 0,
    }
}

/// Equality of JSON (RFC 6902 section 4.6), with numbers compared by their texts.
fn is_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(ones), Value::Array(others)) => {
            ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| is_equal(one, other))
        }
        (Value::Number(one), Value::Number(other)) => number::text(one) == number::text(other),
        (Value::Object(ones), Value::Object(others)) => {
            let has = |(key, one): (&String, &Value)| others.get(key).is_some_and(|other| is_equal(one, other));
            ones.len() == others.len() && ones.iter().all(has)
        }
        _ => one == other,
    }
}

fn failed(reason: String) -> MutateError {
    MutateError::Operation { reason }
}
