//! What an authority may certify: policies and names.
//!
//! Source: Go, package `crypto/x509`, `processExtensions`, `parseCertificatePoliciesExtension`,
//! `parseNameConstraintsExtension` and `OID.String`.

use super::error::{CertificateError, OrMalformed};
use super::extension::{Extension, Fields, Handled};
use super::json;
use super::subject::{ascii, is_domain};
use crate::encoding::der::{self, OBJECT_IDENTIFIER, Reader, SEQUENCE, context, context_constructed};
use crate::scalar::quoted::quoted;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::IpAddr;

pub(super) fn policies(mut value: Reader<'_>, out: &mut Fields) -> Handled {
    let invalid = "invalid certificate policies";
    let mut reader = value.read(SEQUENCE).or_malformed(invalid)?;
    let (mut texts, mut lists) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    while !reader.is_empty() {
        let mut policy = reader.read(SEQUENCE).or_malformed(invalid)?;
        let bytes = policy.bytes(OBJECT_IDENTIFIER).filter(|bytes| is_identifier(bytes)).or_malformed(invalid)?;
        if !seen.insert(bytes) {
            return Err(CertificateError::malformed(invalid));
        }
        texts.push(Value::String(dotted(bytes)));
        lists.extend(der::object_identifier(bytes).map(|numbers| json::object_identifier(&numbers)));
    }
    out.insert("Policies".to_owned(), json::list(texts));
    // Those with a number of more than 31 bits are left out; the list is there even if it is empty.
    out.insert("PolicyIdentifiers".to_owned(), Value::Array(lists));
    Ok(true)
}

/// The numbers of an object identifier, of any size. What is cut off at the end is left out.
fn dotted(bytes: &[u8]) -> String {
    let mut numbers: Vec<String> = Vec::new();
    for digits in bytes.split_inclusive(|byte| byte & 0x80 == 0).filter(|digits| ends(digits)) {
        let number = base_128(digits);
        // The first two numbers are one.
        match (numbers.is_empty(), number.as_slice()) {
            (true, [first @ 0..80]) => numbers.extend([(first / 40).to_string(), (first % 40).to_string()]),
            (true, first) => numbers.extend(["2".to_owned(), json::decimal(&minus_80(first))]),
            _ => numbers.push(json::decimal(&number)),
        }
    }
    numbers.join(".")
}

fn ends(digits: &[u8]) -> bool {
    digits.last().is_some_and(|last| last & 0x80 == 0)
}

/// Is it written with the fewest bytes possible, up to its end?
fn is_identifier(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.split_inclusive(|byte| byte & 0x80 == 0).all(|it| ends(it) && it.first() != Some(&0x80))
}

/// A number of seven bits a byte as one of eight, without zeros in front.
fn base_128(digits: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(digits.len());
    let (mut value, mut bits) = (0_u32, 0);
    for digit in digits.iter().rev() {
        value |= u32::from(digit & 0x7f) << bits;
        bits += 7;
        if bits >= 8 {
            bytes.push(value.to_le_bytes()[0]);
            value >>= 8;
            bits -= 8;
        }
    }
    bytes.push(value.to_le_bytes()[0]);
    let zeros = bytes.iter().rev().skip(1).take_while(|byte| **byte == 0).count();
    let zeros = if bytes.last() == Some(&0) { zeros + 1 } else { 0 };
    bytes.truncate(bytes.len().saturating_sub(zeros).max(1));
    bytes.reverse();
    bytes
}

/// The number less 80; it is at least that.
fn minus_80(number: &[u8]) -> Vec<u8> {
    let mut out = number.to_vec();
    let mut less = 80;
    for byte in out.iter_mut().rev() {
        let (value, borrow) = byte.overflowing_sub(less);
        *byte = value;
        less = u8::from(borrow);
    }
    out
}

pub(super) fn policy_mappings(mut value: Reader<'_>, out: &mut Fields) -> Handled {
    let invalid = "invalid policy mappings extension";
    let mut reader = value.read(SEQUENCE).or_malformed(invalid)?;
    let mut mappings = Vec::new();
    while !reader.is_empty() {
        let mut mapping = reader.read(SEQUENCE).or_malformed(invalid)?;
        let mut policy = || mapping.bytes(OBJECT_IDENTIFIER).map(dotted).or_malformed(invalid);
        mappings.push(json!({ "IssuerDomainPolicy": policy()?, "SubjectDomainPolicy": policy()? }));
    }
    out.insert("PolicyMappings".to_owned(), json::list(mappings));
    Ok(true)
}

pub(super) fn policy_constraints(mut value: Reader<'_>, out: &mut Fields) -> Handled {
    let invalid = "invalid policy constraints extension";
    let mut reader = value.read(SEQUENCE).or_malformed(invalid)?;
    for (tag, field) in [(context(0), "RequireExplicitPolicy"), (context(1), "InhibitPolicyMapping")] {
        if reader.peek(tag) {
            let count = reader.int64(tag).or_malformed(invalid)?;
            out.insert(field.to_owned(), json::number(count));
            out.insert(format!("{field}Zero"), Value::Bool(count == 0));
        }
    }
    Ok(true)
}

pub(super) fn name_constraints(extension: &Extension<'_>, out: &mut Fields) -> Handled {
    let (permitted, excluded) = subtrees(extension.value).or_malformed("invalid NameConstraints extension")?;
    let empty = |subtrees: &Option<Reader<'_>>| subtrees.is_none_or(|subtrees| subtrees.is_empty());
    if empty(&permitted) && empty(&excluded) {
        return Err(CertificateError::malformed("empty name constraints extension"));
    }
    let mut handled = true;
    for (kind, subtrees) in [("Permitted", permitted), ("Excluded", excluded)] {
        handled &= subtrees.map_or(Ok(true), |subtrees| names(kind, subtrees, out))?;
    }
    out.insert("PermittedDNSDomainsCritical".to_owned(), Value::Bool(extension.critical));
    Ok(handled)
}

/// Names that are permitted and names that are excluded.
fn subtrees(value: &[u8]) -> Option<(Option<Reader<'_>>, Option<Reader<'_>>)> {
    let mut outer = Reader::new(value);
    let mut reader = outer.read(SEQUENCE).filter(|_| outer.is_empty())?;
    let permitted = reader.optional(context_constructed(0))?;
    let excluded = reader.optional(context_constructed(1))?;
    reader.is_empty().then_some((permitted, excluded))
}

/// Is every constraint of a kind that Go knows?
fn names(kind: &str, mut subtrees: Reader<'_>, out: &mut Fields) -> Handled {
    const MAIL: u8 = context(1);
    const HOST: u8 = context(2);
    const URI: u8 = context(6);
    const ADDRESS: u8 = context(7);
    let invalid = "invalid NameConstraints extension";
    let (mut hosts, mut mails, mut ranges, mut domains) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut handled = true;
    while !subtrees.is_empty() {
        let mut subtree = subtrees.read(SEQUENCE).or_malformed(invalid)?;
        let base = subtree.any().or_malformed(invalid)?;
        match base.tag {
            HOST => hosts.push(Value::from(domain(base.contents, "dnsName constraint")?)),
            MAIL => mails.push(Value::from(mail(base.contents)?)),
            URI => domains.push(Value::from(uri_domain(base.contents)?)),
            ADDRESS => ranges.push(range(base.contents)?),
            _ => handled = false,
        }
    }
    for (field, values) in
        [("DNSDomains", hosts), ("EmailAddresses", mails), ("IPRanges", ranges), ("URIDomains", domains)]
    {
        out.insert(format!("{kind}{field}"), json::list(values));
    }
    Ok(handled)
}

fn constraint(bytes: &[u8]) -> Result<&str, CertificateError> {
    let text = crate::scalar::quoted::quoted_bytes(bytes);
    ascii(bytes, &format!("invalid constraint value: x509: {text} cannot be encoded as an IA5String"))
}

/// A dot in front stands for all domains below.
fn domain<'a>(bytes: &'a [u8], what: &str) -> Result<&'a str, CertificateError> {
    let text = constraint(bytes)?;
    let rest = text.strip_prefix('.').unwrap_or(text);
    if text.is_empty() || !rest.is_empty() && is_domain(rest) {
        return Ok(text);
    }
    Err(CertificateError::malformed(format!("failed to parse {what} {}", quoted(text))))
}

/// A mailbox, or a domain.
fn mail(bytes: &[u8]) -> Result<&str, CertificateError> {
    let text = constraint(bytes)?;
    match text.rsplit_once('@') {
        None => domain(bytes, "rfc822Name constraint"),
        Some((local, host)) if is_local_part(local) && !host.is_empty() && is_domain(host) => Ok(text),
        Some(_) => Err(CertificateError::malformed(format!("failed to parse rfc822Name constraint {}", quoted(text)))),
    }
}

/// Words between dots, or anything between quotes.
///
/// Source: RFC 5321 section 4.1.2.
fn is_local_part(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match quoted {
        Some(inside) => inside.chars().all(|c| c.is_ascii_graphic() || c == ' '),
        None => text.split('.').all(|word| !word.is_empty() && word.chars().all(is_word)),
    }
}

fn uri_domain(bytes: &[u8]) -> Result<&str, CertificateError> {
    let text = constraint(bytes)?;
    if text.parse::<IpAddr>().is_ok() {
        let text = quoted(text);
        return Err(CertificateError::malformed(format!(
            "failed to parse URI constraint {text}: cannot be IP address"
        )));
    }
    domain(bytes, "URI constraint")
}

/// An address and a mask of the same length.
fn range(bytes: &[u8]) -> Result<Value, CertificateError> {
    let length = || CertificateError::malformed(format!("IP constraint contained value of length {}", bytes.len()));
    let (address, mask) = bytes.split_at_checked(bytes.len() / 2).ok_or_else(length)?;
    let address = json::address(address).filter(|_| address.len() == mask.len()).ok_or_else(length)?;
    let rest = mask.iter().skip_while(|byte| **byte == 0xff).copied().collect::<Vec<u8>>();
    let (partial, zeros) = rest.split_first().map_or((0, [].as_slice()), |(first, zeros)| (*first, zeros));
    if partial.leading_ones() + partial.trailing_zeros() < 8 || zeros.iter().any(|byte| *byte != 0) {
        let mask = hex::encode(mask);
        return Err(CertificateError::malformed(format!("IP constraint contained invalid mask {mask}")));
    }
    Ok(json!({ "IP": address, "Mask": json::bytes(mask) }))
}
