//! Functions of URLs.

use super::super::error::EvalError;
use super::super::eval::Outcome;
use super::call::{Call, given};
use super::table::{Function, STRING, Type};
use crate::scalar::url::Url;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) const FUNCTIONS: &[Function] = &[Function::new(
    "is_external_url",
    &[STRING],
    Type::Bool,
    "is the host an address that is neither of this machine nor of a private network?",
    is_external_url,
)];

/// Upstream asks the network for the addresses of a name; nothing here may depend on it.
fn is_external_url<'a>(call: &mut Call<'_, 'a>) -> Outcome<'a> {
    let url = Url::parse(call.text(0)?).map_err(|error| EvalError::failed(error.to_string()))?;
    let host = host_name(&url.host);
    match host.parse::<IpAddr>() {
        Ok(address) => given(!is_internal(address)),
        Err(_) => {
            Err(call.fail(format!("names are not resolved here: expected an IP address as host, found `{host}`")))
        }
    }
}

/// Without the port and the brackets of an IPv6 address. Source: Go, package `net/url`, `URL.Hostname`.
fn host_name(host: &str) -> &str {
    match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or(host, |(address, _)| address),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    }
}

/// Source: Go, package `net`, `IP.IsLoopback` and `IP.IsPrivate`, which see through mapped addresses.
fn is_internal(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => Ipv4Addr::is_loopback(&address) || Ipv4Addr::is_private(&address),
        IpAddr::V6(address) => Ipv6Addr::is_loopback(&address) || Ipv6Addr::is_unique_local(&address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_internal_or_external() {
        for (host, expected) in [
            ("127.0.0.1:80", true),
            ("10.1.2.3", true),
            ("172.32.0.1", false),
            ("8.8.8.8", false),
            ("[::1]:443", true),
            ("[fd00::1]", true),
            ("[::ffff:192.168.0.1]", true),
            ("[2001:db8::1]", false),
        ] {
            assert_eq!(is_internal(host_name(host).parse().unwrap()), expected, "{host}");
        }
    }
}
