//! CBOR (RFC 8949), as much of it as COSE messages need.
//!
//! Definite lengths only, no label twice, text that is UTF-8: what `fxamacker/cbor` takes as go-cose configures it. Lengths
//! and integers need not be written in the fewest bytes, as there. Stricter than it: keys of maps are integers or text, and
//! one document has at most [`MAXIMUM_ITEMS`] items.

use std::collections::BTreeMap;
use thiserror::Error;

/// Items of one document (fxamacker/cbor: of one list or map).
pub const MAXIMUM_ITEMS: usize = 131_072;
/// Nesting (fxamacker/cbor `MaxNestedLevels`).
pub const MAXIMUM_DEPTH: usize = 32;

/// Why bytes are no CBOR that is read here.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CborError {
    /// Nested beyond [`MAXIMUM_DEPTH`].
    #[error("expected at most {MAXIMUM_DEPTH} levels of CBOR, found more at byte {at}")]
    Depth {
        /// Where.
        at: usize,
    },
    /// A map has a key twice.
    #[error("expected every label of a CBOR map once, found one twice before byte {at}")]
    Duplicate {
        /// Behind which.
        at: usize,
    },
    /// A list, map, text or byte string whose end is marked rather than counted.
    #[error("expected CBOR of definite length, found an indefinite one at byte {at}")]
    Indefinite {
        /// Where.
        at: usize,
    },
    /// A number beyond 64 bits with a sign.
    #[error("expected a CBOR integer of at most 64 bits with its sign, found a larger one before byte {at}")]
    Integer {
        /// Behind it.
        at: usize,
    },
    /// Neither integer nor text.
    #[error("expected integers or text as labels of a CBOR map, found something else before byte {at}")]
    Key {
        /// Behind it.
        at: usize,
    },
    /// An initial byte or simple value that RFC 8949 reserves.
    #[error("expected a CBOR item, found a reserved byte before byte {at}")]
    Reserved {
        /// Behind it.
        at: usize,
    },
    /// A tag where none may be.
    #[error("expected no CBOR tag, found one at byte {at}")]
    Tag {
        /// Where.
        at: usize,
    },
    /// More than [`MAXIMUM_ITEMS`].
    #[error("expected at most {MAXIMUM_ITEMS} CBOR items, found more at byte {at}")]
    TooMany {
        /// Where.
        at: usize,
    },
    /// Bytes behind the end.
    #[error("expected the end of the CBOR, found {count} more bytes")]
    Trailing {
        /// How many.
        count: usize,
    },
    /// The bytes end within an item.
    #[error("expected a whole CBOR item, found the end of the bytes")]
    Truncated,
    /// Text that is not UTF-8.
    #[error("expected UTF-8 in a CBOR text, found something else before byte {at}")]
    Utf8 {
        /// Behind it.
        at: usize,
    },
}

/// One data item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item<'a> {
    /// A list.
    Array(Vec<Self>),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A number with a fraction, as the bits that it was written with.
    Float(u64),
    /// An integer.
    Integer(i64),
    /// A map.
    Map(BTreeMap<Self, Self>),
    /// `false` (20), `true` (21), `null` (22), undefined (23) and others without a meaning here.
    Simple(u64),
    /// An item with a tag before it.
    Tagged(u64, Box<Self>),
    /// Text.
    Text(&'a str),
}

impl Item<'_> {
    /// What it is, for messages.
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Array(_) => "a list",
            Self::Bytes(_) => "bytes",
            Self::Float(_) => "a number with a fraction",
            Self::Integer(_) => "an integer",
            Self::Map(_) => "a map",
            Self::Simple(20 | 21) => "a boolean",
            Self::Simple(22) => "null",
            Self::Simple(_) => "a simple value",
            Self::Tagged(..) => "a tagged item",
            Self::Text(_) => "text",
        }
    }
}

/// May there be tags?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tags {
    /// Anywhere.
    Allowed,
    /// Nowhere.
    Forbidden,
}

/// Reads the one item that `bytes` consist of.
pub fn parse(bytes: &[u8], tags: Tags) -> Result<Item<'_>, CborError> {
    let mut reader = Reader { bytes, at: 0, items: 0, tags };
    let item = reader.item(0)?;
    match bytes.len().saturating_sub(reader.at) {
        0 => Ok(item),
        count => Err(CborError::Trailing { count }),
    }
}

/// Writes a byte string in the fewest bytes.
pub fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = bytes.len();
    if let (Ok(short), true) = (u8::try_from(length), length < 24) {
        out.push(0x40 | short);
    } else if let Ok(length) = u8::try_from(length) {
        out.extend([0x58, length]);
    } else if let Ok(length) = u16::try_from(length) {
        out.push(0x59);
        out.extend(length.to_be_bytes());
    } else {
        out.push(0x5a);
        out.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
    }
    out.extend(bytes);
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    items: usize,
    tags: Tags,
}

impl<'a> Reader<'a> {
    fn item(&mut self, depth: usize) -> Result<Item<'a>, CborError> {
        let at = self.at;
        self.items += 1;
        if self.items > MAXIMUM_ITEMS {
            return Err(CborError::TooMany { at });
        }
        let (major, short, argument) = self.head()?;
        let deeper = depth + 1;
        if deeper > MAXIMUM_DEPTH && matches!(major, 4..=6) {
            return Err(CborError::Depth { at });
        }
        Ok(match major {
            0 => Item::Integer(self.signed(argument)?),
            1 => Item::Integer(-1 - self.signed(argument)?),
            2 => Item::Bytes(self.take(argument)?),
            3 => {
                let text = std::str::from_utf8(self.take(argument)?);
                Item::Text(text.map_err(|_| CborError::Utf8 { at: self.at })?)
            }
            4 => Item::Array((0..argument).map(|_| self.item(deeper)).collect::<Result<_, _>>()?),
            5 => self.map(argument, deeper)?,
            6 if self.tags == Tags::Forbidden => return Err(CborError::Tag { at }),
            6 => Item::Tagged(argument, Box::new(self.item(deeper)?)),
            _ if short >= 25 => Item::Float(argument),
            // RFC 8949 section 3.3: a simple value below 32 has one encoding, that of one byte.
            _ if short == 24 && argument < 32 => return Err(CborError::Reserved { at: self.at }),
            _ => Item::Simple(argument),
        })
    }

    fn map(&mut self, pairs: u64, depth: usize) -> Result<Item<'a>, CborError> {
        let mut map = BTreeMap::new();
        for _ in 0..pairs {
            let key = self.item(depth)?;
            if !matches!(key, Item::Integer(_) | Item::Text(_)) {
                return Err(CborError::Key { at: self.at });
            }
            let value = self.item(depth)?;
            if map.insert(key, value).is_some() {
                return Err(CborError::Duplicate { at: self.at });
            }
        }
        Ok(Item::Map(map))
    }

    /// The three bits of the kind, the five behind them, and the number that they stand for or announce.
    fn head(&mut self) -> Result<(u8, u8, u64), CborError> {
        let at = self.at;
        let first = self.take(1)?.first().copied().unwrap_or_default();
        let (major, short) = (first >> 5, first & 0x1f);
        let argument = match short {
            0..=23 => u64::from(short),
            24..=27 => self.take(1 << (short - 24))?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)),
            31 if matches!(major, 2..=5) => return Err(CborError::Indefinite { at }),
            _ => return Err(CborError::Reserved { at: self.at }),
        };
        Ok((major, short, argument))
    }

    fn take(&mut self, count: u64) -> Result<&'a [u8], CborError> {
        let end = usize::try_from(count).ok().and_then(|count| self.at.checked_add(count));
        let end = end.ok_or(CborError::Truncated)?;
        let taken = self.bytes.get(self.at..end).ok_or(CborError::Truncated)?;
        self.at = end;
        Ok(taken)
    }

    fn signed(&self, argument: u64) -> Result<i64, CborError> {
        i64::try_from(argument).map_err(|_| CborError::Integer { at: self.at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Item<'static>, CborError> {
        parse(hex::decode(text).unwrap().leak(), Tags::Allowed)
    }

    #[test]
    fn items_of_every_kind() {
        assert_eq!(read("17"), Ok(Item::Integer(23)));
        assert_eq!(read("1818"), Ok(Item::Integer(24)));
        assert_eq!(read("1b7fffffffffffffff"), Ok(Item::Integer(i64::MAX)));
        assert_eq!(read("3b7fffffffffffffff"), Ok(Item::Integer(i64::MIN)));
        assert_eq!(read("3824"), Ok(Item::Integer(-37)));
        assert_eq!(read("43010203"), Ok(Item::Bytes(&[1, 2, 3])));
        assert_eq!(read("6161"), Ok(Item::Text("a")));
        assert_eq!(read("820102"), Ok(Item::Array(vec![Item::Integer(1), Item::Integer(2)])));
        assert_eq!(read("a1016161"), Ok(Item::Map([(Item::Integer(1), Item::Text("a"))].into())));
        assert_eq!(read("c11a00000001"), Ok(Item::Tagged(1, Box::new(Item::Integer(1)))));
        assert_eq!(read("f6"), Ok(Item::Simple(22)));
        assert_eq!(read("f93c00"), Ok(Item::Float(0x3c00)));
    }

    #[test]
    fn a_number_may_be_longer_than_needed_as_in_fxamacker() {
        assert_eq!(read("1800"), Ok(Item::Integer(0)));
        assert_eq!(read("590001ff"), Ok(Item::Bytes(&[0xff])));
    }

    #[test]
    fn what_is_refused() {
        for (text, expected) in [
            ("", CborError::Truncated),
            ("43", CborError::Truncated),
            ("5bffffffffffffffff", CborError::Truncated),
            ("9bffffffffffffffff", CborError::Truncated),
            ("0000", CborError::Trailing { count: 1 }),
            ("9f01ff", CborError::Indefinite { at: 0 }),
            ("bf0101ff", CborError::Indefinite { at: 0 }),
            ("5f41ffff", CborError::Indefinite { at: 0 }),
            ("7fff", CborError::Indefinite { at: 0 }),
            ("ff", CborError::Reserved { at: 1 }),
            ("1c", CborError::Reserved { at: 1 }),
            ("f814", CborError::Reserved { at: 2 }),
            ("1b8000000000000000", CborError::Integer { at: 9 }),
            ("3b8000000000000000", CborError::Integer { at: 9 }),
            ("61ff", CborError::Utf8 { at: 2 }),
            ("a201000100", CborError::Duplicate { at: 5 }),
            ("a20100180100", CborError::Duplicate { at: 6 }),
            ("a14100f6", CborError::Key { at: 3 }),
        ] {
            assert_eq!(read(text), Err(expected), "{text}");
        }
        assert_eq!(parse(&[0xd2, 0x80], Tags::Forbidden), Err(CborError::Tag { at: 0 }));
    }

    #[test]
    fn depth_and_number_of_items_are_bounded() {
        let nested = |levels: usize| [vec![0x81; levels], vec![0]].concat();
        assert!(parse(&nested(MAXIMUM_DEPTH), Tags::Allowed).is_ok());
        let error = parse(nested(MAXIMUM_DEPTH + 1).leak(), Tags::Allowed);
        assert_eq!(error, Err(CborError::Depth { at: MAXIMUM_DEPTH }));
        let many = [vec![0x9a, 0, 2, 0, 0], vec![0; MAXIMUM_ITEMS]].concat();
        assert!(matches!(parse(&many, Tags::Allowed), Err(CborError::TooMany { .. })));
    }

    #[test]
    fn byte_strings_are_written_in_the_fewest_bytes() {
        for length in [0, 1, 23, 24, 255, 256, 65_535, 65_536] {
            let bytes = vec![7; length];
            let mut out = Vec::new();
            write_bytes(&mut out, &bytes);
            assert_eq!(parse(&out, Tags::Forbidden), Ok(Item::Bytes(&bytes)));
        }
        let mut out = Vec::new();
        write_bytes(&mut out, &[0; 24]);
        assert_eq!(out.get(..2), Some(&[0x58, 24][..]));
    }
}
