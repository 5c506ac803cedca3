//! Functions that read and write other notations.

use super::super::error::EvalError;
use super::super::eval::{Outcome, size};
use super::call::{Call, answered, given};
use super::table::{ANY, Function, STRING, Type};
use crate::encoding::base64;
use crate::limits::Limits;
use crate::oci::ImageReference;
use crate::scalar::certificate::x509_decode;
use crate::scalar::print;
use crate::scalar::quoted::lossy;
use crate::scalar::semver;
use crate::yaml;
use md5::Md5;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64_decode", &[STRING], Type::String, "the text that a base64 text encodes", base64_decode),
    Function::new("base64_encode", &[STRING], Type::String, "a text in base64", base64_encode),
    Function::new("image_normalize", &[STRING], Type::String, "an image with its registry and tag", image_normalize),
    Function::new("md5", &[STRING], Type::String, "the MD5 digest of a text", md5),
    Function::new("parse_json", &[STRING], Type::Any, "the value that a JSON text is", parse_json),
    Function::new("parse_yaml", &[STRING], Type::Any, "the value that a YAML text is", parse_yaml),
    Function::new("semver_compare", &[STRING, STRING], Type::Bool, "is a version in a range?", semver_compare),
    Function::new("sha1", &[STRING], Type::String, "the SHA-1 digest of a text", sha1),
    Function::new("sha256", &[STRING], Type::String, "the SHA-256 digest of a text", sha256),
    Function::new("to_string", &[ANY], Type::String, "a text as it is, anything else in JSON", to_string),
    Function::new("x509_decode", &[STRING], Type::Object, "what a certificate, or the request for one, says", x509),
];

fn base64_decode<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(base64::decode(call.text(0)?).map(|bytes| lossy(&bytes)))
}

fn base64_encode<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(base64::encode(call.text(0)?.as_bytes()))
}

fn image_normalize<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let image = ImageReference::parse(call.text(0)?).map_err(|error| call.fail(error.to_string()))?;
    given(image.canonical())
}

fn md5<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(hex::encode(Md5::digest(call.text(0)?)))
}

fn parse_json<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let text = call.text(0)?;
    // A value takes at least two characters.
    call.charge(text.len().saturating_mul(32))?;
    answered(serde_json::from_str::<Value>(text))
}

/// The first document; none is null.
fn parse_yaml<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let text = call.text(0)?;
    call.charge(text.len().saturating_mul(32))?;
    let documents =
        yaml::parse_documents(text, &Limits::default()).map_err(|error| EvalError::failed(error.to_string()))?;
    let value = documents.first().map_or(Value::Null, yaml::Node::to_value);
    // Aliases make much of little text.
    call.evaluation.step(size(&value))?;
    given(value)
}

fn semver_compare<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(semver::semver_compare(call.text(0)?, call.text(1)?))
}

fn sha1<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(hex::encode(Sha1::digest(call.text(0)?)))
}

fn sha256<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    given(hex::encode(Sha256::digest(call.text(0)?)))
}

fn to_string<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    match call.value(0)? {
        Value::String(_) => call.take(0),
        value => given(print::json(&in_floats(value))),
    }
}

/// Upstream's numbers are floats: what is too large for one loses its last digits.
#[expect(clippy::as_conversions, reason = "the loss of precision is upstream's")]
fn in_floats(value: &Value) -> Cow<'_, Value> {
    const EXACT: u64 = 1 << 53;
    match value {
        Value::Array(items) => {
            Cow::Owned(Value::Array(items.iter().map(|item| in_floats(item).into_owned()).collect()))
        }
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) if integer.unsigned_abs() > EXACT => Cow::Owned(Value::from(integer as f64)),
            (None, Some(integer)) => Cow::Owned(Value::from(integer as f64)),
            _ => Cow::Borrowed(value),
        },
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, item)| (key.clone(), in_floats(item).into_owned()));
            Cow::Owned(Value::Object(entries.collect()))
        }
        Value::Bool(_) | Value::Null | Value::String(_) => Cow::Borrowed(value),
    }
}

fn x509<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    answered(x509_decode(call.text(0)?))
}
