//! An envelope and the statement in it.

use super::{Node, Signature};
use crate::in_toto::{Envelope, InTotoError, PAYLOAD_TYPE, Statement};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// What an attestation states.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "InspectedStatement", optional_fields))]
pub struct StatementDetails {
    /// `_type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the predicate is.
    pub predicate_type: String,
    /// What it is about.
    pub subjects: Vec<SubjectDetails>,
    /// Length of the statement in bytes.
    pub size: usize,
    /// The predicate, where the statement is not longer than asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub predicate: Option<Value>,
}

/// One thing that a statement is about.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "InspectedSubject"))]
pub struct SubjectDetails {
    /// Its name.
    pub name: String,
    /// Algorithm to hex digest.
    pub digest: BTreeMap<String, String>,
}

/// Reads the statement into the signature.
pub(super) fn read(envelope: &Envelope, most: usize, node: &mut Node, signature: &mut Signature) {
    signature.format = "dsse";
    let hints = envelope.signatures.iter().map(|signature| signature.key_id.clone());
    signature.key_hints.extend(hints.filter(|hint| !hint.is_empty()));
    match statement(envelope) {
        Ok(statement) => {
            let size = envelope.payload.len();
            let subject = |subject: crate::in_toto::StatementSubject| SubjectDetails {
                name: subject.name,
                digest: subject.digests,
            };
            signature.statement = Some(StatementDetails {
                kind: statement.kind,
                predicate_type: statement.predicate_type,
                subjects: statement.subjects.into_iter().map(subject).collect(),
                size,
                predicate: Some(statement.predicate).filter(|_| size <= most),
            });
        }
        Err(error) => node.problem("statement", error.code(), &error),
    }
}

fn statement(envelope: &Envelope) -> Result<Statement, InTotoError> {
    if envelope.payload_type != PAYLOAD_TYPE {
        return Err(InTotoError::PayloadType { found: envelope.payload_type.clone() });
    }
    Statement::parse(&envelope.payload)
}
