//! Protobuf messages written as JSON.
//!
//! Source: [ProtoJSON](https://protobuf.dev/programming-guides/json/), as Go's `protojson` v1.36 reads it: names in camel
//! case or as the `.proto` file has them, null like absent, 64-bit integers as texts or numbers, bytes in either base64
//! alphabet with or without padding. Refused although read there: integers with a fraction or an exponent, such as `1.0`.

use super::base64;
use serde_json::{Map, Value};
use std::fmt;

/// A message, with where it stands in its document. Fields are named as the `.proto` file has them.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    fields: &'a Map<String, Value>,
    at: String,
}

/// A field that is missing, or is not what the format has there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageError {
    /// Path of the field.
    pub at: String,
    /// What belongs there.
    pub expected: String,
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = if self.at.is_empty() { "the top" } else { &self.at };
        write!(f, "expected {} at `{at}`", self.expected)
    }
}

impl<'a> Message<'a> {
    /// The message that the whole document is.
    pub fn root(document: &'a Value) -> Result<Self, MessageError> {
        Self::of(document, String::new())
    }

    fn of(value: &'a Value, at: String) -> Result<Self, MessageError> {
        match value {
            Value::Object(fields) => Ok(Self { fields, at }),
            _ => Err(MessageError { at, expected: "an object".to_owned() }),
        }
    }

    /// The error that something else belongs into `field`.
    pub fn expected(&self, field: &str, expected: impl Into<String>) -> MessageError {
        let separator = if self.at.is_empty() { "" } else { "." };
        MessageError { at: format!("{}{separator}{}", self.at, json_name(field)), expected: expected.into() }
    }

    /// Are these all the fields?
    pub fn only(&self, known: &[&str]) -> Result<(), MessageError> {
        let is_known = |name: &String| known.iter().any(|field| name == field || *name == json_name(field));
        match self.fields.keys().find(|name| !is_known(name)) {
            Some(name) => Err(self.expected(name, "no such field")),
            None => Ok(()),
        }
    }

    /// Is the field there? Null is not.
    pub fn has(&self, field: &str) -> Result<bool, MessageError> {
        Ok(self.value(field)?.is_some())
    }

    fn value(&self, field: &str) -> Result<Option<&'a Value>, MessageError> {
        let camel = json_name(field);
        let first = self.fields.get(&camel);
        let second = self.fields.get(field).filter(|_| camel != field);
        if first.is_some() && second.is_some() {
            return Err(self.expected(field, "one field, not two of the same name"));
        }
        Ok(first.or(second).filter(|value| !value.is_null()))
    }

    /// The message in a field; `None`: absent.
    pub fn message(&self, field: &str) -> Result<Option<Self>, MessageError> {
        let value = self.value(field)?;
        value.map(|value| Self::of(value, self.expected(field, "").at)).transpose()
    }

    /// The message in a field that must be there.
    pub fn required(&self, field: &str) -> Result<Self, MessageError> {
        self.message(field)?.ok_or_else(|| self.expected(field, "an object"))
    }

    /// The messages in a repeated field.
    pub fn messages(&self, field: &str) -> Result<Vec<Self>, MessageError> {
        let at = self.expected(field, "").at;
        let items = self.list(field)?.iter().enumerate();
        items.map(|(index, item)| Self::of(item, format!("{at}[{index}]"))).collect()
    }

    fn list(&self, field: &str) -> Result<&'a [Value], MessageError> {
        match self.value(field)? {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(self.expected(field, "a list")),
        }
    }

    /// A text; empty where it is absent.
    pub fn text(&self, field: &str) -> Result<&'a str, MessageError> {
        match self.value(field)? {
            None => Ok(""),
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(self.expected(field, "a text")),
        }
    }

    /// Bytes; empty where they are absent.
    pub fn bytes(&self, field: &str) -> Result<Vec<u8>, MessageError> {
        decoded(self.text(field)?).ok_or_else(|| self.expected(field, "base64"))
    }

    /// The bytes in a repeated field.
    pub fn bytes_list(&self, field: &str) -> Result<Vec<Vec<u8>>, MessageError> {
        let bytes = |item: &Value| item.as_str().and_then(decoded).ok_or_else(|| self.expected(field, "base64 texts"));
        self.list(field)?.iter().map(bytes).collect()
    }

    /// An integer of 64 bits; zero where it is absent.
    pub fn integer(&self, field: &str) -> Result<i64, MessageError> {
        let number = match self.value(field)? {
            None => Some(0),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.parse().ok().filter(|number: &i64| number.to_string() == *text),
            Some(_) => None,
        };
        number.ok_or_else(|| self.expected(field, "an integer"))
    }

    /// The name of an enumeration's value, which may be written as its number; the first one where it is absent.
    pub fn choice(&self, field: &str, names: &[&'static str]) -> Result<&'static str, MessageError> {
        let found = match self.value(field)? {
            None => names.first(),
            Some(Value::String(text)) => names.iter().find(|name| *name == text),
            Some(number) => number.as_u64().and_then(|number| names.get(usize::try_from(number).ok()?)),
        };
        found.copied().ok_or_else(|| self.expected(field, format!("one of {}", names.join(", "))))
    }
}

/// `log_index` is `logIndex` in JSON.
fn json_name(field: &str) -> String {
    let mut parts = field.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut name, part| {
        let mut letters = part.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.extend(letters);
        name
    })
}

/// One of the two alphabets. A text whose length, line ends included, is no multiple of four has no padding.
fn decoded(text: &str) -> Option<Vec<u8>> {
    if text.contains(['-', '_']) && text.contains(['+', '/']) {
        return None;
    }
    let is_padded = text.len().is_multiple_of(4);
    let mut text = text.replace('-', "+").replace('_', "/").replace(['\r', '\n'], "");
    if !is_padded {
        if text.contains('=') {
            return None;
        }
        let missing = text.len().next_multiple_of(4) - text.len();
        text.extend(std::iter::repeat_n('=', missing));
    }
    base64::decode(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_those_of_json_or_of_the_proto_file() {
        for document in [json!({"logIndex": "7"}), json!({"log_index": 7})] {
            let message = Message::root(&document).unwrap();
            assert_eq!(message.integer("log_index"), Ok(7));
            assert_eq!(message.only(&["log_index"]), Ok(()));
        }
        let document = json!({"logIndex": 7, "log_index": 7, "log_Index": 7});
        let message = Message::root(&document).unwrap();
        assert_eq!(message.integer("log_index").unwrap_err().at, "logIndex");
        assert_eq!(message.only(&["log_index"]).unwrap_err().expected, "no such field");
    }

    #[test]
    fn absent_and_null_are_the_empty_value() {
        let document = json!({"text": null});
        let message = Message::root(&document).unwrap();
        assert_eq!(message.text("text"), Ok(""));
        assert_eq!(message.bytes("bytes"), Ok(Vec::new()));
        assert_eq!(message.integer("integer"), Ok(0));
        assert_eq!(message.choice("choice", &["NONE", "ONE"]), Ok("NONE"));
        assert!(message.messages("list").unwrap().is_empty());
        assert!(message.message("text").unwrap().is_none());
        assert_eq!(message.required("text").unwrap_err().to_string(), "expected an object at `text`");
    }

    #[test]
    fn integers_are_digits() {
        let max = i64::MAX.to_string();
        for (written, number) in [(json!(-3), Some(-3)), (json!("-3"), Some(-3)), (json!(max), Some(i64::MAX))] {
            let document = json!({ "n": written });
            assert_eq!(Message::root(&document).unwrap().integer("n").ok(), number);
        }
        for written in
            [json!("+3"), json!("03"), json!(" 3"), json!("1e3"), json!(""), json!(1.5), json!("9223372036854775808")]
        {
            let document = json!({ "n": written });
            assert_eq!(Message::root(&document).unwrap().integer("n").unwrap_err().expected, "an integer", "{written}");
        }
    }

    #[test]
    fn bytes_are_in_one_alphabet_with_or_without_padding() {
        for (text, bytes) in [
            ("+/8=", Some(vec![0xfb, 0xff])),
            ("-_8", Some(vec![0xfb, 0xff])),
            ("-/8=", None),
            ("A", None),
            ("AQ=", None),
            ("AQ==\n", None),
            ("A\nQ", Some(vec![1])),
            ("AQID\nBA==\r\n\n", Some(vec![1, 2, 3, 4])),
        ] {
            let document = json!({ "b": text });
            assert_eq!(Message::root(&document).unwrap().bytes("b").ok(), bytes, "{text}");
        }
    }

    #[test]
    fn a_choice_is_a_name_or_its_number() {
        for (written, name) in
            [(json!("ONE"), Some("ONE")), (json!(1), Some("ONE")), (json!(2), None), (json!("one"), None)]
        {
            let document = json!({ "c": written });
            assert_eq!(Message::root(&document).unwrap().choice("c", &["NONE", "ONE"]).ok(), name);
        }
    }

    #[test]
    fn errors_tell_where() {
        let document = json!({"log_entries": [{"proof": {"hashes": ["?"]}}, 1]});
        let message = Message::root(&document).unwrap();
        assert_eq!(message.messages("log_entries").unwrap_err().at, "logEntries[1]");
        let document = json!({"log_entries": [{"proof": {"hashes": ["?"]}}]});
        let entries = Message::root(&document).unwrap().messages("log_entries").unwrap();
        let error = entries[0].required("proof").unwrap().bytes_list("hashes").unwrap_err();
        assert_eq!(error.at, "logEntries[0].proof.hashes");
    }
}
