//! What a timestamp says, for people: nothing of it is verified.

use super::cms::SignedData;
use super::info::TstInfo;
use super::{TimestampError, response};
use crate::scalar::time::Timestamp;
use crate::x509::Name;

/// What is written in a timestamp that nobody verified.
#[derive(Clone, Debug, PartialEq)]
pub struct StatedTime {
    /// When the bytes were seen.
    pub time: Timestamp,
    /// Object identifier of the authority's policy.
    pub policy: String,
    /// Subject of the authority's certificate, where that is in the token.
    pub authority: Option<String>,
    /// Who issued that certificate.
    pub issuer: String,
}

/// Reads a TimeStampResp.
pub fn stated_time(answer: &[u8]) -> Result<StatedTime, TimestampError> {
    let data = SignedData::parse(response::token(answer)?)?;
    let info = TstInfo::parse(data.content)?;
    let issuer = Name::parse(data.signer.id.issuer).map_err(|_| TimestampError::Malformed("the signer's issuer"))?;
    let certificate = data.certificate(data.signer.id);
    Ok(StatedTime {
        time: info.time,
        policy: info.policy,
        authority: certificate.map(|certificate| certificate.subject().to_string()),
        issuer: issuer.to_string(),
    })
}
