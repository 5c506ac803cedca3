//! TSTInfo: which bytes, and when.
//!
//! Source: RFC 3161, section 2.4.2.

use super::TimestampError;
use super::cms::hash_algorithm;
use crate::crypto::HashAlgorithm;
use crate::encoding::der::{GENERALIZED_TIME, INTEGER, OCTET_STRING, Reader, SEQUENCE, dotted};
use crate::scalar::time::Timestamp;

/// What an authority says.
#[derive(Clone, Debug)]
pub(super) struct TstInfo {
    pub(super) hash: HashAlgorithm,
    pub(super) imprint: Vec<u8>,
    pub(super) time: Timestamp,
}

impl TstInfo {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, TimestampError> {
        let mut outer = Reader::new(bytes);
        let info = outer.read(SEQUENCE).filter(|_| outer.is_empty()).and_then(read);
        let (algorithm, imprint, time) = info.ok_or(TimestampError::Malformed("TSTInfo"))?;
        Ok(Self { hash: hash_algorithm(&algorithm)?, imprint, time })
    }
}

fn read(mut info: Reader<'_>) -> Option<(String, Vec<u8>, Timestamp)> {
    info.int64(INTEGER).filter(|version| *version == 1)?;
    info.object_identifier()?;
    let mut imprint = info.read(SEQUENCE)?;
    let algorithm = dotted(&imprint.read(SEQUENCE)?.object_identifier()?);
    let hashed = imprint.bytes(OCTET_STRING)?.to_vec();
    info.integer(INTEGER)?;
    let time = std::str::from_utf8(info.bytes(GENERALIZED_TIME)?).ok()?;
    let time = Timestamp::parse("20060102150405.999999999Z", time).ok()?;
    Some((algorithm, hashed, time))
}
