//! Patterns of `imageReferences`. They are held against `registry/path:tag` or, once there is a digest,
//! `registry/path@digest`; nothing is added to the patterns.
//!
//! Source: Kyverno `pkg/utils/image/infos.go` (`String`).

mod library;
mod never;
mod registry;
mod tag_only;

pub(super) use library::LIBRARY;
pub(super) use never::NEVER;
pub(super) use registry::WITHOUT_REGISTRY;
pub(super) use tag_only::TAG_ONLY;

use super::{Category, Check, Report, Rule, Severity};
use crate::lint::EntrySubject;
use crate::source::Spanned;

/// The patterns of an entry in which no variables stand.
fn patterns<'a>(entry: &EntrySubject<'a>) -> impl Iterator<Item = &'a Spanned<String>> {
    entry.entry.image_references.iter().filter(|reference| !reference.value.contains("{{"))
}
