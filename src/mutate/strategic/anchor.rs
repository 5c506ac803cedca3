//! The anchors that a strategic merge patch knows: `(key)`, `<(key)` and `+(key)`.
//!
//! Source: Kyverno 1.19 `pkg/engine/anchor/anchor.go`.

use crate::pattern::anchor::{self, AnchorKind};

/// What a key in parentheses asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// `+(key)`: only where the resource has no such key.
    AddIfNotPresent,
    /// `(key)`: only where the resource matches.
    Conditional,
    /// `<(key)`: nowhere, unless the resource matches somewhere.
    Global,
}

/// A key with an anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AnchoredKey {
    pub(super) anchor: Anchor,
    /// The key in the parentheses.
    pub(super) key: String,
    /// The key as Kyverno looks it up in the patch: without blanks around it.
    pub(super) text: String,
}

/// The anchor of `key`, if it has one that matters here: the other anchors of `validate` are plain keys.
pub(super) fn parse(key: &str) -> Option<AnchoredKey> {
    let found = anchor::parse(key)?;
    let anchor = match found.kind {
        AnchorKind::AddIfNotPresent => Anchor::AddIfNotPresent,
        AnchorKind::Conditional => Anchor::Conditional,
        AnchorKind::Global => Anchor::Global,
        AnchorKind::Equality | AnchorKind::Existence | AnchorKind::Negation => return None,
    };
    Some(AnchoredKey { anchor, key: found.key.to_owned(), text: key.trim().to_owned() })
}

/// Whether `key` has an anchor that says something about the resource.
pub(super) fn is_condition(key: &str) -> bool {
    parse(key).is_some_and(|found| found.anchor != Anchor::AddIfNotPresent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_three_anchors_of_patches_are_anchors() {
        for (key, expected) in [
            ("(a)", Some((Anchor::Conditional, "a"))),
            ("<(a)", Some((Anchor::Global, "a"))),
            ("+(a)", Some((Anchor::AddIfNotPresent, "a"))),
            (" (a) ", Some((Anchor::Conditional, "a"))),
            ("((a))", Some((Anchor::Conditional, "(a)"))),
            ("()", None),
            ("a", None),
            ("(a", None),
            ("=(a)", None),
            ("^(a)", None),
            ("X(a)", None),
            ("+ (a)", None),
            ("(a\nb)", None),
            ("", None),
        ] {
            let found = parse(key);
            assert_eq!(found.as_ref().map(|found| (found.anchor, found.key.as_str())), expected, "{key}");
        }
    }
}
