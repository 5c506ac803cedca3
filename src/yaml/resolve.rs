//! Scalars to values.
//!
//! Source: go.yaml.in/yaml/v2 2.4.4 `resolve.go` for what a scalar means, sigs.k8s.io/yaml 1.6.0 `yaml.go` for what JSON
//! makes of it. Plain `y`, `no` and `on` are booleans there, as keys too; dates stay text; there are no base-60 numbers.

#[cfg(test)]
mod tests;

use super::number::{Numeric, float_key, parse_numeric};
use super::{NodeKind, YamlErrorKind};
use saphyr_parser::{ScalarStyle, Tag};
use serde_json::Number;

const CORE: &str = "tag:yaml.org,2002:";

/// What a scalar means.
#[derive(Debug, PartialEq)]
pub(super) enum Scalar {
    Bool(bool),
    Null,
    Number(Numeric),
    Text(String),
}

/// What the scalar `text`, written with `style` and perhaps a `tag`, means.
///
/// Errors: [`YamlErrorKind::TagMismatch`], [`YamlErrorKind::UnknownTag`].
pub(super) fn resolve(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<Scalar, YamlErrorKind> {
    let Some(tag) = tag else {
        let is_plain = style == ScalarStyle::Plain;
        return Ok(if is_plain { resolve_plain(text) } else { Scalar::Text(text.to_owned()) });
    };
    let full = full_name(tag);
    let name = match full.strip_prefix(CORE) {
        Some("str") => return Ok(Scalar::Text(text.to_owned())),
        None if full == "!" => return Ok(Scalar::Text(text.to_owned())),
        Some(name @ ("bool" | "float" | "int" | "null")) => name,
        _ => return Err(YamlErrorKind::UnknownTag { tag: short_name(&full) }),
    };
    // An explicit tag looks at the text alone: goyaml takes !!int "12" for a number.
    resolve_plain(text)
        .tagged(name)
        .ok_or_else(|| YamlErrorKind::TagMismatch { tag: format!("!!{name}"), found: text.to_owned() })
}

/// Is this key `<<`, the merge key?
pub(super) fn is_merge(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> bool {
    let tag_allows = tag.map_or(style == ScalarStyle::Plain, |tag| full_name(tag).strip_prefix(CORE) == Some("merge"));
    text == "<<" && tag_allows
}

/// Refuses every tag of a mapping or list but the one that says what it is.
///
/// goyaml ignores these tags, even `!!str {a: 1}`: whoever wrote one expects it to mean something.
pub(super) fn check_collection_tag(tag: Option<&Tag>, own: &str) -> Result<(), YamlErrorKind> {
    match tag.map(full_name) {
        Some(full) if full != "!" && full.strip_prefix(CORE) != Some(own) => {
            Err(YamlErrorKind::UnknownTag { tag: short_name(&full) })
        }
        _ => Ok(()),
    }
}

fn full_name(tag: &Tag) -> String {
    format!("{}{}", tag.handle, tag.suffix)
}

fn short_name(full: &str) -> String {
    full.strip_prefix(CORE).map_or_else(|| full.to_owned(), |name| format!("!!{name}"))
}

fn resolve_plain(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Scalar::Number(Numeric::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Number(Numeric::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Number(Numeric::Float(f64::NEG_INFINITY)),
        _ if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) => {
            parse_numeric(text).map_or_else(|| Scalar::Text(text.to_owned()), Scalar::Number)
        }
        _ => Scalar::Text(text.to_owned()),
    }
}

impl Scalar {
    /// As a value with the tag `!!name`, if it fits.
    fn tagged(self, name: &str) -> Option<Self> {
        match (name, self) {
            ("bool", value @ Self::Bool(_)) | ("null", value @ Self::Null) => Some(value),
            ("int", value @ Self::Number(Numeric::Int(_) | Numeric::Unsigned(_))) => Some(value),
            ("float", value @ Self::Number(Numeric::Float(_))) => Some(value),
            ("float", Self::Number(Numeric::Int(int))) => {
                Some(Self::Number(Numeric::Float(int.to_string().parse().ok()?)))
            }
            _ => None,
        }
    }

    /// As a value.
    ///
    /// Errors: [`YamlErrorKind::NotFinite`].
    pub(super) fn into_kind(self) -> Result<NodeKind, YamlErrorKind> {
        Ok(match self {
            Self::Bool(value) => NodeKind::Bool(value),
            Self::Null => NodeKind::Null,
            Self::Number(Numeric::Float(value)) => NodeKind::Number(json_number(value)?),
            Self::Number(Numeric::Int(value)) => NodeKind::Number(value.into()),
            Self::Number(Numeric::Unsigned(value)) => NodeKind::Number(value.into()),
            Self::Text(text) => NodeKind::String(text),
        })
    }

    /// As a key.
    ///
    /// Errors: [`YamlErrorKind::InvalidKey`].
    pub(super) fn into_key(self) -> Result<String, YamlErrorKind> {
        match self {
            Self::Bool(value) => Ok(value.to_string()),
            Self::Null => Err(YamlErrorKind::InvalidKey { found: "null" }),
            Self::Number(Numeric::Float(value)) => Ok(float_key(value)),
            Self::Number(Numeric::Int(value)) => Ok(value.to_string()),
            Self::Number(Numeric::Unsigned(_)) => Err(YamlErrorKind::InvalidKey { found: "an integer beyond 63 bits" }),
            Self::Text(text) => Ok(text),
        }
    }
}

/// Go writes a fraction without a fractional part as an integer, and reads it back as one: `1.0` is `1`.
///
/// Both Go and Rust write the shortest digits that mean the same number, and then zeros: `1.8446744073709552e19` is
/// `18446744073709552000`.
fn json_number(value: f64) -> Result<Number, YamlErrorKind> {
    let digits = value.to_string();
    let signed = digits.parse::<i64>().map(Number::from);
    let integer = signed.or_else(|_| digits.parse::<u64>().map(Number::from));
    integer.ok().or_else(|| Number::from_f64(value)).ok_or_else(|| YamlErrorKind::NotFinite(yaml_name(value)))
}

fn yaml_name(value: f64) -> String {
    match (value.is_nan(), value > 0.0) {
        (true, _) => ".nan",
        (false, true) => ".inf",
        (false, false) => "-.inf",
    }
    .to_owned()
}
