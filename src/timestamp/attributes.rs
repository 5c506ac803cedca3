//! Signed attributes: what a signature says beside the content.
//!
//! Source: RFC 5652, sections 5.3 and 11.

use super::TimestampError;
use crate::encoding::der::{Element, Reader, SEQUENCE, SET, dotted};

pub(super) const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
pub(super) const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
pub(super) const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
pub(super) const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";

/// Attributes by their type, as they stand.
#[derive(Clone, Debug)]
pub(super) struct Attributes<'a> {
    all: Vec<Attribute<'a>>,
    /// Tag and length.
    header: &'a [u8],
}

#[derive(Clone, Debug)]
struct Attribute<'a> {
    kind: String,
    values: Reader<'a>,
    full: &'a [u8],
}

impl<'a> Attributes<'a> {
    pub(super) fn parse(element: Element<'a>) -> Option<Self> {
        let mut reader = element.inside();
        let mut all = Vec::new();
        while !reader.is_empty() {
            all.push(attribute(reader.element(SEQUENCE)?)?);
        }
        let header = element.full.get(..element.full.len() - element.contents.len())?;
        Some(Self { all, header })
    }

    /// The one value of an attribute that may be there once.
    pub(super) fn value(&self, kind: &str) -> Result<Option<Element<'a>>, TimestampError> {
        let mut named = self.all.iter().filter(|attribute| attribute.kind == kind);
        let Some(attribute) = named.next() else { return Ok(None) };
        let mut values = attribute.values;
        let value = values.any().filter(|_| values.is_empty() && named.next().is_none());
        value
            .map(Some)
            .ok_or(TimestampError::Malformed("a signed attribute is there twice, or has more than one value"))
    }

    /// What is signed: a set, whose elements DER sorts in whatever order they are sent.
    ///
    /// Source: RFC 5652, section 5.4. Go's libraries encode them anew, too.
    pub(super) fn signed_der(&self) -> Vec<u8> {
        let mut sorted: Vec<&[u8]> = self.all.iter().map(|attribute| attribute.full).collect();
        sorted.sort_unstable();
        let mut signed = self.header.to_vec();
        if let Some(tag) = signed.first_mut() {
            *tag = SET;
        }
        sorted.iter().for_each(|attribute| signed.extend_from_slice(attribute));
        signed
    }
}

fn attribute(element: Element<'_>) -> Option<Attribute<'_>> {
    let mut inside = element.inside();
    let kind = dotted(&inside.object_identifier()?);
    let values = inside.read(SET)?;
    inside.is_empty().then_some(Attribute { kind, values, full: element.full })
}
