//! Signed data: the envelope of a timestamp.
//!
//! Source: RFC 5652, section 5; `digitorus/pkcs7`. DER only.

use super::TimestampError;
use crate::crypto::HashAlgorithm;
use crate::encoding::der::{INTEGER, OCTET_STRING, Reader, SEQUENCE, SET, context_constructed, dotted};
use crate::x509::Certificate;

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
/// As many certificates are read.
const MOST_CERTIFICATES: usize = 16;

/// A message with one signature over it.
#[derive(Clone, Debug)]
pub(super) struct SignedData<'a> {
    /// The TSTInfo.
    pub(super) content: &'a [u8],
    pub(super) certificates: Vec<Certificate>,
    pub(super) signer: SignerInfo<'a>,
}

/// The signature.
#[derive(Clone, Debug)]
pub(super) struct SignerInfo<'a> {
    /// Encodings of the issuer's name and of the serial number.
    pub(super) issuer: &'a [u8],
    pub(super) serial: &'a [u8],
    pub(super) hash: HashAlgorithm,
    /// Object identifier of the signature's algorithm.
    pub(super) algorithm: String,
    /// What is signed: the attributes as a set.
    pub(super) signed: Vec<u8>,
    pub(super) signature: &'a [u8],
}

impl<'a> SignedData<'a> {
    pub(super) fn parse(mut outer: Reader<'a>) -> Result<Self, TimestampError> {
        let malformed = TimestampError::Malformed;
        let kind = dotted(&outer.object_identifier().ok_or(malformed("no content type"))?);
        if kind != SIGNED_DATA {
            return Err(malformed("not signed data"));
        }
        let content = outer.read(context_constructed(0)).and_then(|mut content| content.read(SEQUENCE));
        let mut data = content.ok_or(malformed("no signed data"))?;
        data.int64(INTEGER).ok_or(malformed("version"))?;
        data.read(SET).ok_or(malformed("digest algorithms"))?;
        let content = encapsulated(&mut data).ok_or(malformed("the content is no TSTInfo"))?;
        let certificates = match data.optional(context_constructed(0)).ok_or(malformed("certificates"))? {
            None => Vec::new(),
            Some(certificates) => read_certificates(certificates)?,
        };
        data.optional(context_constructed(1)).ok_or(malformed("revocation lists"))?;
        let mut signers = data.read(SET).ok_or(malformed("no signers"))?;
        let signer = signers.read(SEQUENCE).ok_or(malformed("no signer"))?;
        if !signers.is_empty() {
            return Err(malformed("more than one signer"));
        }
        let signer = signer_info(signer, content)?;
        Ok(Self { content, certificates, signer })
    }
}

fn encapsulated<'a>(data: &mut Reader<'a>) -> Option<&'a [u8]> {
    let mut info = data.read(SEQUENCE)?;
    let is_info = dotted(&info.object_identifier()?) == TST_INFO;
    let content = info.read(context_constructed(0))?.bytes(OCTET_STRING)?;
    is_info.then_some(content)
}

fn read_certificates(mut list: Reader<'_>) -> Result<Vec<Certificate>, TimestampError> {
    let mut found = Vec::new();
    while !list.is_empty() {
        let element = list.element(SEQUENCE).ok_or(TimestampError::Malformed("a certificate"))?;
        found.push(Certificate::from_der(element.full).map_err(TimestampError::Certificate)?);
        if found.len() > MOST_CERTIFICATES {
            let (found, limit) = (found.len(), MOST_CERTIFICATES);
            return Err(TimestampError::TooMany { what: "", found, limit });
        }
    }
    Ok(found)
}

fn signer_info<'a>(mut info: Reader<'a>, content: &[u8]) -> Result<SignerInfo<'a>, TimestampError> {
    let malformed = TimestampError::Malformed;
    info.int64(INTEGER).ok_or(malformed("the signer's version"))?;
    let mut id = info.read(SEQUENCE).ok_or(malformed("the signer is not named by issuer and serial number"))?;
    let issuer = id.element(SEQUENCE).ok_or(malformed("the signer's issuer"))?.full;
    let serial = id.integer(INTEGER).ok_or(malformed("the signer's serial number"))?;
    let hash = algorithm(&mut info).ok_or(malformed("the signer's digest algorithm"))?;
    let hash = hash_algorithm(&hash)?;
    let attributes = info.element(context_constructed(0)).ok_or(malformed("no signed attributes"))?;
    check_attributes(attributes.inside(), content, hash)?;
    let algorithm = algorithm(&mut info).ok_or(malformed("the signature algorithm"))?;
    let signature = info.bytes(OCTET_STRING).ok_or(malformed("no signature"))?;
    // Signed as a set, whatever tag they have here (RFC 5652, section 5.4).
    let mut signed = attributes.full.to_vec();
    if let Some(tag) = signed.first_mut() {
        *tag = SET;
    }
    Ok(SignerInfo { issuer, serial, hash, algorithm, signed, signature })
}

fn algorithm(reader: &mut Reader<'_>) -> Option<String> {
    Some(dotted(&reader.read(SEQUENCE)?.object_identifier()?))
}

/// SHA-1 is no longer safe.
pub(super) fn hash_algorithm(oid: &str) -> Result<HashAlgorithm, TimestampError> {
    match oid {
        "2.16.840.1.101.3.4.2.1" => Ok(HashAlgorithm::Sha256),
        "2.16.840.1.101.3.4.2.2" => Ok(HashAlgorithm::Sha384),
        "2.16.840.1.101.3.4.2.3" => Ok(HashAlgorithm::Sha512),
        other => Err(TimestampError::Algorithm(format!("the hash function {other}"))),
    }
}

/// The attributes name the type of the content, and its hash.
fn check_attributes(mut attributes: Reader<'_>, content: &[u8], hash: HashAlgorithm) -> Result<(), TimestampError> {
    let malformed = TimestampError::Malformed;
    let (mut typed, mut digested) = (false, false);
    while !attributes.is_empty() {
        let mut attribute = attributes.read(SEQUENCE).ok_or(malformed("a signed attribute"))?;
        let kind = dotted(&attribute.object_identifier().ok_or(malformed("a signed attribute"))?);
        let mut values = attribute.read(SET).ok_or(malformed("a signed attribute"))?;
        match kind.as_str() {
            CONTENT_TYPE => {
                let found = values.object_identifier().map(|numbers| dotted(&numbers));
                typed = found.as_deref() == Some(TST_INFO) && !typed;
            }
            MESSAGE_DIGEST => {
                let found = values.bytes(OCTET_STRING);
                digested = found == Some(hash.digest(content).as_bytes()) && !digested;
            }
            _ => {}
        }
    }
    match (typed, digested) {
        (true, true) => Ok(()),
        (false, _) => Err(malformed("the signed attributes do not name the type of the content")),
        (true, false) => Err(malformed("the signed attributes do not name the hash of the content")),
    }
}
