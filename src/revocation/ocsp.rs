//! The Online Certificate Status Protocol.
//!
//! Source: RFC 6960; `golang.org/x/crypto/ocsp` (`ParseResponseForCert`); notation-core-go
//! `revocation/internal/ocsp/ocsp.go`.

use super::{RevocationError, RevocationStatus, check_time, time};
use crate::encoding::der::{
    Element, INTEGER, OCTET_STRING, Reader, SEQUENCE, context, context_constructed, dotted, element,
};
use crate::scalar::time::Timestamp;
use crate::x509::{Certificate, Extension, Signed};
use sha1::{Digest as _, Sha1};
use sha2::{Sha256, Sha384, Sha512};

const BASIC: &str = "1.3.6.1.5.5.7.48.1.1";
const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
/// What messages call it.
const WHAT: &str = "the OCSP response";
const ENUMERATED: u8 = 0x0a;
/// SHA-1, as an AlgorithmIdentifier: what every responder understands (it names the issuer here, and protects nothing).
const SHA_1: [u8; 11] = [0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00];

/// The question about a certificate, as notation asks it: an OCSPRequest in DER.
pub fn ocsp_request(certificate: &Certificate, issuer: &Certificate) -> Option<Vec<u8>> {
    let id = [
        &SHA_1[..],
        &element(OCTET_STRING, &Sha1::digest(issuer.subject().der())),
        &element(OCTET_STRING, &Sha1::digest(public_key(issuer)?)),
        &element(INTEGER, certificate.serial()),
    ]
    .concat();
    // CertID in a Request in the list of a TBSRequest in an OCSPRequest.
    Some((0..5).fold(id, |inside, _| element(SEQUENCE, &inside)))
}

/// What the response says of `certificate` at `now`. `strict`: a responder must be certified as one, and the response name
/// the issuer.
pub fn check_ocsp(
    response: &[u8],
    certificate: &Certificate,
    issuer: &Certificate,
    now: &Timestamp,
    strict: bool,
) -> Result<RevocationStatus, RevocationError> {
    let basic = successful(response)?;
    let response = BasicResponse::parse(basic).ok_or(RevocationError::Malformed("it is no basic response"))?;
    let single = response.about(certificate)?;
    response.check_signature(issuer, strict)?;
    if let Some(extension) = single.extensions.iter().find(|extension| extension.critical) {
        return Err(RevocationError::CriticalExtension { oid: extension.oid.clone() });
    }
    if strict && !single.names(issuer) {
        return Err(RevocationError::NotAbout);
    }
    // As upstream, a response without end is one of the year 1.
    match (strict, &single.next_update) {
        (false, Some(next)) if now > next => Err(RevocationError::Expired { until: next.to_rfc3339() }),
        (false, Some(_)) => Ok(single.status),
        (_, next) => check_time(&single.this_update, next.as_ref(), now).map(|()| single.status),
    }
}

/// OCSPResponse: the bytes of a BasicOCSPResponse.
fn successful(response: &[u8]) -> Result<&[u8], RevocationError> {
    let malformed = RevocationError::Malformed("it is no OCSP response");
    let mut outer = Reader::new(response);
    let mut inside = outer.read(SEQUENCE).filter(|_| outer.is_empty()).ok_or(malformed.clone())?;
    match inside.bytes(ENUMERATED) {
        Some([0]) => {}
        Some([status]) => return Err(RevocationError::Refused { status: *status }),
        _ => return Err(malformed),
    }
    let mut tagged = inside.read(context_constructed(0)).ok_or(malformed.clone())?;
    let mut bytes = tagged.read(SEQUENCE).ok_or(malformed.clone())?;
    let kind = bytes.object_identifier().ok_or(malformed.clone())?;
    let basic = bytes.bytes(OCTET_STRING).ok_or(malformed.clone())?;
    let is_whole = bytes.is_empty() && tagged.is_empty() && inside.is_empty();
    if is_whole && dotted(&kind) == BASIC { Ok(basic) } else { Err(malformed) }
}

struct BasicResponse<'a> {
    signed: Signed<'a>,
    responses: Reader<'a>,
    /// The first certificate, which is the responder's own.
    responder: Option<&'a [u8]>,
}

impl<'a> BasicResponse<'a> {
    fn parse(der: &'a [u8]) -> Option<Self> {
        let mut outer = Reader::new(der);
        let mut response = outer.read(SEQUENCE).filter(|_| outer.is_empty())?;
        let data = response.element(SEQUENCE)?;
        let algorithm = response.element(SEQUENCE)?.full;
        let signature = response.bit_string()?.right_aligned();
        let responder = match response.optional(context_constructed(0))? {
            Some(mut tagged) => Some(tagged.read(SEQUENCE).filter(|_| tagged.is_empty())?.element(SEQUENCE)?.full),
            None => None,
        };
        let mut fields = data.inside();
        fields.optional(context_constructed(0))?;
        let id = fields.any()?;
        if id.tag != context_constructed(1) && id.tag != context_constructed(2) {
            return None;
        }
        time(&mut fields)?;
        let responses = fields.read(SEQUENCE)?;
        fields.optional(context_constructed(1))?;
        let signed = Signed { what: WHAT.to_owned(), algorithm, body: data.full, signature };
        (response.is_empty() && fields.is_empty()).then_some(Self { signed, responses, responder })
    }

    /// The first response with the serial number of the certificate.
    fn about(&self, certificate: &Certificate) -> Result<SingleResponse<'a>, RevocationError> {
        let mut responses = self.responses;
        let mut found = None;
        while !responses.is_empty() {
            let malformed = RevocationError::Malformed("a single response");
            let single = responses.read(SEQUENCE).and_then(SingleResponse::parse).ok_or(malformed)?;
            if found.is_none() && single.serial == certificate.serial() {
                found = Some(single);
            }
        }
        found.ok_or(RevocationError::NotAbout)
    }

    /// Is it the signature of the issuer, or of a responder whom the issuer certified?
    fn check_signature(&self, issuer: &Certificate, strict: bool) -> Result<(), RevocationError> {
        let Some(der) = self.responder else {
            return self.signed.check(issuer).map_err(RevocationError::Signature);
        };
        let responder = Certificate::from_der(der).map_err(RevocationError::Responder)?;
        self.signed.check(&responder).map_err(RevocationError::Signature)?;
        crate::x509::check_signed_by(&responder, issuer).map_err(RevocationError::Signature)?;
        let usages = responder.extended_key_usage();
        let is_for_ocsp = usages.is_some_and(|usage| usage.usages.iter().any(|usage| usage == OCSP_SIGNING));
        // DIVERGENCE notary-ocsp-responder: any certificate of the issuer's will do for Go.
        if strict && !is_for_ocsp && responder.spki_der() != issuer.spki_der() {
            return Err(RevocationError::ResponderUsage);
        }
        Ok(())
    }
}

struct SingleResponse<'a> {
    hash: String,
    name_hash: &'a [u8],
    key_hash: &'a [u8],
    serial: &'a [u8],
    status: RevocationStatus,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    extensions: Vec<Extension>,
}

impl<'a> SingleResponse<'a> {
    fn parse(mut fields: Reader<'a>) -> Option<Self> {
        let mut id = fields.read(SEQUENCE)?;
        let hash = dotted(&id.read(SEQUENCE)?.object_identifier()?);
        let (name_hash, key_hash) = (id.bytes(OCTET_STRING)?, id.bytes(OCTET_STRING)?);
        let serial = id.integer(INTEGER).filter(|_| id.is_empty())?;
        let status = status(fields.any()?)?;
        let this_update = time(&mut fields)?;
        let next_update = match fields.optional(context_constructed(0))? {
            Some(mut tagged) => Some(time(&mut tagged).filter(|_| tagged.is_empty())?),
            None => None,
        };
        let extensions = match fields.optional(context_constructed(1))? {
            Some(mut tagged) => Extension::read_all(tagged.read(SEQUENCE).filter(|_| tagged.is_empty())?)?,
            None => Vec::new(),
        };
        let single = Self { hash, name_hash, key_hash, serial, status, this_update, next_update, extensions };
        fields.is_empty().then_some(single)
    }

    /// Does it name this issuer?
    fn names(&self, issuer: &Certificate) -> bool {
        let Some(key) = public_key(issuer) else { return false };
        let (name, is) =
            (issuer.subject().der(), |name: &[u8], key: &[u8]| name == self.name_hash && key == self.key_hash);
        match self.hash.as_str() {
            "1.3.14.3.2.26" => is(&Sha1::digest(name), &Sha1::digest(key)),
            "2.16.840.1.101.3.4.2.1" => is(&Sha256::digest(name), &Sha256::digest(key)),
            "2.16.840.1.101.3.4.2.2" => is(&Sha384::digest(name), &Sha384::digest(key)),
            "2.16.840.1.101.3.4.2.3" => is(&Sha512::digest(name), &Sha512::digest(key)),
            _ => false,
        }
    }
}

/// CertStatus.
fn status(element: Element<'_>) -> Option<RevocationStatus> {
    match element.tag {
        tag if tag == context(0) && element.contents.is_empty() => Some(RevocationStatus::Good),
        tag if tag == context(2) && element.contents.is_empty() => Some(RevocationStatus::Unknown),
        tag if tag == context_constructed(1) => {
            let mut info = element.inside();
            let at = time(&mut info)?;
            info.optional(context_constructed(0))?;
            info.is_empty().then_some(RevocationStatus::Revoked { at })
        }
        _ => None,
    }
}

/// The bits of the issuer's public key, without their algorithm.
fn public_key(issuer: &Certificate) -> Option<&[u8]> {
    let mut info = Reader::new(issuer.spki_der()).read(SEQUENCE)?;
    info.element(SEQUENCE)?;
    info.bit_string().map(|bits| bits.bytes)
}
