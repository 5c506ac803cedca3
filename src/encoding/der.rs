//! DER, element by element.
//!
//! Source: `golang.org/x/crypto/cryptobyte`: lengths and integers must be minimal, tags are one byte.

use std::fmt::Write as _;

/// Tag of a truth value.
pub const BOOLEAN: u8 = 0x01;
/// Tag of an integer.
pub const INTEGER: u8 = 0x02;
/// Tag of bits.
pub const BIT_STRING: u8 = 0x03;
/// Tag of bytes.
pub const OCTET_STRING: u8 = 0x04;
/// Tag of an object identifier.
pub const OBJECT_IDENTIFIER: u8 = 0x06;
/// Tag of a time with two digits of the year.
pub const UTC_TIME: u8 = 0x17;
/// Tag of a time with four digits of the year.
pub const GENERALIZED_TIME: u8 = 0x18;
/// Tag of a list.
pub const SEQUENCE: u8 = 0x30;
/// Tag of a set.
pub const SET: u8 = 0x31;

/// `[n]` with a value in it.
pub const fn context(number: u8) -> u8 {
    0x80 | number
}

/// `[n]` with elements in it.
pub const fn context_constructed(number: u8) -> u8 {
    0xa0 | number
}

/// One element.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// First byte.
    pub tag: u8,
    /// Without tag and length.
    pub contents: &'a [u8],
    /// With tag and length.
    pub full: &'a [u8],
}

impl<'a> Element<'a> {
    /// Its elements.
    pub fn inside(self) -> Reader<'a> {
        Reader::new(self.contents)
    }
}

/// Reads elements from the front; what it cannot read is `None`.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads from the start of `rest`.
    pub fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// Is nothing left?
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Is the next element of this tag?
    pub fn peek(&self, tag: u8) -> bool {
        self.rest.first() == Some(&tag)
    }

    /// The next element, whatever it is.
    pub fn any(&mut self) -> Option<Element<'a>> {
        let (tag, after_tag) = self.rest.split_first()?;
        let (first, after_first) = after_tag.split_first()?;
        // Tags of several bytes are not supported.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (length, contents) = match first {
            0..=0x7f => (usize::from(*first), after_first),
            0x81..=0x84 => long_length(after_first, usize::from(first & 0x7f))?,
            _ => return None,
        };
        let (contents, after) = contents.split_at_checked(length)?;
        let full = self.rest.get(..self.rest.len() - after.len())?;
        self.rest = after;
        Some(Element { tag: *tag, contents, full })
    }

    /// The next element, which must have this tag.
    pub fn element(&mut self, tag: u8) -> Option<Element<'a>> {
        self.any().filter(|element| element.tag == tag)
    }

    /// What is in the next element, which must have this tag.
    pub fn read(&mut self, tag: u8) -> Option<Self> {
        self.element(tag).map(Element::inside)
    }

    /// The bytes of the next element, which must have this tag.
    pub fn bytes(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.element(tag).map(|element| element.contents)
    }

    /// What is in the next element, if it has this tag. The outer `None` is an error.
    pub fn optional(&mut self, tag: u8) -> Option<Option<Self>> {
        if self.peek(tag) { self.read(tag).map(Some) } else { Some(None) }
    }

    /// A truth value.
    pub fn boolean(&mut self) -> Option<bool> {
        match self.bytes(BOOLEAN)? {
            [0] => Some(false),
            [0xff] => Some(true),
            _ => None,
        }
    }

    /// An integer of any size, in two's complement.
    pub fn integer(&mut self, tag: u8) -> Option<&'a [u8]> {
        let bytes = self.bytes(tag)?;
        let minimal = match bytes {
            [] => false,
            [_] => true,
            [0, second, ..] => second & 0x80 != 0,
            [0xff, second, ..] => second & 0x80 == 0,
            _ => true,
        };
        minimal.then_some(bytes)
    }

    /// An integer of up to 64 bits.
    pub fn int64(&mut self, tag: u8) -> Option<i64> {
        let bytes = self.integer(tag)?;
        let sign = if is_negative(bytes) { 0xff } else { 0 };
        let mut all = [sign; 8];
        all.get_mut(8_usize.checked_sub(bytes.len())?..)?.copy_from_slice(bytes);
        Some(i64::from_be_bytes(all))
    }

    /// The numbers of an object identifier, of up to 31 bits each.
    pub fn object_identifier(&mut self) -> Option<Vec<u32>> {
        object_identifier(self.bytes(OBJECT_IDENTIFIER)?)
    }

    /// Bits.
    pub fn bit_string(&mut self) -> Option<BitString<'a>> {
        BitString::new(self.bytes(BIT_STRING)?)
    }
}

fn long_length(bytes: &[u8], count: usize) -> Option<(usize, &[u8])> {
    let (digits, rest) = bytes.split_at_checked(count)?;
    let length = digits.iter().fold(0_usize, |length, digit| length << 8 | usize::from(*digit));
    let minimal = length >= 0x80 && digits.first() != Some(&0);
    minimal.then_some((length, rest))
}

/// Is the integer below zero?
pub fn is_negative(integer: &[u8]) -> bool {
    integer.first().is_some_and(|first| first & 0x80 != 0)
}

/// The numbers in the contents of an object identifier.
pub fn object_identifier(bytes: &[u8]) -> Option<Vec<u32>> {
    let mut numbers = Vec::with_capacity(bytes.len() + 1);
    let mut number = None;
    for byte in bytes {
        let before: u32 = match number {
            // Not the fewest bytes possible.
            None if *byte == 0x80 => return None,
            None => 0,
            Some(number) => number,
        };
        if before >= 1 << 24 {
            return None;
        }
        let value = before << 7 | u32::from(byte & 0x7f);
        number = Some(value);
        if byte & 0x80 == 0 {
            // The first two numbers are one.
            match (numbers.is_empty(), value) {
                (true, 0..80) => numbers.extend([value / 40, value % 40]),
                (true, _) => numbers.extend([2, value - 80]),
                _ => numbers.push(value),
            }
            number = None;
        }
    }
    (number.is_none() && !numbers.is_empty()).then_some(numbers)
}

/// `2.5.29.17`
pub fn dotted(numbers: &[u32]) -> String {
    let mut out = String::new();
    for (at, number) in (0..).zip(numbers) {
        // Writing to a `String` does not fail.
        let _ = if at == 0 { write!(out, "{number}") } else { write!(out, ".{number}") };
    }
    out
}

/// Bits, of which up to seven of the last byte do not count.
#[derive(Clone, Copy, Debug)]
pub struct BitString<'a> {
    /// All bytes.
    pub bytes: &'a [u8],
    unused: u8,
}

impl<'a> BitString<'a> {
    /// Reads the contents of an element.
    pub fn new(contents: &'a [u8]) -> Option<Self> {
        let (unused, bytes) = contents.split_first()?;
        let last = *bytes.last().unwrap_or(&0);
        let valid = *unused <= 7 && (!bytes.is_empty() || *unused == 0) && last & ((1 << unused) - 1) == 0;
        valid.then_some(Self { bytes, unused: *unused })
    }

    /// How many bits there are.
    pub fn length(self) -> usize {
        (self.bytes.len() * 8).saturating_sub(usize::from(self.unused))
    }

    /// Is the bit set? The first is the highest of the first byte.
    pub fn bit(self, at: usize) -> bool {
        at < self.length() && self.bytes.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1)
    }

    /// The bits as a number, with zeros in front.
    pub fn right_aligned(self) -> Vec<u8> {
        let shift = self.unused;
        let mut before = 0_u8;
        self.bytes
            .iter()
            .map(|byte| {
                let carried = if shift == 0 { 0 } else { before << (8 - shift) };
                before = *byte;
                carried | byte >> shift
            })
            .collect()
    }
}

/// An element with tag and length.
pub fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let digits = length.to_be_bytes();
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    let digits = digits.get(zeros..).unwrap_or_default();
    let mut out = vec![tag];
    if length >= 0x80 {
        // A `usize` has eight bytes at most.
        out.push(0x80 | u8::try_from(digits.len()).unwrap_or(0));
    }
    if length == 0 {
        out.push(0)
    } else {
        out.extend_from_slice(digits)
    }
    out.extend_from_slice(contents);
    out
}
