//! Go's layouts: a layout is the reference time, Mon Jan 2 15:04:05 MST 2006, written the way a time is to be written.
//!
//! Source: Go, package `time`, `Layout` and `nextStdChunk`.

/// RFC 3339 with seconds.
pub const RFC_3339: &str = "2006-01-02T15:04:05Z07:00";

/// What stands for a part of the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    LongMonth,
    Month,
    NumberMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    Abbreviation,
    /// An offset; `z`: UTC is written `Z`.
    Offset {
        z: bool,
        form: OffsetForm,
    },
    /// A fraction of a second; `trim`: without trailing zeros.
    Fraction {
        digits: usize,
        trim: bool,
        separator: u8,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OffsetForm {
    /// `-07`
    Hours,
    /// `-0700`
    Minutes,
    /// `-07:00`
    ColonMinutes,
    /// `-070000`
    Seconds,
    /// `-07:00:00`
    ColonSeconds,
}

/// The first element of a layout, and what stands around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) prefix: &'a [u8],
    pub(super) element: Element,
    pub(super) text: &'a [u8],
    pub(super) rest: &'a [u8],
}

/// The first element of the layout; none: all of it is literal.
pub(super) fn first_element(layout: &[u8]) -> Option<Found<'_>> {
    (0..layout.len()).find_map(|start| {
        let (prefix, here) = layout.split_at_checked(start)?;
        let (element, length) = element_at(here)?;
        let (text, rest) = here.split_at_checked(length)?;
        Some(Found { prefix, element, text, rest })
    })
}

/// The spellings; of two that begin alike, the longer one first.
const SPELLINGS: &[(&[u8], Element)] = &[
    (b"January", Element::LongMonth),
    (b"Jan", Element::Month),
    (b"Monday", Element::LongWeekday),
    (b"Mon", Element::Weekday),
    (b"MST", Element::Abbreviation),
    (b"01", Element::ZeroMonth),
    (b"02", Element::ZeroDay),
    (b"03", Element::ZeroHour12),
    (b"04", Element::ZeroMinute),
    (b"05", Element::ZeroSecond),
    (b"06", Element::Year),
    (b"002", Element::ZeroYearDay),
    (b"15", Element::Hour),
    (b"1", Element::NumberMonth),
    (b"2006", Element::LongYear),
    (b"2", Element::Day),
    (b"__2", Element::UnderYearDay),
    (b"_2", Element::UnderDay),
    (b"3", Element::Hour12),
    (b"4", Element::Minute),
    (b"5", Element::Second),
    (b"PM", Element::UpperPm),
    (b"pm", Element::LowerPm),
];

const OFFSETS: &[(&[u8], OffsetForm)] = &[
    (b"070000", OffsetForm::Seconds),
    (b"07:00:00", OffsetForm::ColonSeconds),
    (b"0700", OffsetForm::Minutes),
    (b"07:00", OffsetForm::ColonMinutes),
    (b"07", OffsetForm::Hours),
];

/// The element that `layout` begins with, and its length.
fn element_at(layout: &[u8]) -> Option<(Element, usize)> {
    let (first, rest) = layout.split_first()?;
    match first {
        b'-' | b'Z' => {
            let (text, form) = OFFSETS.iter().find(|(text, _)| rest.starts_with(text))?;
            Some((Element::Offset { z: *first == b'Z', form: *form }, text.len() + 1))
        }
        b'.' | b',' => fraction_at(*first, rest),
        // The underscore is literal: the year has no padding.
        b'_' if rest.starts_with(b"2006") => None,
        _ => {
            let (text, element) = SPELLINGS.iter().find(|(text, element)| {
                layout.strip_prefix(*text).is_some_and(|after| !is_part_of_word(*element, after))
            })?;
            Some((*element, text.len()))
        }
    }
}

/// `Jan` and `Mon` are no elements where a lower-case letter follows, as in `Month`.
fn is_part_of_word(element: Element, after: &[u8]) -> bool {
    matches!(element, Element::Month | Element::Weekday) && after.first().is_some_and(u8::is_ascii_lowercase)
}

/// A run of zeros or nines behind the separator, with no other digit behind it.
fn fraction_at(separator: u8, rest: &[u8]) -> Option<(Element, usize)> {
    let digit = *rest.first().filter(|first| matches!(first, b'0' | b'9'))?;
    let digits = rest.iter().take_while(|byte| **byte == digit).count();
    if rest.get(digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    // Go keeps twelve bits of the number of digits.
    Some((Element::Fraction { digits: digits & 0xfff, trim: digit == b'9', separator }, digits + 1))
}
