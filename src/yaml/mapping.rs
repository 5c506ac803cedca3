//! The keys of one mapping while it is read: duplicates and merge keys.

use super::{Entry, Node, NodeKind, YamlError, YamlErrorKind};
use crate::source::Span;
use std::collections::BTreeMap;

/// A mapping that is still open.
#[derive(Debug, Default)]
pub(super) struct MappingBuilder {
    entries: Vec<Entry>,
    slots: BTreeMap<String, Slot>,
    merge: Option<Span>,
}

#[derive(Debug)]
struct Slot {
    index: usize,
    is_merged: bool,
}

impl MappingBuilder {
    /// The entries, in the order they were written.
    pub(super) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// Adds a written key. It wins over one that `<<` brought before.
    ///
    /// Errors: [`YamlErrorKind::DuplicateKey`].
    pub(super) fn insert(&mut self, entry: Entry) -> Result<(), YamlError> {
        let Some(slot) = self.slots.get_mut(&entry.key) else {
            self.append(entry, false);
            return Ok(());
        };
        let Some(known) = self.entries.get_mut(slot.index) else { return Ok(()) };
        if !slot.is_merged {
            let position = entry.key_span.start;
            return Err(YamlErrorKind::DuplicateKey { key: entry.key, first: known.key_span.start }.at(position));
        }
        slot.is_merged = false;
        *known = entry;
        Ok(())
    }

    /// Adds what `<<: value` brings: of a list, the earlier mapping wins.
    ///
    /// Errors: [`YamlErrorKind::MergeValue`], [`YamlErrorKind::AmbiguousMerge`], [`YamlErrorKind::DuplicateKey`] for a
    /// second `<<`.
    pub(super) fn merge(&mut self, key_span: Span, value: Node) -> Result<(), YamlError> {
        if let Some(first) = self.merge.replace(key_span) {
            let kind = YamlErrorKind::DuplicateKey { key: "<<".to_owned(), first: first.start };
            return Err(kind.at(key_span.start));
        }
        let sources = match value.kind {
            NodeKind::Sequence(items) => items,
            _ => vec![value],
        };
        for source in sources {
            let (found, position) = (source.describe(), source.span.start);
            let NodeKind::Mapping(entries) = source.kind else {
                return Err(YamlErrorKind::MergeValue { found }.at(position));
            };
            entries.into_iter().try_for_each(|entry| self.merge_entry(key_span, entry))?;
        }
        Ok(())
    }

    fn merge_entry(&mut self, merge_span: Span, entry: Entry) -> Result<(), YamlError> {
        match self.slots.get(&entry.key) {
            None => self.append(entry, true),
            Some(slot) if slot.is_merged => {}
            Some(slot) => {
                let first = self.entries.get(slot.index).map_or(merge_span, |known| known.key_span).start;
                return Err(YamlErrorKind::AmbiguousMerge { key: entry.key, first }.at(merge_span.start));
            }
        }
        Ok(())
    }

    fn append(&mut self, entry: Entry, is_merged: bool) {
        self.slots.insert(entry.key.clone(), Slot { index: self.entries.len(), is_merged });
        self.entries.push(entry);
    }
}
