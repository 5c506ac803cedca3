//! Values as Go's JSON has them.

use super::error::CertificateError;
use crate::encoding::base64;
use crate::scalar::quoted::lossy;
use serde_json::{Number, Value};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Bytes as base64.
pub(super) fn bytes(bytes: &[u8]) -> Value {
    Value::String(base64::encode(bytes))
}

/// Bytes as text.
pub(super) fn text(bytes: &[u8]) -> Value {
    Value::String(lossy(bytes))
}

/// An empty list is null, as a slice that nothing was appended to.
pub(super) fn list(values: Vec<Value>) -> Value {
    if values.is_empty() { Value::Null } else { Value::Array(values) }
}

/// Kyverno reads the JSON back with numbers of floating point, so that large integers are rounded.
pub(super) fn number(value: i64) -> Value {
    const EXACT: u64 = 1 << 53;
    if value.unsigned_abs() <= EXACT { Value::from(value) } else { rounded(&value.to_string()).unwrap_or(Value::Null) }
}

/// An integer that is not negative, of any size up to that of floating point.
pub(super) fn big_number(integer: &[u8]) -> Result<Value, CertificateError> {
    const TOO_LARGE: CertificateError =
        CertificateError::Json("cannot unmarshal number of more than 1024 bits into Go value of type float64");
    let digits = integer.iter().skip_while(|byte| **byte == 0).count();
    if digits > 128 {
        return Err(TOO_LARGE);
    }
    let text = decimal(integer);
    match text.parse::<i64>() {
        Ok(value) => Ok(number(value)),
        Err(_) => rounded(&text).ok_or(TOO_LARGE),
    }
}

/// The nearest number of floating point; as an integer if it fits one.
fn rounded(text: &str) -> Option<Value> {
    let number: f64 = text.parse().ok()?;
    let digits = format!("{number:.0}");
    let integer = digits.parse::<i64>().map(Number::from).or_else(|_| digits.parse::<u64>().map(Number::from));
    integer.ok().or_else(|| Number::from_f64(number)).map(Value::Number)
}

/// The decimal digits of an integer that is not negative.
pub(super) fn decimal(integer: &[u8]) -> String {
    const UNIT: u64 = 1_000_000_000;
    // Nine digits each, the lowest first.
    let mut limbs: Vec<u64> = Vec::new();
    for byte in integer {
        let mut carry = u64::from(*byte);
        for limb in &mut limbs {
            let value = *limb * 256 + carry;
            *limb = value % UNIT;
            carry = value / UNIT;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut limbs = limbs.iter().rev();
    let first = limbs.next().copied().unwrap_or(0);
    limbs.fold(first.to_string(), |text, limb| format!("{text}{limb:09}"))
}

/// An object identifier as the list of its numbers.
pub(super) fn object_identifier(numbers: &[u32]) -> Value {
    Value::Array(numbers.iter().map(|number| Value::from(*number)).collect())
}

/// An address of four or sixteen bytes.
pub(super) fn address(bytes: &[u8]) -> Option<Value> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(Value::String(Ipv4Addr::from(four).to_string()));
    }
    let address = Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?);
    Some(Value::String(match address.to_ipv4_mapped() {
        Some(four) => four.to_string(),
        None => address.to_string(),
    }))
}
