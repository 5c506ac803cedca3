//! The certificate itself.
//!
//! Source: Go, package `crypto/x509`, `parseCertificate` and `Certificate`.

use super::algorithm::Algorithm;
use super::error::{CertificateError, OrMalformed};
use super::extension::{Extension, Fields, process};
use super::json;
use super::key::public_key;
use super::name::certificate_name;
use super::validity::time;
use crate::encoding::der::{INTEGER, Reader, SEQUENCE, context, context_constructed, dotted, is_negative};
use crate::scalar::quoted::quoted;
use serde_json::Value;
use std::collections::BTreeSet;

/// Go's `Certificate` as JSON.
pub(super) fn certificate(der: &[u8]) -> Result<Value, CertificateError> {
    let mut outer = Reader::new(der);
    let whole = outer.element(SEQUENCE).or_malformed("malformed certificate")?;
    let mut reader = whole.inside();
    let body = reader.element(SEQUENCE).or_malformed("malformed tbs certificate")?;
    let mut out = absent_fields();
    let mut set = |field: &str, value: Value| {
        out.insert(field.to_owned(), value);
    };
    set("Raw", json::bytes(whole.full));
    set("RawTBSCertificate", json::bytes(body.full));

    let mut tbs = body.inside();
    let version = version(&mut tbs)?;
    set("Version", Value::from(version));
    let serial = tbs.integer(INTEGER).or_malformed("malformed serial number")?;
    if is_negative(serial) {
        return Err(CertificateError::malformed("negative serial number"));
    }
    set("SignatureAlgorithm", Value::from(signature_algorithm(&mut tbs, &mut reader)?.signature()));
    for (field, raw) in [("Issuer", "RawIssuer"), ("Subject", "RawSubject")] {
        let name = tbs.element(SEQUENCE).or_malformed("malformed issuer")?;
        set(raw, json::bytes(name.full));
        set(field, certificate_name(name.full)?);
        if field == "Issuer" {
            let mut validity = tbs.read(SEQUENCE).or_malformed("malformed validity")?;
            set("NotBefore", time(&mut validity)?);
            set("NotAfter", time(&mut validity)?);
        }
    }
    let key = tbs.element(SEQUENCE).or_malformed("malformed spki")?;
    set("RawSubjectPublicKeyInfo", json::bytes(key.full));
    let key = key_of(key.inside());
    // Go reads all of the certificate before Kyverno asks for the kind of the key.
    let (key, other_key) = match key {
        Err(CertificateError::OtherKey | CertificateError::Key) => (Value::Null, key.err()),
        key => (key?, None),
    };
    set("PublicKeyAlgorithm", Value::from(1));
    set("PublicKey", key);
    if version > 1 {
        read_extensions(&mut tbs, version, &mut out)?;
    }
    let signature = reader.bit_string().or_malformed("malformed signature")?;
    out.insert("Signature".to_owned(), json::bytes(&signature.right_aligned()));
    if !outer.is_empty() {
        return Err(CertificateError::malformed("trailing data"));
    }
    if let Some(error) = other_key {
        return Err(error);
    }
    out.insert("SerialNumber".to_owned(), json::big_number(serial)?);
    Ok(Value::Object(out))
}

/// Counted from 1; certificates without a version are of the first.
fn version(tbs: &mut Reader<'_>) -> Result<i64, CertificateError> {
    let Some(mut tagged) = tbs.optional(context_constructed(0)).or_malformed("malformed version")? else {
        return Ok(1);
    };
    let version = tagged.int64(INTEGER).filter(|version| *version >= 0 && tagged.is_empty());
    match version.or_malformed("malformed version")? {
        version @ 0..=2 => Ok(version + 1),
        _ => Err(CertificateError::malformed("invalid version")),
    }
}

/// It stands inside and outside of what is signed, and must be the same.
fn signature_algorithm<'a>(tbs: &mut Reader<'a>, reader: &mut Reader<'a>) -> Result<Algorithm<'a>, CertificateError> {
    let inner = tbs.read(SEQUENCE).or_malformed("malformed signature algorithm identifier")?;
    let outer = reader.read(SEQUENCE).or_malformed("malformed algorithm identifier")?;
    if inner.rest() != outer.rest() {
        return Err(CertificateError::malformed("inner and outer signature algorithm identifiers don't match"));
    }
    algorithm(inner)
}

fn algorithm(reader: Reader<'_>) -> Result<Algorithm<'_>, CertificateError> {
    Algorithm::read(reader).map_err(|identifier| {
        CertificateError::malformed(if identifier { "malformed OID" } else { "malformed parameters" })
    })
}

fn key_of(mut reader: Reader<'_>) -> Result<Value, CertificateError> {
    let algorithm = algorithm(reader.read(SEQUENCE).or_malformed("malformed public key algorithm identifier")?)?;
    let key = reader.bit_string().or_malformed("malformed subjectPublicKey")?;
    public_key(&algorithm, key)
}

fn read_extensions(tbs: &mut Reader<'_>, version: i64, out: &mut Fields) -> Result<(), CertificateError> {
    for (tag, problem) in [(context(1), "malformed issuerUniqueID"), (context(2), "malformed subjectUniqueID")] {
        tbs.optional(tag).or_malformed(problem)?;
    }
    let malformed = "malformed extensions";
    if version != 3 {
        return Ok(());
    }
    let Some(mut tagged) = tbs.optional(context_constructed(3)).or_malformed(malformed)? else {
        return Ok(());
    };
    let mut list = tagged.read(SEQUENCE).or_malformed(malformed)?;
    let mut extensions = Vec::new();
    let mut seen = BTreeSet::new();
    while !list.is_empty() {
        let extension = Extension::read(list.read(SEQUENCE).or_malformed("malformed extension")?)?;
        let identifier = dotted(&extension.identifier);
        if seen.contains(&identifier) {
            return Err(CertificateError::malformed(format!(
                "certificate contains duplicate extension with OID {}",
                quoted(&identifier)
            )));
        }
        seen.insert(identifier);
        extensions.push(extension);
    }
    out.insert("Extensions".to_owned(), json::list(extensions.iter().map(Extension::to_json).collect()));
    process(&extensions, out)
}

const ABSENT_LISTS: &[&str] = &[
    "AuthorityKeyId",
    "CRLDistributionPoints",
    "DNSNames",
    "EmailAddresses",
    "ExcludedDNSDomains",
    "ExcludedEmailAddresses",
    "ExcludedIPRanges",
    "ExcludedURIDomains",
    "ExtKeyUsage",
    "Extensions",
    "ExtraExtensions",
    "IPAddresses",
    "IssuingCertificateURL",
    "OCSPServer",
    "PermittedDNSDomains",
    "PermittedEmailAddresses",
    "PermittedIPRanges",
    "PermittedURIDomains",
    "Policies",
    "PolicyIdentifiers",
    "PolicyMappings",
    "SubjectKeyId",
    "URIs",
    "UnhandledCriticalExtensions",
    "UnknownExtKeyUsage",
];
const ABSENT_NUMBERS: &[&str] =
    &["InhibitAnyPolicy", "InhibitPolicyMapping", "KeyUsage", "MaxPathLen", "RequireExplicitPolicy"];
const ABSENT_FLAGS: &[&str] = &[
    "BasicConstraintsValid",
    "InhibitAnyPolicyZero",
    "InhibitPolicyMappingZero",
    "IsCA",
    "MaxPathLenZero",
    "PermittedDNSDomainsCritical",
    "RequireExplicitPolicyZero",
];

/// What the fields are without the extensions that fill them.
fn absent_fields() -> Fields {
    let fields = |names: &[&str], value: Value| -> Fields {
        names.iter().map(|name| ((*name).to_owned(), value.clone())).collect()
    };
    let mut out = fields(ABSENT_LISTS, Value::Null);
    out.extend(fields(ABSENT_NUMBERS, Value::from(0)));
    out.extend(fields(ABSENT_FLAGS, Value::Bool(false)));
    out
}
