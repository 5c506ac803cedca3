//! Where a certificate wants to be asked about.

use crate::encoding::der::{Reader, SEQUENCE, context, context_constructed, dotted};
use crate::x509::Certificate;

const AUTHORITY_INFORMATION: &str = "1.3.6.1.5.5.7.1.1";
const OCSP: &str = "1.3.6.1.5.5.7.48.1";
const DISTRIBUTION_POINTS: &str = "2.5.29.31";
const FRESHEST_LIST: &str = "2.5.29.46";
const URI: u8 = context(6);

/// The addresses in a certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locations {
    /// OCSP responders, in order of preference.
    pub responders: Vec<String>,
    /// Revocation lists: each may be about a part of the certificates, so all of them count.
    pub lists: Vec<String>,
    /// The certificate has delta lists.
    pub has_delta_lists: bool,
}

impl Locations {
    /// Reads them (RFC 5280, sections 4.2.1.13 and 4.2.2.1); what follows the list of an extension is passed over, as by Go. `None`: an extension cannot be read, or names no address; it
    /// may mean one.
    pub fn of(certificate: &Certificate) -> Option<Self> {
        let value = |oid: &str| certificate.extension(oid).map(|extension| Reader::new(&extension.value));
        let responders = value(AUTHORITY_INFORMATION).map_or(Some(Vec::new()), responders)?;
        let lists = match value(DISTRIBUTION_POINTS) {
            None => Vec::new(),
            Some(points) => lists(points).filter(|lists| !lists.is_empty())?,
        };
        Some(Self { responders, lists, has_delta_lists: certificate.extension(FRESHEST_LIST).is_some() })
    }

    /// Can the certificate be asked about at all?
    pub fn is_empty(&self) -> bool {
        self.responders.is_empty() && self.lists.is_empty()
    }
}

fn responders(mut value: Reader<'_>) -> Option<Vec<String>> {
    let mut descriptions = value.read(SEQUENCE)?;
    let mut found = Vec::new();
    while !descriptions.is_empty() {
        let mut description = descriptions.read(SEQUENCE)?;
        let is_ocsp = dotted(&description.object_identifier()?) == OCSP;
        let location = description.any().filter(|_| description.is_empty())?;
        if is_ocsp {
            found.push(text(location.contents).filter(|_| location.tag == URI)?);
        }
    }
    Some(found)
}

fn lists(mut value: Reader<'_>) -> Option<Vec<String>> {
    let mut points = value.read(SEQUENCE)?;
    let mut found = Vec::new();
    while !points.is_empty() {
        let mut point = points.read(SEQUENCE)?;
        let Some(mut name) = point.optional(context_constructed(0))? else { continue };
        let mut names = name.read(context_constructed(0))?;
        while !names.is_empty() {
            let name = names.any()?;
            if name.tag == URI {
                found.push(text(name.contents)?);
            }
        }
    }
    Some(found)
}

fn text(bytes: &[u8]) -> Option<String> {
    str::from_utf8(bytes).ok().filter(|text| text.is_ascii()).map(str::to_owned)
}
