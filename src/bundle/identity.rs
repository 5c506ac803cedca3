//! Whom the certificate of a bundle must name.
//!
//! Source: sigstore-go, `verify/certificate_identity.go`, `fulcio/certificate/summarize.go`.

use super::BundleError;
use crate::encoding::der::Reader;
use crate::scalar::regex::GoRegex;
use crate::x509::Certificate;

const ISSUER_V1: &str = "1.3.6.1.4.1.57264.1.1";
const ISSUER_V2: &str = "1.3.6.1.4.1.57264.1.8";
const UTF8_STRING: u8 = 0x0c;

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
    pub(super) fn check(&self, certificate: &Certificate) -> Result<(), BundleError> {
        self.subject.check("subject", &subject(certificate).unwrap_or_default())?;
        self.issuer.check("issuer", &issuer(certificate))
    }
}

/// The first URI, else the first e-mail address, else Fulcio's user name.
pub(super) fn subject(certificate: &Certificate) -> Option<String> {
    let names = certificate.names();
    let first = names.uris.first().or(names.emails.first()).map(String::as_str);
    first.or(names.fulcio_user_name()).map(str::to_owned)
}

/// Of the two extensions for it the one that comes later.
pub(super) fn issuer(certificate: &Certificate) -> String {
    let is_issuer = |oid: &str| oid == ISSUER_V1 || oid == ISSUER_V2;
    let Some(extension) = certificate.extensions().iter().rfind(|extension| is_issuer(&extension.oid)) else {
        return String::new();
    };
    let bytes = match extension.oid.as_str() {
        ISSUER_V2 => Reader::new(&extension.value).bytes(UTF8_STRING).unwrap_or_default(),
        _ => &extension.value,
    };
    String::from_utf8_lossy(bytes).into_owned()
}
