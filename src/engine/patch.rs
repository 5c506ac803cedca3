//! RFC 6902 operations: what evaluation changes in an object.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One operation: `add`, `remove` or `replace`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PatchOperation {
    /// What is done.
    pub op: PatchOp,
    /// JSON pointer.
    pub path: String,
    /// The new value; none for `remove`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub value: Option<Value>,
}

/// The kinds of operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum PatchOp {
    /// Sets a field, whether or not it is there.
    Add,
    /// Takes a field or an element away.
    Remove,
    /// Sets a field that is there.
    Replace,
}

impl PatchOperation {
    pub(super) fn add(path: &str, value: impl Into<Value>) -> Self {
        Self { op: PatchOp::Add, path: path.to_owned(), value: Some(value.into()) }
    }

    pub(super) fn replace(path: &str, value: impl Into<Value>) -> Self {
        Self { op: PatchOp::Replace, path: path.to_owned(), value: Some(value.into()) }
    }

    fn remove(path: &str) -> Self {
        Self { op: PatchOp::Remove, path: path.to_owned(), value: None }
    }

    /// Applies it to `object`; where the parent is no object, one is made (`EnsurePathExistsOnAdd`).
    ///
    /// Returns whether the place exists: a `replace` of nothing changes nothing.
    pub(super) fn apply(&self, object: &mut Value) -> bool {
        match self.op {
            PatchOp::Replace => match object.pointer_mut(&self.path) {
                Some(place) => {
                    *place = self.value.clone().unwrap_or_default();
                    true
                }
                None => false,
            },
            PatchOp::Remove => {
                let Some((parent, field)) = self.path.rsplit_once('/') else { return false };
                let field = field.replace("~1", "/").replace("~0", "~");
                let parent = object.pointer_mut(parent).and_then(Value::as_object_mut);
                parent.is_some_and(|map| map.remove(&field).is_some())
            }
            PatchOp::Add => {
                let Some((parent, field)) = self.path.rsplit_once('/') else { return false };
                let field = field.replace("~1", "/").replace("~0", "~");
                parent_of(object, parent).is_some_and(|map| {
                    map.insert(field, self.value.clone().unwrap_or_default());
                    true
                })
            }
        }
    }
}

fn parent_of<'a>(object: &'a mut Value, pointer: &str) -> Option<&'a mut Map<String, Value>> {
    let mut place = object;
    for part in pointer.split('/').skip(1) {
        let map = place.as_object_mut()?;
        place = map.entry(part.replace("~1", "/").replace("~0", "~")).or_insert_with(|| Value::Object(Map::new()));
    }
    place.as_object_mut()
}

/// The operations that make `after` of `before`. Lists that differ in length are replaced.
pub(super) fn difference(before: &Value, after: &Value, path: &str) -> Vec<PatchOperation> {
    let child = |key: &str| format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let removed =
                old.keys().filter(|key| !new.contains_key(*key)).map(|key| PatchOperation::remove(&child(key)));
            let changed = new.iter().flat_map(|(key, value)| match old.get(key) {
                Some(old) => difference(old, value, &child(key)),
                None => vec![PatchOperation::add(&child(key), value.clone())],
            });
            removed.chain(changed).collect()
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            let pairs = old.iter().zip(new).enumerate();
            pairs.flat_map(|(index, (old, new))| difference(old, new, &format!("{path}/{index}"))).collect()
        }
        (before, after) if before == after => Vec::new(),
        (_, after) => vec![PatchOperation::replace(path, after.clone())],
    }
}

#[cfg(test)]
mod tests {
    use super::difference;
    use serde_json::json;

    #[test]
    fn a_difference_makes_the_one_of_the_other() {
        let before = json!({"a": 1, "b": {"x/y": [1, 2], "gone": true}, "c": [1]});
        let after = json!({"a": null, "b": {"x/y": [1, 3]}, "c": [1, 2], "d": {}});
        let mut patched = before.clone();
        let operations = difference(&before, &after, "");
        assert!(operations.iter().all(|operation| operation.apply(&mut patched)), "{operations:?}");
        assert_eq!(patched, after);
        assert!(difference(&after, &after, "").is_empty());
    }
}
