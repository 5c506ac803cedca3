//! TimeStampResp: what an authority answers, with the token in it.
//!
//! Source: RFC 3161, section 2.4.2; `digitorus/timestamp`, `ParseResponse`.

use super::TimestampError;
use crate::encoding::der::{INTEGER, Reader, SEQUENCE};

const UTF8_STRING: u8 = 0x0c;

/// The token, tag and length included.
pub(super) fn token(response: &[u8]) -> Result<&[u8], TimestampError> {
    let malformed = TimestampError::Malformed;
    let mut outer = Reader::new(response);
    let mut inside = outer.read(SEQUENCE).filter(|_| outer.is_empty()).ok_or(malformed("it is no one sequence"))?;
    let status = inside.read(SEQUENCE).and_then(status).ok_or(malformed("it has no status"))?;
    // The authority may have granted something else than what was asked for (1): refused there too.
    if status != 0 {
        return Err(TimestampError::Refused(status));
    }
    let token = inside.element(SEQUENCE).filter(|_| inside.is_empty());
    token.map(|token| token.full).ok_or(malformed("it has no token behind the status, or something behind the token"))
}

/// PKIStatusInfo. A reason for failure has no place beside a token.
fn status(mut info: Reader<'_>) -> Option<i64> {
    let status = info.int64(INTEGER)?;
    if status == 0 {
        let mut texts = info.optional(SEQUENCE)?.unwrap_or(Reader::new(&[]));
        while !texts.is_empty() {
            std::str::from_utf8(texts.bytes(UTF8_STRING)?).ok()?;
        }
    }
    (status != 0 || info.is_empty()).then_some(status)
}
