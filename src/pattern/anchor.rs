//! Anchors: keys in parentheses that say when, and how, their value counts.
//!
//! Source: Kyverno 1.19 `pkg/engine/anchor/anchor.go`.

/// What an anchor asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnchorKind {
    /// `+(key)`: add the key where it is absent; for `mutate` only.
    AddIfNotPresent,
    /// `(key)`: the map is looked at only where the key is present and matches.
    Conditional,
    /// `=(key)`: the value must match where the key is present.
    Equality,
    /// `^(key)`: at least one element of the list must match.
    Existence,
    /// `<(key)`: the whole resource is looked at only where the key is absent or matches.
    Global,
    /// `X(key)`: the key must be absent.
    Negation,
}

impl AnchorKind {
    /// The character in front of the parentheses.
    pub fn modifier(self) -> &'static str {
        match self {
            Self::AddIfNotPresent => "+",
            Self::Conditional => "",
            Self::Equality => "=",
            Self::Existence => "^",
            Self::Global => "<",
            Self::Negation => "X",
        }
    }

    /// The anchor of this kind on `key`.
    pub fn on(self, key: &str) -> String {
        format!("{}({key})", self.modifier())
    }
}

/// A key with an anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor<'a> {
    /// What the anchor asks for.
    pub kind: AnchorKind,
    /// The key in the parentheses.
    pub key: &'a str,
}

/// The anchor of `text`, or `None` where it is a plain key. Blanks around the whole are trimmed.
pub fn parse(text: &str) -> Option<Anchor<'_>> {
    let text = text.trim();
    let (kind, rest) = match text.chars().next()? {
        '+' => (AnchorKind::AddIfNotPresent, text.strip_prefix('+')?),
        '<' => (AnchorKind::Global, text.strip_prefix('<')?),
        '=' => (AnchorKind::Equality, text.strip_prefix('=')?),
        'X' => (AnchorKind::Negation, text.strip_prefix('X')?),
        '^' => (AnchorKind::Existence, text.strip_prefix('^')?),
        _ => (AnchorKind::Conditional, text),
    };
    let key = rest.strip_prefix('(')?.strip_suffix(')')?;
    // Upstream's expression for the key is `.+`, which stops at a line break.
    (!key.is_empty() && !key.contains('\n')).then_some(Anchor { kind, key })
}

/// The valid anchor nearest to a key that looks like an anchor and is none, such as `?(key)`, `(key` or `= (key)`.
///
/// Upstream takes such a key as it is written, so that the pattern says something else than it seems to. Keys with
/// variables or references in them are not judged.
pub fn suspicious(text: &str) -> Option<String> {
    let text = text.trim();
    if parse(text).is_some() || text.contains("{{") || text.contains("$(") {
        return None;
    }
    let (prefix, inner) = match text.split_once('(') {
        Some((prefix, rest)) => (prefix, rest.rsplit_once(')').map_or(rest, |(inner, _)| inner)),
        None => {
            let body = text.strip_suffix(')')?;
            let start = body.find(char::is_alphanumeric).unwrap_or(body.len());
            body.split_at_checked(start)?
        }
    };
    let kind = nearest_kind(prefix.trim())?;
    let key = inner.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(kind.on(if key.is_empty() { "key" } else { &key }))
}

/// The kind that `prefix` was probably meant to be; `None` where it is a word, and the parentheses part of a name.
fn nearest_kind(prefix: &str) -> Option<AnchorKind> {
    if prefix.eq_ignore_ascii_case("x") {
        return Some(AnchorKind::Negation);
    }
    if prefix.contains(char::is_alphanumeric) {
        return None;
    }
    Some(match prefix.chars().next() {
        Some('+') => AnchorKind::AddIfNotPresent,
        Some('<' | '>') => AnchorKind::Global,
        Some('=' | '?' | '~' | ':') => AnchorKind::Equality,
        Some('!' | '-') => AnchorKind::Negation,
        Some('^') => AnchorKind::Existence,
        _ => AnchorKind::Conditional,
    })
}

#[cfg(test)]
mod tests {
    use super::{AnchorKind, parse, suspicious};

    #[test]
    fn six_forms_are_anchors() {
        for (text, expected) in [
            ("(a)", Some((AnchorKind::Conditional, "a"))),
            ("<(a)", Some((AnchorKind::Global, "a"))),
            ("=(a)", Some((AnchorKind::Equality, "a"))),
            ("^(a)", Some((AnchorKind::Existence, "a"))),
            ("X(a)", Some((AnchorKind::Negation, "a"))),
            ("+(a)", Some((AnchorKind::AddIfNotPresent, "a"))),
            (" (a) ", Some((AnchorKind::Conditional, "a"))),
            ("((a))", Some((AnchorKind::Conditional, "(a)"))),
            ("( a )", Some((AnchorKind::Conditional, " a "))),
            ("x(a)", None),
            ("()", None),
            ("=()", None),
            ("a", None),
            ("(a", None),
            ("= (a)", None),
            ("(a\nb)", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(|anchor| (anchor.kind, anchor.key)), expected, "{text:?}");
        }
    }

    #[test]
    fn near_misses_name_the_nearest_anchor() {
        for (text, nearest) in [
            ("?(a)", Some("=(a)")),
            ("==(a)", Some("=(a)")),
            ("= (a)", Some("=(a)")),
            ("!(a)", Some("X(a)")),
            ("x(a)", Some("X(a)")),
            (">(a)", Some("<(a)")),
            ("&(a)", Some("(a)")),
            ("(a", Some("(a)")),
            ("^(a", Some("^(a)")),
            ("a)", Some("(a)")),
            ("=a)", Some("=(a)")),
            ("(a)b", Some("(a)")),
            ("()", Some("(key)")),
            ("(a\nb)", Some("(a b)")),
            ("(a)", None),
            ("+(a)", None),
            ("a", None),
            ("=a", None),
            ("name (of a thing)", None),
            ("{{ to_upper(a) }}", None),
            ("$(../a)", None),
            ("", None),
        ] {
            assert_eq!(suspicious(text).as_deref(), nearest, "{text:?}");
        }
    }
}
