//! in-toto Statements.

use super::InTotoError;
use crate::digest::Digest;
use crate::encoding::base64;
use crate::json;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const WHAT: &str = "statement";
/// Nesting of a statement: predicates are free.
const DEPTH: usize = 128;
const FIELDS: &[&str] = &["_type", "subject", "predicateType", "predicate"];
const SUBJECT_FIELDS: &[&str] = &["name", "uri", "digest", "content", "downloadLocation", "mediaType", "annotations"];

/// What an attestation says of its subjects. `_type` is kept and never compared: v0.1 and v1 are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// `_type`.
    pub kind: String,
    /// What it is about.
    pub subjects: Vec<StatementSubject>,
    /// What the predicate is.
    pub predicate_type: String,
    /// The predicate; null where there is none.
    pub predicate: Value,
}

/// One thing that a statement is about.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementSubject {
    /// Its name.
    pub name: String,
    /// Algorithm to hex digest.
    pub digests: BTreeMap<String, String>,
    /// Further facts.
    pub annotations: Map<String, Value>,
}

impl Statement {
    /// Parses a statement.
    ///
    /// As strict as cosign: fields that the format does not have are errors, unless the predicate is text (cosign reads
    /// such statements by another way, `attestation.Statement.UnmarshalJSON`). Duplicate keys are refused everywhere.
    pub fn parse(bytes: &[u8]) -> Result<Self, InTotoError> {
        let document =
            json::parse(bytes, DEPTH).map_err(|error| InTotoError::Json { what: WHAT, problem: error.to_string() })?;
        let Value::Object(mut fields) = document else {
            return Err(wrong("", "an object", &document));
        };
        let predicate = fields.remove("predicate").unwrap_or_default();
        let lenient = match &predicate {
            Value::Null | Value::Object(_) => false,
            Value::String(_) => true,
            other => return Err(wrong("predicate", "an object or a text", other)),
        };
        if !lenient {
            check_fields(&fields, FIELDS, "")?;
        }
        Ok(Self {
            kind: text(&fields, "_type", "")?,
            subjects: subjects(fields.get("subject"), lenient)?,
            predicate_type: text(&fields, "predicateType", "")?,
            predicate,
        })
    }

    /// Is one of the subjects the image with this digest?
    pub fn is_about(&self, image: &Digest) -> bool {
        self.subjects.iter().any(|subject| {
            subject.digests.get(image.algorithm()).is_some_and(|found| found.as_str() == image.encoded())
        })
    }

    /// The statement as Kyverno hands it to conditions: its own fields, and `type` beside `predicateType`.
    pub fn to_value(&self) -> Value {
        let subjects: Vec<Value> = self
            .subjects
            .iter()
            .map(|subject| serde_json::json!({ "name": subject.name, "digest": subject.digests }))
            .collect();
        serde_json::json!({
            "_type": self.kind,
            "predicateType": self.predicate_type,
            "type": self.predicate_type,
            "subject": subjects,
            "predicate": self.predicate,
        })
    }
}

fn subjects(written: Option<&Value>, lenient: bool) -> Result<Vec<StatementSubject>, InTotoError> {
    match written {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| subject(item, &format!("subject[{index}]."), lenient))
            .collect(),
        Some(other) => Err(wrong("subject", "a list", other)),
    }
}

fn subject(written: &Value, path: &str, lenient: bool) -> Result<StatementSubject, InTotoError> {
    let Value::Object(fields) = written else { return Err(wrong(path.trim_end_matches('.'), "an object", written)) };
    if !lenient {
        check_fields(fields, SUBJECT_FIELDS, path)?;
        check_unused(fields, path)?;
    }
    let object = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map.clone()),
        Some(other) => Err(wrong(&format!("{path}{name}"), "an object", other)),
    };
    let mut digests = BTreeMap::new();
    for (algorithm, value) in object("digest")? {
        let Value::String(text) = value else {
            return Err(wrong(&format!("{path}digest.{algorithm}"), "a string", &value));
        };
        digests.insert(algorithm, text);
    }
    Ok(StatementSubject { name: text(fields, "name", path)?, digests, annotations: object("annotations")? })
}

/// The fields that nobody reads must be of their types, too.
fn check_unused(fields: &Map<String, Value>, path: &str) -> Result<(), InTotoError> {
    for field in ["uri", "downloadLocation", "mediaType"] {
        text(fields, field, path)?;
    }
    let content = text(fields, "content", path)?;
    base64::decode(&content).map(drop).map_err(|error| InTotoError::Base64 { what: WHAT, field: "content", error })
}

fn check_fields(fields: &Map<String, Value>, known: &[&str], path: &str) -> Result<(), InTotoError> {
    match fields.keys().find(|field| !known.contains(&field.as_str())) {
        Some(field) => Err(InTotoError::UnknownField { field: format!("{path}{field}") }),
        None => Ok(()),
    }
}

fn text(fields: &Map<String, Value>, field: &str, path: &str) -> Result<String, InTotoError> {
    match fields.get(field) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(other) => Err(wrong(&format!("{path}{field}"), "a string", other)),
    }
}

fn wrong(field: &str, expected: &'static str, found: &Value) -> InTotoError {
    InTotoError::Type { what: WHAT, field: field.to_owned(), expected, found: json::describe(found) }
}
