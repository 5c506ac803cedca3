//! The string types of ASN.1.
//!
//! Source: Go, package `crypto/x509`, `parseASN1String`.

/// UTF-8, numeric, printable, T.61, IA5 and BMP.
pub(super) const STRINGS: [u8; 6] = [0x0c, 0x12, 0x13, 0x14, 0x16, 0x1e];

/// The text, or what is wrong with it.
pub(crate) fn string(tag: u8, bytes: &[u8]) -> Result<String, String> {
    let utf8 = |problem: &str| String::from_utf8(bytes.to_vec()).map_err(|_| problem.to_owned());
    let only = |allowed: fn(u8) -> bool, problem: &str| {
        if bytes.iter().all(|byte| allowed(*byte)) { utf8(problem) } else { Err(problem.to_owned()) }
    };
    match tag {
        0x0c => utf8("invalid UTF-8 string"),
        0x12 => only(|byte| byte.is_ascii_digit() || byte == b' ', "invalid NumericString"),
        0x13 => only(is_printable, "invalid PrintableString"),
        // T.61 is read as Latin-1, as by most of the world.
        0x14 => Ok(bytes.iter().copied().map(char::from).collect()),
        0x16 => only(|byte| byte.is_ascii(), "invalid IA5String"),
        0x1e => basic_multilingual(bytes).ok_or_else(|| "invalid BMPString".to_owned()),
        _ => Err(format!("unsupported string type: {tag}")),
    }
}

/// With the asterisk and the ampersand, which are not allowed, but common.
fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"'()+,-./ :=?*&".contains(&byte)
}

/// Two bytes a character; without one NUL at the end, surrogates and what Unicode reserves.
fn basic_multilingual(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_suffix(&[0, 0]).unwrap_or(bytes);
    let (pairs, rest) = bytes.as_chunks::<2>();
    let character = |pair: &[u8; 2]| {
        let code = u16::from_be_bytes(*pair);
        let reserved = code >= 0xfffe || (0xfdd0..=0xfdef).contains(&code);
        if reserved { None } else { char::from_u32(u32::from(code)) }
    };
    if rest.is_empty() { pairs.iter().map(character).collect() } else { None }
}
