//! What an envelope says, for people: neither its signature nor any rule is checked.

use super::{Algorithm, Format, NotationError, SignedEnvelope, Target, payload};
use crate::scalar::time::Timestamp;
use serde_json::{Map, Value};

/// What is written in an envelope that nobody verified.
#[derive(Clone, Debug)]
pub struct Stated<'a> {
    /// How it is written.
    pub format: Format,
    /// How it says it was signed.
    pub algorithm: Algorithm,
    /// Who vouches for the time, as written.
    pub scheme: &'a str,
    /// When it was signed.
    pub signing_time: Option<&'a Timestamp>,
    /// From when on it does not count any more.
    pub expiry: Option<&'a Timestamp>,
    /// Names of the signed attributes.
    pub attributes: Vec<String>,
    /// Those of them that a reader must understand.
    pub critical: &'a [String],
    /// Certificates as DER, the signer's first.
    pub chain: &'a [Vec<u8>],
    /// Is there a timestamp?
    pub countersigned: bool,
    /// The program that signed.
    pub signing_agent: Option<&'a str>,
    /// What was signed, and what the signer says about it.
    pub target: Result<(Target, Map<String, Value>), NotationError>,
}

impl SignedEnvelope {
    /// What the envelope says.
    pub fn stated(&self) -> Stated<'_> {
        let headers = &self.headers;
        Stated {
            format: self.format,
            algorithm: headers.algorithm,
            scheme: &headers.scheme,
            signing_time: headers.signing_time.as_ref().or(headers.authentic_time.as_ref()),
            expiry: headers.expiry.as_ref(),
            attributes: headers.names.iter().cloned().collect(),
            critical: &headers.critical,
            chain: &self.chain,
            countersigned: self.countersigned,
            signing_agent: self.signing_agent.as_deref(),
            target: payload::parse(&self.payload),
        }
    }
}
