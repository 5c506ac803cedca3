//! gzip (RFC 1952) and the deflate stream in it (RFC 1951).
//!
//! One member of known use: registries' clients unpack a layer whose bytes begin like gzip, whatever its media type says.

use thiserror::Error;

/// Why bytes cannot be unpacked.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GzipError {
    /// The checksum or length at the end is not that of what was unpacked.
    #[error("expected the checksum and length of the unpacked bytes behind them, found others")]
    Checksum,
    /// No deflate stream.
    #[error("expected a deflate stream, found {problem}")]
    Deflate {
        /// What is wrong.
        problem: &'static str,
    },
    /// No header of one member.
    #[error("expected the header of one gzip member, found something else")]
    Header,
    /// More bytes than allowed.
    #[error("expected at most {limit} unpacked bytes, found more")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The bytes end too early.
    #[error("expected a whole gzip member, found the end of the bytes")]
    Truncated,
}

/// Do the bytes begin like gzip?
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Unpacks one member of at most `limit` bytes; nothing may follow it.
pub fn decode(bytes: &[u8], limit: usize) -> Result<Vec<u8>, GzipError> {
    let mut bits = Bits { rest: skip_header(bytes)?, held: 0, count: 0 };
    let mut out = Output { bytes: Vec::new(), limit };
    while !block(&mut bits, &mut out)? {}
    let [c0, c1, c2, c3, l0, l1, l2, l3] = *bits.rest else {
        return Err(if bits.rest.len() < 8 { GzipError::Truncated } else { GzipError::Header });
    };
    let checksum = u32::from_le_bytes([c0, c1, c2, c3]) == crc32(&out.bytes);
    let length = u32::try_from(out.bytes.len()) == Ok(u32::from_le_bytes([l0, l1, l2, l3]));
    if checksum && length { Ok(out.bytes) } else { Err(GzipError::Checksum) }
}

/// What stands behind the header (RFC 1952, section 2.3).
fn skip_header(bytes: &[u8]) -> Result<&[u8], GzipError> {
    let [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] = bytes else { return Err(GzipError::Header) };
    let mut rest = rest;
    if flags & 0b1110_0000 != 0 {
        return Err(GzipError::Header);
    }
    if flags & 0b100 != 0 {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(GzipError::Truncated)?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..).ok_or(GzipError::Truncated)?;
    }
    // Name and comment, each with a zero behind it.
    for _ in 0..(flags >> 3 & 1) + (flags >> 4 & 1) {
        let end = rest.iter().position(|byte| *byte == 0).ok_or(GzipError::Truncated)?;
        rest = rest.get(end + 1..).ok_or(GzipError::Truncated)?;
    }
    let checksum = if flags & 0b10 != 0 { 2 } else { 0 };
    rest.get(checksum..).ok_or(GzipError::Truncated)
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |value: u32| value >> 1 ^ if value & 1 == 1 { 0xedb8_8320 } else { 0 };
    !bytes.iter().fold(!0, |value, byte| (0..8).fold(value ^ u32::from(*byte), |value, _| step(value)))
}

/// Bits from the front, lowest first.
struct Bits<'a> {
    rest: &'a [u8],
    held: u32,
    count: u32,
}

impl Bits<'_> {
    fn take(&mut self, count: u32) -> Result<u32, GzipError> {
        while self.count < count {
            let (byte, rest) = self.rest.split_first().ok_or(GzipError::Truncated)?;
            self.held |= u32::from(*byte) << self.count;
            self.count += 8;
            self.rest = rest;
        }
        let value = self.held & ((1 << count) - 1);
        self.held >>= count;
        self.count -= count;
        Ok(value)
    }
}

struct Output {
    bytes: Vec<u8>,
    limit: usize,
}

impl Output {
    fn push(&mut self, byte: u8) -> Result<(), GzipError> {
        if self.bytes.len() >= self.limit {
            return Err(GzipError::TooLarge { limit: self.limit });
        }
        self.bytes.push(byte);
        Ok(())
    }

    fn copy(&mut self, distance: usize, length: usize) -> Result<(), GzipError> {
        for _ in 0..length {
            let from = self.bytes.len().checked_sub(distance).and_then(|from| self.bytes.get(from));
            self.push(*from.ok_or(GzipError::Deflate { problem: "a distance before the start" })?)?;
        }
        Ok(())
    }
}

/// One block (RFC 1951, section 3.2.3); was it the last?
fn block(bits: &mut Bits<'_>, out: &mut Output) -> Result<bool, GzipError> {
    let last = bits.take(1)? == 1;
    match bits.take(2)? {
        0 => stored(bits, out)?,
        1 => {
            let lengths: Vec<u8> =
                [(8, 144), (9, 112), (7, 24), (8, 8)].into_iter().flat_map(|(length, n)| vec![length; n]).collect();
            codes(bits, out, &Code::new(&lengths), &Code::new(&[5; 30]))?;
        }
        2 => {
            let (literals, distances) = dynamic(bits)?;
            codes(bits, out, &literals, &distances)?;
        }
        _ => return Err(GzipError::Deflate { problem: "a block of unknown kind" }),
    }
    Ok(last)
}

fn stored(bits: &mut Bits<'_>, out: &mut Output) -> Result<(), GzipError> {
    (bits.held, bits.count) = (0, 0);
    let ([a, b, c, d], rest) = bits.rest.split_first_chunk::<4>().ok_or(GzipError::Truncated)?;
    let length = u16::from_le_bytes([*a, *b]);
    if length != !u16::from_le_bytes([*c, *d]) {
        return Err(GzipError::Deflate { problem: "a length without its complement" });
    }
    let (bytes, rest) = rest.split_at_checked(usize::from(length)).ok_or(GzipError::Truncated)?;
    bits.rest = rest;
    bytes.iter().try_for_each(|byte| out.push(*byte))
}

/// A Huffman code: how many symbols have a code of each length, and the symbols in order of their codes.
struct Code {
    counts: [u32; 16],
    symbols: Vec<u32>,
}

impl Code {
    fn new(lengths: &[u8]) -> Self {
        let mut code = Self { counts: [0; 16], symbols: Vec::new() };
        for (length, count) in (0_u8..).zip(&mut code.counts).skip(1) {
            let found = (0_u32..).zip(lengths).filter(|(_, other)| **other == length).map(|(symbol, _)| symbol);
            let before = code.symbols.len();
            code.symbols.extend(found);
            *count = u32::try_from(code.symbols.len() - before).unwrap_or(0);
        }
        code
    }

    fn read(&self, bits: &mut Bits<'_>) -> Result<u32, GzipError> {
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in self.counts.iter().skip(1) {
            code = code << 1 | bits.take(1)?;
            if code < first + count {
                let symbol = usize::try_from(index + code - first).ok().and_then(|at| self.symbols.get(at));
                return symbol.copied().ok_or(GzipError::Deflate { problem: "an incomplete code" });
            }
            index += count;
            first = (first + count) << 1;
        }
        Err(GzipError::Deflate { problem: "an incomplete code" })
    }

    /// Does it assign more codes than there are?
    fn is_oversubscribed(&self) -> bool {
        self.counts.iter().skip(1).try_fold(1_u32, |left, count| (left * 2).checked_sub(*count)).is_none()
    }
}

/// The codes that a block brings along (RFC 1951, section 3.2.7).
fn dynamic(bits: &mut Bits<'_>) -> Result<(Code, Code), GzipError> {
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    let over = GzipError::Deflate { problem: "a code that assigns too much" };
    let size = |bits: &mut Bits<'_>, width, least: usize| {
        bits.take(width).map(|more| least + usize::try_from(more).unwrap_or(usize::MAX))
    };
    let (literals, distances, given) = (size(bits, 5, 257)?, size(bits, 5, 1)?, size(bits, 4, 4)?);
    let mut lengths = [0_u8; 19];
    for at in ORDER.into_iter().take(given) {
        if let Some(length) = lengths.get_mut(at) {
            *length = u8::try_from(bits.take(3)?).unwrap_or(0);
        }
    }
    let code = Code::new(&lengths);
    if code.is_oversubscribed() {
        return Err(over);
    }
    let mut lengths: Vec<u8> = Vec::new();
    while lengths.len() < literals + distances {
        let symbol = code.read(bits)?;
        let (length, times) = match symbol {
            16 => {
                let last = lengths.last().copied();
                (last.ok_or(GzipError::Deflate { problem: "nothing to repeat" })?, 3 + bits.take(2)?)
            }
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (u8::try_from(length).unwrap_or(0), 1),
        };
        lengths.extend((0..times).map(|_| length));
    }
    let (first, second) = lengths.split_at_checked(literals).unwrap_or_default();
    let (first, second) = (Code::new(first), Code::new(second));
    let fits = lengths.len() == literals + distances && !first.is_oversubscribed() && !second.is_oversubscribed();
    if fits { Ok((first, second)) } else { Err(over) }
}

/// The symbols of a block (RFC 1951, section 3.2.5).
fn codes(bits: &mut Bits<'_>, out: &mut Output, literals: &Code, distances: &Code) -> Result<(), GzipError> {
    loop {
        let symbol = literals.read(bits)?;
        if let Ok(byte) = u8::try_from(symbol) {
            out.push(byte)?;
            continue;
        }
        let length = match symbol {
            256 => return Ok(()),
            257..=264 => symbol - 254,
            265..=284 => scaled(bits, symbol - 257, 2)? + 3,
            285 => 258,
            _ => return Err(GzipError::Deflate { problem: "a symbol without a meaning" }),
        };
        let distance = match distances.read(bits)? {
            symbol @ 0..=3 => symbol + 1,
            symbol @ 4..=29 => scaled(bits, symbol, 1)? + 1,
            _ => return Err(GzipError::Deflate { problem: "a distance without a meaning" }),
        };
        let large = |value: u32| usize::try_from(value).unwrap_or(usize::MAX);
        out.copy(large(distance), large(length))?;
    }
}

/// The value of a symbol that stands for a range twice as wide as the one `1 << bits` symbols before.
fn scaled(bits: &mut Bits<'_>, symbol: u32, mantissa: u32) -> Result<u32, GzipError> {
    let extra = (symbol >> mantissa) - 1;
    let leading = (1 << mantissa) | (symbol & ((1 << mantissa) - 1));
    Ok((leading << extra) + bits.take(extra)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Made with zlib: one stored block, one with the fixed codes, one that brings its own.
    const STORED: &str = "1f8b0800000000000403010300fcff616263c241243503000000";
    const FIXED: &str = "1f8b0800000000000203cb48cdc9c957c8402701e3513d8d17000000";
    const DYNAMIC: &str = "1f8b0800000000000203d5cc411544410c02412b08c8c3131992e05fc17e1b7bebbaf4434f27a97347771033347a251574e5\
        a3e0045e97333a54bfe23497c427cf205f28e65dbd058bfbfef0fc038b638a520e010000";
    const DYNAMIC_TEXT: &str =
        "c bebhhh,gdbhagg a.he.d bfaaa, ag,dg.a dhh dfd,dheag ,bc,.eb.f.. g ,dee h g ahd.gg,cf .,.f";

    fn bytes(text: &str) -> Vec<u8> {
        hex::decode(text).unwrap()
    }

    #[test]
    fn every_kind_of_block_is_unpacked() {
        assert_eq!(decode(&bytes(STORED), 3).unwrap(), b"abc");
        assert_eq!(decode(&bytes(FIXED), 100).unwrap(), b"hello hello hello hello");
        assert_eq!(decode(&bytes(DYNAMIC), 1000).unwrap(), DYNAMIC_TEXT.repeat(3).as_bytes());
    }

    #[test]
    fn header_fields_are_skipped() {
        let plain = bytes(STORED);
        let (head, body) = plain.split_at(10);
        let mut head = head.to_vec();
        *head.get_mut(3).unwrap() = 0b1_1110;
        let with_fields = [&head, &b"\x02\0xx"[..], b"name\0", b"comment\0", b"cc", body].concat();
        assert_eq!(decode(&with_fields, 3).unwrap(), b"abc");
        *head.get_mut(3).unwrap() = 0b10_0000;
        assert_eq!(decode(&[&head, body].concat(), 3), Err(GzipError::Header));
    }

    #[test]
    fn what_is_cut_off_changed_or_too_long_is_refused() {
        for good in [STORED, FIXED, DYNAMIC].map(bytes) {
            for length in 0..good.len() {
                assert!(decode(good.get(..length).unwrap(), 1000).is_err(), "{length}");
            }
            for at in 10..good.len() {
                let mut changed = good.clone();
                *changed.get_mut(at).unwrap() ^= 1;
                let outcome = decode(&changed, 1000);
                assert!(outcome.is_err(), "{at}: {outcome:?}");
            }
            assert_eq!(decode(&[good, vec![0]].concat(), 1000), Err(GzipError::Header));
        }
        assert_eq!(decode(&bytes(STORED), 2), Err(GzipError::TooLarge { limit: 2 }));
        assert_eq!(decode(&bytes(DYNAMIC), 269), Err(GzipError::TooLarge { limit: 269 }));
    }
}
