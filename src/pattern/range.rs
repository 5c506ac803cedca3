//! Ranges: `10-20`, `1h-2h`, `10Mi!-20Mi`.
//!
//! Source: Kyverno 1.19 `pkg/engine/operator/operator.go`, `InRangeRegex` and `NotInRangeRegex`.

/// Two ends as they are written, without blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range<'a> {
    /// The lower end.
    pub low: &'a str,
    /// The upper end.
    pub high: &'a str,
    /// Is it `low!-high`, which is everything outside?
    pub negated: bool,
}

/// Reads a range; `None` where `text` is none.
pub fn parse(text: &str) -> Option<Range<'_>> {
    let (low, rest) = endpoint(text)?;
    let (negated, rest) = match rest.strip_prefix("!-") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix('-')?),
    };
    let (high, rest) = endpoint(rest)?;
    rest.is_empty().then_some(Range { low, high, negated })
}

/// Sign, digits, fraction, letters; and what is behind them.
fn endpoint(text: &str) -> Option<(&str, &str)> {
    // `|` is a sign by accident: upstream's class is `[-|\+]`.
    let unsigned = text.strip_prefix(['-', '|', '+']).unwrap_or(text);
    let behind = after(unsigned, |c| c.is_ascii_digit())?;
    let fraction = behind.strip_prefix('.').and_then(|rest| after(rest, |c| c.is_ascii_digit()));
    let behind = fraction.unwrap_or(behind);
    let behind = after(behind, |c| c.is_ascii_alphabetic()).unwrap_or(behind);
    text.split_at_checked(text.len().checked_sub(behind.len())?)
}

/// What is behind the characters of a class; `None` where there are none of them.
fn after(text: &str, class: impl Fn(char) -> bool) -> Option<&str> {
    let rest = text.trim_start_matches(class);
    (rest.len() < text.len()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::{Range, parse};

    #[test]
    fn both_ends_are_numbers_with_a_unit() {
        for (text, low, high, negated) in [
            ("1-5", "1", "5", false),
            ("10Mi-20Mi", "10Mi", "20Mi", false),
            ("1h-2h", "1h", "2h", false),
            ("-5--1", "-5", "-1", false),
            ("+1.5-|2", "+1.5", "|2", false),
            ("1!-10", "1", "10", true),
            ("1!--10", "1", "-10", true),
        ] {
            assert_eq!(parse(text), Some(Range { low, high, negated }), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_ranges() {
        for text in
            ["", "-", "1", "1-", "-5", "a-b", "1 - 5", "1.-5", "1.2.3-4", "1-5 ", "1-5\n", "!1-5", "1h30m-2h", "١-٢"]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
