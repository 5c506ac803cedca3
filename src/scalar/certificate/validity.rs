//! Times.
//!
//! Source: `golang.org/x/crypto/cryptobyte`, `ReadASN1UTCTime` and `ReadASN1GeneralizedTime`.

use super::error::{CertificateError, OrMalformed};
use crate::encoding::der::{GENERALIZED_TIME, Reader, UTC_TIME};
use crate::scalar::time::Timestamp;
use serde_json::Value;

/// The next element, a time, as JSON.
pub(super) fn time(reader: &mut Reader<'_>) -> Result<Value, CertificateError> {
    let problem = match () {
        () if reader.peek(UTC_TIME) => "malformed UTCTime",
        () if reader.peek(GENERALIZED_TIME) => "malformed GeneralizedTime",
        () => "unsupported time format",
    };
    to_json(&timestamp(reader).or_malformed(problem)?)
}

/// The next element, a time.
pub(crate) fn timestamp(reader: &mut Reader<'_>) -> Option<Timestamp> {
    if reader.peek(UTC_TIME) {
        return utc_time(reader.bytes(UTC_TIME)?, &["060102150405Z0700", "0601021504Z0700"]);
    }
    exact("20060102150405Z0700", reader.bytes(GENERALIZED_TIME)?)
}

/// The year has two digits; those from 50 on are of the last century.
pub(super) fn utc_time(text: &[u8], layouts: &[&str]) -> Option<Timestamp> {
    let (layout, time) = layouts.iter().find_map(|layout| Some((layout, read(layout, text)?)))?;
    if time.format(layout).as_bytes() != text {
        return None;
    }
    let year: i64 = time.format("2006").parse().ok()?;
    if year < 2050 {
        return Some(time);
    }
    let text = std::str::from_utf8(text).ok()?;
    Timestamp::parse(&format!("20{layout}"), &format!("19{text}")).ok()
}

/// A time that is written as it would be written again.
pub(super) fn exact(layout: &str, text: &[u8]) -> Option<Timestamp> {
    read(layout, text).filter(|time| time.format(layout).as_bytes() == text)
}

fn read(layout: &str, text: &[u8]) -> Option<Timestamp> {
    Timestamp::parse(layout, std::str::from_utf8(text).ok()?).ok()
}

/// Go refuses to write offsets of a day, which RFC 3339 has not.
pub(super) fn to_json(time: &Timestamp) -> Result<Value, CertificateError> {
    if time.offset().abs() >= 86_400 {
        return Err(CertificateError::Json(
            "error calling MarshalJSON for type time.Time: Time.MarshalJSON: timezone hour outside of range [0,23]",
        ));
    }
    Ok(Value::String(time.format("2006-01-02T15:04:05.999999999Z07:00")))
}
