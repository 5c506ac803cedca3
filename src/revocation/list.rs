//! Certificate revocation lists.
//!
//! Source: RFC 5280, section 5; Go `x509.ParseRevocationList` and `CheckSignatureFrom`; notation-core-go
//! `revocation/internal/crl/crl.go`.

use super::{RevocationError, RevocationStatus, check_time, time};
use crate::encoding::der::{INTEGER, Reader, SEQUENCE, context_constructed};
use crate::scalar::time::Timestamp;
use crate::x509::{Certificate, Extension, KeyUsage, Signed, check_authority};

/// What messages call it.
const WHAT: &str = "the revocation list";
const ENUMERATED: u8 = 0x0a;
const REASON: &str = "2.5.29.21";
const INVALIDITY_DATE: &str = "2.5.29.24";
const DELTA_LIST: &str = "2.5.29.27";
const ISSUING_POINT: &str = "2.5.29.28";
const FRESHEST_LIST: &str = "2.5.29.46";
/// Reasons that may be taken back: the newest entry counts.
const HOLD: i64 = 6;
const REMOVED: i64 = 8;

/// What the list of `issuer` says of `certificate` at `now`.
pub fn check_list(
    list: &[u8],
    certificate: &Certificate,
    issuer: &Certificate,
    now: &Timestamp,
) -> Result<RevocationStatus, RevocationError> {
    let list = List::parse(list).ok_or(RevocationError::Malformed("it is no list of version 2"))?;
    check_authority(issuer, KeyUsage::LIST_SIGN).map_err(RevocationError::Signature)?;
    list.signed.check(issuer).map_err(RevocationError::Signature)?;
    if list.issuer != issuer.subject().der() {
        return Err(RevocationError::NotAbout);
    }
    check_time(&list.this_update, list.next_update.as_ref(), now)?;
    for extension in &list.extensions {
        match extension.oid.as_str() {
            DELTA_LIST => return Err(RevocationError::Malformed("it is a delta list")),
            FRESHEST_LIST => return Err(RevocationError::Malformed("it has delta lists, which are not read here")),
            // The scope of a list that the certificate itself names.
            ISSUING_POINT => {}
            oid if extension.critical => return Err(RevocationError::CriticalExtension { oid: oid.to_owned() }),
            _ => {}
        }
    }
    status(&list, certificate.serial())
}

struct List<'a> {
    signed: Signed<'a>,
    issuer: &'a [u8],
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    entries: Reader<'a>,
    extensions: Vec<Extension>,
}

impl<'a> List<'a> {
    fn parse(der: &'a [u8]) -> Option<Self> {
        let mut outer = Reader::new(der);
        let mut list = outer.read(SEQUENCE).filter(|_| outer.is_empty())?;
        let body = list.element(SEQUENCE)?;
        let algorithm = list.element(SEQUENCE)?.full;
        let signature = list.bit_string().filter(|_| list.is_empty())?.right_aligned();
        let mut body_reader = body.inside();
        let version = body_reader.int64(INTEGER)?;
        let inner = body_reader.element(SEQUENCE)?.full;
        let issuer = body_reader.element(SEQUENCE)?.full;
        let this_update = time(&mut body_reader)?;
        let next_update = if body_reader.is_empty() { None } else { time(&mut body_reader) };
        let entries = body_reader.optional(SEQUENCE)?.unwrap_or(Reader::new(&[]));
        let extensions = match body_reader.optional(context_constructed(0))? {
            Some(mut tagged) => Extension::read_all(tagged.read(SEQUENCE).filter(|_| tagged.is_empty())?)?,
            None => Vec::new(),
        };
        let signed = Signed { what: WHAT.to_owned(), algorithm, body: body.full, signature };
        (version == 1 && inner == algorithm && body_reader.is_empty()).then_some(Self {
            signed,
            issuer,
            this_update,
            next_update,
            entries,
            extensions,
        })
    }
}

/// The entries with this serial number, the newest of those that may be taken back.
fn status(list: &List<'_>, serial: &[u8]) -> Result<RevocationStatus, RevocationError> {
    let malformed = RevocationError::Malformed("an entry");
    let mut entries = list.entries;
    let mut newest: Option<(Timestamp, i64)> = None;
    while !entries.is_empty() {
        let mut entry = entries.read(SEQUENCE).ok_or(malformed.clone())?;
        let is_about = entry.integer(INTEGER).ok_or(malformed.clone())? == serial;
        let at = time(&mut entry).ok_or(malformed.clone())?;
        let extensions = entry.optional(SEQUENCE).ok_or(malformed.clone())?;
        let extensions = extensions.map_or(Some(Vec::new()), Extension::read_all).ok_or(malformed.clone())?;
        if !is_about {
            continue;
        }
        match reason(&extensions)? {
            reason @ (HOLD | REMOVED) => {
                if newest.as_ref().is_none_or(|(before, _)| *before < at) {
                    newest = Some((at, reason));
                }
            }
            _ => return Ok(RevocationStatus::Revoked { at }),
        }
    }
    match newest {
        Some((at, HOLD)) => Ok(RevocationStatus::Revoked { at }),
        _ => Ok(RevocationStatus::Good),
    }
}

/// The reason code, 0 where there is none. When the key may have leaked does not matter: no time of signing is proven.
fn reason(extensions: &[Extension]) -> Result<i64, RevocationError> {
    let mut reason = 0;
    for extension in extensions {
        match extension.oid.as_str() {
            REASON => {
                let code = Reader::new(&extension.value).int64(ENUMERATED);
                reason = code.ok_or(RevocationError::Malformed("the reason of an entry"))?;
            }
            INVALIDITY_DATE => {}
            oid if extension.critical => return Err(RevocationError::CriticalExtension { oid: oid.to_owned() }),
            _ => {}
        }
    }
    Ok(reason)
}
