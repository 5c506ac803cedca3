//! Offsets and abbreviations of time zones.

use super::Bad;
use super::fields::{number, signed};
use crate::scalar::time::Zone;
use crate::scalar::time::layout::OffsetForm;

/// What was read about the zone.
#[derive(Clone, Debug, Default)]
pub(super) struct ZoneParts {
    /// `Z` or `UTC` was read; it wins.
    pub(super) utc: bool,
    /// Seconds east of UTC.
    offset: Option<i64>,
    /// The abbreviation, or empty.
    pub(super) name: String,
}

impl ZoneParts {
    /// How far the clock that was read is ahead of UTC. Go reads the clock of `GMT+3` as UTC, although it shows it with
    /// the offset.
    pub(super) fn ahead_of_utc(&self) -> i64 {
        self.offset.filter(|_| !self.utc).unwrap_or(0)
    }

    /// The zone. The only one that has a name of its own is UTC.
    pub(super) fn zone(&self) -> Zone {
        let named = |offset: i64| Zone { offset: i32::try_from(offset).unwrap_or(0), name: self.name.as_str().into() };
        match self.offset {
            _ if self.utc => Zone::utc(),
            Some(0) if self.name.is_empty() => Zone::utc(),
            Some(offset) => named(offset),
            None if self.name.is_empty() => Zone::utc(),
            None => named(gmt_offset(&self.name)),
        }
    }
}

/// `GMT+3` is shown with that offset; any other abbreviation is taken for UTC.
fn gmt_offset(name: &str) -> i64 {
    let hours = name.strip_prefix("GMT").map(|hours| signed(hours.as_bytes()));
    hours.and_then(Result::ok).unwrap_or(0) * 3600
}

/// Reads `-07`, `-0700`, `-07:00`, `-070000` or `-07:00:00`.
pub(super) fn read_offset<'a>(zone: &mut ZoneParts, value: &'a [u8], form: OffsetForm) -> Result<&'a [u8], Bad> {
    let (length, colons) = match form {
        OffsetForm::Hours => (3, false),
        OffsetForm::Minutes => (5, false),
        OffsetForm::ColonMinutes => (6, true),
        OffsetForm::Seconds => (7, false),
        OffsetForm::ColonSeconds => (9, true),
    };
    let (text, rest) = value.split_at_checked(length).ok_or(Bad::Element)?;
    let (sign, digits) = text.split_first().ok_or(Bad::Element)?;
    let parts: Vec<&[u8]> = digits.chunks(if colons { 3 } else { 2 }).collect();
    // The last part of a form with colons has none.
    let separated = parts.iter().rev().skip(1).all(|part| part.get(2).is_none_or(|colon| *colon == b':'));
    if !separated {
        return Err(Bad::Element);
    }
    let seconds = seconds_of(&parts)?;
    // Go has -1 for "none was read", so `-00:00:01` is none.
    let signed = match sign {
        b'+' => seconds?,
        b'-' => -seconds?,
        _ => return Err(Bad::Element),
    };
    zone.offset = Some(signed).filter(|offset| *offset != -1);
    Ok(rest)
}

/// The outer error is a range, which Go reports before a bad digit or sign; of several, the last one.
fn seconds_of(parts: &[&[u8]]) -> Result<Result<i64, Bad>, Bad> {
    let mut total = Ok(0);
    let mut range = None;
    let limits =
        [(3600, 24, "time zone offset hour"), (60, 60, "time zone offset minute"), (1, 60, "time zone offset second")];
    for (part, (unit, limit, what)) in parts.iter().zip(limits) {
        let Ok((read, _)) = number(part, true) else {
            total = Err(Bad::Element);
            break;
        };
        if read > limit {
            range = Some(Bad::Range(what));
        }
        total = total.map(|total| total + read * unit);
    }
    range.map_or(Ok(total), Err)
}

/// The length of the abbreviation that the value begins with.
///
/// Source: Go, package `time`, `parseTimeZone`: three capitals, or four or five of which the last is a T, and a few
/// exceptions.
pub(super) fn abbreviation(value: &[u8]) -> Option<usize> {
    let first = *value.first().filter(|_| value.len() >= 3)?;
    if value.starts_with(b"ChST") || value.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(rest) = value.strip_prefix(b"GMT") {
        return Some(3 + signed_hours(rest).unwrap_or(0));
    }
    if matches!(first, b'+' | b'-') {
        return signed_hours(value);
    }
    let capitals = value.iter().take(6).take_while(|byte| byte.is_ascii_uppercase()).count();
    match capitals {
        3 => Some(3),
        4 if value.starts_with(b"WITA") => Some(4),
        4 | 5 if value.get(capitals - 1) == Some(&b'T') => Some(capitals),
        _ => None,
    }
}

/// The length of a sign and a number of hours up to 23 that the value begins with.
fn signed_hours(value: &[u8]) -> Option<usize> {
    let (_, rest) = value.split_first().filter(|(first, _)| matches!(first, b'+' | b'-'))?;
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let hours = signed(rest.get(..length)?).ok().filter(|hours| length > 0 && *hours <= 23)?;
    (hours >= 0).then_some(length + 1)
}
