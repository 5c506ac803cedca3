//! Computing with durations. Source: Go `time.Duration`; Kyverno `pkg/engine/jmespath/arithmetic.go`.

use super::time;
use std::fmt;

/// A span of time in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(i64);

const NANOS_PER_SECOND: i64 = 1_000_000_000;
impl Duration {
    /// So many nanoseconds.
    pub fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Its length in nanoseconds.
    pub fn nanos(self) -> i64 {
        self.0
    }

    /// So many seconds, less a fraction; beyond 292 years it wraps around as Go's does.
    #[expect(clippy::as_conversions, reason = "cut off, and saturating")]
    pub fn from_seconds(seconds: f64) -> Self {
        Self((seconds as i64).wrapping_mul(NANOS_PER_SECOND))
    }

    /// From a count of nanoseconds with a fraction, which is cut off.
    #[expect(clippy::as_conversions, reason = "saturating, which is what out of range must become")]
    pub fn from_fraction(nanos: f64) -> Self {
        Self(nanos as i64)
    }

    /// Its length in seconds, as Go computes it: whole seconds plus the fraction.
    #[expect(clippy::as_conversions, reason = "Go's own conversion, which rounds")]
    pub fn seconds(self) -> f64 {
        let (seconds, nanos) = (self.0 / NANOS_PER_SECOND, self.0 % NANOS_PER_SECOND);
        seconds as f64 + nanos as f64 / 1e9
    }

    /// The sum; it wraps around as Go's does.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }

    /// The difference; it wraps around as Go's does.
    pub fn subtract(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }

    /// The remainder; `None` for a divisor of zero.
    pub fn modulo(self, other: Self) -> Option<Self> {
        self.0.checked_rem(other.0).map(Self).or_else(|| (other.0 == -1).then_some(Self(0)))
    }

    /// Reads a text; `None` where it is no duration.
    pub fn parse(text: &str) -> Option<Self> {
        time::duration::parse(text).ok().map(Self)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&time::duration::to_string(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::Duration;

    fn printed(text: &str) -> Option<String> {
        Duration::parse(text).map(|duration| duration.to_string())
    }

    #[test]
    fn reads_and_prints_as_go() {
        for (text, expected) in [
            ("0", "0s"),
            ("-0", "0s"),
            ("1h", "1h0m0s"),
            ("90m", "1h30m0s"),
            ("3600s", "1h0m0s"),
            ("1.5s", "1.5s"),
            ("100ms", "100ms"),
            ("1500us", "1.5ms"),
            ("2µs", "2µs"),
            ("1h-", ""),
            ("-1h30m", "-1h30m0s"),
            (".5h", "30m0s"),
            ("1.s", "1s"),
            ("60m", "1h0m0s"),
            ("61s", "1m1s"),
            ("1ns", "1ns"),
        ] {
            assert_eq!(printed(text).unwrap_or_default(), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_go_refuses() {
        for text in ["", "1", "5d", ".s", "s", "h1", "1h 2m", "3000000h", "1e3s", "+", "-", "1hh"] {
            assert_eq!(printed(text), None, "{text}");
        }
    }

    #[test]
    fn reaches_both_ends_of_the_range() {
        assert_eq!(Duration::parse("9223372036854775807ns").map(Duration::nanos), Some(i64::MAX));
        assert_eq!(Duration::parse("-9223372036854775808ns").map(Duration::nanos), Some(i64::MIN));
        assert_eq!(Duration::parse("9223372036854775808ns"), None);
        assert_eq!(Duration::from_nanos(i64::MIN).modulo(Duration::from_nanos(-1)), Some(Duration::from_nanos(0)));
    }
}
