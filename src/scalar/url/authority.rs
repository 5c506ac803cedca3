//! User, host and port.
//!
//! Source: Go, package `net/url`, `parseAuthority` and `parseHost`.

use super::UrlReason;
use super::escape::{Place, escape, unescape};
use crate::scalar::quoted::lossy;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The user, escaped, and the host with its port.
pub(super) fn authority(scheme: &str, text: &str) -> Result<(Option<String>, String), UrlReason> {
    let Some((user, host)) = text.rsplit_once('@') else {
        return Ok((None, host(scheme, text)?));
    };
    let host = self::host(scheme, host)?;
    let is_user = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
    if !user.chars().all(is_user) {
        return Err(UrlReason::User);
    }
    let mut parts = Vec::new();
    for part in user.splitn(2, ':') {
        parts.push(escape(&unescape(part, Place::User)?, Place::User));
    }
    Ok((Some(parts.join(":")), host))
}

fn host(scheme: &str, host: &str) -> Result<String, UrlReason> {
    match host.rfind('[') {
        Some(0) => return ip_literal(host),
        Some(_) => return Err(UrlReason::IpLiteral),
        None => {}
    }
    // Lists of hosts, as databases have them, have several colons; the web has one.
    let strict = matches!(scheme, "http" | "https");
    if let Some(at) = if strict { host.find(':') } else { host.rfind(':') } {
        check_port(host.get(at..).unwrap_or_default())?;
    }
    unescape(host, Place::Host).map(|host| lossy(&host))
}

fn check_port(text: &str) -> Result<(), UrlReason> {
    match text.strip_prefix(':') {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => Ok(()),
        None if text.is_empty() => Ok(()),
        _ => Err(UrlReason::Port(text.to_owned())),
    }
}

/// `[fe80::1%25en0]:80`
fn ip_literal(host: &str) -> Result<String, UrlReason> {
    let (inside, port) = host.rsplit_once(']').ok_or(UrlReason::MissingBracket)?;
    check_port(port)?;
    let inside = inside.strip_prefix('[').unwrap_or(inside);
    let (address, zone) = inside.split_at_checked(inside.find("%25").unwrap_or(inside.len())).unwrap_or((inside, ""));
    let mut name = lossy(&unescape(address, Place::Host)?);
    name.push_str(&lossy(&unescape(zone, Place::Zone)?));
    if name.parse::<Ipv4Addr>().is_ok() {
        return Err(UrlReason::IpLiteral);
    }
    let (address, zone) = name.split_once('%').map_or((name.as_str(), None), |(address, zone)| (address, Some(zone)));
    if address.parse::<Ipv6Addr>().is_err() || zone == Some("") {
        return Err(UrlReason::Address(name));
    }
    Ok(format!("[{name}]{port}"))
}
