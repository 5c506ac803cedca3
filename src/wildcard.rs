//! Kyverno's wildcards: `*` is any run of characters, `?` is exactly one; everything else is itself.
//!
//! Source: `IGLOU-EU/go-wildcard` v1.0.3, which Kyverno uses for names, images, labels and patterns alike.

/// Does `pattern` match the whole of `text`?
///
/// Works on Unicode characters; there is no escape; the empty pattern matches the empty text only.
pub fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // Where the last `*` stood, and how far the text had been read when it took nothing.
    let mut star: Option<(usize, usize)> = None;
    while let Some(c) = text.get(t) {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(x) if *x == '?' || x == c => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    t = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

/// Does `pattern` match everything that the pattern `other` matches? Some that do are not seen.
pub fn covers(pattern: &str, other: &str) -> bool {
    // Taken as a text, a `*` of the other can be one character only where no `?` would take it for one.
    matches(pattern, other) && !(other.contains('*') && pattern.contains('?'))
}

/// Does the text have a wildcard in it?
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::{covers, matches};

    #[test]
    fn stars_span_separators_and_question_marks_take_one_character() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("?", "", false),
            ("ghcr.io/*", "ghcr.io/a/b/c:1", true),
            ("*", "ghcr.io/a/b@sha256:00", true),
            ("ghcr.io/a/app:*", "ghcr.io/a/app:1.0", true),
            ("ghcr.io/a/app:*", "ghcr.io/a/app@sha256:00", false),
            ("ghcr.io/a/app*", "ghcr.io/a/app-evil:1", true),
            ("nginx*", "docker.io/nginx:latest", false),
            ("docker.io/nginx:?", "docker.io/nginx:1", true),
            ("docker.io/nginx:?", "docker.io/nginx:", false),
            ("docker.io/nginx:?", "docker.io/nginx:é", true),
            ("docker.io/nginx:?", "docker.io/nginx:12", false),
            ("GHCR.io/*", "ghcr.io/a:1", false),
            ("ghcr.io/a/app:v1.?", "ghcr.io/a/app:v1x2", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b", "xxaxxbxx", false),
            ("a**b", "ab", true),
            ("?*", "", false),
            ("*?", "é", true),
            ("**", "", true),
            ("\\*", "*", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn many_stars_on_a_long_text_end_soon() {
        let text = "a".repeat(10_000);
        assert!(!matches(&format!("{}b", "a*".repeat(500)), &text));
    }

    #[test]
    fn a_pattern_covers_what_matches_less() {
        for (pattern, other, expected) in [
            ("*", "a*", true),
            ("a*", "a*", true),
            ("a*", "ab*c", true),
            ("a?", "a*", false),
            ("a?", "a?", true),
            ("ab*", "a*", false),
            ("*b", "a*", false),
            ("ghcr.io/*", "ghcr.io/team/*:v1", true),
        ] {
            assert_eq!(covers(pattern, other), expected, "{pattern} covers {other}");
        }
    }
}
