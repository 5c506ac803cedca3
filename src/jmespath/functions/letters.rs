//! Small and capital letters, one for one, as Go maps them: Rust's own mapping may make several of one.
//!
//! Source: Go, package `unicode`, `ToUpper`, `ToLower`, `SimpleFold`; Unicode `UnicodeData.txt`.

/// The capital letter.
pub(super) fn upper(c: char) -> char {
    let special = match c {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => 8,
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => 9,
        _ => 0,
    };
    if special > 0 {
        return char::from_u32(u32::from(c) + special).unwrap_or(c);
    }
    let mut mapped = c.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// The small letter.
pub(super) fn lower(c: char) -> char {
    // The only one that has a longer mapping begins with the short one.
    c.to_lowercase().next().unwrap_or(c)
}

/// Are the texts the same but for small and capital letters?
pub(super) fn equal_fold(left: &str, right: &str) -> bool {
    left.chars().map(fold).eq(right.chars().map(fold))
}

/// The dotted capital and the dotless small i are themselves only.
fn fold(c: char) -> char {
    if matches!(c, '\u{130}' | '\u{131}') { c } else { lower(upper(c)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_gives_one_letter() {
        for (small, capital) in [('a', 'A'), ('ß', 'ß'), ('ŉ', 'ŉ'), ('ᾳ', 'ᾼ'), ('ᾀ', 'ᾈ'), ('ſ', 'S'), ('ı', 'I')]
        {
            assert_eq!(upper(small), capital);
        }
        for (capital, small) in [('A', 'a'), ('İ', 'i'), ('Σ', 'σ'), ('ẞ', 'ß'), ('K', 'k')] {
            assert_eq!(lower(capital), small);
        }
    }

    #[test]
    fn texts_are_equal_but_for_case() {
        for (left, right, expected) in [
            ("Straße", "STRAßE", true),
            ("ß", "ss", false),
            ("ß", "ẞ", true),
            ("ς", "Σ", true),
            ("K", "K", true),
            ("ı", "i", false),
            ("İ", "i", false),
            ("a", "ab", false),
        ] {
            assert_eq!(equal_fold(left, right), expected, "{left} {right}");
        }
    }
}
