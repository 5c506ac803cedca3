//! TSTInfo: which bytes, and when.
//!
//! Source: RFC 3161, section 2.4.2; `digitorus/timestamp`, `rfc3161_struct.go`.

use super::TimestampError;
use super::cms::{algorithm_identifier, hash_algorithm};
use crate::crypto::HashAlgorithm;
use crate::encoding::der::{
    BOOLEAN, GENERALIZED_TIME, INTEGER, OCTET_STRING, Reader, SEQUENCE, context, context_constructed, dotted,
};
use crate::scalar::time::Timestamp;
use std::time::Duration;

const LAYOUT: &str = "20060102150405.999999999Z";

/// What an authority says.
#[derive(Clone, Debug)]
pub(super) struct TstInfo {
    pub(super) policy: String,
    pub(super) time: Timestamp,
    pub(super) accuracy: Duration,
    hash: HashAlgorithm,
    imprint: Vec<u8>,
}

impl TstInfo {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, TimestampError> {
        let mut outer = Reader::new(bytes);
        let info = outer.read(SEQUENCE).filter(|_| outer.is_empty()).and_then(read);
        let (policy, hash, imprint, time, accuracy) = info.ok_or(TimestampError::Malformed("TSTInfo"))?;
        Ok(Self { policy, time, accuracy, hash: hash_algorithm(&hash)?, imprint })
    }

    /// Is it about `message`?
    pub(super) fn check_imprint(&self, message: &[u8]) -> Result<(), TimestampError> {
        let expected = self.hash.digest(message);
        if expected.as_bytes() == self.imprint {
            return Ok(());
        }
        let (expected, found) = (hex::encode(expected.as_bytes()), hex::encode(&self.imprint));
        Err(TimestampError::Imprint { expected, found })
    }
}

fn read(mut info: Reader<'_>) -> Option<(String, String, Vec<u8>, Timestamp, Duration)> {
    info.int64(INTEGER).filter(|version| *version == 1)?;
    let policy = dotted(&info.object_identifier()?);
    let mut imprint = info.read(SEQUENCE)?;
    let hash = algorithm_identifier(&mut imprint)?;
    let hashed = imprint.bytes(OCTET_STRING).filter(|_| imprint.is_empty())?;
    info.integer(INTEGER)?;
    let time = time(info.bytes(GENERALIZED_TIME)?)?;
    let accuracy = info.optional(SEQUENCE)?.map_or(Some(Duration::ZERO), accuracy)?;
    if info.peek(BOOLEAN) {
        info.boolean()?;
    }
    if info.peek(INTEGER) {
        info.integer(INTEGER)?;
    }
    info.optional(context_constructed(0))?;
    if let Some(found) = info.optional(context_constructed(1))? {
        extensions(found)?;
    }
    info.is_empty().then_some((policy, hash, hashed.to_vec(), time, accuracy))
}

/// In UTC, without zeros at the end of the fraction.
fn time(bytes: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(bytes).ok()?;
    Timestamp::parse(LAYOUT, text).ok().filter(|time| time.format(LAYOUT) == text)
}

fn accuracy(mut reader: Reader<'_>) -> Option<Duration> {
    let mut part = |tag: u8, most: i64| match reader.peek(tag) {
        true => {
            reader.int64(tag).filter(|number| (0..=most).contains(number)).and_then(|number| number.try_into().ok())
        }
        false => Some(0_u32),
    };
    let (seconds, millis, micros) =
        (part(INTEGER, i64::from(u32::MAX))?, part(context(0), 999)?, part(context(1), 999)?);
    let accuracy = Duration::new(seconds.into(), (millis * 1000 + micros) * 1000);
    reader.is_empty().then_some(accuracy)
}

/// Nothing follows from them, as in the Go libraries.
fn extensions(mut list: Reader<'_>) -> Option<()> {
    while !list.is_empty() {
        let mut extension = list.read(SEQUENCE)?;
        extension.object_identifier()?;
        if extension.peek(BOOLEAN) {
            extension.boolean()?;
        }
        extension.bytes(OCTET_STRING).filter(|_| extension.is_empty())?;
    }
    Some(())
}
