//! Strategic merge patches with Kyverno's anchors.

mod anchor;
mod conditions;
mod directive;
mod elements;
mod lists;
mod merge;
mod removal;
mod schema;
#[cfg(test)]
mod tests;
mod tree;

use super::MutateError;
use conditions::Stop;
use merge::Pair;
use schema::Schema;
use serde_json::Value;
use tree::Tree;

/// `resource` with `patch` merged into it.
///
/// Anchors come first. `(key)` is a condition: where it stands in a list of maps, the element applies to every element of
/// the resource that meets it and has a `name`; elsewhere an unmet one leaves the resource as it is. `<(key)` leaves the
/// resource as it is if no element meets it. `+(key)` adds what is absent. Then maps are merged, `null` and `$patch`
/// delete, lists that Kubernetes merges are merged by their keys, with what is new in front, and all others are replaced.
///
/// `matches` answers whether a part of the resource (first) meets the value of a condition (second). Upstream calls
/// `validate.MatchPattern(logger, resource, pattern)`, which starts at the path `/`; any error of it, skips included, is a
/// condition that is not met. Scalars are given as text on both sides (null is `null`); maps and lists as they are, with
/// every number as a fraction.
///
/// Errors: [`MutateError::Preprocess`] from anchors; [`MutateError::WrongKind`], [`MutateError::UnknownDirective`],
/// [`MutateError::ResourceDeleted`] and [`MutateError::DuplicateKey`] from the merge. Source: Kyverno 1.19
/// `pkg/engine/mutate/patch/strategicMergePatch.go`.
pub fn apply(resource: &Value, patch: &Value, matches: &dyn Fn(&Value, &Value) -> bool) -> Result<Value, MutateError> {
    let mut tree = Tree::default();
    let target = tree.insert(resource);
    let mut pattern = tree.insert(patch);
    match conditions::resolve(&mut tree, matches, pattern, target) {
        Ok(()) => {}
        Err(Stop::Condition | Stop::Global) => pattern = tree.insert(&Value::Object(serde_json::Map::new())),
        Err(Stop::Error(crash @ MutateError::Crash { .. })) => return Err(crash),
        Err(Stop::Error(cause)) => return Err(MutateError::Preprocess { cause: Box::new(cause) }),
    }
    let pair = Pair { resource: Some(target), patch: Some(pattern) };
    let merged = merge::merge(&mut tree, pair, Schema::Unknown)?.ok_or(MutateError::ResourceDeleted)?;
    tree.value(merged)
}
