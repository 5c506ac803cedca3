//! Numbers that look like chance, and what they do to bytes.

/// Alters bytes, in the same way in every run that begins with the same number.
#[derive(Clone, Debug)]
pub struct Mutator(u64);

/// Texts that parsers stumble over.
const WORDS: &[&str] = &[
    "",
    "\0",
    "\n",
    "---\n",
    "{{",
    "}}",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "\\",
    "null",
    "~",
    "-1",
    "1e400",
    "0x",
    "18446744073709551616",
    "\u{feff}",
    "\u{202e}",
    "ß",
    "*",
    "?",
    "&",
    "<<: *a",
    "!!binary ",
    "@",
    "|",
    "sha256:",
    "==",
    "=",
    "-----BEGIN CERTIFICATE-----\n",
    "$(",
    "(",
    ")*",
    "[a-z]{1000}",
    "\u{30}\u{80}",
    "99999999999h",
    "9999-12-31T23:59:60Z",
    "true",
    "::",
    "//",
    "..",
    "%2f",
    "\r",
];

impl Mutator {
    /// A mutator that begins with `start`.
    pub fn new(start: u64) -> Self {
        Self(start.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit`, or 0 where that is 0 (xorshift64, Marsaglia 2003).
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % limit.max(1)
    }

    /// Any byte.
    pub fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).expect("a byte")
    }

    /// Noise of up to 200 bytes.
    pub fn noise(&mut self) -> Vec<u8> {
        (0..self.below(200)).map(|_| self.byte()).collect()
    }

    /// An altered seed, parts of two of them, or noise.
    pub fn next(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let pristine = seeds.get(self.below(seeds.len())).cloned().unwrap_or_default();
        match self.below(16) {
            0 => self.noise(),
            1 => {
                let other = seeds.get(self.below(seeds.len())).cloned().unwrap_or_default();
                let (end, start) = (self.below(pristine.len()), self.below(other.len()));
                [&pristine[..end], &other[start..]].concat()
            }
            _ => self.altered(&pristine),
        }
    }

    /// A few bytes changed, added, doubled or left out, a word put in, or the end cut off.
    pub fn altered(&mut self, pristine: &[u8]) -> Vec<u8> {
        let mut bytes = pristine.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            match self.below(8) {
                0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                1 if at < bytes.len() => bytes[at] = self.byte(),
                2 => bytes.insert(at, self.byte()),
                3 if at < bytes.len() => drop(bytes.remove(at)),
                4 if self.below(4) == 0 => bytes.truncate(at),
                5 => drop(bytes.splice(at..at, WORDS[self.below(WORDS.len())].bytes())),
                6 => {
                    let end = (at + 1 + self.below(40)).min(bytes.len());
                    let part = bytes[at.min(end)..end].to_vec();
                    bytes.splice(at..at, part);
                }
                7 => {
                    let end = (at + 1 + self.below(40)).min(bytes.len());
                    bytes.drain(at.min(end)..end);
                }
                _ => {}
            }
        }
        bytes
    }
}
