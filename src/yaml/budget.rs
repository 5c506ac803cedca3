//! What aliases may cost: without a bound, a short text stands for more values than any memory holds.

use super::{Node, NodeKind, YamlErrorKind};
use crate::limits::Limits;

/// What one text has used so far.
#[derive(Debug)]
pub(super) struct Budget<'a> {
    limits: &'a Limits,
    nodes: usize,
    copied_bytes: usize,
}

/// How much a value is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    nodes: usize,
    /// Of its text, keys included.
    bytes: usize,
    /// Mappings and lists around its innermost value.
    pub(super) height: usize,
}

impl<'a> Budget<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self { limits, nodes: 0, copied_bytes: 0 }
    }

    /// Takes one value.
    ///
    /// Errors: [`YamlErrorKind::TooManyNodes`].
    pub(super) fn take(&mut self) -> Result<(), YamlErrorKind> {
        self.copy(Extent { nodes: 1, bytes: 0, height: 0 })
    }

    /// Takes a copy of a value.
    ///
    /// A text may not copy more bytes than it may have itself.
    ///
    /// Errors: [`YamlErrorKind::TooManyNodes`], [`YamlErrorKind::ExpansionTooLarge`].
    pub(super) fn copy(&mut self, extent: Extent) -> Result<(), YamlErrorKind> {
        self.nodes = self.nodes.saturating_add(extent.nodes);
        self.copied_bytes = self.copied_bytes.saturating_add(extent.bytes);
        if self.nodes > self.limits.yaml_nodes {
            return Err(YamlErrorKind::TooManyNodes { limit: self.limits.yaml_nodes });
        }
        if self.copied_bytes > self.limits.yaml_bytes {
            return Err(YamlErrorKind::ExpansionTooLarge { limit: self.limits.yaml_bytes });
        }
        Ok(())
    }

    /// May mappings and lists nest `depth` deep?
    ///
    /// Errors: [`YamlErrorKind::TooDeep`].
    pub(super) fn check_depth(&self, depth: usize) -> Result<(), YamlErrorKind> {
        let limit = self.limits.depth;
        if depth > limit { Err(YamlErrorKind::TooDeep { limit }) } else { Ok(()) }
    }
}

impl Extent {
    /// The extent of `node`, whose depth has been checked.
    pub(super) fn of(node: &Node) -> Self {
        let leaf = Self { nodes: 1, bytes: 0, height: 0 };
        match &node.kind {
            NodeKind::Mapping(entries) => entries.iter().fold(Self { height: 1, ..leaf }, |sum, entry| {
                sum.around(Self::of(&entry.value)).with_bytes(entry.key.len())
            }),
            NodeKind::Sequence(items) => {
                items.iter().fold(Self { height: 1, ..leaf }, |sum, item| sum.around(Self::of(item)))
            }
            NodeKind::String(text) => leaf.with_bytes(text.len()),
            NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => leaf,
        }
    }

    fn around(self, child: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(child.nodes),
            bytes: self.bytes.saturating_add(child.bytes),
            height: self.height.max(child.height + 1),
        }
    }

    fn with_bytes(self, bytes: usize) -> Self {
        Self { bytes: self.bytes.saturating_add(bytes), ..self }
    }
}
