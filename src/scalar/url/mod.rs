//! URLs as Go's package `net/url` reads them.
//!
//! Source: Go, package `net/url`, `Parse`.

mod authority;
mod escape;
mod print;

use super::quoted::{lossy, quoted, quoted_bytes};
use escape::{Place, unescape};
use thiserror::Error;

/// A URL in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// In small letters; empty for a relative URL.
    pub scheme: String,
    /// What follows the scheme where no slash does.
    pub opaque: String,
    /// What stood before an `@`, as Go escapes it: name, or name and password.
    pub user: Option<String>,
    /// Host and port.
    pub host: String,
    /// The path, unescaped.
    pub path: String,
    /// What follows `#`, unescaped.
    pub fragment: String,
    /// What follows `?`.
    pub raw_query: String,
    /// The path as it was written, if escaping the path again gives another text; else empty.
    pub raw_path: String,
    /// The fragment as it was written, if escaping the fragment again gives another text; else empty.
    pub raw_fragment: String,
    /// Does it end with a `?` that nothing follows?
    pub force_query: bool,
    /// Is there a scheme and an absolute path, but no `//`?
    pub omit_host: bool,
}

/// Why a text is no URL. The messages are Go's.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("parse {}: {reason}", quoted(.url))]
pub struct UrlError {
    /// The URL; without what follows `#`, if it is wrong before that.
    pub url: String,
    /// What is wrong with it.
    pub reason: UrlReason,
}

impl UrlError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        "url"
    }
}

/// What is wrong with a URL.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum UrlReason {
    /// A character below the blank, or delete.
    #[error("net/url: invalid control character in URL")]
    Control,
    /// It begins with a colon.
    #[error("missing protocol scheme")]
    MissingScheme,
    /// A colon that ends no scheme, before the first slash.
    #[error("first path segment in URL cannot contain colon")]
    Colon,
    /// A per cent sign without two hexadecimal digits, or for a character that must not be escaped there.
    #[error("invalid URL escape {}", quoted_bytes(.0))]
    Escape(Vec<u8>),
    /// Not a character of a host.
    #[error("invalid character {} in host name", quoted(.0))]
    HostCharacter(String),
    /// Not a port.
    #[error("invalid port {} after host", quoted(.0))]
    Port(String),
    /// A bracket that does not close.
    #[error("missing ']' in host")]
    MissingBracket,
    /// Brackets around something else than an IPv6 address.
    #[error("invalid IP-literal")]
    IpLiteral,
    /// Not an address.
    #[error("invalid host: ParseAddr({}): unable to parse IP", quoted(.0))]
    Address(String),
    /// Not a user name or password.
    #[error("net/url: invalid userinfo")]
    User,
}

impl Url {
    /// Reads an absolute or a relative URL.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
        let error = |url: &str| {
            let url = url.to_owned();
            move |reason| UrlError { url, reason }
        };
        let mut url = without_fragment(before).map_err(error(before))?;
        let (plain, raw) = plain_and_raw(fragment, Place::Fragment).map_err(error(text))?;
        (url.fragment, url.raw_fragment) = (plain, raw);
        Ok(url)
    }
}

fn without_fragment(text: &str) -> Result<Url, UrlReason> {
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return Err(UrlReason::Control);
    }
    if text == "*" {
        return Ok(Url { path: text.to_owned(), ..Url::default() });
    }
    let (scheme, rest) = split_scheme(text)?;
    let mut url = Url { scheme: scheme.to_ascii_lowercase(), ..Url::default() };
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    url.force_query = query == Some("");
    url.raw_query = query.unwrap_or_default().to_owned();
    if !rest.starts_with('/') {
        if !scheme.is_empty() {
            url.opaque = rest.to_owned();
            return Ok(url);
        }
        if rest.split('/').next().is_some_and(|segment| segment.contains(':')) {
            return Err(UrlReason::Colon);
        }
    }
    let path = match rest.strip_prefix("//") {
        Some(after) if !scheme.is_empty() || !after.starts_with('/') => {
            let end = after.find('/').unwrap_or(after.len());
            let (authority, path) = after.split_at_checked(end).unwrap_or((after, ""));
            (url.user, url.host) = authority::authority(&url.scheme, authority)?;
            path
        }
        _ => {
            url.omit_host = !scheme.is_empty() && rest.starts_with('/');
            rest
        }
    };
    (url.path, url.raw_path) = plain_and_raw(path, Place::Path)?;
    Ok(url)
}

/// The scheme, or nothing, and what follows its colon.
fn split_scheme(text: &str) -> Result<(&str, &str), UrlReason> {
    let Some((scheme, rest)) = text.split_once(':') else {
        return Ok(("", text));
    };
    let Some(first) = scheme.chars().next() else {
        return Err(UrlReason::MissingScheme);
    };
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if first.is_ascii_alphabetic() && scheme.chars().all(is_scheme) { Ok((scheme, rest)) } else { Ok(("", text)) }
}

/// The text without escapes; and the text as it is, if it is not what escaping gives.
fn plain_and_raw(text: &str, place: Place) -> Result<(String, String), UrlReason> {
    let plain = unescape(text, place)?;
    let raw = if escape::escape(&plain, place) == text { String::new() } else { text.to_owned() };
    Ok((lossy(&plain), raw))
}

#[cfg(test)]
mod tests;
