//! RFC 6902 operations, as far as image verification writes them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One operation: `add` or `replace`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PatchOperation {
    /// `add` or `replace`.
    pub op: PatchOp,
    /// JSON pointer.
    pub path: String,
    /// The new value.
    #[cfg_attr(feature = "typescript", ts(type = "unknown"))]
    pub value: Value,
}

/// The kinds of operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum PatchOp {
    /// Sets a field, whether or not it is there.
    Add,
    /// Sets a field that is there.
    Replace,
}

impl PatchOperation {
    pub(super) fn add(path: &str, value: impl Into<Value>) -> Self {
        Self { op: PatchOp::Add, path: path.to_owned(), value: value.into() }
    }

    pub(super) fn replace(path: &str, value: impl Into<Value>) -> Self {
        Self { op: PatchOp::Replace, path: path.to_owned(), value: value.into() }
    }

    /// Applies it to `object`; where the parent is no object, one is made (`EnsurePathExistsOnAdd`).
    ///
    /// Returns whether the place exists: a `replace` of nothing changes nothing.
    pub(super) fn apply(&self, object: &mut Value) -> bool {
        match self.op {
            PatchOp::Replace => match object.pointer_mut(&self.path) {
                Some(place) => {
                    *place = self.value.clone();
                    true
                }
                None => false,
            },
            PatchOp::Add => {
                let Some((parent, field)) = self.path.rsplit_once('/') else { return false };
                let field = field.replace("~1", "/").replace("~0", "~");
                parent_of(object, parent).is_some_and(|map| {
                    map.insert(field, self.value.clone());
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
