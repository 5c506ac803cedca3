//! What the protected header of an envelope says, and the rules for it: the same for both formats.
//!
//! Source: Notary Project signature specification, "Signed attributes"; notation-core-go v1.3.0 `signature/jws/jws.go`
//! (`validateProtectedHeaders`), `signature/cose/envelope.go` (`validateCritHeaders`), `signature/internal/base`.
//!
//! Stricter than both: a critical header that is not understood makes the signature invalid ([`Strictness::Specification`];
//! RFC 7515, section 4.1.11; RFC 9052, section 3.1), and so does a name that is listed twice (go-cose lets it pass,
//! notation's JWS does not).

use super::{Algorithm, NotationError, Strictness};
use crate::scalar::time::Timestamp;
use std::collections::BTreeSet;

pub(super) const SCHEME: &str = "io.cncf.notary.signingScheme";
pub(super) const SIGNING_TIME: &str = "io.cncf.notary.signingTime";
pub(super) const AUTHENTIC_TIME: &str = "io.cncf.notary.authenticSigningTime";
pub(super) const EXPIRY: &str = "io.cncf.notary.expiry";
pub(super) const PLUGIN: &str = "io.cncf.notary.verificationPlugin";
pub(super) const PLUGIN_VERSION: &str = "io.cncf.notary.verificationPluginMinVersion";
pub(super) const AGENT: &str = "io.cncf.notary.signingAgent";
pub(super) const COUNTERSIGNATURE: &str = "io.cncf.notary.timestampSignature";

/// The headers of signatures themselves: none of them is an extension.
const OWN: [&str; 4] = [SCHEME, SIGNING_TIME, AUTHENTIC_TIME, EXPIRY];

/// `0001-01-01T00:00:00Z`, which Go takes for no time at all.
const ZERO_TIME: i64 = -62_135_596_800;

/// The protected header, read and not judged.
#[derive(Clone, Debug)]
pub(super) struct Headers {
    pub(super) algorithm: Algorithm,
    pub(super) content_type: String,
    pub(super) scheme: String,
    pub(super) signing_time: Option<Timestamp>,
    pub(super) authentic_time: Option<Timestamp>,
    pub(super) expiry: Option<Timestamp>,
    /// What `crit` lists.
    pub(super) critical: Vec<String>,
    /// Every header but algorithm, content type and `crit`.
    pub(super) names: BTreeSet<String>,
}

/// Who vouches for the time of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningScheme {
    /// `notary.x509`: nobody, unless there is a countersignature.
    X509,
    /// `notary.x509.signingAuthority`: the signer, who is trusted for it.
    SigningAuthority,
}

impl SigningScheme {
    /// As it is written in envelopes.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X509 => "notary.x509",
            Self::SigningAuthority => "notary.x509.signingAuthority",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, NotationError> {
        let schemes = [Self::X509, Self::SigningAuthority];
        let found = schemes.into_iter().find(|scheme| scheme.as_str() == text);
        found.ok_or_else(|| NotationError::SchemeUnsupported { found: text.to_owned() })
    }
}

/// What the signer said about the signature, once the rules hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAttributes {
    /// Who vouches for the time.
    pub scheme: SigningScheme,
    /// When it was signed, as the signer says.
    pub signing_time: Timestamp,
    /// From when on it does not count any more.
    pub expiry: Option<Timestamp>,
    /// Does the signer ask for a verification plugin?
    pub plugin: bool,
}

impl Headers {
    /// Applies the rules.
    pub(super) fn check(&self, strictness: Strictness) -> Result<SignedAttributes, NotationError> {
        let scheme = SigningScheme::parse(&self.scheme)?;
        let signing_time = self.check_times(scheme)?;
        self.check_critical(scheme, strictness)?;
        let signing_time =
            signing_time.filter(|time| time.unix_seconds() != ZERO_TIME).ok_or(NotationError::SigningTimeMissing)?;
        if self.expiry.as_ref().is_some_and(|expiry| *expiry <= signing_time) {
            return Err(NotationError::ExpiryNotAfterSigning);
        }
        let plugin = self.names.contains(PLUGIN);
        Ok(SignedAttributes { scheme, signing_time, expiry: self.expiry.clone(), plugin })
    }

    /// The time that belongs to the scheme; the other one must not be there.
    fn check_times(&self, scheme: SigningScheme) -> Result<Option<Timestamp>, NotationError> {
        let (time, other, name) = match scheme {
            SigningScheme::X509 => (&self.signing_time, &self.authentic_time, AUTHENTIC_TIME),
            SigningScheme::SigningAuthority => (&self.authentic_time, &self.signing_time, SIGNING_TIME),
        };
        if other.is_some() {
            return Err(NotationError::HeaderForbidden { name, scheme: scheme.as_str() });
        }
        Ok(time.clone())
    }

    fn check_critical(&self, scheme: SigningScheme, strictness: Strictness) -> Result<(), NotationError> {
        if self.critical.is_empty() {
            return Err(NotationError::CriticalMissing);
        }
        let mut required = BTreeSet::from([SCHEME]);
        if self.expiry.is_some() {
            required.insert(EXPIRY);
        }
        if scheme == SigningScheme::SigningAuthority {
            required.insert(AUTHENTIC_TIME);
        }
        let mut understood = required.clone();
        if self.names.contains(PLUGIN) {
            understood.extend([PLUGIN, PLUGIN_VERSION]);
        }
        let mut seen = BTreeSet::new();
        for name in &self.critical {
            let name_of = || name.clone();
            if !self.names.contains(name) {
                return Err(NotationError::CriticalAbsent { name: name_of() });
            }
            // DIVERGENCE notary-critical-header: upstream leaves unknown ones to plugins, and has none.
            let tolerated = strictness == Strictness::Kyverno && !OWN.contains(&name.as_str());
            if !understood.contains(name.as_str()) && !tolerated {
                return Err(NotationError::CriticalNotUnderstood { name: name_of() });
            }
            if !seen.insert(name.as_str()) {
                return Err(NotationError::CriticalTwice { name: name_of() });
            }
        }
        match required.into_iter().find(|name| !seen.contains(name)) {
            None => Ok(()),
            Some(name) => Err(NotationError::CriticalNotMarked { name }),
        }
    }
}
