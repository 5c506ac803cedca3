//! Which names an authority may certify.
//!
//! Source: RFC 5280, section 4.2.1.10; Go `crypto/x509/parser.go` (`parseNameConstraintsExtension`) and `constraints.go`.

use super::{AlternativeNames, ChainError, Name};
use crate::encoding::der::{Reader, SEQUENCE, context, context_constructed};
use crate::scalar::certificate::is_domain;
use crate::scalar::url::Url;
use std::net::IpAddr;

/// `nameConstraints`, of the kinds of names that are understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NameConstraints {
    permitted: Vec<Constraint>,
    excluded: Vec<Constraint>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Constraint {
    Dns(String),
    Email(String),
    /// Address and mask, one after the other.
    Ip(Vec<u8>),
    Uri(String),
}

/// A name, as far as constraints are about it.
enum Subject<'a> {
    Dns(&'a str),
    Email { local: &'a str, domain: &'a str },
    Ip(IpAddr),
    Uri(String),
}

/// How a text becomes a name; `None`: it cannot be compared.
type Reading = fn(&str) -> Option<Subject<'_>>;

impl NameConstraints {
    /// The constraints; those of kinds that are not understood are left out.
    pub(super) fn parse(mut value: Reader<'_>) -> Option<Self> {
        let mut reader = value.read(SEQUENCE)?;
        let permitted = reader.optional(context_constructed(0))?.map_or(Some(Vec::new()), subtrees)?;
        let excluded = reader.optional(context_constructed(1))?.map_or(Some(Vec::new()), subtrees)?;
        Some(Self { permitted, excluded })
    }

    /// May `authority`, whose constraints these are, certify `names`? Not names that cannot be compared, whatever the
    /// constraints are.
    pub(super) fn check(&self, names: &AlternativeNames, authority: &Name) -> Result<(), ChainError> {
        let refused =
            |name: &String| ChainError::NameConstraint { authority: authority.to_string(), name: name.to_owned() };
        let kinds: [(&[String], Reading); 4] = [
            (&names.dns, |name| is_domain(name).then_some(Subject::Dns(name))),
            (&names.emails, mailbox),
            (&names.ip_addresses, |name| name.parse().ok().map(Subject::Ip)),
            (&names.uris, |name| host(name).map(Subject::Uri)),
        ];
        for (names, read) in kinds {
            for name in names {
                let subject = read(name).ok_or_else(|| refused(name))?;
                if !self.allows(&subject) {
                    return Err(refused(name));
                }
            }
        }
        Ok(())
    }

    fn allows(&self, subject: &Subject<'_>) -> bool {
        let mut permitted =
            self.permitted.iter().filter_map(|constraint| matches(constraint, subject, false)).peekable();
        let is_inside = permitted.peek().is_none() || permitted.any(|matched| matched);
        is_inside && !self.excluded.iter().any(|constraint| matches(constraint, subject, true) == Some(true))
    }
}

fn subtrees(mut list: Reader<'_>) -> Option<Vec<Constraint>> {
    const EMAIL: u8 = context(1);
    const DNS: u8 = context(2);
    const URI: u8 = context(6);
    const IP_ADDRESS: u8 = context(7);
    let mut found = Vec::new();
    while !list.is_empty() {
        let base = list.read(SEQUENCE)?.any()?;
        let text = || std::str::from_utf8(base.contents).ok().map(str::to_owned);
        match base.tag {
            DNS => found.push(Constraint::Dns(text()?)),
            EMAIL => found.push(Constraint::Email(text()?)),
            IP_ADDRESS => found.push(Constraint::Ip(base.contents.to_vec())),
            URI => found.push(Constraint::Uri(text()?)),
            _ => {}
        }
    }
    Some(found)
}

/// Does the name match the constraint? `None`: the constraint is about other kinds of names.
fn matches(constraint: &Constraint, subject: &Subject<'_>, excludes: bool) -> Option<bool> {
    match (constraint, subject) {
        (Constraint::Dns(domain), Subject::Dns(name)) => Some(in_domain(domain, name, excludes)),
        (Constraint::Uri(domain), Subject::Uri(host)) => Some(in_domain(domain, host, excludes)),
        (Constraint::Email(wanted), Subject::Email { local, domain }) => Some(match mailbox(wanted) {
            Some(Subject::Email { local: wanted, domain: at }) => *local == wanted && domain.eq_ignore_ascii_case(at),
            _ => in_domain(wanted, domain, excludes),
        }),
        (Constraint::Ip(range), Subject::Ip(address)) => Some(in_range(range, address)),
        _ => None,
    }
}

/// A domain holds itself and what is below it; with a dot in front only what is below it. A wildcard is excluded with any
/// domain that it may stand for.
fn in_domain(domain: &str, name: &str, excludes: bool) -> bool {
    let (domain, name) = (domain.to_ascii_lowercase(), name.to_ascii_lowercase());
    let parent = |name: &str| name.split_once('.').map(|(_, parent)| parent.to_owned());
    let stands_for = excludes && name.starts_with('*') && parent(&name).is_some() && parent(&name) == parent(&domain);
    match name.strip_suffix(&domain) {
        Some(before) => domain.is_empty() || before.is_empty() || domain.starts_with('.') || before.ends_with('.'),
        None => stands_for,
    }
}

fn in_range(range: &[u8], address: &IpAddr) -> bool {
    let octets = match address {
        IpAddr::V4(four) => four.octets().to_vec(),
        // As Go has it: an IPv4 address in a long coat is in no range.
        IpAddr::V6(sixteen) if sixteen.to_ipv4_mapped().is_some() => return false,
        IpAddr::V6(sixteen) => sixteen.octets().to_vec(),
    };
    let Some((network, mask)) = range.split_at_checked(octets.len()) else { return false };
    mask.len() == octets.len()
        && octets.iter().zip(network).zip(mask).all(|((octet, network), mask)| octet & mask == network & mask)
}

/// Not quoted, and without escapes: Go reads these too.
fn mailbox(text: &str) -> Option<Subject<'_>> {
    let (local, domain) = text.split_once('@')?;
    let is_atom = |atom: &str| {
        !atom.is_empty() && atom.bytes().all(|c| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&c))
    };
    (local.split('.').all(is_atom) && is_domain(domain)).then_some(Subject::Email { local, domain })
}

/// The host of a URI; an IP address is none.
fn host(uri: &str) -> Option<String> {
    let mut host = Url::parse(uri).ok()?.host;
    if let Some((name, _)) = host.split_once(':').filter(|_| !host.ends_with(']')) {
        host = name.to_owned();
    }
    let is_name = !host.is_empty() && !host.contains(['[', ':']) && host.parse::<IpAddr>().is_err();
    (is_name && is_domain(&host)).then_some(host)
}
