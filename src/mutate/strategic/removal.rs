//! Removes what is left of the anchors once they are resolved.
//!
//! Source: Kyverno 1.19 `pkg/engine/mutate/patch/strategicPreprocessing.go`, `deleteConditionElements` and below.

use super::super::MutateError;
use super::anchor::{self, Anchor};
use super::conditions::{blanks_around, has_anchor};
use super::tree::{Id, Kind, Tree};

/// Removes conditions from the whole patch. A condition at the top whose value asks for changes too keeps its anchor.
pub(super) fn from_patch(tree: &mut Tree, pattern: Id) -> Result<(), MutateError> {
    tree.expect(pattern, Kind::Map)?;
    for key in tree.keys(pattern) {
        let Some(value) = tree.field(pattern, &key) else { continue };
        if remove(tree, value, anchor::is_condition(&key))? {
            tree.clear(pattern, &key);
        }
    }
    Ok(())
}

/// Removes conditions from one element of a list; answers whether nothing else was in it.
pub(super) fn from_element(tree: &mut Tree, element: Id) -> Result<bool, MutateError> {
    remove(tree, element, true)
}

/// Answers whether nothing is left, for scalars whether they are to go.
///
/// Maps without fields count as nothing, so that a patch cannot add one.
fn remove(tree: &mut Tree, id: Id, is_condition: bool) -> Result<bool, MutateError> {
    match tree.kind(id) {
        Kind::Map => remove_from_map(tree, id),
        Kind::List => remove_from_list(tree, id),
        Kind::Scalar => Ok(is_condition),
    }
}

fn remove_from_map(tree: &mut Tree, id: Id) -> Result<bool, MutateError> {
    let anchored: Vec<_> = tree.keys(id).iter().filter_map(|key| anchor::parse(key)).collect();
    let conditions: Vec<_> = anchored.into_iter().filter(|found| found.anchor != Anchor::AddIfNotPresent).collect();
    for found in &conditions {
        let value = tree.field(id, &found.text).ok_or_else(|| blanks_around(&found.text))?;
        if remove(tree, value, true)? {
            tree.clear(id, &found.text);
        }
    }
    // What a condition asks for beside conditions becomes a change.
    for found in &conditions {
        tree.rename(id, &found.text, &found.key);
    }
    let mut is_empty = true;
    for key in tree.keys(id) {
        let Some(value) = tree.field(id, &key) else { continue };
        if remove(tree, value, false)? {
            tree.clear(id, &key);
        } else {
            is_empty = false;
        }
    }
    Ok(is_empty)
}

/// Removes elements with anchors, each at the index it had before others went, as Kyverno does.
fn remove_from_list(tree: &mut Tree, id: Id) -> Result<bool, MutateError> {
    let elements = tree.items(id);
    for (index, element) in elements.iter().enumerate() {
        if has_anchor(tree, *element, |_| true) || remove(tree, *element, false)? {
            let mut left = tree.items(id);
            if index >= left.len() {
                let reason = format!("{} elements with anchors in one list", elements.len());
                return Err(MutateError::Crash { reason, help: "write one element with anchors per list" });
            }
            left.remove(index);
            tree.set_items(id, left);
        }
    }
    Ok(!elements.is_empty() && tree.items(id).is_empty())
}
