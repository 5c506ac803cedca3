//! Go's double-quoted strings, which its error messages are full of.
//!
//! Source: Go, `strconv.Quote` (the `%q` verb).

use std::fmt::Write as _;

/// The text in double quotes with Go's escapes.
pub fn quoted(text: &str) -> String {
    quoted_bytes(text.as_bytes())
}

/// The same for bytes that need not be UTF-8: those that are not stand as `\x` and their number.
pub fn quoted_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|c| push_escaped(&mut out, c));
        for byte in chunk.invalid() {
            // Writing to a `String` does not fail.
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
    out
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '"' | '\\' => out.extend(['\\', c]),
        '\x07' => out.push_str("\\a"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x0b' => out.push_str("\\v"),
        c if is_printable(c) => out.push(c),
        c => push_code(out, u32::from(c)),
    }
}

/// `\x`, `\u` or `\U` with the code point. Writing to a `String` does not fail.
fn push_code(out: &mut String, code: u32) {
    let _ = match code {
        0..0x20 | 0x7f => write!(out, "\\x{code:02x}"),
        0..0x1_0000 => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

/// Rust's own notion is the same as Go's: letters, marks, numbers, punctuation, symbols and the space. It is asked
/// behind another character, because a mark that begins a text is escaped for another reason.
fn is_printable(c: char) -> bool {
    matches!(c, '\'') || String::from_iter(['a', c]).escape_debug().nth(1) != Some('\\')
}

/// The text of bytes that need not be UTF-8: every byte that is not becomes a replacement character, as in Go's JSON.
pub fn lossy(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{lossy, quoted};

    #[test]
    fn every_byte_that_is_not_utf_8_is_replaced() {
        assert_eq!(lossy(b"a\xe2\x82b\xff"), "a\u{fffd}\u{fffd}b\u{fffd}");
    }

    #[test]
    fn control_characters_and_blanks_are_escaped_and_letters_of_every_script_stay() {
        for (text, expected) in [
            ("plain 'text'", "\"plain 'text'\""),
            ("a\"b\\c", "\"a\\\"b\\\\c\""),
            ("\n\t\r\x07\x08\x0c\x0b", "\"\\n\\t\\r\\a\\b\\f\\v\""),
            ("\x00\x1f\x7f", "\"\\x00\\x1f\\x7f\""),
            ("é漢\u{301}", "\"é漢\u{301}\""),
            ("\u{301}", "\"\u{301}\""),
            ("\u{a0}\u{200b}\u{feff}\u{2028}", "\"\\u00a0\\u200b\\ufeff\\u2028\""),
            ("\u{1f600}\u{10ffff}", "\"😀\\U0010ffff\""),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
