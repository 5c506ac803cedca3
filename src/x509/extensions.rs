//! Extensions of certificates.
//!
//! Source: RFC 5280, section 4.2; Go `crypto/x509/parser.go` (`processExtensions`).

use super::CertificateError;
use super::constraints::NameConstraints;
use crate::encoding::der::{BOOLEAN, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader, SEQUENCE, context, dotted};
use crate::scalar::certificate::unhandled_critical;
use crate::scalar::url::Url;
use std::net::{Ipv4Addr, Ipv6Addr};

/// One extension, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Object identifier, such as `2.5.29.15`.
    pub oid: String,
    /// Must whoever relies on the certificate understand it.
    pub critical: bool,
    /// What is in it.
    pub value: Vec<u8>,
}

impl Extension {
    /// Every extension of a list, whatever they mean.
    pub fn read_all(mut list: Reader<'_>) -> Option<Vec<Self>> {
        let mut found = Vec::new();
        while !list.is_empty() {
            found.push(list.read(SEQUENCE).and_then(extension)?);
        }
        Some(found)
    }
}

/// `basicConstraints`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Is the subject an authority.
    pub ca: bool,
    /// How many authorities may be below it.
    pub path_len: Option<u32>,
    /// Is the extension critical.
    pub critical: bool,
}

/// `keyUsage`: one bit a usage, the first one is the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage {
    bits: u16,
    /// Is the extension critical.
    pub critical: bool,
}

impl KeyUsage {
    /// `digitalSignature`.
    pub const DIGITAL_SIGNATURE: u16 = 1;
    /// `keyCertSign`.
    pub const CERT_SIGN: u16 = 1 << 5;
    /// `cRLSign`.
    pub const LIST_SIGN: u16 = 1 << 6;

    /// Is this usage allowed?
    pub fn allows(self, usage: u16) -> bool {
        self.bits & usage != 0
    }

    /// Is none of the nine usages allowed?
    pub fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// Are usages other than these allowed?
    pub fn allows_more_than(self, usages: u16) -> bool {
        self.bits & !usages != 0
    }
}

/// `extKeyUsage`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedKeyUsage {
    /// Object identifiers.
    pub usages: Vec<String>,
    /// Is the extension critical.
    pub critical: bool,
}

/// `subjectAltName`, by kind of name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlternativeNames {
    /// Host names.
    pub dns: Vec<String>,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// IP addresses.
    pub ip_addresses: Vec<String>,
    /// Names of other kinds: identifier and text; `None`: no UTF-8 text.
    pub other_names: Vec<Option<(String, String)>>,
    /// URIs, as Go writes them.
    pub uris: Vec<String>,
}

/// The name that Fulcio gives to users without mail address.
const FULCIO_USER_NAME: &str = "1.3.6.1.4.1.57264.1.7";

impl AlternativeNames {
    /// The name that Fulcio gives to users without mail address: the only one of its kind (sigstore
    /// `cryptoutils.UnmarshalOtherNameSAN`).
    pub fn fulcio_user_name(&self) -> Option<&str> {
        match self.other_names.as_slice() {
            [Some((kind, text))] if kind == FULCIO_USER_NAME => Some(text),
            _ => None,
        }
    }
}

/// What the extensions say.
#[derive(Clone, Debug, Default)]
pub(super) struct Extensions {
    pub(super) all: Vec<Extension>,
    pub(super) basic_constraints: Option<BasicConstraints>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) extended_key_usage: Option<ExtendedKeyUsage>,
    pub(super) names: AlternativeNames,
    pub(super) name_constraints: Option<NameConstraints>,
    pub(super) subject_key_id: Option<Vec<u8>>,
    pub(super) authority_key_id: Option<Vec<u8>>,
    /// Critical ones that are not understood here.
    pub(super) unhandled_critical: Vec<String>,
}

impl Extensions {
    /// Reads the list.
    pub(super) fn parse(mut list: Reader<'_>) -> Result<Self, CertificateError> {
        let mut found = Self {
            unhandled_critical: unhandled_critical(list).map_err(|_| malformed("an extension"))?,
            ..Self::default()
        };
        while !list.is_empty() {
            let extension = list.read(SEQUENCE).and_then(extension).ok_or(malformed("an extension"))?;
            if found.all.iter().any(|other| other.oid == extension.oid) {
                return Err(malformed("an extension that is there twice"));
            }
            found.process(&extension)?;
            found.all.push(extension);
        }
        Ok(found)
    }

    /// Takes in what the extension says.
    fn process(&mut self, extension: &Extension) -> Result<(), CertificateError> {
        let mut value = Reader::new(&extension.value);
        let critical = extension.critical;
        match extension.oid.as_str() {
            "2.5.29.14" => {
                self.subject_key_id = Some(value.bytes(OCTET_STRING).ok_or(malformed("subjectKeyIdentifier"))?.into());
            }
            "2.5.29.15" => self.key_usage = Some(key_usage(value, critical).ok_or(malformed("keyUsage"))?),
            "2.5.29.17" => self.names = alternative_names(value).ok_or(malformed("subjectAltName"))?,
            "2.5.29.19" => {
                self.basic_constraints = Some(basic_constraints(value, critical).ok_or(malformed("basicConstraints"))?);
            }
            "2.5.29.30" => {
                self.name_constraints = Some(NameConstraints::parse(value).ok_or(malformed("nameConstraints"))?);
            }
            "2.5.29.35" => {
                self.authority_key_id = authority_key_id(value).ok_or(malformed("authorityKeyIdentifier"))?;
            }
            "2.5.29.37" => {
                let usages = extended_key_usage(value).ok_or(malformed("extKeyUsage"))?;
                self.extended_key_usage = Some(ExtendedKeyUsage { usages, critical });
            }
            _ => {}
        }
        Ok(())
    }
}

fn malformed(what: &'static str) -> CertificateError {
    CertificateError::Malformed(what)
}

fn extension(mut reader: Reader<'_>) -> Option<Extension> {
    let oid = dotted(&reader.object_identifier()?);
    let critical = reader.peek(BOOLEAN) && reader.boolean()?;
    let value = reader.bytes(OCTET_STRING)?.to_vec();
    Some(Extension { oid, critical, value })
}

fn key_usage(mut value: Reader<'_>, critical: bool) -> Option<KeyUsage> {
    let bits = value.bit_string()?;
    let bits = (0..9_u16).filter(|at| bits.bit(usize::from(*at))).fold(0, |all, at| all | 1 << at);
    Some(KeyUsage { bits, critical })
}

fn basic_constraints(mut value: Reader<'_>, critical: bool) -> Option<BasicConstraints> {
    let mut reader = value.read(SEQUENCE)?;
    let ca = reader.peek(BOOLEAN) && reader.boolean()?;
    let path_len = match reader.peek(INTEGER) {
        true => Some(u32::try_from(reader.int64(INTEGER)?).ok()?),
        false => None,
    };
    Some(BasicConstraints { ca, path_len, critical })
}

fn extended_key_usage(mut value: Reader<'_>) -> Option<Vec<String>> {
    let mut reader = value.read(SEQUENCE)?;
    let mut usages = Vec::new();
    while !reader.is_empty() {
        usages.push(dotted(&reader.object_identifier()?));
    }
    Some(usages)
}

fn authority_key_id(mut value: Reader<'_>) -> Option<Option<Vec<u8>>> {
    let mut reader = value.read(SEQUENCE)?;
    Some(reader.optional(context(0))?.map(|key| key.rest().to_vec()))
}

/// The tag of `[0]` with elements in it: otherName.
const OTHER_NAME: u8 = 0xa0;
const EMAIL: u8 = context(1);
const DNS: u8 = context(2);
const URI: u8 = context(6);
const IP_ADDRESS: u8 = context(7);
const UTF8_STRING: u8 = 0x0c;

fn alternative_names(mut value: Reader<'_>) -> Option<AlternativeNames> {
    let mut reader = value.read(SEQUENCE)?;
    let mut names = AlternativeNames::default();
    let ascii = |bytes: &[u8]| std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii()).map(str::to_owned);
    while !reader.is_empty() {
        let name = reader.any()?;
        match name.tag {
            DNS => names.dns.push(ascii(name.contents)?),
            EMAIL => names.emails.push(ascii(name.contents)?),
            IP_ADDRESS => names.ip_addresses.push(ip_address(name.contents)?),
            OTHER_NAME => names.other_names.push(other_name(name.inside())),
            URI => names.uris.push(Url::parse(&ascii(name.contents)?).ok()?.to_string()),
            _ => {}
        }
    }
    Some(names)
}

fn other_name(mut reader: Reader<'_>) -> Option<(String, String)> {
    let kind = dotted(&object_identifier(&mut reader)?);
    let mut value = reader.read(OTHER_NAME)?;
    let text = value.bytes(UTF8_STRING)?;
    Some((kind, String::from_utf8(text.to_vec()).ok()?))
}

fn object_identifier(reader: &mut Reader<'_>) -> Option<Vec<u32>> {
    reader.peek(OBJECT_IDENTIFIER).then(|| reader.object_identifier())?
}

fn ip_address(bytes: &[u8]) -> Option<String> {
    match <[u8; 4]>::try_from(bytes) {
        Ok(four) => Some(Ipv4Addr::from(four).to_string()),
        Err(_) => Some(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).to_string()),
    }
}
