//! Per cent signs.

use super::UrlReason;
use std::fmt::Write as _;

/// Where in a URL a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Fragment,
    User,
    Host,
    /// The zone of an IPv6 address.
    Zone,
}

impl Place {
    fn is_host(self) -> bool {
        matches!(self, Self::Host | Self::Zone)
    }

    /// May the byte stand there as it is?
    fn allows(self, byte: u8) -> bool {
        let marks: &[u8] = match self {
            Self::Path => b"$&+,/:;=@",
            Self::Fragment => b"!$&()*+,/:;=?@",
            Self::User => b"$&+,;=",
            Self::Host | Self::Zone => b"!\"$&'()*+,:;<=>[]",
        };
        byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || marks.contains(&byte)
    }
}

/// The bytes that the text stands for, which need not be UTF-8.
pub(super) fn unescape(text: &str, place: Place) -> Result<Vec<u8>, UrlReason> {
    let mut bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    while let Some((first, rest)) = bytes.split_first() {
        if *first == b'%' {
            let (value, rest) = escaped(bytes, place)?;
            out.push(value);
            bytes = rest;
            continue;
        }
        if place.is_host() && first.is_ascii() && !place.allows(*first) {
            return Err(UrlReason::HostCharacter(char::from(*first).to_string()));
        }
        out.push(*first);
        bytes = rest;
    }
    Ok(out)
}

/// In a host only bytes beyond ASCII and the per cent sign are escaped; in a zone, what may stand there anyway, and the
/// blank.
fn escaped(bytes: &[u8], place: Place) -> Result<(u8, &[u8]), UrlReason> {
    let start = bytes.get(..3).unwrap_or(bytes);
    let error = || UrlReason::Escape(start.to_vec());
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (Some(high), Some(low)) = (digit(1), digit(2)) else {
        return Err(error());
    };
    let value = u8::try_from(high * 16 + low).map_err(|_| error())?;
    let allowed = match place {
        _ if start == b"%25" => true,
        Place::Host => !value.is_ascii(),
        Place::Zone => value == b' ' || place.allows(value),
        Place::Path | Place::Fragment | Place::User => true,
    };
    if allowed { Ok((value, bytes.get(3..).unwrap_or_default())) } else { Err(error()) }
}

pub(super) fn escape(bytes: &[u8], place: Place) -> String {
    let mut out = String::new();
    for byte in bytes {
        if place.allows(*byte) {
            out.push(char::from(*byte));
        } else {
            // Writing to a `String` does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Could the text be an escaped one? (Go `validEncoded`)
pub(super) fn is_escaped(text: &str, place: Place) -> bool {
    text.bytes().all(|byte| b"!$&'()*+,;=:@[]%".contains(&byte) || place.allows(byte))
}
