//! The grammar of image references.
//!
//! Source: `distribution/reference` v0.6.0 `regexp.go` and `reference.go`; `opencontainers/go-digest` for the digest.

use crate::digest::{Digest, DigestError};
use thiserror::Error;

/// Longest path of a repository (`RepositoryNameTotalLengthMax`).
const PATH_MAX: usize = 255;
const TAG_MAX: usize = 128;
/// The grammar asks for this many hex digits before it looks at the algorithm.
const DIGEST_HEX_MIN: usize = 32;

/// Why a text is no reference. The texts are upstream's.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum GrammarError {
    /// The digest has upper-case hex.
    #[error("invalid checksum digest format")]
    DigestFormat,
    /// The digest has another length than its algorithm's.
    #[error("invalid checksum digest length")]
    DigestLength,
    /// The digest is of an unknown algorithm.
    #[error("unsupported digest algorithm")]
    DigestUnsupported,
    /// Anything else.
    #[error("invalid reference format")]
    Format,
    /// The path is longer than 255 characters.
    #[error("repository name must not be more than 255 characters")]
    TooLong,
    /// It would be a reference in lower case.
    #[error("repository name must be lowercase")]
    Uppercase,
}

/// A reference taken apart.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) domain: Option<&'a str>,
    pub(super) path: &'a str,
    pub(super) tag: Option<&'a str>,
    pub(super) digest: Option<Digest>,
}

/// Parses `[domain/]path[:tag][@digest]`.
pub(super) fn parse(text: &str) -> Result<Parts<'_>, GrammarError> {
    let Some(form) = Form::of(text) else {
        let lower = text.to_lowercase();
        return Err(if Form::of(&lower).is_some() { GrammarError::Uppercase } else { GrammarError::Format });
    };
    if form.path.len() > PATH_MAX {
        return Err(GrammarError::TooLong);
    }
    let digest = form.digest.map(Digest::parse).transpose().map_err(|error| match error {
        DigestError::Form(_) => GrammarError::DigestFormat,
        DigestError::UnknownAlgorithm(_) => GrammarError::DigestUnsupported,
        DigestError::Hex { expected, found, .. } if found.len() != expected => GrammarError::DigestLength,
        DigestError::Hex { .. } => GrammarError::DigestFormat,
    })?;
    Ok(Parts { domain: form.domain, path: form.path, tag: form.tag, digest })
}

/// What the regular expression alone says.
struct Form<'a> {
    domain: Option<&'a str>,
    path: &'a str,
    tag: Option<&'a str>,
    digest: Option<&'a str>,
}

impl<'a> Form<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let (name, tag) = split_tag(rest);
        if !tag.is_none_or(is_tag) || !digest.is_none_or(is_digest) {
            return None;
        }
        let (domain, path) = match name.split_once('/') {
            Some((domain, path)) if is_domain(domain) && is_path(path) => (Some(domain), path),
            _ if is_path(name) => (None, name),
            _ => return None,
        };
        Some(Self { domain, path, tag, digest })
    }
}

/// The tag follows the first `:` behind the last `/`.
fn split_tag(text: &str) -> (&str, Option<&str>) {
    let last = text.rsplit('/').next().unwrap_or(text);
    match last.split_once(':') {
        Some((_, tag)) => (text.strip_suffix(tag).and_then(|name| name.strip_suffix(':')).unwrap_or(text), Some(tag)),
        None => (text, None),
    }
}

fn is_tag(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    text.len() <= TAG_MAX
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|b| word(b) || matches!(b, b'.' | b'-'))
}

/// `algorithm[+_.-component]...:hex`.
fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else { return false };
    let component = |text: &str| {
        text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    algorithm.split(['-', '_', '+', '.']).all(component)
        && hex.len() >= DIGEST_HEX_MIN
        && hex.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `host[:port]`, the host being labels joined by dots or a bracketed IPv6 address.
pub(super) fn is_domain(text: &str) -> bool {
    let (host, tail) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, tail)) => (is_ipv6(address), tail),
            None => return false,
        },
        None => match text.split_once(':') {
            Some((host, port)) => return is_host_name(host) && is_port(port),
            None => (is_host_name(text), ""),
        },
    };
    host && (tail.is_empty() || tail.strip_prefix(':').is_some_and(is_port))
}

fn is_host_name(text: &str) -> bool {
    text.split('.').all(|label| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

fn is_ipv6(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b':')
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Components joined by `/`.
pub(super) fn is_path(text: &str) -> bool {
    text.split('/').all(is_component)
}

/// Runs of lower-case letters and digits, joined by one `.`, one or two `_`, or any number of `-`.
fn is_component(text: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separator = |text: &str| matches!(text, "" | "." | "_" | "__") || text.bytes().all(|b| b == b'-');
    text.starts_with(alphanumeric) && text.ends_with(alphanumeric) && text.split(alphanumeric).all(separator)
}
