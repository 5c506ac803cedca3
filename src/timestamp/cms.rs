//! Signed data: the envelope of a timestamp.
//!
//! Source: RFC 5652, section 5; `digitorus/pkcs7` and `tspclient-go/internal/cms`, whose differences are the callers' affair.

use super::TimestampError;
use super::attributes::{Attributes, CONTENT_TYPE, MESSAGE_DIGEST};
use crate::crypto::{EcdsaEncoding::Asn1, HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512};
use crate::crypto::{HashAlgorithm, SignatureScheme, algorithm};
use crate::encoding::der::{Element, INTEGER, OCTET_STRING, Reader, SEQUENCE, SET, context_constructed, dotted};
use crate::x509::Certificate;

const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
/// As many certificates are read.
const MOST_CERTIFICATES: usize = 16;
/// Elements stand in each other as deep (certificates have nine levels).
const DEEPEST: usize = 32;
const CONSTRUCTED: u8 = 0x20;

/// A TSTInfo with one signature over it. Nothing is verified but that the signature is about this content.
#[derive(Clone, Debug)]
pub(super) struct SignedData<'a> {
    pub(super) version: i64,
    /// The TSTInfo.
    pub(super) content: &'a [u8],
    pub(super) certificates: Vec<Certificate>,
    pub(super) signer: SignerInfo<'a>,
}

/// The signature.
#[derive(Clone, Debug)]
pub(super) struct SignerInfo<'a> {
    pub(super) version: i64,
    pub(super) id: SignerId<'a>,
    pub(super) attributes: Attributes<'a>,
    hash: HashAlgorithm,
    /// Object identifier of the signature's algorithm.
    algorithm: String,
    signature: &'a [u8],
}

/// Names a certificate.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignerId<'a> {
    /// The encoding of the issuer's name.
    pub(super) issuer: &'a [u8],
    /// The contents of the integer.
    pub(super) serial: &'a [u8],
}

impl<'a> SignedData<'a> {
    /// `token`: a ContentInfo, without anything behind it.
    pub(super) fn parse(token: &'a [u8]) -> Result<Self, TimestampError> {
        let malformed = TimestampError::Malformed;
        if !is_der(Reader::new(token), DEEPEST) {
            return Err(malformed("the token is not DER"));
        }
        let mut data = signed_data(token).ok_or(malformed("the token is no signed data"))?;
        let version = data.int64(INTEGER).ok_or(malformed("the signed data has no version"))?;
        digest_algorithms(&mut data).ok_or(malformed("the signed data has no digest algorithms"))?;
        let content = encapsulated(&mut data).ok_or(malformed("the content is no TSTInfo"))?;
        let certificates = data.optional(context_constructed(0)).ok_or(malformed("the certificates"))?;
        let certificates = certificates.map(read_certificates).transpose()?.unwrap_or_default();
        let mut signers = data.read(SET).filter(|_| data.is_empty()).ok_or(malformed(
            "expected the signer behind content and certificates, and nothing else; revocation lists are not supported",
        ))?;
        let signer = signers.read(SEQUENCE).filter(|_| signers.is_empty());
        let signer = SignerInfo::parse(signer.ok_or(malformed("expected one signer"))?)?;
        signer.check_attributes(content)?;
        Ok(Self { version, content, certificates, signer })
    }

    /// The certificate in the token with this name.
    pub(super) fn certificate(&self, id: SignerId<'_>) -> Option<&Certificate> {
        self.certificates.iter().find(|certificate| id.names(certificate))
    }
}

impl SignerId<'_> {
    pub(super) fn names(self, certificate: &Certificate) -> bool {
        certificate.issuer().der() == self.issuer && certificate.serial() == self.serial
    }
}

impl<'a> SignerInfo<'a> {
    fn parse(mut info: Reader<'a>) -> Result<Self, TimestampError> {
        let malformed = TimestampError::Malformed;
        let version = info.int64(INTEGER).ok_or(malformed("the signer has no version"))?;
        let id = signer_id(&mut info).ok_or(malformed("the signer is not named by issuer and serial number"))?;
        let hash = algorithm_identifier(&mut info).ok_or(malformed("the signer's digest algorithm"))?;
        let hash = hash_algorithm(&hash)?;
        let attributes = info.element(context_constructed(0)).and_then(Attributes::parse);
        let attributes = attributes.ok_or(malformed("the signed attributes"))?;
        let algorithm = algorithm_identifier(&mut info).ok_or(malformed("the signature algorithm"))?;
        let signature = info.bytes(OCTET_STRING).ok_or(malformed("no signature"))?;
        let unsigned = info.any().map(|element| element.tag == context_constructed(1) && is_attributes(element));
        if unsigned == Some(false) || !info.is_empty() {
            return Err(malformed("the unsigned attributes"));
        }
        Ok(Self { version, id, attributes, hash, algorithm, signature })
    }

    /// The attributes name the type of the content, and its hash (RFC 5652, section 5.3).
    fn check_attributes(&self, content: &[u8]) -> Result<(), TimestampError> {
        let malformed = TimestampError::Malformed;
        let kind = self.attributes.value(CONTENT_TYPE)?.and_then(object_identifier);
        if kind.as_deref() != Some(TST_INFO) {
            return Err(malformed("the signed attributes do not name the type of the content"));
        }
        let digest = self.attributes.value(MESSAGE_DIGEST)?.filter(|value| value.tag == OCTET_STRING);
        if digest.is_none_or(|value| value.contents != self.hash.digest(content).as_bytes()) {
            return Err(malformed("the signed attributes do not name the hash of the content"));
        }
        Ok(())
    }

    /// Is this the signature of the key in `certificate`? `also`: algorithms that one caller alone knows.
    pub(super) fn check_signature(
        &self,
        certificate: &Certificate,
        also: fn(&str, HashAlgorithm) -> Option<SignatureScheme>,
    ) -> Result<(), TimestampError> {
        let scheme = match (self.algorithm.as_str(), self.hash) {
            ("1.2.840.10045.4.3.2", _) => SignatureScheme::Ecdsa(Sha256, Asn1),
            ("1.2.840.10045.4.3.3", _) => SignatureScheme::Ecdsa(Sha384, Asn1),
            ("1.2.840.10045.4.3.4", _) => SignatureScheme::Ecdsa(Sha512, Asn1),
            // The key's own identifier: the hash is that of the digest algorithm.
            ("1.2.840.113549.1.1.1", hash)
            | ("1.2.840.113549.1.1.11", hash @ Sha256)
            | ("1.2.840.113549.1.1.12", hash @ Sha384)
            | ("1.2.840.113549.1.1.13", hash @ Sha512) => SignatureScheme::RsaPkcs1v15(hash),
            (oid, hash) => also(oid, hash).ok_or_else(|| {
                TimestampError::Algorithm(format!("the signature algorithm {oid} with the digest algorithm {hash}"))
            })?,
        };
        let key = certificate.public_key().map_err(|error| TimestampError::Key(error.clone()))?;
        let verifier = algorithm(key, scheme).map_err(TimestampError::Key)?;
        verifier.verify(key, &self.attributes.signed_der(), self.signature).map_err(TimestampError::Signature)
    }
}

/// Everything is whole, down to what is not looked at: Go's readers of BER go through all of it.
fn is_der(mut reader: Reader<'_>, depth: usize) -> bool {
    while !reader.is_empty() {
        let Some(element) = reader.any() else { return false };
        let inside = (element.tag & CONSTRUCTED != 0).then(|| element.inside());
        if inside.is_some_and(|inside| depth == 0 || !is_der(inside, depth - 1)) {
            return false;
        }
    }
    true
}

fn signed_data(token: &[u8]) -> Option<Reader<'_>> {
    let mut outer = Reader::new(token);
    let mut info = outer.read(SEQUENCE)?;
    let is_signed_data = dotted(&info.object_identifier()?) == SIGNED_DATA;
    let mut content = info.read(context_constructed(0))?;
    let data = content.read(SEQUENCE)?;
    (is_signed_data && content.is_empty() && info.is_empty() && outer.is_empty()).then_some(data)
}

/// Which ones they are is said again beside the signature.
fn digest_algorithms(data: &mut Reader<'_>) -> Option<()> {
    let mut algorithms = data.read(SET)?;
    while !algorithms.is_empty() {
        algorithm_identifier(&mut algorithms)?;
    }
    Some(())
}

fn encapsulated<'a>(data: &mut Reader<'a>) -> Option<&'a [u8]> {
    let mut info = data.read(SEQUENCE)?;
    let is_info = dotted(&info.object_identifier()?) == TST_INFO;
    let mut tagged = info.read(context_constructed(0))?;
    let content = tagged.bytes(OCTET_STRING)?;
    (is_info && tagged.is_empty() && info.is_empty()).then_some(content)
}

fn read_certificates(mut list: Reader<'_>) -> Result<Vec<Certificate>, TimestampError> {
    let mut found = Vec::new();
    while !list.is_empty() {
        if found.len() == MOST_CERTIFICATES {
            return Err(TimestampError::Malformed("it has more than 16 certificates"));
        }
        let element =
            list.element(SEQUENCE).ok_or(TimestampError::Malformed("it has a certificate that is not X.509"))?;
        found.push(Certificate::from_der(element.full).map_err(TimestampError::EmbeddedUnreadable)?);
    }
    Ok(found)
}

/// IssuerAndSerialNumber. A subject key identifier is refused, as by Go's libraries.
pub(super) fn signer_id<'a>(reader: &mut Reader<'a>) -> Option<SignerId<'a>> {
    let mut id = reader.read(SEQUENCE)?;
    let found = SignerId { issuer: id.element(SEQUENCE)?.full, serial: id.integer(INTEGER)? };
    id.is_empty().then_some(found)
}

/// The object identifier of an AlgorithmIdentifier, whatever its parameters.
pub(super) fn algorithm_identifier(reader: &mut Reader<'_>) -> Option<String> {
    let mut identifier = reader.read(SEQUENCE)?;
    let oid = dotted(&identifier.object_identifier()?);
    identifier.any();
    identifier.is_empty().then_some(oid)
}

fn object_identifier(element: Element<'_>) -> Option<String> {
    Reader::new(element.full).object_identifier().map(|numbers| dotted(&numbers))
}

fn is_attributes(element: Element<'_>) -> bool {
    let mut reader = element.inside();
    while !reader.is_empty() {
        let Some(mut attribute) = reader.read(SEQUENCE) else { return false };
        if attribute.object_identifier().is_none() || attribute.read(SET).is_none() || !attribute.is_empty() {
            return false;
        }
    }
    true
}

/// SHA-1 is no longer safe.
pub(super) fn hash_algorithm(oid: &str) -> Result<HashAlgorithm, TimestampError> {
    match oid {
        "2.16.840.1.101.3.4.2.1" => Ok(Sha256),
        "2.16.840.1.101.3.4.2.2" => Ok(Sha384),
        "2.16.840.1.101.3.4.2.3" => Ok(Sha512),
        other => Err(TimestampError::Algorithm(format!("the hash function {other}"))),
    }
}
