//! Elements of a list by their merge keys.
//!
//! A value may be empty, which finds any element that has the key, and there may be fewer values than keys: kyaml's
//! results for elements without merge keys come from both.
//!
//! Source: `sigs.k8s.io/kustomize/kyaml` v0.21.1, `yaml/fns.go`, `ElementMatcher` and `ElementSetter`.

use super::super::MutateError;
use super::tree::{Id, Kind, Tree};

/// The first element of `list` with these values; the key of scalars is empty.
pub(super) fn find(tree: &Tree, list: Id, keys: &[&str], values: &[String]) -> Option<Id> {
    let has = |element: Id, key: &str, value: &str| {
        if key.is_empty() {
            return tree.has_text(element, value);
        }
        tree.field(element, key).is_some_and(|found| tree.has_text(found, value))
    };
    let mut items = tree.item_slice(list).iter().copied();
    items.find(|item| keys.iter().zip(values).all(|(key, value)| has(*item, key, value)))
}

/// Removes the elements with these values.
pub(super) fn remove(tree: &mut Tree, list: Id, keys: &[&str], values: &[String]) -> Result<(), MutateError> {
    swap(tree, list, keys, values, None).map(|_| ())
}

/// Puts `element` in the place of those with these values, or at the end where there are none.
pub(super) fn set(tree: &mut Tree, list: Id, keys: &[&str], values: &[String], element: Id) -> Result<(), MutateError> {
    if !swap(tree, list, keys, values, Some(element))? && !tree.is_null(element) {
        tree.append(list, element);
    }
    Ok(())
}

/// Answers whether there was an element with these values. Empty elements go, whatever is asked for.
fn swap(tree: &mut Tree, list: Id, keys: &[&str], values: &[String], element: Option<Id>) -> Result<bool, MutateError> {
    let wants_maps =
        keys.first().is_some_and(|key| !key.is_empty()) && values.first().is_some_and(|value| !value.is_empty());
    let (mut left, mut found) = (Vec::new(), false);
    for item in tree.items(list) {
        if tree.is_empty_map(item) {
            continue;
        }
        if tree.kind(item) != Kind::Map && wants_maps {
            left.push(item);
        } else if is_match(tree, item, keys, values)? {
            found = true;
            left.extend(element);
        } else if !values.is_empty() {
            left.push(item);
        }
    }
    tree.set_items(list, left);
    Ok(found)
}

fn is_match(tree: &Tree, item: Id, keys: &[&str], values: &[String]) -> Result<bool, MutateError> {
    // Keys without a value are not looked at, provided that an earlier key matched.
    let mut matched = false;
    for (index, key) in keys.iter().enumerate() {
        if let Some(value) = values.get(index) {
            matched = has(tree, item, key, value)?;
        }
        if !matched {
            return Ok(false);
        }
    }
    Ok(matched)
}

fn has(tree: &Tree, item: Id, key: &str, value: &str) -> Result<bool, MutateError> {
    if key.is_empty() {
        tree.expect(item, Kind::Scalar)?;
        return Ok(tree.has_text(item, value));
    }
    tree.expect(item, Kind::Map)?;
    Ok(tree.field(item, key).is_some_and(|found| value.is_empty() || tree.has_text(found, value)))
}
