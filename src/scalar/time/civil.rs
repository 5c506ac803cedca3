//! The calendar: days and seconds to year, month, day, and back.

/// A date and time of day in some zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i64,
    /// 1 to 12.
    pub(super) month: i64,
    /// 1 to 31.
    pub(super) day: i64,
    /// 1 to 366.
    pub(super) day_of_year: i64,
    /// Sunday is 0.
    pub(super) weekday: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

pub(super) const SECONDS_PER_DAY: i64 = 86_400;
/// Days from 0000-03-01 to 1970-01-01.
const DAYS_TO_EPOCH: i64 = 719_468;
const DAYS_PER_400_YEARS: i64 = 146_097;
/// The first second that Go's calendar knows, as Unix time modulo 2^64: later ones wrap around to it.
///
/// Source: Go, `time.absoluteYears`.
const GO_CALENDAR_BEGINS: i64 = -9_223_372_028_741_760_000;

/// The date at `unix` seconds in a zone `offset` seconds east of UTC.
///
/// Arithmetic wraps as Go's does, which is visible for epoch times some 292 thousand million years away only.
pub(super) fn civil_at(unix: i64, offset: i32) -> Civil {
    let shown = unix.wrapping_add(i64::from(offset));
    let since_begin = i128::from(shown.wrapping_sub(GO_CALENDAR_BEGINS).cast_unsigned());
    let seconds = since_begin + i128::from(GO_CALENDAR_BEGINS);
    let per_day = i128::from(SECONDS_PER_DAY);
    // Both fit: the quotient of 65 bits by 86,400, and a remainder below 86,400.
    let days = i64::try_from(seconds.div_euclid(per_day)).unwrap_or(i64::MAX);
    let of_day = i64::try_from(seconds.rem_euclid(per_day)).unwrap_or(0);
    let (year, month, day) = date_of(days);
    Civil {
        year,
        month,
        day,
        day_of_year: days - days_since_epoch(year, 1, 1) + 1,
        weekday: (days + 4).rem_euclid(7),
        hour: of_day / 3600,
        minute: of_day / 60 % 60,
        second: of_day % 60,
    }
}

/// Year, month and day of the day that is `days` after 1970-01-01, in the proleptic Gregorian calendar.
///
/// Years are counted from March, so that the leap day is the last one and months follow one formula.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + DAYS_TO_EPOCH;
    let era = days.div_euclid(DAYS_PER_400_YEARS);
    let of_era = days.rem_euclid(DAYS_PER_400_YEARS);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// Days from 1970-01-01 to the date.
pub(super) fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era * DAYS_PER_400_YEARS + of_era - DAYS_TO_EPOCH
}

pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(super) fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Month and day of a day of the year, if the year has it.
pub(super) fn month_and_day(year: i64, day_of_year: i64) -> Option<(i64, i64)> {
    let mut left = day_of_year;
    for month in 1..=12 {
        let days = days_in(month, year);
        if (1..=days).contains(&left) {
            return Some((month, left));
        }
        left -= days;
    }
    None
}
