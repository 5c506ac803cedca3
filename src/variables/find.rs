//! Where a text has variables in it.

/// The variables of a text, braces included.
///
/// Finds what Kyverno's expression finds (`pkg/engine/variables/regex/vars.go`): two braces that no backslash precedes,
/// then anything but braces or single-braced groups, then two braces. So the innermost of nested ones.
pub fn variables(text: &str) -> impl Iterator<Item = &str> {
    places(text).map(|(_, variable)| variable)
}

/// The same with where each begins, in bytes.
pub fn places(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text.get(at..)?.find("{{")?;
            let rest = text.get(start..)?;
            let escaped = text.get(..start).is_some_and(|before| before.ends_with('\\'));
            match length(rest).filter(|_| !escaped) {
                Some(length) => {
                    at = start + length;
                    return Some((start, rest.get(..length)?));
                }
                None => at = start + 1,
            }
        }
    })
}

/// Bytes of the variable that `text` begins with.
fn length(text: &str) -> Option<usize> {
    let mut at = 2;
    loop {
        let rest = text.get(at..)?;
        let brace = rest.find(['{', '}'])?;
        let from_brace = rest.get(brace..)?;
        if from_brace.starts_with("}}") {
            return Some(at + brace + 2);
        }
        let group = from_brace.strip_prefix('{')?;
        let end = group.find(['{', '}'])?;
        group.get(end..)?.strip_prefix('}')?;
        at += brace + end + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn variables_are_found_as_kyverno_finds_them() {
        for (text, expected) in [
            ("no variable", &[][..]),
            ("{{ a }}", &["{{ a }}"]),
            ("x-{{a}}-{{ b.c }}", &["{{a}}", "{{ b.c }}"]),
            ("{{ x.{a: b} }}", &["{{ x.{a: b} }}"]),
            ("{{ a.{{ b }} }}", &["{{ b }}"]),
            ("\\{{ a }} {{ b }}", &["{{ b }}"]),
            ("{{ a", &[]),
            ("{{ a }", &[]),
            ("{{ é }}", &["{{ é }}"]),
            ("{{{ a }}}", &["{{{ a }}}"]),
        ] {
            assert_eq!(variables(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
