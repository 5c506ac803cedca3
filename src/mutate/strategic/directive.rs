//! `$patch`: what to do with a map or list instead of merging it.
//!
//! Source: `sigs.k8s.io/kustomize/kyaml` v0.21.1, `yaml/merge2/smpdirective.go`. The other directives of Kubernetes'
//! strategic merge patch (`$setElementOrder`, `$deleteFromPrimitiveList`, `$retainKeys`) are fields like any other there.

use super::super::MutateError;
use super::elements;
use super::tree::{Id, Tree};

const KEY: &str = "$patch";

/// What `$patch` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    /// Remove what the resource has.
    Delete,
    /// Merge, as without the directive.
    Merge,
    /// Put the patch in place of what the resource has.
    Replace,
}

/// The directive of a map, which loses it.
pub(super) fn of_map(tree: &mut Tree, patch: Id) -> Result<Directive, MutateError> {
    let Some(value) = tree.field(patch, KEY) else { return Ok(Directive::Merge) };
    let directive = read(&tree.text(value))?;
    tree.clear(patch, KEY);
    Ok(directive)
}

/// The directive of a list: an element that says nothing else, which the list loses.
pub(super) fn of_list(tree: &mut Tree, patch: Id) -> Result<Directive, MutateError> {
    let found = tree.items(patch).into_iter().find(|item| tree.field(*item, KEY).is_some());
    let Some(element) = found.filter(|element| tree.fields(*element).len() == 1) else {
        return Ok(Directive::Merge);
    };
    let text = tree.field(element, KEY).map(|value| tree.text(value)).unwrap_or_default();
    let directive = read(&text)?;
    elements::remove(tree, patch, &[KEY], &[text])?;
    Ok(directive)
}

fn read(text: &str) -> Result<Directive, MutateError> {
    match text {
        "delete" => Ok(Directive::Delete),
        "merge" => Ok(Directive::Merge),
        "replace" => Ok(Directive::Replace),
        _ => Err(MutateError::UnknownDirective { found: text.to_owned() }),
    }
}
