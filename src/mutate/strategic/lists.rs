//! Lists whose elements are merged by keys.
//!
//! Elements of the patch that the resource lacks come first, then those of both in the order of the patch, then the
//! rest.
//!
//! Source: `sigs.k8s.io/kustomize/kyaml` v0.21.1, `yaml/walk/associative_sequence.go`.

use super::super::MutateError;
use super::directive::{self, Directive};
use super::elements;
use super::merge::{self, Pair};
use super::schema::Schema;
use super::tree::{Id, Kind, Tree};
use serde_json::Value;
use std::collections::BTreeSet;

/// Merges two lists by `keys`; without keys the elements are scalars, which are their own key.
pub(super) fn merge(
    tree: &mut Tree,
    pair: Pair,
    keys: &[&'static str],
    element: Schema,
) -> Result<Option<Id>, MutateError> {
    let Some(list) = base(tree, pair)? else { return Ok(None) };
    let sources = Sources { list, patch: pair.patch };
    let keys = if keys.is_empty() { &[""] } else { keys };
    let mut identities = sources.identities(tree, keys);
    if keys.len() > 1 {
        complete(&mut identities);
    }
    if identities.is_empty() {
        return Ok(Some(list));
    }
    let used = used_keys(&identities, keys);
    let merged = tree.list(Vec::new());
    for identity in &identities {
        let values = narrowed(identity, keys, &used);
        sources.merge_element(tree, merged, &used, &values, element)?;
    }
    append_rest(tree, merged, list, &used)?;
    Ok(Some(merged))
}

/// The list that elements are merged into.
fn base(tree: &mut Tree, pair: Pair) -> Result<Option<Id>, MutateError> {
    let Some(resource) = pair.resource.filter(|id| !tree.is_null(*id)) else { return Ok(pair.patch) };
    let Some(patch) = pair.patch else { return Ok(Some(resource)) };
    if tree.is_null(patch) {
        return Ok(None);
    }
    Ok(match directive::of_list(tree, patch)? {
        Directive::Delete => None,
        Directive::Merge => Some(resource),
        Directive::Replace => Some(patch),
    })
}

/// The values of an element under the merge keys; empty where it has none.
type Identity = Vec<String>;

/// Makes identities that differ only in what one of them lacks the same: a port without a protocol is the one with.
fn complete(identities: &mut [Identity]) {
    for first in 0..identities.len() {
        // The first of two is compared as it was before this round, as upstream does.
        let Some(one) = identities.get(first).cloned() else { continue };
        for second in 0..identities.len() {
            if let Some(common) = identities.get(second).and_then(|other| common(&one, other)) {
                for index in [first, second] {
                    if let Some(identity) = identities.get_mut(index) {
                        identity.clone_from(&common);
                    }
                }
            }
        }
    }
}

fn common(one: &Identity, other: &Identity) -> Option<Identity> {
    let pairs = || one.iter().zip(other);
    let is_equal = pairs().any(|(one, other)| one == other);
    let is_disjoint = pairs().any(|(one, other)| one != other && !one.is_empty() && !other.is_empty());
    let longer = |(one, other): (&String, &String)| if one.is_empty() { other.clone() } else { one.clone() };
    (is_equal && !is_disjoint).then(|| pairs().map(longer).collect())
}

/// The keys that any element has, or all if none has one.
fn used_keys(identities: &[Identity], keys: &[&'static str]) -> Vec<&'static str> {
    let is_used = |index: usize| identities.iter().any(|identity| identity.get(index).is_some_and(|it| !it.is_empty()));
    let used: Vec<_> = keys.iter().enumerate().filter(|(index, _)| is_used(*index)).map(|(_, key)| *key).collect();
    if used.is_empty() { keys.to_vec() } else { used }
}

/// The values of `identity` under `wanted`.
fn narrowed(identity: &Identity, keys: &[&str], wanted: &[&str]) -> Identity {
    let pairs = keys.iter().zip(identity);
    pairs.filter(|(key, _)| wanted.contains(key)).map(|(_, value)| value.clone()).collect()
}

struct Sources {
    list: Id,
    patch: Option<Id>,
}

impl Sources {
    /// The identity of every element once: the patch's first.
    fn identities(&self, tree: &Tree, keys: &[&str]) -> Vec<Identity> {
        let mut seen = BTreeSet::new();
        let items = [self.patch, Some(self.list)].into_iter().flatten().flat_map(|list| tree.items(list));
        let value = |item: Id, key: &&str| {
            if key.is_empty() {
                return tree.text(item);
            }
            let found = tree.field(item, key).filter(|value| !tree.is_empty(*value));
            found.map(|value| tree.text(value)).unwrap_or_default()
        };
        let identities = items.map(|item| keys.iter().map(|key| value(item, key)).collect());
        identities.filter(|identity: &Identity| seen.insert(identity.clone())).collect()
    }

    /// Merges the elements with one identity and puts the result into `merged`.
    fn merge_element(
        &self,
        tree: &mut Tree,
        merged: Id,
        keys: &[&'static str],
        values: &Identity,
        schema: Schema,
    ) -> Result<(), MutateError> {
        let own = used_keys(std::slice::from_ref(values), keys);
        let own_values = narrowed(values, keys, &own);
        let find = |list: Option<Id>| list.and_then(|list| elements::find(tree, list, &own, &own_values));
        let pair = Pair { resource: find(Some(self.list)), patch: find(self.patch) };
        let found = merge::merge(tree, pair, schema)?;
        let Some(element) = found.filter(|element| !tree.is_empty_map(*element)) else {
            return elements::remove(tree, self.list, keys, values);
        };
        if tree.kind(element) == Kind::Map {
            for (key, value) in keys.iter().zip(values) {
                if tree.field(element, key).is_none() && !value.is_empty() {
                    let value = tree.insert(&Value::from(value.as_str()));
                    tree.set_field(element, key, Some(value));
                }
            }
        }
        elements::set(tree, merged, keys, values, element)
    }
}

/// Puts the elements of `list` into `merged`, each in the place of the one with its identity.
fn append_rest(tree: &mut Tree, merged: Id, list: Id, keys: &[&str]) -> Result<(), MutateError> {
    for element in tree.items(list) {
        if keys.first() == Some(&"") {
            let text = tree.text(element);
            elements::set(tree, merged, &[""], &[text], element)?;
            continue;
        }
        let mut values = Vec::new();
        for key in keys {
            if !tree.is_null(element) {
                tree.expect(element, Kind::Map)?;
            }
            match tree.field(element, key) {
                Some(value) => values.push(tree.text(value)),
                None => tree.append(merged, element),
            }
        }
        // With several keys an element that is there already would be found by none of them.
        if keys.len() > 1 {
            elements::remove(tree, merged, keys, &values)?;
        }
        elements::set(tree, merged, keys, &values, element)?;
    }
    Ok(())
}
