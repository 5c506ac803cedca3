//! Numbers as goyaml v2 reads them: the notations of Go's `strconv` with underscores anywhere, and of YAML's floats.
//!
//! Source: go.yaml.in/yaml/v2 `resolve.go`, which sigs.k8s.io/yaml decodes by.

/// A number as written, before JSON has its say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Numeric {
    /// A fraction, an exponent, or an integer beyond 64 bits.
    Float(f64),
    /// An integer that fits.
    Int(i64),
    /// A larger one that fits without a sign.
    Unsigned(u64),
}

/// Reads `text` as a number; the first character must be a digit, a sign or a dot.
pub(super) fn parse_numeric(text: &str) -> Option<Numeric> {
    if text.starts_with('.') {
        return parse_leading_dot(text);
    }
    let plain = text.replace('_', "");
    parse_integer(&plain).or_else(|| parse_float(&plain)).or_else(|| parse_signed_binary(&plain))
}

/// Go takes this notation from `strconv.ParseFloat`, where an underscore must stand between digits.
fn parse_leading_dot(text: &str) -> Option<Numeric> {
    let bytes = text.as_bytes();
    let separated = bytes.windows(3).filter(|window| matches!(window, [l, b'_', r] if both_digits(*l, *r))).count();
    let underscores = bytes.iter().filter(|byte| **byte == b'_').count();
    (separated == underscores).then(|| parse_float(&text.replace('_', ""))).flatten()
}

fn both_digits(left: u8, right: u8) -> bool {
    left.is_ascii_digit() && right.is_ascii_digit()
}

/// Go's `ParseInt` and `ParseUint` with base 0: 0x, 0o, 0b, and a leading zero for octal.
fn parse_integer(plain: &str) -> Option<Numeric> {
    let unsigned = plain.strip_prefix(['-', '+']);
    let (radix, digits) = radix(unsigned.unwrap_or(plain));
    if !digits.starts_with(|c: char| c.is_digit(radix)) {
        return None;
    }
    let magnitude = i128::from_str_radix(digits, radix).ok()?;
    let value = if plain.starts_with('-') { -magnitude } else { magnitude };
    match (i64::try_from(value), u64::try_from(value)) {
        (Ok(int), _) => Some(Numeric::Int(int)),
        (_, Ok(large)) if unsigned.is_none() => Some(Numeric::Unsigned(large)),
        _ => None,
    }
}

fn radix(text: &str) -> (u32, &str) {
    let Some(rest) = text.strip_prefix('0') else { return (10, text) };
    let prefixes = [(['x', 'X'], 16), (['o', 'O'], 8), (['b', 'B'], 2)];
    let prefixed = prefixes.iter().find_map(|(letters, radix)| Some((*radix, rest.strip_prefix(letters)?)));
    prefixed.unwrap_or(if rest.is_empty() { (10, text) } else { (8, rest) })
}

/// YAML's floats; one beyond the range of 64 bits is no number in goyaml and stays text.
fn parse_float(plain: &str) -> Option<Numeric> {
    if !is_float(plain) {
        return None;
    }
    plain.parse::<f64>().ok().filter(|value| value.is_finite()).map(Numeric::Float)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(plain: &str) -> bool {
    let body = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (body, None),
    };
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && (fraction.is_empty() || is_digits(fraction)),
        None => is_digits(mantissa),
    };
    mantissa_fits && exponent.is_none_or(is_digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `0b-101`: goyaml reads what follows `0b` by itself, sign included.
fn parse_signed_binary(plain: &str) -> Option<Numeric> {
    i64::from_str_radix(plain.strip_prefix("0b")?, 2).ok().map(Numeric::Int)
}

/// A fraction as the text of a key.
///
/// sigs.k8s.io/yaml formats it with `strconv.FormatFloat(x, 'g', -1, 32)`: at single precision, and with an exponent
/// below 1e-4 and from 1e6.
pub(super) fn float_key(value: f64) -> String {
    // No double has more than 767 significant digits: the text is exact, so that rounding to single happens once.
    let single = format!("{value:.767e}").parse::<f32>().unwrap_or(f32::NAN);
    if single.is_nan() {
        return ".nan".to_owned();
    }
    if single.is_infinite() {
        return if single > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{single:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return single.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}
