//! Standard base64, read as Go's `base64.StdEncoding` does.

use base64::DecodeError;
use base64::alphabet;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use base64::engine::{DecodePaddingMode, Engine as _, GeneralPurpose, GeneralPurposeConfig};
use thiserror::Error;

/// Why a text is no base64.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Base64Error {
    /// A character that the alphabet does not have, or padding where it does not belong.
    #[error("expected the letters A to Z and a to z, digits, + and /, found `{}` as character {}", .found.escape_default(), .index + 1)]
    Character {
        /// The first such character.
        found: char,
        /// How many characters stand before it, white space not counted.
        index: usize,
    },
    /// Characters are missing at the end.
    #[error("expected a multiple of four characters, found {found}: some are missing")]
    Length {
        /// How many there are, white space not counted.
        found: usize,
    },
    /// Not the one base64url text that encodes some bytes.
    #[error("expected base64url without padding, found {found} characters that are not")]
    Url {
        /// How many characters there are.
        found: usize,
    },
}

impl Base64Error {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Character { .. } => "base64-character",
            Self::Length { .. } => "base64-length",
            Self::Url { .. } => "base64url",
        }
    }
}

/// Go accepts any value in the bits of the last character that encode nothing.
const GO_STANDARD: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// The bytes that `text` encodes; carriage returns and line feeds in it do not count, padding is required.
///
/// Source: Go `encoding/base64`, `StdEncoding.Decode`, which is not `Strict`.
pub fn decode(text: &str) -> Result<Vec<u8>, Base64Error> {
    let text: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    GO_STANDARD.decode(&text).map_err(|error| explain(&text, &error))
}

/// The bytes that `text` encodes in the URL-safe alphabet, without padding, line ends or stray bits (RFC 7515, section 2).
pub fn decode_url(text: &str) -> Result<Vec<u8>, Base64Error> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Base64Error::Url { found: text.chars().count() })
}

/// The base64 of `bytes`, with padding.
pub fn encode(bytes: &[u8]) -> String {
    GO_STANDARD.encode(bytes)
}

fn explain(text: &str, error: &DecodeError) -> Base64Error {
    let length = text.chars().count();
    let DecodeError::InvalidByte(offset, _) = error else { return Base64Error::Length { found: length } };
    // Every character before the first invalid one is ASCII, so that its byte offset is its index.
    text.chars()
        .nth(*offset)
        .map_or(Base64Error::Length { found: length }, |found| Base64Error::Character { found, index: *offset })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_bits_and_line_ends_are_tolerated_as_go_does() {
        assert_eq!(decode("AQJ=").unwrap(), [1, 2]);
        assert_eq!(decode("A\r\nQ=\n=").unwrap(), [1]);
    }

    #[test]
    fn missing_padding_and_foreign_characters_are_refused() {
        assert_eq!(decode("AQI"), Err(Base64Error::Length { found: 3 }));
        assert_eq!(decode("AQ"), Err(Base64Error::Length { found: 2 }));
        assert_eq!(decode("AQ==AQID"), Err(Base64Error::Character { found: '=', index: 2 }));
        assert_eq!(decode("AQ-D"), Err(Base64Error::Character { found: '-', index: 2 }));
        assert_eq!(decode("AQ ID"), Err(Base64Error::Character { found: ' ', index: 2 }));
        assert_eq!(decode("AQé="), Err(Base64Error::Character { found: 'é', index: 2 }));
    }
    #[test]
    fn base64url_has_one_text_for_some_bytes() {
        assert_eq!(decode_url("-_8").unwrap(), [0xfb, 0xff]);
        assert!(decode_url("").unwrap().is_empty());
        for text in ["-_8=", "-_9", "+/8", "-_8\n", "A", "-é"] {
            assert_eq!(decode_url(text), Err(Base64Error::Url { found: text.chars().count() }), "{text}");
        }
    }
}
