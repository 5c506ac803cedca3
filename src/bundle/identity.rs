//! Whom the certificate of a bundle must name.
//!
//! Source: sigstore-go v1.3, `verify/certificate_identity.go`, `fulcio/certificate/summarize.go`, `extensions.go`.

use super::BundleError;
use crate::encoding::der::Reader;
use crate::scalar::certificate::asn1_text;
use crate::scalar::regex::GoRegex;
use crate::x509::{Certificate, Extension};

/// Fulcio's extensions.
const FULCIO: &str = "1.3.6.1.4.1.57264.1.";
const ISSUER_V1: u8 = 1;
const ISSUER_V2: u8 = 8;
/// From the second issuer on they are DER texts.
const TEXTS: std::ops::RangeInclusive<u8> = ISSUER_V2..=22;

/// Issuer and subject; each by text, by expression, or by both.
#[derive(Clone, Debug)]
pub struct BundleIdentity {
    /// Who must have authenticated the signer.
    pub issuer: Matcher,
    /// Who the signer must be.
    pub subject: Matcher,
}

/// What a text must be.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    /// Exactly this.
    pub text: Option<String>,
    /// Matched by this somewhere: as written, and compiled.
    pub expression: Option<(String, GoRegex)>,
}

impl Matcher {
    fn check(&self, what: &'static str, found: &str) -> Result<(), BundleError> {
        let mismatch =
            |expected: &str| BundleError::Identity { what, expected: expected.to_owned(), found: found.to_owned() };
        if let Some(text) = self.text.as_ref().filter(|text| *text != found) {
            return Err(mismatch(text));
        }
        match &self.expression {
            Some((text, expression)) if !expression.is_match(found) => Err(mismatch(text)),
            _ => Ok(()),
        }
    }
}

impl BundleIdentity {
    pub(super) fn check(&self, subject: &str, issuer: &str) -> Result<(), BundleError> {
        self.subject.check("subject", subject)?;
        self.issuer.check("issuer", issuer)
    }
}

/// The first URI, else the first e-mail address, else Fulcio's user name.
pub(super) fn subject(certificate: &Certificate) -> Option<String> {
    let names = certificate.names();
    let first = names.uris.first().or(names.emails.first()).filter(|name| !name.is_empty()).map(String::as_str);
    first.or(names.fulcio_user_name()).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// Of the two extensions for it the one that comes later; every extension of Fulcio's must be readable.
pub(super) fn issuer(certificate: &Certificate) -> Result<String, BundleError> {
    let mut issuer = String::new();
    for extension in certificate.extensions() {
        let number = extension.oid.strip_prefix(FULCIO).and_then(|number| number.parse().ok());
        match number {
            Some(ISSUER_V1) => issuer = String::from_utf8_lossy(&extension.value).into_owned(),
            Some(ISSUER_V2) => issuer = text(extension)?,
            Some(number) if TEXTS.contains(&number) => drop(text(extension)?),
            _ => {}
        }
    }
    Ok(issuer)
}

/// The text of one of the extensions that are DER.
pub(crate) fn text(extension: &Extension) -> Result<String, BundleError> {
    let malformed = || BundleError::Extension(extension.oid.clone());
    let mut reader = Reader::new(&extension.value);
    let value = reader.any().filter(|_| reader.is_empty()).ok_or_else(malformed)?;
    asn1_text(value.tag, value.contents).map_err(|_| malformed())
}
