//! The certificate itself.
//!
//! Source: RFC 5280, section 4.1; Go `crypto/x509/parser.go` (`parseCertificate`).

use super::extensions::{AlternativeNames, BasicConstraints, ExtendedKeyUsage, Extension, Extensions, KeyUsage};
use super::{CertificateError, Name};
use crate::crypto::{KeyError, PublicKey};
use crate::digest::Digest;
use crate::encoding::der::{INTEGER, Reader, SEQUENCE, context, context_constructed, is_negative};
use crate::encoding::pem;
use crate::scalar::certificate::asn1_time;
use crate::scalar::time::Timestamp;
use std::sync::Arc;

/// Longest certificate that is read.
const MOST_BYTES: usize = 64 * 1024;
/// As many certificates are read from one text.
const MOST_CERTIFICATES: usize = 64;

/// A certificate: parsed, nothing about it verified. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Certificate {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    der: Vec<u8>,
    tbs: Vec<u8>,
    version: i64,
    serial: Vec<u8>,
    /// The sequence of identifier and parameters.
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    issuer: Name,
    subject: Name,
    not_before: Timestamp,
    not_after: Timestamp,
    spki: Vec<u8>,
    key: Result<PublicKey, KeyError>,
    extensions: Extensions,
}

impl Certificate {
    /// Reads one DER certificate, without anything behind it.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MOST_BYTES {
            return Err(CertificateError::TooLarge { found: der.len(), limit: MOST_BYTES });
        }
        Ok(Self { parts: Arc::new(parse(der)?) })
    }

    /// Every certificate in a text that holds nothing but certificates.
    ///
    /// Errors: another kind of block, a block that is no certificate, text that is no block. An empty text has none. Source:
    /// sigstore `pkg/cryptoutils/certificate.go` (`UnmarshalCertificatesFromPEM`).
    pub fn all_from_pem(text: &str) -> Result<Vec<Self>, CertificateError> {
        let mut found = Vec::new();
        let mut rest = text;
        while !rest.trim().is_empty() {
            let (block, behind) = pem::decode(rest)?;
            if block.label != "CERTIFICATE" {
                return Err(CertificateError::Label { found: block.label });
            }
            found.push(Self::from_der(&block.bytes)?);
            if found.len() > MOST_CERTIFICATES {
                return Err(CertificateError::TooMany { limit: MOST_CERTIFICATES });
            }
            rest = behind;
        }
        Ok(found)
    }

    /// Every certificate in the text that can be read; anything else is passed over (Go `AppendCertsFromPEM`).
    pub fn readable_from_pem(text: &str) -> Vec<Self> {
        let mut found = Vec::new();
        let mut rest = text;
        while let Ok((block, behind)) = pem::decode(rest) {
            if block.label == "CERTIFICATE" && found.len() < MOST_CERTIFICATES {
                found.extend(Self::from_der(&block.bytes));
            }
            rest = behind;
        }
        found
    }

    /// The whole certificate.
    pub fn der(&self) -> &[u8] {
        &self.parts.der
    }

    /// What is signed.
    pub fn tbs_der(&self) -> &[u8] {
        &self.parts.tbs
    }

    /// The SubjectPublicKeyInfo.
    pub fn spki_der(&self) -> &[u8] {
        &self.parts.spki
    }

    /// The key; one of an unsupported kind is an error only when it is used.
    pub fn public_key(&self) -> Result<&PublicKey, &KeyError> {
        self.parts.key.as_ref()
    }

    /// Whose it is.
    pub fn subject(&self) -> &Name {
        &self.parts.subject
    }

    /// Who issued it.
    pub fn issuer(&self) -> &Name {
        &self.parts.issuer
    }

    /// The serial number.
    pub fn serial_hex(&self) -> String {
        hex::encode(&self.parts.serial)
    }

    /// The serial number: big-endian, two's complement.
    pub fn serial(&self) -> &[u8] {
        &self.parts.serial
    }

    /// Begin of its validity.
    pub fn not_before(&self) -> &Timestamp {
        &self.parts.not_before
    }

    /// End of its validity.
    pub fn not_after(&self) -> &Timestamp {
        &self.parts.not_after
    }

    /// SHA-256 of the whole.
    pub fn fingerprint(&self) -> Digest {
        Digest::sha256(self.der())
    }

    /// Counted from 1.
    pub fn version(&self) -> i64 {
        self.parts.version
    }

    /// Is the subject an authority?
    pub fn is_ca(&self) -> bool {
        self.basic_constraints().is_some_and(|constraints| constraints.ca)
    }

    /// `basicConstraints`.
    pub fn basic_constraints(&self) -> Option<BasicConstraints> {
        self.parts.extensions.basic_constraints
    }

    /// `keyUsage`.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.parts.extensions.key_usage
    }

    /// `extKeyUsage`.
    pub fn extended_key_usage(&self) -> Option<&ExtendedKeyUsage> {
        self.parts.extensions.extended_key_usage.as_ref()
    }

    /// `subjectAltName`.
    pub fn names(&self) -> &AlternativeNames {
        &self.parts.extensions.names
    }

    /// `subjectKeyIdentifier`.
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        self.parts.extensions.subject_key_id.as_deref()
    }

    /// Every extension, as written.
    pub fn extensions(&self) -> &[Extension] {
        &self.parts.extensions.all
    }

    /// The extension with this identifier.
    pub fn extension(&self, oid: &str) -> Option<&Extension> {
        self.extensions().iter().find(|extension| extension.oid == oid)
    }

    /// Critical extensions that are not understood here.
    pub fn unhandled_critical(&self) -> &[String] {
        &self.parts.extensions.unhandled_critical
    }

    /// The sequence of the signature's algorithm.
    pub fn signature_algorithm(&self) -> &[u8] {
        &self.parts.algorithm
    }

    /// The issuer's signature over [`Certificate::tbs_der`].
    pub fn signature(&self) -> &[u8] {
        &self.parts.signature
    }

    pub(super) fn details(&self) -> &Extensions {
        &self.parts.extensions
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der() == other.der()
    }
}

impl Eq for Certificate {}

fn parse(der: &[u8]) -> Result<Parts, CertificateError> {
    let malformed = CertificateError::Malformed;
    let mut outer = Reader::new(der);
    let mut whole = outer.read(SEQUENCE).ok_or(malformed("no sequence"))?;
    if !outer.is_empty() {
        return Err(malformed("bytes behind the certificate"));
    }
    let body = whole.element(SEQUENCE).ok_or(malformed("no body"))?;
    let algorithm = whole.element(SEQUENCE).ok_or(malformed("no signature algorithm"))?;
    let signature = whole.bit_string().ok_or(malformed("no signature"))?;
    let mut tbs = body.inside();
    let version = match tbs.optional(context_constructed(0)).ok_or(malformed("version"))? {
        None => 1,
        Some(mut tagged) => match tagged.int64(INTEGER) {
            Some(version @ 0..=2) if tagged.is_empty() => version + 1,
            _ => return Err(malformed("version")),
        },
    };
    let serial = tbs.integer(INTEGER).filter(|serial| !is_negative(serial)).ok_or(malformed("serial number"))?;
    let inner = tbs.element(SEQUENCE).ok_or(malformed("signature algorithm"))?;
    if inner.full != algorithm.full {
        return Err(malformed("two different signature algorithms"));
    }
    let mut identifier = inner.inside();
    let is_identifier =
        identifier.object_identifier().is_some() && (identifier.is_empty() || identifier.any().is_some());
    if !is_identifier {
        return Err(malformed("signature algorithm"));
    }
    let issuer = Name::parse(tbs.element(SEQUENCE).ok_or(malformed("issuer"))?.full)?;
    let mut validity = tbs.read(SEQUENCE).ok_or(malformed("validity"))?;
    let mut time = || asn1_time(&mut validity).ok_or(malformed("a time"));
    let (not_before, not_after) = (time()?, time()?);
    let subject = Name::parse(tbs.element(SEQUENCE).ok_or(malformed("subject"))?.full)?;
    let spki = tbs.element(SEQUENCE).ok_or(malformed("public key"))?.full;
    let key = PublicKey::from_spki_der(spki);
    if !is_readable(spki, &key) {
        return Err(malformed("public key"));
    }
    Ok(Parts {
        der: der.to_vec(),
        tbs: body.full.to_vec(),
        version,
        serial: serial.to_vec(),
        algorithm: algorithm.full.to_vec(),
        signature: signature.right_aligned(),
        issuer,
        subject,
        not_before,
        not_after,
        spki: spki.to_vec(),
        key,
        extensions: if version == 3 { extensions(&mut tbs)? } else { Extensions::default() },
    })
}

/// Does Go read the key (`parsePublicKey`)? That is another question than whether anything here can verify with it.
fn is_readable(spki: &[u8], key: &Result<PublicKey, KeyError>) -> bool {
    const EC_PUBLIC_KEY: &[u32] = &[1, 2, 840, 10045, 2, 1];
    const P224: &[u32] = &[1, 3, 132, 0, 33];
    // Go takes any 32 bytes for an Ed25519 key as long as nobody verifies with it.
    const ED25519_BYTES: usize = 44;
    let algorithm = || Reader::new(spki).read(SEQUENCE)?.read(SEQUENCE);
    match key {
        Err(KeyError::Der { .. }) => false,
        Err(KeyError::Point { .. }) => spki.len() == ED25519_BYTES,
        Err(KeyError::TypeUnsupported { .. }) => algorithm().is_some_and(|mut algorithm| {
            algorithm.object_identifier().as_deref() != Some(EC_PUBLIC_KEY)
                || algorithm.object_identifier().as_deref() == Some(P224)
        }),
        _ => true,
    }
}

fn extensions(tbs: &mut Reader<'_>) -> Result<Extensions, CertificateError> {
    let malformed = CertificateError::Malformed("extensions");
    for unique_id in [context(1), context(2)] {
        tbs.optional(unique_id).ok_or(malformed.clone())?;
    }
    match tbs.optional(context_constructed(3)).ok_or(malformed.clone())? {
        None => Ok(Extensions::default()),
        Some(mut tagged) => Extensions::parse(tagged.read(SEQUENCE).ok_or(malformed)?),
    }
}
