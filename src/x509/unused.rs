//! Extensions that say nothing that is looked at here, but make no certificate where they are malformed.
//!
//! Source: Go `crypto/x509/parser.go` (`processExtensions`, `parseCertificatePoliciesExtension`).

use super::extensions::Extension;
use crate::encoding::der::{INTEGER, OBJECT_IDENTIFIER, Reader, SEQUENCE, context, context_constructed};

/// Is the extension what it says it is? `true` for those that are not known.
pub(super) fn is_well_formed(extension: &Extension) -> bool {
    let value = Reader::new(&extension.value);
    let read = match extension.oid.as_str() {
        "2.5.29.31" => each(value, distribution_point),
        "2.5.29.32" => policies(value),
        "2.5.29.33" => each(value, policy_mapping),
        "2.5.29.36" => policy_constraints(value),
        "2.5.29.54" => inhibited_policies(value),
        // It must not be critical (RFC 5280, section 4.2.2.1), and Go insists.
        "1.3.6.1.5.5.7.1.1" if extension.critical => None,
        "1.3.6.1.5.5.7.1.1" => each(value, access),
        _ => Some(()),
    };
    read.is_some()
}

/// A sequence of sequences.
fn each<'a>(mut value: Reader<'a>, mut read: impl FnMut(&mut Reader<'a>) -> Option<()>) -> Option<()> {
    let mut list = value.read(SEQUENCE)?;
    while !list.is_empty() {
        read(&mut list.read(SEQUENCE)?)?;
    }
    Some(())
}

fn distribution_point(point: &mut Reader<'_>) -> Option<()> {
    if let Some(mut name) = point.optional(context_constructed(0))? {
        let mut names = name.read(context_constructed(0))?;
        while names.peek(context(6)) {
            names.bytes(context(6))?;
        }
    }
    Some(())
}

/// None is there twice. The numbers in their identifiers may be of any size.
fn policies(value: Reader<'_>) -> Option<()> {
    let mut seen = Vec::new();
    each(value, |policy| {
        let policy = policy.bytes(OBJECT_IDENTIFIER)?;
        let is_whole = policy.last().is_some_and(|last| last & 0x80 == 0);
        let is_new = !seen.contains(&policy);
        seen.push(policy);
        (is_whole && is_new).then_some(())
    })
}

fn policy_mapping(mapping: &mut Reader<'_>) -> Option<()> {
    mapping.bytes(OBJECT_IDENTIFIER)?;
    mapping.bytes(OBJECT_IDENTIFIER).map(|_| ())
}

fn policy_constraints(mut value: Reader<'_>) -> Option<()> {
    let mut constraints = value.read(SEQUENCE)?;
    for tag in [context(0), context(1)] {
        if constraints.peek(tag) {
            constraints.int64(tag)?;
        }
    }
    Some(())
}

fn inhibited_policies(mut value: Reader<'_>) -> Option<()> {
    value.int64(INTEGER).map(|_| ())
}

fn access(description: &mut Reader<'_>) -> Option<()> {
    description.object_identifier()?;
    description.optional(context(6)).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::{Extension, is_well_formed};

    fn check(oid: &str, value: &[u8]) -> bool {
        is_well_formed(&Extension { oid: oid.to_owned(), critical: false, value: value.to_vec() })
    }

    #[test]
    fn forms_are_those_of_the_extensions() {
        // [0] { [0] { [6] "a" } }
        assert!(check("2.5.29.31", &[0x30, 9, 0x30, 7, 0xa0, 5, 0xa0, 3, 0x86, 1, b'a']));
        assert!(check("2.5.29.32", &[0x30, 5, 0x30, 3, 6, 1, 0x2a]));
        assert!(check("2.5.29.33", &[0x30, 8, 0x30, 6, 6, 1, 0x2a, 6, 1, 0x2b]));
        assert!(check("2.5.29.36", &[0x30, 6, 0x80, 1, 0, 0x81, 1, 0]));
        assert!(check("2.5.29.54", &[2, 1, 0]));
        assert!(check("1.3.6.1.5.5.7.1.1", &[0x30, 8, 0x30, 6, 6, 1, 0x2a, 0x86, 1, b'a']));
        let keyed = ["2.5.29.31", "2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.54", "1.3.6.1.5.5.7.1.1"];
        assert!(keyed.iter().all(|oid| !check(oid, &[3, 2, 1, 6])));
        assert!(check("1.2.3", &[3, 2, 1, 6]));
    }

    #[test]
    fn a_policy_is_there_once() {
        assert!(!check("2.5.29.32", &[0x30, 10, 0x30, 3, 6, 1, 0x2a, 0x30, 3, 6, 1, 0x2a]));
    }

    #[test]
    fn access_to_information_is_not_critical() {
        let oid = "1.3.6.1.5.5.7.1.1".to_owned();
        assert!(!is_well_formed(&Extension { oid, critical: true, value: vec![0x30, 0] }));
    }
}
