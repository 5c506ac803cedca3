//! Repetitions: `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}`.
//!
//! Source: Go, package `regexp/syntax`, `parseRepeat` and `repeatIsValid`.

/// The most copies of a thing, repetitions in repetitions included.
pub(super) const MOST: u64 = 1000;

/// A repetition: how many at least, how many at most (none: no limit).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) least: u64,
    pub(super) most: Option<u64>,
}

impl Counts {
    pub(super) fn is_valid(self) -> bool {
        self.least <= MOST && self.most.is_none_or(|most| most <= MOST && self.least <= most)
    }

    /// How many copies there can be, if a copy has `inner` of them.
    pub(super) fn copies(self, inner: u64) -> u64 {
        match self.most.unwrap_or(self.least) {
            0 if self.most.is_some() => 0,
            0 => inner,
            times => times.saturating_mul(inner.max(1)),
        }
    }

    /// Does Go look at the number of copies here?
    pub(super) fn is_counted(self) -> bool {
        self.least >= 2 || self.most.is_some_and(|most| most >= 2)
    }
}

/// Reads `{2}`, `{2,}` or `{2,5}`; none: it is a brace and not a repetition.
pub(super) fn counts(text: &str) -> Option<(Counts, &str)> {
    let (least, rest) = number(text.strip_prefix('{')?)?;
    let (most, rest) = match rest.strip_prefix(',') {
        None => (Some(least), rest),
        Some(rest) if rest.starts_with('}') => (None, rest),
        Some(rest) => {
            let (most, rest) = number(rest)?;
            (Some(most), rest)
        }
    };
    Some((Counts { least, most }, rest.strip_prefix('}')?))
}

/// A number without leading zeros; too large a one is just too large.
fn number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if digits.is_empty() || digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().unwrap_or(u64::MAX), rest))
}
