//! Quantities: `100Mi`, `1.5`, `500m`, `1e3`.
//!
//! Source: Kubernetes `apimachinery/pkg/api/resource`. Amounts are kept in whole nano units, as there; beyond 1.7e29
//! units they are compared exactly, and not computed with.

use std::cmp::Ordering;
use std::fmt;

/// How an amount is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `Ki`, `Mi`, ...
    BinarySi,
    /// `e3`.
    DecimalExponent,
    /// `n`, `u`, `m`, `k`, `M`, ...
    DecimalSi,
}

/// An amount.
#[derive(Clone, Debug)]
pub struct Quantity {
    nano: i128,
    /// How it is printed after a computation.
    pub format: Format,
    /// As it was written: that is how it is printed before one.
    written: Option<String>,
    /// Decimal places of the value that upstream keeps, which decide how a quotient is rounded.
    scale: i32,
    /// Where `nano` cannot hold it.
    huge: Option<Huge>,
}

/// A magnitude of any size: these digits times a power of ten.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Huge {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Huge {
    fn of(negative: bool, whole: &str, fraction: &str, exponent: i32) -> Self {
        let written = format!("{whole}{fraction}");
        let digits = written.trim_start_matches('0').trim_end_matches('0');
        let dropped = written.len() - written.trim_end_matches('0').len();
        let places = i64::try_from(dropped).unwrap_or(i64::MAX) - i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        Self { negative, digits: digits.to_owned(), exponent: i64::from(exponent).saturating_add(places) }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let magnitude =
            |huge: &Self| huge.exponent.saturating_add(i64::try_from(huge.digits.len()).unwrap_or(i64::MAX));
        let order = magnitude(self).cmp(&magnitude(other)).then_with(|| self.digits.cmp(&other.digits));
        match (self.negative, other.negative) {
            (false, false) => order,
            (true, true) => order.reverse(),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

const NANO: i128 = 1_000_000_000;
/// `resource.maxAllowed`: binary amounts stop there.
const MAX_BINARY: i128 = 9_223_372_036_854_775_807 * NANO;
const SUFFIXES: [(&str, Format, i32); 15] = [
    ("", Format::DecimalSi, 0),
    ("n", Format::DecimalSi, -9),
    ("u", Format::DecimalSi, -6),
    ("m", Format::DecimalSi, -3),
    ("k", Format::DecimalSi, 3),
    ("M", Format::DecimalSi, 6),
    ("G", Format::DecimalSi, 9),
    ("T", Format::DecimalSi, 12),
    ("P", Format::DecimalSi, 15),
    ("E", Format::DecimalSi, 18),
    ("Ki", Format::BinarySi, 10),
    ("Mi", Format::BinarySi, 20),
    ("Gi", Format::BinarySi, 30),
    ("Ti", Format::BinarySi, 40),
    ("Pi", Format::BinarySi, 50),
];

impl Quantity {
    /// Reads a text; `None` where it is no quantity.
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let (negative, body) = match text.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, rest) = digits(body);
        let (fraction, suffix) = match rest.strip_prefix('.') {
            Some(behind) => digits(behind),
            None => ("", rest),
        };
        let (mut format, exponent) = interpret(suffix)?;
        let scale = i32::try_from(fraction.len()).ok()?;
        let (magnitude, scale) = match format {
            Format::BinarySi => {
                let factor = 1_i128 << exponent;
                (decimal(whole, fraction, 9).saturating_mul(factor).min(MAX_BINARY), scale)
            }
            Format::DecimalExponent | Format::DecimalSi => {
                (decimal(whole, fraction, exponent.saturating_add(9)), scale.saturating_sub(exponent))
            }
        };
        if format == Format::BinarySi && (1..NANO).contains(&magnitude) {
            format = Format::DecimalSi;
        }
        let nano = if negative { -magnitude } else { magnitude };
        let huge = (magnitude == i128::MAX).then(|| Huge::of(negative, whole, fraction, exponent));
        Some(Self { nano, format, written: Some(text.to_owned()), scale: scale.min(9), huge })
    }

    fn computed(nano: i128, format: Format) -> Self {
        Self { nano, format, written: None, scale: 9, huge: None }
    }

    /// Is it too large to be computed with?
    pub fn is_huge(&self) -> bool {
        self.huge.is_some()
    }

    /// A whole amount.
    pub fn whole(units: i64, format: Format) -> Self {
        Self::computed(i128::from(units) * NANO, format)
    }

    /// The sum, in the format of the first that is not zero.
    pub fn add(&self, other: &Self) -> Self {
        let format = if self.nano == 0 { other.format } else { self.format };
        Self::computed(self.nano.saturating_add(other.nano), format)
    }

    /// The difference, in the format of the first that is not zero.
    pub fn subtract(&self, other: &Self) -> Self {
        let format = if self.nano == 0 { other.format } else { self.format };
        Self::computed(self.nano.saturating_sub(other.nano), format)
    }

    /// The product with a bare number.
    pub fn multiply(&self, factor: &Self) -> Self {
        let (high, low) = (factor.nano / NANO, factor.nano % NANO);
        let product = self.nano.saturating_mul(high).saturating_add(self.nano.saturating_mul(low) / NANO);
        Self::computed(product, self.format)
    }

    /// The quotient with a bare number that is not zero, rounded towards zero at the more precise scale of the two.
    pub fn divide(&self, divisor: &Self) -> Option<Self> {
        let places = u32::try_from(self.scale.max(divisor.scale).clamp(0, 9)).ok()?;
        let unit = NANO / 10_i128.checked_pow(places)?;
        let quotient = match self.nano.checked_mul(NANO) {
            Some(dividend) => dividend.checked_div(divisor.nano)?,
            None => self.nano.checked_div(divisor.nano)?.saturating_mul(NANO),
        };
        Some(Self::computed(quotient / unit * unit, self.format))
    }

    /// The amount as a number.
    #[expect(clippy::as_conversions, reason = "an approximation, as upstream's `AsApproximateFloat64`")]
    pub fn to_f64(&self) -> f64 {
        if self.nano % NANO == 0 { (self.nano / NANO) as f64 } else { self.nano as f64 / 1e9 }
    }

    /// The amount in whole units, if it is one.
    pub fn to_i64(&self) -> Option<i64> {
        (self.nano % NANO == 0).then(|| i64::try_from(self.nano / NANO).ok())?
    }
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Format and exponent of a suffix.
fn interpret(suffix: &str) -> Option<(Format, i32)> {
    if suffix == "Ei" {
        return Some((Format::BinarySi, 60));
    }
    if let Some((_, format, exponent)) = SUFFIXES.iter().find(|(name, _, _)| *name == suffix) {
        return Some((*format, *exponent));
    }
    let power = suffix.strip_prefix(['e', 'E'])?;
    Some((Format::DecimalExponent, power.parse::<i32>().ok()?))
}

/// `whole.fraction * 10^exponent`, rounded up to a whole number, saturating.
fn decimal(whole: &str, fraction: &str, exponent: i32) -> i128 {
    let digits = || whole.bytes().chain(fraction.bytes()).map(|byte| i128::from(byte - b'0'));
    let places = i64::from(exponent) - i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let shift = |value: i128| value.saturating_mul(10);
    if places >= 0 {
        let value = digits().fold(0_i128, |value, digit| shift(value).saturating_add(digit));
        return if value == 0 { 0 } else { (0..places.min(40)).fold(value, |value, _| shift(value)) };
    }
    let dropped = usize::try_from(places.unsigned_abs()).unwrap_or(usize::MAX);
    let kept = (whole.len() + fraction.len()).saturating_sub(dropped);
    let value = digits().take(kept).fold(0_i128, |value, digit| shift(value).saturating_add(digit));
    let rest = digits().skip(kept).any(|digit| digit != 0);
    value.saturating_add(i128::from(rest))
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        // One that is huge is beyond any that is not, on the side of its sign, where `nano` stays.
        Some(match (&self.huge, &other.huge) {
            (Some(left), Some(right)) => left.cmp(right),
            _ => self.nano.cmp(&other.nano),
        })
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(written) = &self.written {
            return f.write_str(written);
        }
        let whole = self.nano / NANO;
        let binary = self.format == Format::BinarySi && self.nano % NANO == 0 && !(-1023..=1023).contains(&whole);
        if binary {
            return f.write_str(&canonical(whole, 1024, 10, |exponent| suffix(Format::BinarySi, exponent)));
        }
        if self.nano == 0 {
            return f.write_str("0");
        }
        let format = if self.format == Format::DecimalExponent { self.format } else { Format::DecimalSi };
        f.write_str(&canonical(self.nano, 1000, 3, |exponent| suffix(format, exponent - 9)))
    }
}

/// `amount` with factors of `base` taken out and written as a suffix.
fn canonical(mut amount: i128, base: i128, step: i32, suffix: impl Fn(i32) -> String) -> String {
    let mut exponent = 0;
    // Beyond exa there is no suffix: 10^18 units are 10^27 nano units.
    let largest = if base == 1024 { 60 } else { 27 };
    while amount % base == 0 && exponent < largest {
        (amount, exponent) = (amount / base, exponent + step);
    }
    format!("{amount}{}", suffix(exponent))
}

fn suffix(format: Format, exponent: i32) -> String {
    match format {
        Format::BinarySi if exponent == 60 => "Ei".to_owned(),
        Format::DecimalExponent if exponent == 0 => String::new(),
        Format::DecimalExponent => format!("e{exponent}"),
        _ => {
            let found = SUFFIXES.iter().find(|(_, kind, power)| *kind == format && *power == exponent);
            found.map_or_else(String::new, |(name, _, _)| (*name).to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn equal_amounts_are_equal_however_they_are_written() {
        for (left, right) in
            [("1Gi", "1024Mi"), ("100m", "0.1"), ("1k", "1000"), ("1e3", "1k"), ("1E3", "1000"), ("0.5Ki", "512")]
        {
            assert_eq!(quantity(left), quantity(right), "{left} {right}");
        }
        assert!(quantity("1.10") < quantity("1.9"));
        assert!(quantity("-1") < quantity("0"));
        assert!(quantity("1E") > quantity("1P"));
    }

    #[test]
    fn reads_what_upstream_reads() {
        for text in [".", "+", "-", "m", "Ki", "1.", ".5", "0", "00", "1e0", "1E", "5E"] {
            assert!(Quantity::parse(text).is_some(), "{text}");
        }
        for text in ["", "a", "1h", "1 ", "e", "1e", "1.2.3", "1K", "1mi", "0x10", "1e+", "--1"] {
            assert!(Quantity::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn computes_and_prints_canonically() {
        assert_eq!(quantity("1Gi").add(&quantity("1Gi")).to_string(), "2Gi");
        assert_eq!(quantity("100m").add(&quantity("1")).to_string(), "1100m");
        assert_eq!(quantity("10Mi").multiply(&quantity("2")).to_string(), "20Mi");
        assert_eq!(quantity("10").divide(&quantity("4")).unwrap().to_string(), "2");
        assert_eq!(quantity("10").subtract(&quantity("10")).to_string(), "0");
        assert_eq!(quantity("1Ki").subtract(&quantity("1")).to_string(), "1023");
        assert_eq!(quantity("1500m").add(&quantity("500m")).to_string(), "2");
        assert_eq!(quantity("1e3").add(&quantity("1e3")).to_string(), "2e3");
        assert_eq!(quantity("12Gi").to_string(), "12Gi");
    }

    #[test]
    fn enormous_amounts_do_not_overflow() {
        let huge = quantity("1e2000000000");
        assert!(huge.is_huge() && huge == quantity("10e1999999999") && huge > quantity("9e1999999999"));
        assert!(quantity("-1e400") < quantity("-9e399"));
        assert_ne!(quantity(&"7".repeat(300)), quantity(&format!("{}8", "7".repeat(299))));
        assert!(quantity(&"9".repeat(400)) > quantity("1"));
        assert_eq!(quantity("1e-2000000000").to_f64(), 1e-9);
    }
}
