//! Whom to ask about a certificate, and in which order.
//!
//! Source: notation-core-go v1.3.0 `revocation/revocation.go` (`ValidateContext`): OCSP first, and the lists where it tells
//! nothing; a certificate that names neither cannot be revoked.

use super::{Locations, RevocationStatus, check_list, check_ocsp, ocsp_request};
use crate::scalar::time::Timestamp;
use crate::x509::Certificate;

/// A question to somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The list at this address.
    List {
        /// The address.
        url: String,
    },
    /// What a responder says.
    Ocsp {
        /// The responder.
        url: String,
        /// An OCSPRequest in DER.
        request: Vec<u8>,
    },
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply<'a> {
    /// It came.
    Bytes(&'a [u8]),
    /// There is none, and why.
    None(String),
    /// Nobody has asked yet.
    Pending,
}

/// What is known of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is not revoked; who says so.
    Good(String),
    /// Somebody must be asked first.
    Pending,
    /// It is revoked, since when.
    Revoked(Timestamp),
    /// Nothing that counts, and why.
    Unknown(String),
}

/// Asks about `certificate`, of which `issuer` is the issuer, at `now`. `strict`: see the module.
pub fn ask<'a>(
    certificate: &Certificate,
    issuer: &Certificate,
    now: &Timestamp,
    strict: bool,
    reply: &dyn Fn(&Question) -> Reply<'a>,
) -> Outcome {
    let Some(locations) = Locations::of(certificate) else {
        return Outcome::Unknown("where to ask cannot be read".to_owned());
    };
    if locations.is_empty() {
        return Outcome::Good("it names nowhere to ask".to_owned());
    }
    let asked = Asked { certificate, issuer, now, strict, reply };
    match asked.responders(&locations.responders) {
        None => asked.lists(&locations),
        Some(Outcome::Unknown(why)) if !locations.lists.is_empty() => match asked.lists(&locations) {
            Outcome::Unknown(also) => Outcome::Unknown(format!("{why}; {also}")),
            other => other,
        },
        Some(outcome) => outcome,
    }
}

struct Asked<'q, 'a> {
    certificate: &'q Certificate,
    issuer: &'q Certificate,
    now: &'q Timestamp,
    strict: bool,
    reply: &'q dyn Fn(&Question) -> Reply<'a>,
}

impl Asked<'_, '_> {
    /// The first responder whose answer counts decides. `None`: there are no responders.
    fn responders(&self, urls: &[String]) -> Option<Outcome> {
        let mut reasons = Vec::new();
        for url in urls {
            match self.responder(url) {
                Ok(outcome) => return Some(outcome),
                Err(reason) => reasons.push(reason),
            }
        }
        (!urls.is_empty()).then(|| Outcome::Unknown(reasons.join("; ")))
    }

    fn responder(&self, url: &str) -> Result<Outcome, String> {
        let Self { certificate, issuer, now, strict, reply } = *self;
        refuse_other_schemes(url)?;
        let request = ocsp_request(certificate, issuer).ok_or("the key of the issuer cannot be read")?;
        let response = match reply(&Question::Ocsp { url: url.to_owned(), request }) {
            Reply::Bytes(response) => response,
            Reply::None(reason) => return Err(format!("{url}: {reason}")),
            Reply::Pending => return Ok(Outcome::Pending),
        };
        match check_ocsp(response, certificate, issuer, now, strict) {
            Ok(RevocationStatus::Good) => Ok(Outcome::Good(format!("{url} says so"))),
            Ok(RevocationStatus::Revoked { at }) => Ok(Outcome::Revoked(at)),
            Ok(RevocationStatus::Unknown) => Ok(Outcome::Unknown(format!("{url} does not know the certificate"))),
            Err(error) => Err(format!("the answer of {url}: {error}")),
        }
    }

    /// Every list must say that it is not revoked: each may be about a part of the reasons.
    fn lists(&self, locations: &Locations) -> Outcome {
        if locations.has_delta_lists {
            return Outcome::Unknown("the certificate names delta lists, which are not read here".to_owned());
        }
        let mut pending = false;
        for url in &locations.lists {
            match self.list(url) {
                Ok(Outcome::Good(_)) => {}
                Ok(Outcome::Pending) => pending = true,
                Ok(other) => return other,
                Err(reason) => return Outcome::Unknown(reason),
            }
        }
        if pending {
            Outcome::Pending
        } else {
            Outcome::Good(format!("{} does not list it", locations.lists.join(", ")))
        }
    }

    fn list(&self, url: &str) -> Result<Outcome, String> {
        refuse_other_schemes(url)?;
        let list = match (self.reply)(&Question::List { url: url.to_owned() }) {
            Reply::Bytes(list) => list,
            Reply::None(reason) => return Err(format!("{url}: {reason}")),
            Reply::Pending => return Ok(Outcome::Pending),
        };
        match check_list(list, self.certificate, self.issuer, self.now) {
            Ok(RevocationStatus::Revoked { at }) => Ok(Outcome::Revoked(at)),
            Ok(_) => Ok(Outcome::Good(String::new())),
            Err(error) => Err(format!("the list at {url}: {error}")),
        }
    }
}

/// Answers are signed: notation asks for them without TLS, and in no other way.
fn refuse_other_schemes(url: &str) -> Result<(), String> {
    let is_http = url.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"));
    if is_http { Ok(()) } else { Err(format!("{url} is not asked: expected http")) }
}
