//! The JSON of a trust root. Fields that are not known are passed over: newer versions add to the format.

use super::{CertificateAuthority, TrustRoot, TrustRootError};
use crate::crypto::{KeyError, PublicKey};
use crate::encoding::base64;
use crate::json;
use crate::scalar::time::Timestamp;
use crate::timestamp::Authority;
use crate::transparency_log::LogKey;
use crate::x509::Certificate;
use serde_json::Value;

const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.trustedroot";
const DEPTH: usize = 16;

impl TrustRoot {
    /// Parses a TrustedRoot document.
    ///
    /// Logs whose keys are of a kind that nothing here can verify are left out: what they signed is not relied on.
    pub fn parse(text: &[u8]) -> Result<Self, TrustRootError> {
        let document = json::parse(text, DEPTH).map_err(|error| TrustRootError::Json(error.to_string()))?;
        let root = Part { value: &document, at: String::new() };
        let media_type = root.text("mediaType")?;
        if !media_type.starts_with(MEDIA_TYPE) {
            return Err(TrustRootError::MediaType(media_type.to_owned()));
        }
        Ok(Self {
            certificate_authorities: root.list("certificateAuthorities")?.map(authority).collect::<Result<_, _>>()?,
            transparency_logs: logs(root.list("tlogs")?)?,
            certificate_logs: logs(root.list("ctlogs")?)?,
            timestamp_authorities: root
                .list("timestampAuthorities")?
                .map(timestamp_authority)
                .collect::<Result<_, _>>()?,
        })
    }
}

/// A part of the document, with where it stands.
#[derive(Clone, Debug)]
struct Part<'a> {
    value: &'a Value,
    at: String,
}

impl<'a> Part<'a> {
    fn place(&self, field: &str) -> String {
        if self.at.is_empty() { field.to_owned() } else { format!("{}.{field}", self.at) }
    }

    fn malformed(&self, field: &str, expected: &'static str) -> TrustRootError {
        TrustRootError::Malformed { at: self.place(field), expected }
    }

    fn field(&self, field: &str) -> Option<Self> {
        let value = self.value.get(field).filter(|value| !value.is_null())?;
        Some(Self { value, at: self.place(field) })
    }

    fn object(&self, field: &str) -> Result<Self, TrustRootError> {
        self.field(field).filter(|part| part.value.is_object()).ok_or_else(|| self.malformed(field, "an object"))
    }

    fn text(&self, field: &str) -> Result<&'a str, TrustRootError> {
        self.value.get(field).and_then(Value::as_str).ok_or_else(|| self.malformed(field, "a text"))
    }

    fn bytes(&self, field: &str) -> Result<Vec<u8>, TrustRootError> {
        base64::decode(self.text(field)?).map_err(|_| self.malformed(field, "base64"))
    }

    fn list(&self, field: &str) -> Result<impl Iterator<Item = Self>, TrustRootError> {
        let items = match self.value.get(field) {
            None | Some(Value::Null) => &[][..],
            Some(Value::Array(items)) => items,
            Some(_) => return Err(self.malformed(field, "a list")),
        };
        let at = self.place(field);
        let part = move |(index, value)| Part { value, at: format!("{at}[{index}]") };
        Ok(items.iter().enumerate().map(part))
    }

    /// `validFor`: begin and end.
    fn window(&self) -> Result<(Option<Timestamp>, Option<Timestamp>), TrustRootError> {
        let Some(window) = self.field("validFor") else { return Ok((None, None)) };
        let time = |field: &str| match window.field(field) {
            None => Ok(None),
            Some(_) => Timestamp::parse_rfc3339(window.text(field)?)
                .map(Some)
                .map_err(|_| window.malformed(field, "an RFC 3339 time")),
        };
        Ok((time("start")?, time("end")?))
    }

    fn chain(&self) -> Result<Vec<Certificate>, TrustRootError> {
        let chain = self.object("certChain")?;
        let certificate = |part: Part<'_>| {
            let bytes = part.bytes("rawBytes")?;
            Certificate::from_der(&bytes).map_err(|error| TrustRootError::Certificate { at: part.at.clone(), error })
        };
        let chain = chain.list("certificates")?.map(certificate).collect::<Result<Vec<_>, _>>()?;
        if chain.is_empty() { Err(self.malformed("certChain.certificates", "a certificate")) } else { Ok(chain) }
    }
}

fn authority(part: Part<'_>) -> Result<CertificateAuthority, TrustRootError> {
    let (valid_from, valid_until) = part.window()?;
    let uri = part.text("uri").unwrap_or_default().to_owned();
    Ok(CertificateAuthority { uri, chain: part.chain()?, valid_from, valid_until })
}

/// The first certificate is the authority, unless it is one that issues certificates; the last one is the root.
fn timestamp_authority(part: Part<'_>) -> Result<Authority, TrustRootError> {
    let (valid_from, valid_until) = part.window()?;
    let mut chain = part.chain()?;
    let root = chain.pop();
    let leaf = chain.first().filter(|first| !first.is_ca()).cloned();
    let intermediates = chain.into_iter().filter(|certificate| Some(certificate) != leaf.as_ref()).collect();
    Ok(Authority { leaf, intermediates, roots: root.into_iter().collect(), valid_from, valid_until })
}

fn logs<'a>(parts: impl Iterator<Item = Part<'a>>) -> Result<Vec<LogKey>, TrustRootError> {
    let mut found = Vec::new();
    for part in parts {
        let key = part.object("publicKey")?;
        let (valid_from, valid_until) = key.window()?;
        if valid_from.is_none() {
            // A key that was always valid could be one that nobody retired (sigstore-go refuses what it signed).
            return Err(key.malformed("validFor.start", "the time since when the log uses the key"));
        }
        let bytes = key.bytes("rawBytes")?;
        let is_pkcs1 = key.text("keyDetails").is_ok_and(|details| details.starts_with("PKCS1_"));
        let parsed = if is_pkcs1 { PublicKey::from_pkcs1_der(&bytes) } else { PublicKey::from_spki_der(&bytes) };
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(KeyError::TypeUnsupported { .. }) => continue,
            Err(error) => return Err(TrustRootError::Key { at: key.at, error }),
        };
        let log_id = part.object("logId")?.bytes("keyId")?;
        let url = part.text("baseUrl").unwrap_or_default().to_owned();
        found.push(LogKey { key: parsed, log_id, url, valid_from, valid_until });
    }
    Ok(found)
}
