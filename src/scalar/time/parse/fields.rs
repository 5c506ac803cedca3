//! The parts of a time, read one by one.

use super::Bad;
use super::zone::{ZoneParts, abbreviation, read_offset};
use crate::scalar::time::layout::{Element, first_element};
use crate::scalar::time::names::{MONTHS, WEEKDAYS, short};

/// What was read so far; Go's rules for what was not are applied at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) year: i64,
    pub(super) month: Option<i64>,
    pub(super) day: Option<i64>,
    pub(super) day_of_year: Option<i64>,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) nanos: i64,
    pub(super) morning: bool,
    pub(super) afternoon: bool,
    pub(super) zone: ZoneParts,
}

type Rest<'a> = Result<&'a [u8], Bad>;

impl Fields {
    /// Reads one element from the start of the value, and says what is left. `layout` is what follows the element.
    pub(super) fn read<'a>(&mut self, element: Element, value: &'a [u8], layout: &[u8]) -> Rest<'a> {
        match element {
            Element::Year | Element::LongYear => self.read_year(element, value),
            Element::Month | Element::LongMonth | Element::NumberMonth | Element::ZeroMonth => {
                self.read_month(element, value)
            }
            Element::Weekday => name(&WEEKDAYS.map(short), value).map(|(_, rest)| rest),
            Element::LongWeekday => name(&WEEKDAYS, value).map(|(_, rest)| rest),
            Element::Day | Element::UnderDay | Element::ZeroDay => self.read_day(element, value),
            Element::UnderYearDay | Element::ZeroYearDay => self.read_day_of_year(element, value),
            Element::Hour => store(&mut self.hour, number(value, false)?, 0..=23, "hour"),
            Element::Hour12 => store(&mut self.hour, number(value, false)?, 0..=12, "hour"),
            Element::ZeroHour12 => store(&mut self.hour, number(value, true)?, 0..=12, "hour"),
            Element::Minute => store(&mut self.minute, number(value, false)?, 0..=59, "minute"),
            Element::ZeroMinute => store(&mut self.minute, number(value, true)?, 0..=59, "minute"),
            Element::Second | Element::ZeroSecond => self.read_second(element, value, layout),
            Element::UpperPm => self.read_half_of_day(value, b"AM", b"PM"),
            Element::LowerPm => self.read_half_of_day(value, b"am", b"pm"),
            Element::Offset { z, form } => match value.strip_prefix(b"Z").filter(|_| z) {
                Some(rest) => {
                    self.zone.utc = true;
                    Ok(rest)
                }
                None => read_offset(&mut self.zone, value, form),
            },
            Element::Abbreviation => self.read_abbreviation(value),
            Element::Fraction { digits, trim: false, .. } => self.read_fraction(value, digits + 1),
            Element::Fraction { trim: true, .. } => match fraction_length(value) {
                Some(length) => self.read_fraction(value, length),
                None => Ok(value),
            },
        }
    }

    fn read_year<'a>(&mut self, element: Element, value: &'a [u8]) -> Rest<'a> {
        let long = element == Element::LongYear;
        let (digits, rest) = value.split_at_checked(if long { 4 } else { 2 }).ok_or(Bad::Element)?;
        if long && !digits.first().is_some_and(u8::is_ascii_digit) {
            return Err(Bad::Element);
        }
        let year = signed(digits)?;
        self.year = match year {
            _ if long => year,
            69.. => year + 1900,
            _ => year + 2000,
        };
        Ok(rest)
    }

    fn read_month<'a>(&mut self, element: Element, value: &'a [u8]) -> Rest<'a> {
        let (month, rest) = match element {
            Element::Month => name(&MONTHS.map(short), value)?,
            Element::LongMonth => name(&MONTHS, value)?,
            _ => number(value, element == Element::ZeroMonth)?,
        };
        store(self.month.insert(0), (month, rest), 1..=12, "month")
    }

    /// Whether the month has the day is known at the end only.
    fn read_day<'a>(&mut self, element: Element, value: &'a [u8]) -> Rest<'a> {
        let value = if element == Element::UnderDay { without_blank(value) } else { value };
        let (day, rest) = number(value, element == Element::ZeroDay)?;
        self.day = Some(day);
        Ok(rest)
    }

    fn read_day_of_year<'a>(&mut self, element: Element, value: &'a [u8]) -> Rest<'a> {
        let fixed = element == Element::ZeroYearDay;
        let value = if fixed { value } else { without_blank(without_blank(value)) };
        let length = value.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 || fixed && length != 3 {
            return Err(Bad::Element);
        }
        let (digits, rest) = value.split_at_checked(length).ok_or(Bad::Element)?;
        self.day_of_year = Some(signed(digits)?);
        Ok(rest)
    }

    /// A fraction behind the seconds is read even if the layout has none.
    fn read_second<'a>(&mut self, element: Element, value: &'a [u8], layout: &[u8]) -> Rest<'a> {
        let read = number(value, element == Element::ZeroSecond)?;
        let rest = store(&mut self.second, read, 0..=59, "second")?;
        let Some(length) = fraction_length(rest) else {
            return Ok(rest);
        };
        match first_element(layout).map(|found| found.element) {
            Some(Element::Fraction { .. }) => Ok(rest),
            _ => self.read_fraction(rest, length),
        }
    }

    /// Separator and digits, `length` bytes in all; digits beyond nanoseconds are dropped.
    fn read_fraction<'a>(&mut self, value: &'a [u8], length: usize) -> Rest<'a> {
        let (fraction, rest) = value.split_at_checked(length).ok_or(Bad::Element)?;
        let (separator, digits) = fraction.split_first().ok_or(Bad::Element)?;
        if !matches!(separator, b'.' | b',') {
            return Err(Bad::Element);
        }
        let digits = digits.get(..9).unwrap_or(digits);
        // Go's number may have a sign here.
        let number = signed(digits)?;
        if number < 0 {
            return Err(Bad::Range("fractional second"));
        }
        self.nanos = (digits.len()..9).fold(number, |nanos, _| nanos * 10);
        Ok(rest)
    }

    fn read_half_of_day<'a>(&mut self, value: &'a [u8], morning: &[u8], afternoon: &[u8]) -> Rest<'a> {
        if let Some(rest) = value.strip_prefix(afternoon) {
            self.afternoon = true;
            return Ok(rest);
        }
        let rest = value.strip_prefix(morning).ok_or(Bad::Element)?;
        self.morning = true;
        Ok(rest)
    }

    fn read_abbreviation<'a>(&mut self, value: &'a [u8]) -> Rest<'a> {
        if let Some(rest) = value.strip_prefix(b"UTC") {
            self.zone.utc = true;
            return Ok(rest);
        }
        let (name, rest) = abbreviation(value).and_then(|length| value.split_at_checked(length)).ok_or(Bad::Element)?;
        self.zone.name = String::from_utf8_lossy(name).into_owned();
        Ok(rest)
    }
}

fn store<'a>(
    field: &mut i64,
    (number, rest): (i64, &'a [u8]),
    range: std::ops::RangeInclusive<i64>,
    part: &'static str,
) -> Rest<'a> {
    *field = number;
    if range.contains(&number) { Ok(rest) } else { Err(Bad::Range(part)) }
}

fn without_blank(value: &[u8]) -> &[u8] {
    value.strip_prefix(b" ").unwrap_or(value)
}

/// One or two digits; `fixed`: two.
pub(super) fn number(value: &[u8], fixed: bool) -> Result<(i64, &[u8]), Bad> {
    let length = value.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 || fixed && length != 2 {
        return Err(Bad::Element);
    }
    let (digits, rest) = value.split_at_checked(length).ok_or(Bad::Element)?;
    Ok((signed(digits)?, rest))
}

/// The place of the name in the list, counted from 1; upper and lower case are alike.
fn name<'a>(names: &[&str], value: &'a [u8]) -> Result<(i64, &'a [u8]), Bad> {
    for (number, name) in (1..).zip(names) {
        match value.split_at_checked(name.len()) {
            Some((start, rest)) if start.eq_ignore_ascii_case(name.as_bytes()) => return Ok((number, rest)),
            _ => {}
        }
    }
    Err(Bad::Element)
}

/// The length of a separator with digits behind it, if the value begins with that.
fn fraction_length(value: &[u8]) -> Option<usize> {
    let (_, rest) = value.split_first().filter(|(first, _)| matches!(first, b'.' | b','))?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0).then_some(digits + 1)
}

/// Digits with an optional sign; no digits at all are zero, as in Go.
pub(super) fn signed(text: &[u8]) -> Result<i64, Bad> {
    let (sign, digits) = match text.split_first() {
        Some((b'-', digits)) => (-1, digits),
        Some((b'+', digits)) => (1, digits),
        _ => (1, text),
    };
    let add = |number: i64, byte: &u8| {
        let digit = char::from(*byte).to_digit(10)?;
        number.checked_mul(10)?.checked_add(i64::from(digit))
    };
    digits.iter().try_fold(0, add).map(|number| sign * number).ok_or(Bad::Element)
}
