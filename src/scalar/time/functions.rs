//! Kyverno's functions of times. Every time is RFC 3339 text where no layout is named.
//!
//! Source: Kyverno, `pkg/engine/jmespath/time.go`.

use super::{Timestamp, duration};
use crate::scalar::quoted::quoted;

/// The message where a function asks for the present, and the evaluation has none.
const NO_TIME: &str = "no time is given: set the time of the evaluation";

/// `time_now`: the time of the evaluation.
pub fn time_now(now: Option<&Timestamp>) -> Result<String, String> {
    now.map(Timestamp::to_rfc3339).ok_or_else(|| NO_TIME.to_owned())
}

/// `time_now_utc`: the time of the evaluation in UTC.
pub fn time_now_utc(now: Option<&Timestamp>) -> Result<String, String> {
    now.map(|now| now.in_utc().to_rfc3339()).ok_or_else(|| NO_TIME.to_owned())
}

/// `time_since`: from the first time to the second, or to the time of the evaluation if that is empty.
pub fn time_since(layout: &str, start: &str, end: &str, now: Option<&Timestamp>) -> Result<String, String> {
    let read = |text: &str| match layout {
        "" => rfc3339(text),
        _ => Timestamp::parse(layout, text).map_err(|error| error.to_string()),
    };
    let start = read(start)?;
    let end = match end {
        "" => now.cloned().ok_or_else(|| NO_TIME.to_owned())?,
        _ => read(end)?,
    };
    Ok(duration::to_string(end.since(&start)))
}

/// `time_add`: the time some duration later.
pub fn time_add(time: &str, duration: &str) -> Result<String, String> {
    let time = rfc3339(time)?;
    Ok(time.add(nanos(duration)?).to_rfc3339())
}

/// `time_parse`: a time in a Go layout, or, where the layout is an integer, in seconds since 1970 began.
pub fn time_parse(layout: &str, time: &str) -> Result<String, String> {
    if integer(layout).is_ok() {
        return Ok(Timestamp::from_unix(integer(time)?).to_rfc3339());
    }
    let time = Timestamp::parse(layout, time).map_err(|error| error.to_string())?;
    Ok(time.to_rfc3339())
}

/// `time_to_cron`: minute, hour, day, month and weekday, in the zone of the text.
pub fn time_to_cron(time: &str) -> Result<String, String> {
    let civil = rfc3339(time)?.civil();
    Ok(format!("{} {} {} {} {}", civil.minute, civil.hour, civil.day, civil.month, civil.weekday))
}

/// `time_utc`: the time in UTC.
pub fn time_utc(time: &str) -> Result<String, String> {
    Ok(rfc3339(time)?.in_utc().to_rfc3339())
}

/// `time_diff`: from the first time to the second.
pub fn time_diff(start: &str, end: &str) -> Result<String, String> {
    let start = rfc3339(start)?;
    Ok(duration::to_string(rfc3339(end)?.since(&start)))
}

/// `time_before`: is the first time before the second?
pub fn time_before(time: &str, other: &str) -> Result<bool, String> {
    Ok(rfc3339(time)? < rfc3339(other)?)
}

/// `time_after`: is the first time after the second?
pub fn time_after(time: &str, other: &str) -> Result<bool, String> {
    Ok(rfc3339(time)? > rfc3339(other)?)
}

/// `time_between`: is the time after the start and before the end? At the start or the end it is not.
pub fn time_between(time: &str, start: &str, end: &str) -> Result<bool, String> {
    let time = rfc3339(time)?;
    let start = rfc3339(start)?;
    let end = rfc3339(end)?;
    Ok(time > start && time < end)
}

/// `time_truncate`: rounded down to a multiple of the duration since year 1.
pub fn time_truncate(time: &str, duration: &str) -> Result<String, String> {
    let time = rfc3339(time)?;
    Ok(time.truncate(nanos(duration)?).to_rfc3339())
}

fn rfc3339(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse_rfc3339(text).map_err(|error| error.to_string())
}

fn nanos(text: &str) -> Result<i64, String> {
    duration::parse(text).map_err(|error| error.to_string())
}

/// Source: Go, `strconv.ParseInt` with base 10.
fn integer(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let problem = if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        "invalid syntax"
    } else {
        "value out of range"
    };
    text.parse().map_err(|_| format!("strconv.ParseInt: parsing {}: {problem}", quoted(text)))
}
