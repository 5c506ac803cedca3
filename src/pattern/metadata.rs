//! Wildcards in the keys of `metadata.labels` and `metadata.annotations` of a pattern.
//!
//! Source: Kyverno 1.19 `pkg/engine/wildcards/wildcards.go`, `ExpandInMetadata`. Upstream takes any of several matching
//! keys, here it is the first; and it keeps what it found for the next element of a list, here each has its own.

use super::anchor;
use crate::wildcard;
use serde_json::{Map, Value};
use std::borrow::Cow;

type Entries = Map<String, Value>;

/// The pattern with each such key replaced by the first key of the resource that it matches, its anchor kept.
///
/// Looks at keys only. A key that matches none stays. Values that are not texts are dropped where the resource has the
/// map, as upstream does.
pub(super) fn expand<'a>(pattern: &'a Entries, resource: &Entries) -> Cow<'a, Entries> {
    let expanded = || {
        let (key, metadata) = tagged("metadata", pattern)?;
        let metadata = with_expanded_tags(metadata.as_object()?, resource.get("metadata")?.as_object()?)?;
        let mut pattern = pattern.clone();
        pattern.insert(key.clone(), Value::Object(metadata));
        Some(pattern)
    };
    expanded().map_or(Cow::Borrowed(pattern), Cow::Owned)
}

/// `None` where nothing changes.
fn with_expanded_tags(pattern: &Entries, resource: &Entries) -> Option<Entries> {
    let mut expanded = None;
    for tag in ["labels", "annotations"] {
        let Some((key, Value::Object(wanted))) = tagged(tag, pattern) else { continue };
        let Some((_, Value::Object(present))) = tagged(tag, resource) else { continue };
        let replaced: Entries = wanted
            .iter()
            .filter(|(_, value)| value.is_string())
            .map(|(key, value)| (expanded_key(key, present), value.clone()))
            .collect();
        if replaced != *wanted {
            expanded.get_or_insert_with(|| pattern.clone()).insert(key.clone(), Value::Object(replaced));
        }
    }
    expanded
}

/// The entry of `key`, with an anchor or without.
fn tagged<'a>(key: &str, entries: &'a Entries) -> Option<(&'a String, &'a Value)> {
    entries.iter().find(|(text, _)| *text == key || anchor::parse(text).is_some_and(|anchor| anchor.key == key))
}

fn expanded_key(text: &str, present: &Entries) -> String {
    if !wildcard::is_pattern(text) {
        return text.to_owned();
    }
    let anchor = anchor::parse(text);
    let wanted = anchor.map_or(text, |anchor| anchor.key);
    let mut candidates = present.iter().filter(|(_, value)| value.is_string());
    let found = candidates.find(|(key, _)| wildcard::matches(wanted, key)).map_or(wanted, |(key, _)| key.as_str());
    anchor.map_or_else(|| found.to_owned(), |anchor| anchor.kind.on(found))
}
