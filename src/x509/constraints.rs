//! Which names an authority may certify.
//!
//! Source: RFC 5280, section 4.2.1.10; Go `crypto/x509/constraints.go`.

use super::{AlternativeNames, ChainError, Name};
use crate::encoding::der::{Reader, SEQUENCE, context, context_constructed};

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

impl NameConstraints {
    /// The constraints, and whether all of them are of understood kinds.
    pub(super) fn parse(mut value: Reader<'_>) -> Option<(Self, bool)> {
        let mut reader = value.read(SEQUENCE)?;
        let permitted = reader.optional(context_constructed(0))?;
        let excluded = reader.optional(context_constructed(1))?;
        let (permitted, first) = permitted.map_or(Some((Vec::new(), true)), subtrees)?;
        let (excluded, second) = excluded.map_or(Some((Vec::new(), true)), subtrees)?;
        Some((Self { permitted, excluded }, first && second))
    }

    /// May `authority`, whose constraints these are, certify `names`?
    pub(super) fn check(&self, names: &AlternativeNames, authority: &Name) -> Result<(), ChainError> {
        let refused =
            |name: &str| ChainError::NameConstraint { authority: authority.to_string(), name: name.to_owned() };
        let kinds: [(&[String], Kind); 4] = [
            (&names.dns, |constraint, name| match constraint {
                Constraint::Dns(domain) => Some(in_domain(domain, name)),
                _ => None,
            }),
            (&names.emails, |constraint, name| match constraint {
                Constraint::Email(mailbox) => Some(in_mailboxes(mailbox, name)),
                _ => None,
            }),
            (&names.ip_addresses, |constraint, name| match constraint {
                Constraint::Ip(range) => Some(in_range(range, name)),
                _ => None,
            }),
            (&names.uris, |constraint, name| match constraint {
                Constraint::Uri(domain) => Some(host(name).is_some_and(|host| in_domain(domain, host))),
                _ => None,
            }),
        ];
        for (names, matches) in kinds {
            for name in names {
                let mut permitted = self.permitted.iter().filter_map(|constraint| matches(constraint, name)).peekable();
                let outside = permitted.peek().is_some() && !permitted.any(|matched| matched);
                if outside || self.excluded.iter().any(|constraint| matches(constraint, name) == Some(true)) {
                    return Err(refused(name));
                }
            }
        }
        Ok(())
    }
}

/// Does the name match the constraint? `None`: the constraint is about other kinds of names.
type Kind = fn(&Constraint, &str) -> Option<bool>;

fn subtrees(mut list: Reader<'_>) -> Option<(Vec<Constraint>, bool)> {
    const EMAIL: u8 = context(1);
    const DNS: u8 = context(2);
    const URI: u8 = context(6);
    const IP_ADDRESS: u8 = context(7);
    let mut found = Vec::new();
    let mut complete = true;
    while !list.is_empty() {
        let base = list.read(SEQUENCE)?.any()?;
        let text = || std::str::from_utf8(base.contents).ok().filter(|text| text.is_ascii()).map(str::to_owned);
        match base.tag {
            DNS => found.push(Constraint::Dns(text()?)),
            EMAIL => found.push(Constraint::Email(text()?)),
            IP_ADDRESS => found.push(Constraint::Ip(base.contents.to_vec())),
            URI => found.push(Constraint::Uri(text()?)),
            _ => complete = false,
        }
    }
    Some((found, complete))
}

/// A domain holds itself and what is below it; with a dot in front only what is below it.
fn in_domain(domain: &str, name: &str) -> bool {
    let (domain, name) = (domain.to_ascii_lowercase(), name.trim_end_matches('.').to_ascii_lowercase());
    match domain.strip_prefix('.') {
        Some(_) => name.ends_with(&domain),
        None => domain.is_empty() || name == domain || name.ends_with(&format!(".{domain}")),
    }
}

/// A mailbox, a host, or with a dot in front every host below.
fn in_mailboxes(constraint: &str, mailbox: &str) -> bool {
    let Some((local, host)) = mailbox.rsplit_once('@') else { return false };
    match constraint.rsplit_once('@') {
        Some((wanted, at)) => local == wanted && host.eq_ignore_ascii_case(at),
        None if constraint.starts_with('.') => in_domain(constraint, host),
        None => constraint.is_empty() || host.eq_ignore_ascii_case(constraint),
    }
}

fn in_range(range: &[u8], address: &str) -> bool {
    let Ok(address) = address.parse::<std::net::IpAddr>() else { return false };
    let octets = match address {
        std::net::IpAddr::V4(four) => four.octets().to_vec(),
        std::net::IpAddr::V6(sixteen) => sixteen.octets().to_vec(),
    };
    let Some((network, mask)) = range.split_at_checked(octets.len()) else { return false };
    mask.len() == octets.len()
        && octets.iter().zip(network).zip(mask).all(|((octet, network), mask)| octet & mask == network & mask)
}

/// The host of a URI; an IP address is none.
fn host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split(':').next()?;
    (!host.is_empty() && !host.starts_with('[') && host.parse::<std::net::IpAddr>().is_err()).then_some(host)
}
