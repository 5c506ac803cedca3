//! Times as Go's package `time` reads, writes and computes them.
//!
//! There is no clock and no database of time zones: the time of the evaluation is an input, and the local zone is UTC,
//! as it is in Kyverno's image.

mod civil;
pub mod duration;
mod format;
pub mod functions;
mod layout;
mod names;
mod parse;

pub use layout::RFC_3339;
pub use parse::TimeError;

use civil::Civil;
use std::cmp::Ordering;

/// An instant with nanoseconds, and the zone that it is shown in. Two are equal when they are the same instant.
#[derive(Clone, Debug)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
    zone: Zone,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Zone {
    /// Seconds east of UTC.
    offset: i32,
    /// `UTC`, an abbreviation that was read, or empty for a zone that is known by its offset only.
    name: Box<str>,
}

impl Zone {
    fn utc() -> Self {
        Self { offset: 0, name: "UTC".into() }
    }
}

/// Has the text the form of an RFC 3339 time in UTC: date, `T`, time, zone? Its numbers are not looked at.
pub fn has_utc_form(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00") else { return false };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches('0'),
        None => rest,
    };
    matches!(zone, "Z" | "+00:00" | "-00:00")
}

/// Seconds from the zero time, the beginning of year 1, to the Unix epoch.
const ZERO_TIME_TO_EPOCH: i64 = 62_135_596_800;
const NANOS: i64 = 1_000_000_000;

impl Timestamp {
    /// The instant that many seconds after 1970 began, shown in UTC.
    pub fn from_unix(seconds: i64) -> Self {
        Self { seconds, nanos: 0, zone: Zone::utc() }
    }

    /// Reads RFC 3339 with an optional fraction of the second, as leniently as Go: an hour of one digit and a comma
    /// before the fraction are taken.
    pub fn parse_rfc3339(text: &str) -> Result<Self, TimeError> {
        Self::parse(RFC_3339, text)
    }

    /// Reads a time in a Go layout; without a zone it is UTC.
    pub fn parse(layout: &str, text: &str) -> Result<Self, TimeError> {
        parse::parse(layout, text)
    }

    /// The time in a Go layout.
    pub fn format(&self, layout: &str) -> String {
        format::format(self, layout)
    }

    /// RFC 3339 with whole seconds.
    pub fn to_rfc3339(&self) -> String {
        self.format(RFC_3339)
    }

    /// Seconds since 1970 began.
    pub fn unix_seconds(&self) -> i64 {
        self.seconds
    }

    /// Nanoseconds behind the whole second.
    pub fn nanos(&self) -> u32 {
        self.nanos
    }

    /// Seconds east of UTC.
    pub fn offset(&self) -> i32 {
        self.zone.offset
    }

    /// The same instant, shown in UTC.
    #[must_use]
    pub fn in_utc(&self) -> Self {
        Self { zone: Zone::utc(), ..self.clone() }
    }

    /// The instant `nanos` nanoseconds later; earlier if negative.
    #[must_use]
    pub fn add(&self, nanos: i64) -> Self {
        let sum = i64::from(self.nanos) + nanos.rem_euclid(NANOS);
        let seconds = self.seconds.saturating_add(nanos.div_euclid(NANOS)).saturating_add(sum / NANOS);
        Self { seconds, nanos: below_a_second(sum % NANOS), zone: self.zone.clone() }
    }

    /// Nanoseconds from `earlier` to this; the nearest that there is when they are too many (some 292 years).
    pub fn since(&self, earlier: &Self) -> i64 {
        let nanos = self.nanos_since_epoch() - earlier.nanos_since_epoch();
        i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
    }

    /// Rounded down to a multiple of `nanos` since the beginning of year 1; unchanged if `nanos` is not positive.
    #[must_use]
    pub fn truncate(&self, nanos: i64) -> Self {
        if nanos <= 0 {
            return self.clone();
        }
        let since_zero = self.nanos_since_epoch() + i128::from(ZERO_TIME_TO_EPOCH) * i128::from(NANOS);
        // The remainder is below `nanos`, so it fits.
        let excess = i64::try_from(since_zero.rem_euclid(i128::from(nanos))).unwrap_or(0);
        self.add(-excess)
    }

    fn nanos_since_epoch(&self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOS) + i128::from(self.nanos)
    }

    fn civil(&self) -> Civil {
        civil::civil_at(self.seconds, self.zone.offset)
    }

    fn zone_name(&self) -> &str {
        &self.zone.name
    }
}

fn below_a_second(nanos: i64) -> u32 {
    u32::try_from(nanos).unwrap_or(0)
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos))
    }
}

#[cfg(test)]
mod tests;
