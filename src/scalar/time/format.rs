//! Writing a time in a Go layout.
//!
//! Source: Go, package `time`, `Time.appendFormat`.

use super::Timestamp;
use super::civil::Civil;
use super::layout::{Element, OffsetForm, first_element};
use super::names::{MONTHS, WEEKDAYS, short};

/// The time in the layout; what is no element stands for itself.
pub(super) fn format(time: &Timestamp, layout: &str) -> String {
    let civil = time.civil();
    let mut out = String::new();
    let mut rest = layout.as_bytes();
    while let Some(found) = first_element(rest) {
        out.push_str(&String::from_utf8_lossy(found.prefix));
        push_element(&mut out, time, &civil, found.element);
        rest = found.rest;
    }
    out.push_str(&String::from_utf8_lossy(rest));
    out
}

fn push_element(out: &mut String, time: &Timestamp, civil: &Civil, element: Element) {
    let text = match element {
        Element::Year => padded(civil.year.abs() % 100, 2),
        Element::LongYear => padded(civil.year, 4),
        Element::Month => short(name(&MONTHS, civil.month - 1)).to_owned(),
        Element::LongMonth => name(&MONTHS, civil.month - 1).to_owned(),
        Element::NumberMonth => civil.month.to_string(),
        Element::ZeroMonth => padded(civil.month, 2),
        Element::Weekday => short(name(&WEEKDAYS, civil.weekday)).to_owned(),
        Element::LongWeekday => name(&WEEKDAYS, civil.weekday).to_owned(),
        Element::Day => civil.day.to_string(),
        Element::UnderDay => format!("{:2}", civil.day),
        Element::ZeroDay => padded(civil.day, 2),
        Element::UnderYearDay => format!("{:3}", civil.day_of_year),
        Element::ZeroYearDay => padded(civil.day_of_year, 3),
        Element::Hour => padded(civil.hour, 2),
        Element::Hour12 => hour_of_clock(civil.hour).to_string(),
        Element::ZeroHour12 => padded(hour_of_clock(civil.hour), 2),
        Element::Minute => civil.minute.to_string(),
        Element::ZeroMinute => padded(civil.minute, 2),
        Element::Second => civil.second.to_string(),
        Element::ZeroSecond => padded(civil.second, 2),
        Element::UpperPm => if civil.hour >= 12 { "PM" } else { "AM" }.to_owned(),
        Element::LowerPm => if civil.hour >= 12 { "pm" } else { "am" }.to_owned(),
        Element::Offset { z: true, .. } if time.offset() == 0 => "Z".to_owned(),
        Element::Offset { form, .. } => offset(time.offset(), form),
        Element::Abbreviation if time.zone_name().is_empty() => offset(time.offset(), OffsetForm::Minutes),
        Element::Abbreviation => time.zone_name().to_owned(),
        Element::Fraction { digits, trim, separator } => fraction(time.nanos(), digits, trim, separator),
    };
    out.push_str(&text);
}

fn name(names: &[&'static str], index: i64) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or("")
}

/// The digits of the number with zeros in front up to `width`; the sign does not count.
fn padded(number: i64, width: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{:0width$}", number.unsigned_abs())
}

/// Noon is 12 PM, midnight is 12 AM.
fn hour_of_clock(hour: i64) -> i64 {
    if hour % 12 == 0 { 12 } else { hour % 12 }
}

/// The sign is that of the whole minutes: half a minute west of UTC is `+00:00:-30`, as in Go.
fn offset(seconds: i32, form: OffsetForm) -> String {
    let seconds = i64::from(seconds);
    let (sign, seconds) = if seconds / 60 < 0 { ("-", -seconds) } else { ("+", seconds) };
    let (hours, minutes, seconds) = (padded(seconds / 3600, 2), padded(seconds / 60 % 60, 2), padded(seconds % 60, 2));
    match form {
        OffsetForm::Hours => format!("{sign}{hours}"),
        OffsetForm::Minutes => format!("{sign}{hours}{minutes}"),
        OffsetForm::ColonMinutes => format!("{sign}{hours}:{minutes}"),
        OffsetForm::Seconds => format!("{sign}{hours}{minutes}{seconds}"),
        OffsetForm::ColonSeconds => format!("{sign}{hours}:{minutes}:{seconds}"),
    }
}

/// Nine digits at most; trimmed, a fraction of nothing is not written at all.
fn fraction(nanos: u32, digits: usize, trim: bool, separator: u8) -> String {
    let all = format!("{nanos:09}");
    let shown = all.get(..digits).unwrap_or(&all);
    let shown = if trim { shown.trim_end_matches('0') } else { shown };
    if trim && shown.is_empty() { String::new() } else { format!("{}{shown}", char::from(separator)) }
}
