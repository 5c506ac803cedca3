//! From parts to an instant.

use super::Bad;
use super::fields::Fields;
use crate::scalar::time::civil::{SECONDS_PER_DAY, days_in, days_since_epoch, month_and_day};
use crate::scalar::time::{Timestamp, below_a_second};

impl Fields {
    /// The instant; month and day are 1 where nothing says otherwise, year and clock are 0.
    pub(super) fn timestamp(&self) -> Result<Timestamp, Bad> {
        let (month, day) = self.month_and_day()?;
        if day < 1 || day > days_in(month, self.year) {
            return Err(Bad::Range("day"));
        }
        let zone = self.zone.zone();
        let days = days_since_epoch(self.year, month, day);
        let of_day = self.hour_of_day() * 3600 + self.minute * 60 + self.second;
        let seconds = days * SECONDS_PER_DAY + of_day - self.zone.ahead_of_utc();
        Ok(Timestamp { seconds, nanos: below_a_second(self.nanos), zone })
    }

    fn hour_of_day(&self) -> i64 {
        match self.hour {
            hour if self.afternoon && hour < 12 => hour + 12,
            12 if self.morning => 0,
            hour => hour,
        }
    }

    /// A day of the year wins, if month and day do not contradict it.
    fn month_and_day(&self) -> Result<(i64, i64), Bad> {
        let Some(day_of_year) = self.day_of_year else {
            return Ok((self.month.unwrap_or(1), self.day.unwrap_or(1)));
        };
        let (month, day) = month_and_day(self.year, day_of_year).ok_or(Bad::Range("day-of-year"))?;
        if self.month.is_some_and(|read| read != month) {
            return Err(Bad::DayOfYear("month"));
        }
        if self.day.is_some_and(|read| read != day) {
            return Err(Bad::DayOfYear("day"));
        }
        Ok((month, day))
    }
}
