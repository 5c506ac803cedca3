//! Go's durations: `1h30m`, `-1.5s`, `300ms`.
//!
//! Source: Go, package `time`, `ParseDuration` and `Duration.String`.

use super::parse::quote;
use thiserror::Error;

/// Why a text is no duration. The messages are Go's.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DurationError {
    /// No number, or too much time for 64 bits of nanoseconds.
    #[error("time: invalid duration {}", quote(.0.as_bytes()))]
    Invalid(String),
    /// A number without a unit.
    #[error("time: missing unit in duration {}", quote(.0.as_bytes()))]
    MissingUnit(String),
    /// A unit other than ns, us, ms, s, m, h.
    #[error("time: unknown unit {} in duration {}", quote(.unit.as_bytes()), quote(.text.as_bytes()))]
    UnknownUnit {
        /// The unit.
        unit: String,
        /// All of the text.
        text: String,
    },
}

impl DurationError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "duration-invalid",
            Self::MissingUnit(_) => "duration-missing-unit",
            Self::UnknownUnit { .. } => "duration-unknown-unit",
        }
    }
}

/// The duration in nanoseconds.
pub fn parse(text: &str) -> Result<i64, DurationError> {
    let invalid = || DurationError::Invalid(text.to_owned());
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0_u64;
    while !rest.is_empty() {
        let (nanos, after) = one_part(text, rest)?;
        // Twice the most wraps around to nothing, as in Go.
        total = total.wrapping_add(nanos);
        if total > MOST {
            return Err(invalid());
        }
        rest = after;
    }
    let total = i128::from(total);
    i64::try_from(if negative { -total } else { total }).map_err(|_| invalid())
}

/// The magnitude of the most negative duration.
const MOST: u64 = 1 << 63;

/// One number with its unit, in nanoseconds; and what follows.
fn one_part<'a>(text: &str, part: &'a str) -> Result<(u64, &'a str), DurationError> {
    let invalid = || DurationError::Invalid(text.to_owned());
    let (whole, after) = split_digits(part);
    let (fraction, after) = after.strip_prefix('.').map_or(("", after), split_digits);
    if whole.is_empty() && fraction.is_empty() {
        return Err(invalid());
    }
    let number = whole_number(whole).ok_or_else(invalid)?;
    let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
    let (name, after) = after.split_at_checked(end).ok_or_else(invalid)?;
    if name.is_empty() {
        return Err(DurationError::MissingUnit(text.to_owned()));
    }
    let unit = unit(name).ok_or_else(|| DurationError::UnknownUnit { unit: name.to_owned(), text: text.to_owned() })?;
    let nanos = number.checked_mul(unit).filter(|nanos| *nanos <= MOST).ok_or_else(invalid)?;
    let nanos = nanos.checked_add(part_of_unit(fraction, unit)).filter(|nanos| *nanos <= MOST).ok_or_else(invalid)?;
    Ok((nanos, after))
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn whole_number(digits: &str) -> Option<u64> {
    if digits.is_empty() { Some(0) } else { digits.parse().ok().filter(|number| *number <= MOST) }
}

fn unit(name: &str) -> Option<u64> {
    Some(match name {
        "ns" => 1,
        // The micro sign and the Greek letter.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// The fraction of the unit in nanoseconds, rounded down. Go computes with floating point; so does this, digit by
/// digit as there, because the last nanosecond can differ.
fn part_of_unit(digits: &str, unit: u64) -> u64 {
    let (mut number, mut scale) = (0_u64, 1_f64);
    for digit in digits.chars().filter_map(|c| c.to_digit(10)) {
        // Go checks against the largest i64 before it multiplies, and against 2^63 afterwards.
        if number > (MOST - 1) / 10 {
            break;
        }
        let next = number * 10 + u64::from(digit);
        if next > MOST {
            break;
        }
        number = next;
        scale *= 10.0;
    }
    truncated(float(number) * (float(unit) / scale))
}

#[allow(
    clippy::as_conversions,
    reason = "rounds to the nearest, as Go's conversion; the standard library has no other"
)]
fn float(number: u64) -> f64 {
    number as f64
}

#[allow(clippy::as_conversions, reason = "truncates, as Go's conversion; the number is below 3.6e12")]
fn truncated(number: f64) -> u64 {
    number as u64
}

/// As Go writes a duration: `1h0m0s`, `1.5s`, `20ms`, `0s`.
pub fn to_string(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let magnitude = nanos.unsigned_abs();
    let text = match magnitude {
        0 => "0s".to_owned(),
        1..1_000 => format!("{magnitude}ns"),
        1_000..1_000_000 => format!("{}\u{b5}s", decimal(magnitude, 3)),
        1_000_000..1_000_000_000 => format!("{}ms", decimal(magnitude, 6)),
        _ => clock(magnitude),
    };
    format!("{sign}{text}")
}

fn clock(nanos: u64) -> String {
    let seconds = format!("{}s", decimal(nanos % 60_000_000_000, 9));
    let minutes = nanos / 60_000_000_000;
    match (minutes / 60, minutes % 60) {
        (0, 0) => seconds,
        (0, minutes) => format!("{minutes}m{seconds}"),
        (hours, minutes) => format!("{hours}h{minutes}m{seconds}"),
    }
}

/// `number` / 10^`places` without trailing zeros.
fn decimal(number: u64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let width = usize::try_from(places).unwrap_or(0);
    let text = format!("{}.{:0width$}", number / unit, number % unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
