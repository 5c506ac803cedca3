//! The merge of a patch into a resource.
//!
//! Source: `sigs.k8s.io/kustomize/kyaml` v0.21.1, `yaml/merge2/merge2.go` and `yaml/walk`, with lists that grow at the
//! front.

use super::super::MutateError;
use super::directive::{self, Directive};
use super::lists;
use super::schema::Schema;
use super::tree::{Id, Kind, Tree};
use std::collections::BTreeSet;

/// The two nodes that are merged; either may be absent, and both may be the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// What the resource has.
    pub(super) resource: Option<Id>,
    /// What the patch has.
    pub(super) patch: Option<Id>,
}

/// Merges `pair.patch` into `pair.resource`, in place; nothing is left where nothing is returned.
pub(super) fn merge(tree: &mut Tree, pair: Pair, schema: Schema) -> Result<Option<Id>, MutateError> {
    let schema = known(tree, pair, schema);
    let present = [pair.resource, pair.patch].into_iter().flatten().filter(|id| !tree.is_null(*id));
    let present: Vec<Id> = present.collect();
    let kind = present.first().map_or(Kind::Map, |id| tree.kind(*id));
    for id in present {
        tree.expect(id, kind)?;
    }
    match kind {
        Kind::Map => merge_maps(tree, pair, schema),
        Kind::List => match schema {
            Schema::Merged(keys, element) => lists::merge(tree, pair, keys, Schema::Known(element)),
            _ => Ok(pair.patch.or(pair.resource)),
        },
        Kind::Scalar => Ok(pair.patch.or(pair.resource)),
    }
}

/// The schema of a place that has none is that of the object which begins there.
fn known(tree: &Tree, pair: Pair, schema: Schema) -> Schema {
    if !matches!(schema, Schema::Unknown) {
        return schema;
    }
    let sources = [pair.resource, pair.patch].into_iter().flatten();
    let text = |id, key| tree.field(id, key).filter(|value| !tree.is_empty(*value)).map(|value| tree.text(value));
    let mut found = sources.filter_map(|id| Schema::of(&text(id, "apiVersion")?, &text(id, "kind")?));
    found.next().unwrap_or(Schema::Unknown)
}

fn merge_maps(tree: &mut Tree, pair: Pair, schema: Schema) -> Result<Option<Id>, MutateError> {
    let Some(merged) = base(tree, pair)? else { return Ok(None) };
    let pair = Pair { resource: Some(merged), patch: pair.patch };
    let sources = [pair.resource, pair.patch].into_iter().flatten();
    let keys: BTreeSet<String> = sources.flat_map(|id| tree.keys(id)).collect();
    for key in keys {
        let field = |id: Option<Id>| id.and_then(|id| tree.field(id, &key));
        let fields = Pair { resource: field(pair.resource), patch: field(pair.patch) };
        let value = merge(tree, fields, schema.field(&key))?;
        tree.set_field(merged, &key, value);
    }
    Ok(Some(merged))
}

/// The map that the fields are merged into.
fn base(tree: &mut Tree, pair: Pair) -> Result<Option<Id>, MutateError> {
    let Some(resource) = pair.resource.filter(|id| !tree.is_null(*id)) else {
        return Ok(added(tree, pair));
    };
    let Some(patch) = pair.patch else { return Ok(Some(resource)) };
    if tree.is_null(patch) {
        return Ok(None);
    }
    Ok(match directive::of_map(tree, patch)? {
        Directive::Delete => None,
        Directive::Merge => Some(resource),
        Directive::Replace => Some(patch),
    })
}

/// What the patch adds. A null of the resource that the patch does not name stays.
fn added(tree: &mut Tree, pair: Pair) -> Option<Id> {
    let Some(patch) = pair.patch else { return pair.resource.map(|_| tree.kept_null()) };
    let directive = if tree.is_null(patch) { Ok(Directive::Merge) } else { directive::of_map(tree, patch) };
    // An unknown directive is no error here: there is nothing to merge with.
    if matches!(directive, Ok(Directive::Delete)) { None } else { Some(patch) }
}
