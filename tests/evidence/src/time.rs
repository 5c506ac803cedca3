//! Fixed times, as the formats want them.

/// A time: seconds, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(&'static str);

impl Time {
    /// A time written as `2026-03-14T09:26:53Z`.
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// RFC 3339.
    pub fn rfc3339(self) -> &'static str {
        self.0
    }

    /// As UTCTime has it: two digits of the year, no separators.
    pub(crate) fn utc(self) -> String {
        self.0[2..].chars().filter(|letter| letter.is_ascii_digit() || *letter == 'Z').collect()
    }

    /// Seconds since 1970 began.
    pub(crate) fn unix(self) -> i64 {
        let number = |from: usize, to: usize| self.0[from..to].parse::<i64>().expect("a number");
        let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
        // Years that begin in March end with the leap day.
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
        days * 86_400 + number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_counted_from_1970() {
        assert_eq!(Time::new("1970-01-01T00:00:00Z").unix(), 0);
        assert_eq!(Time::new("2000-02-29T12:00:01Z").unix(), 951_825_601);
        assert_eq!(Time::new("2026-03-14T09:26:53Z").unix(), 1_773_480_413);
    }

    #[test]
    fn certificates_have_two_digits_of_the_year() {
        assert_eq!(Time::new("2026-03-14T09:26:53Z").utc(), "260314092653Z");
    }
}
