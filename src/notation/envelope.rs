//! One signature, from its bytes to what it proves.

use super::headers::{Headers, SignedAttributes};
use super::payload::{self, CONTENT_TYPE, Target};
use super::{Algorithm, CertificateStore, ChainFault, NotationError, chain, cose, jws};
use crate::scalar::time::Timestamp;
use crate::x509::Certificate;
use serde_json::{Map, Value};

/// Go's `time.RFC1123Z`.
const MESSAGE_TIME: &str = "Mon, 02 Jan 2006 15:04:05 -0700";

/// How an envelope is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// COSE_Sign1.
    Cose,
    /// Flattened JSON of JWS.
    Jws,
}

impl Format {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Cose => "application/cose",
            Self::Jws => "application/jose+json",
        }
    }
}

/// What is done about what notation accepts and its specifications do not: critical headers and critical extensions of
/// certificates that are not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// They are passed over.
    Kyverno,
    /// They make the signature invalid.
    Specification,
}

/// An envelope that was read: nothing in it is proven.
#[derive(Clone, Debug)]
pub struct SignedEnvelope {
    pub(super) format: Format,
    pub(super) headers: Headers,
    /// Certificates, as written.
    pub(super) chain: Vec<Vec<u8>>,
    pub(super) payload: Vec<u8>,
    pub(super) signature: Vec<u8>,
    /// What the signature is over.
    pub(super) signed: Vec<u8>,
    pub(super) countersigned: bool,
    pub(super) signing_agent: Option<String>,
}

/// An envelope whose signature is that of the first certificate of its chain, and whose headers and chain keep the rules.
/// Whether the chain is one to trust is another question.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// How it is written.
    pub format: Format,
    /// How it was signed.
    pub algorithm: Algorithm,
    /// What the signer says about the signature.
    pub attributes: SignedAttributes,
    /// The signing certificate first, a root last.
    pub chain: Vec<Certificate>,
    /// What was signed.
    pub target: Target,
    /// What the signer says about it.
    pub annotations: Map<String, Value>,
    /// Is there a timestamp? Nobody looked whether it is one.
    pub countersigned: bool,
    /// The program that signed, as it says.
    pub signing_agent: Option<String>,
}

/// Reads an envelope of a media type.
pub fn parse(media_type: &str, bytes: &[u8]) -> Result<SignedEnvelope, NotationError> {
    match media_type {
        _ if media_type == Format::Jws.media_type() => jws::parse(bytes),
        _ if media_type == Format::Cose.media_type() => cose::parse(bytes),
        _ => Err(NotationError::EnvelopeType { found: media_type.to_owned() }),
    }
}

impl SignedEnvelope {
    /// Verifies what notation calls integrity: signature, headers, chain, type of the payload.
    pub fn verify(self, strictness: Strictness) -> Result<Envelope, NotationError> {
        if self.chain.len() > chain::MOST_CERTIFICATES {
            return Err(NotationError::Chain(ChainFault::TooLong { found: self.chain.len() }));
        }
        let read = |(index, der): (usize, &Vec<u8>)| {
            Certificate::from_der(der).map_err(|error| NotationError::Certificate { index, error })
        };
        let certificates: Vec<Certificate> = self.chain.iter().enumerate().map(read).collect::<Result<_, _>>()?;
        let leaf = certificates.first().ok_or(NotationError::ChainMissing)?;
        if self.signature.is_empty() {
            return Err(NotationError::SignatureMissing);
        }
        let key = leaf.public_key().map_err(|error| NotationError::Key { error: error.clone() })?;
        self.headers.algorithm.verify(self.format, key, &self.signed, &self.signature)?;
        let attributes = self.headers.check(strictness)?;
        chain::check(&certificates, strictness).map_err(NotationError::Chain)?;
        if self.headers.content_type != CONTENT_TYPE {
            return Err(NotationError::ContentType { found: self.headers.content_type });
        }
        let (target, annotations) = payload::parse(&self.payload)?;
        Ok(Envelope {
            format: self.format,
            algorithm: self.headers.algorithm,
            attributes,
            chain: certificates,
            target,
            annotations,
            countersigned: self.countersigned,
            signing_agent: self.signing_agent,
        })
    }
}

impl Envelope {
    /// There are no plugins: a signer who asks for one is not to be verified without.
    pub fn check_plugin(&self) -> Result<(), NotationError> {
        if self.attributes.plugin { Err(NotationError::PluginRequired) } else { Ok(()) }
    }

    /// The certificate of the chain that the policy trusts.
    pub fn trusted_by(&self, store: &CertificateStore) -> Result<&Certificate, NotationError> {
        store.anchor(self.attributes.scheme, &self.chain)
    }

    /// Has the signature not expired at `now`?
    pub fn check_expiry(&self, now: &Timestamp) -> Result<(), NotationError> {
        match &self.attributes.expiry {
            Some(expiry) if now >= expiry => Err(NotationError::Expired { at: expiry.format(MESSAGE_TIME) }),
            _ => Ok(()),
        }
    }

    /// Is every certificate of the chain valid at `now`?
    pub fn check_validity(&self, now: &Timestamp) -> Result<(), NotationError> {
        for certificate in &self.chain {
            let subject = || certificate.subject().to_string();
            if now < certificate.not_before() {
                let at = certificate.not_before().format(MESSAGE_TIME);
                return Err(NotationError::CertificateNotYetValid { subject: subject(), at });
            }
            if now > certificate.not_after() {
                let (at, countersigned) = (certificate.not_after().format(MESSAGE_TIME), self.countersigned);
                return Err(NotationError::CertificateExpired { subject: subject(), at, countersigned });
            }
        }
        Ok(())
    }

    /// Is the signature about `target`?
    pub fn check_target(&self, target: &Target) -> Result<(), NotationError> {
        if self.target == *target {
            return Ok(());
        }
        let (expected, found) = (Box::new(target.clone()), Box::new(self.target.clone()));
        Err(NotationError::DescriptorMismatch { expected, found })
    }
}
