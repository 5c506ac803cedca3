//! Extensions of a certificate.
//!
//! Source: Go, package `crypto/x509`, `parseExtension` and `processExtensions`.

use super::constraints::{name_constraints, policies, policy_constraints, policy_mappings};
use super::error::{CertificateError, OrMalformed};
use super::json;
use super::subject::alternative_names;
use crate::encoding::der::{BOOLEAN, INTEGER, OCTET_STRING, Reader, SEQUENCE, context, context_constructed, dotted};
use serde_json::{Map, Value, json};

/// One extension.
#[derive(Clone, Debug)]
pub(super) struct Extension<'a> {
    pub(super) identifier: Vec<u32>,
    pub(super) critical: bool,
    pub(super) value: &'a [u8],
}

/// The fields of the certificate.
pub(super) type Fields = Map<String, Value>;
/// Does Go understand the extension?
pub(super) type Handled = Result<bool, CertificateError>;

impl<'a> Extension<'a> {
    /// Reads what is in the sequence.
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, CertificateError> {
        let identifier = reader.object_identifier().or_malformed("malformed extension OID field")?;
        let critical = reader.peek(BOOLEAN) && reader.boolean().or_malformed("malformed extension critical field")?;
        let value = reader.bytes(OCTET_STRING).or_malformed("malformed extension value field")?;
        Ok(Self { identifier, critical, value })
    }

    pub(super) fn to_json(&self) -> Value {
        json!({
            "Id": json::object_identifier(&self.identifier),
            "Critical": self.critical,
            "Value": json::bytes(self.value),
        })
    }

    fn not_critical(&self, what: &str) -> Result<(), CertificateError> {
        if self.critical {
            return Err(CertificateError::malformed(format!("{what} incorrectly marked critical")));
        }
        Ok(())
    }
}

/// Fills the fields that the extensions stand for.
pub(super) fn process(extensions: &[Extension<'_>], out: &mut Fields) -> Result<(), CertificateError> {
    let mut unhandled = Vec::new();
    for extension in extensions {
        if !process_one(extension, out)? && extension.critical {
            unhandled.push(json::object_identifier(&extension.identifier));
        }
    }
    out.insert("UnhandledCriticalExtensions".to_owned(), json::list(unhandled));
    Ok(())
}

/// The critical extensions in the list that Go does not understand. Policies are read, and not evaluated: an authority that
/// demands them, critical or not, demands something that is not understood here.
pub(crate) fn unhandled_critical(mut list: Reader<'_>) -> Result<Vec<String>, CertificateError> {
    let mut fields = Fields::new();
    let mut unhandled = Vec::new();
    while !list.is_empty() {
        let extension = Extension::read(list.read(SEQUENCE).or_malformed("malformed extension")?)?;
        let handled = process_one(&extension, &mut fields)?;
        let demands_policy = fields.remove("RequireExplicitPolicy").is_some() || maps_any_policy(&mut fields);
        if (!handled && extension.critical) || demands_policy {
            unhandled.push(dotted(&extension.identifier));
        }
    }
    Ok(unhandled)
}

/// Is "any policy" mapped to or from another? RFC 5280, section 4.2.1.5, forbids it, and Go finds no valid policy then.
fn maps_any_policy(fields: &mut Fields) -> bool {
    const ANY_POLICY: &str = "2.5.29.32.0";
    let mappings = fields.remove("PolicyMappings");
    let all = mappings.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    all.flat_map(|mapping| mapping.values()).any(|policy| policy == ANY_POLICY)
}

const AUTHORITY_INFORMATION: &[u32] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];

fn process_one(extension: &Extension<'_>, out: &mut Fields) -> Handled {
    let value = Reader::new(extension.value);
    match extension.identifier.as_slice() {
        [2, 5, 29, 14] => subject_key(extension, out),
        [2, 5, 29, 15] => key_usage(value, out),
        [2, 5, 29, 17] => alternative_names(extension.value, out),
        [2, 5, 29, 19] => basic_constraints(value, out),
        [2, 5, 29, 30] => name_constraints(extension, out),
        [2, 5, 29, 31] => distribution_points(value, out),
        [2, 5, 29, 32] => policies(value, out),
        [2, 5, 29, 33] => policy_mappings(value, out),
        [2, 5, 29, 35] => authority_key(extension, out),
        [2, 5, 29, 36] => policy_constraints(value, out),
        [2, 5, 29, 37] => extended_key_usage(value, out),
        [2, 5, 29, 54] => inhibit_any_policy(value, out),
        identifier if identifier == AUTHORITY_INFORMATION => authority_information(extension, out),
        _ => Ok(false),
    }
}

fn set(out: &mut Fields, field: &str, value: impl Into<Value>) {
    out.insert(field.to_owned(), value.into());
}

fn subject_key(extension: &Extension<'_>, out: &mut Fields) -> Handled {
    extension.not_critical("subject key identifier")?;
    let key = Reader::new(extension.value).bytes(OCTET_STRING).or_malformed("invalid subject key identifier")?;
    set(out, "SubjectKeyId", json::bytes(key));
    Ok(true)
}

fn authority_key(extension: &Extension<'_>, out: &mut Fields) -> Handled {
    extension.not_critical("authority key identifier")?;
    let invalid = "invalid authority key identifier";
    let mut reader = Reader::new(extension.value).read(SEQUENCE).or_malformed(invalid)?;
    if let Some(key) = reader.optional(context(0)).or_malformed(invalid)? {
        set(out, "AuthorityKeyId", json::bytes(key.rest()));
    }
    Ok(true)
}

fn key_usage(mut value: Reader<'_>, out: &mut Fields) -> Handled {
    let bits = value.bit_string().or_malformed("invalid key usage")?;
    let usage = (0..9).filter(|at| bits.bit(*at)).fold(0_i64, |usage, at| usage | 1 << at);
    set(out, "KeyUsage", usage);
    Ok(true)
}

fn basic_constraints(mut value: Reader<'_>, out: &mut Fields) -> Handled {
    let invalid = "invalid basic constraints";
    let mut reader = value.read(SEQUENCE).or_malformed(invalid)?;
    let authority = reader.peek(BOOLEAN) && reader.boolean().or_malformed(invalid)?;
    let length = if reader.peek(INTEGER) {
        reader.int64(INTEGER).filter(|length| *length >= 0).or_malformed(invalid)?
    } else {
        -1
    };
    set(out, "IsCA", authority);
    set(out, "MaxPathLen", json::number(length));
    set(out, "MaxPathLenZero", length == 0);
    set(out, "BasicConstraintsValid", true);
    Ok(true)
}

fn inhibit_any_policy(mut value: Reader<'_>, out: &mut Fields) -> Handled {
    let count = value.int64(INTEGER).or_malformed("invalid inhibit any policy extension")?;
    set(out, "InhibitAnyPolicy", json::number(count));
    set(out, "InhibitAnyPolicyZero", count == 0);
    Ok(true)
}

fn distribution_points(mut value: Reader<'_>, out: &mut Fields) -> Handled {
    let invalid = "invalid CRL distribution point";
    let mut points = value.read(SEQUENCE).or_malformed("invalid CRL distribution points")?;
    let mut addresses = Vec::new();
    while !points.is_empty() {
        let mut point = points.read(SEQUENCE).or_malformed(invalid)?;
        let Some(mut name) = point.optional(context_constructed(0)).or_malformed(invalid)? else {
            continue;
        };
        let mut names = name.read(context_constructed(0)).or_malformed(invalid)?;
        while names.peek(context(6)) {
            addresses.push(json::text(names.bytes(context(6)).or_malformed(invalid)?));
        }
    }
    set(out, "CRLDistributionPoints", json::list(addresses));
    Ok(true)
}

/// In the order of Go's constants, which count from 0.
const USAGES: &[&[u32]] = &[
    &[2, 5, 29, 37, 0],
    &[1, 3, 6, 1, 5, 5, 7, 3, 1],
    &[1, 3, 6, 1, 5, 5, 7, 3, 2],
    &[1, 3, 6, 1, 5, 5, 7, 3, 3],
    &[1, 3, 6, 1, 5, 5, 7, 3, 4],
    &[1, 3, 6, 1, 5, 5, 7, 3, 5],
    &[1, 3, 6, 1, 5, 5, 7, 3, 6],
    &[1, 3, 6, 1, 5, 5, 7, 3, 7],
    &[1, 3, 6, 1, 5, 5, 7, 3, 8],
    &[1, 3, 6, 1, 5, 5, 7, 3, 9],
    &[1, 3, 6, 1, 4, 1, 311, 10, 3, 3],
    &[2, 16, 840, 1, 113_730, 4, 1],
    &[1, 3, 6, 1, 4, 1, 311, 2, 1, 22],
    &[1, 3, 6, 1, 4, 1, 311, 61, 1, 1],
];

fn extended_key_usage(mut value: Reader<'_>, out: &mut Fields) -> Handled {
    let invalid = "invalid extended key usages";
    let mut reader = value.read(SEQUENCE).or_malformed(invalid)?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    while !reader.is_empty() {
        let usage = reader.object_identifier().or_malformed(invalid)?;
        match USAGES.iter().position(|known| *known == usage) {
            Some(number) => known.push(Value::from(number)),
            None => unknown.push(json::object_identifier(&usage)),
        }
    }
    set(out, "ExtKeyUsage", json::list(known));
    set(out, "UnknownExtKeyUsage", json::list(unknown));
    Ok(true)
}

fn authority_information(extension: &Extension<'_>, out: &mut Fields) -> Handled {
    extension.not_critical("authority info access")?;
    let invalid = "invalid authority info access";
    let mut reader = Reader::new(extension.value).read(SEQUENCE).or_malformed(invalid)?;
    let (mut responders, mut issuers) = (Vec::new(), Vec::new());
    while !reader.is_empty() {
        let mut access = reader.read(SEQUENCE).or_malformed(invalid)?;
        let method = access.object_identifier().or_malformed(invalid)?;
        let Some(address) = access.optional(context(6)).or_malformed(invalid)? else {
            continue;
        };
        match method.as_slice() {
            [1, 3, 6, 1, 5, 5, 7, 48, 1] => responders.push(json::text(address.rest())),
            [1, 3, 6, 1, 5, 5, 7, 48, 2] => issuers.push(json::text(address.rest())),
            _ => {}
        }
    }
    set(out, "OCSPServer", json::list(responders));
    set(out, "IssuingCertificateURL", json::list(issuers));
    Ok(true)
}
