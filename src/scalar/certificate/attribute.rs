//! Values of any type, as Go's package `encoding/asn1` reads them into `any`.
//!
//! Requests are read by that package, certificates are not: there only strings are allowed.

use super::json;
use super::string::{STRINGS, string};
use super::validity::{exact, to_json, utc_time};
use crate::encoding::der::{self, BitString, Element, Reader, SEQUENCE, SET};
use serde_json::{Value, json};

/// A type with a value.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) kind: Vec<u32>,
    pub(super) value: Value,
    /// Is the value one of the string types? Bytes and times are texts in JSON, too.
    pub(super) is_string: bool,
}

impl Attribute {
    /// Reads what is in the sequence; more than type and value is left alone.
    pub(super) fn read(mut reader: Reader<'_>) -> Option<Self> {
        let kind = reader.object_identifier()?;
        let element = reader.any()?;
        Some(Self { kind, value: any(element)?, is_string: STRINGS.contains(&element.tag) })
    }

    pub(super) fn to_json(&self) -> Value {
        json!({ "Type": json::object_identifier(&self.kind), "Value": self.value })
    }
}

/// What Go knows no type for is null.
fn any(element: Element<'_>) -> Option<Value> {
    let bytes = element.contents;
    Some(match element.tag {
        der::BOOLEAN => Value::Bool(Reader::new(element.full).boolean()?),
        der::INTEGER => json::number(Reader::new(element.full).int64(der::INTEGER)?),
        der::BIT_STRING => {
            let bits = BitString::new(bytes)?;
            json!({ "Bytes": json::bytes(bits.bytes), "BitLength": bits.length() })
        }
        der::OCTET_STRING => json::bytes(bytes),
        der::OBJECT_IDENTIFIER => json::object_identifier(&der::object_identifier(bytes)?),
        der::UTC_TIME => to_json(&utc_time(bytes, &["0601021504Z0700", "060102150405Z0700"])?).ok()?,
        der::GENERALIZED_TIME => to_json(&exact("20060102150405.999999999Z0700", bytes)?).ok()?,
        tag if STRINGS.contains(&tag) => Value::String(string(tag, bytes).ok()?),
        _ => Value::Null,
    })
}

/// A type with a set of lists of types with values: what Go shows of a request's attributes. Others, such as a
/// password, are not of this form.
pub(super) fn attribute_set(full: &[u8]) -> Option<Value> {
    let mut outer = Reader::new(full);
    let mut reader = outer.read(SEQUENCE)?;
    if !outer.is_empty() {
        return None;
    }
    let kind = reader.object_identifier()?;
    let mut set = reader.read(SET)?;
    let mut values = Vec::new();
    while !set.is_empty() {
        let mut list = set.read(SEQUENCE)?;
        let mut inner = Vec::new();
        while !list.is_empty() {
            inner.push(Attribute::read(list.read(SEQUENCE)?)?.to_json());
        }
        values.push(Value::Array(inner));
    }
    Some(json!({ "Type": json::object_identifier(&kind), "Value": values }))
}
