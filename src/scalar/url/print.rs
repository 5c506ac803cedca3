//! URLs as texts.
//!
//! Source: Go, package `net/url`, `URL.String`.

use super::Url;
use super::escape::{Place, escape, is_escaped};
use std::fmt;

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.opaque.is_empty() { self.escaped_path() } else { self.opaque.clone() };
        let head = self.head();
        f.write_str(&head)?;
        if self.opaque.is_empty() {
            if !path.is_empty() && !path.starts_with('/') && !self.host.is_empty() {
                f.write_str("/")?;
            }
            // A colon in the first segment would end a scheme (RFC 3986, section 4.2).
            if head.is_empty() && path.split('/').next().is_some_and(|segment| segment.contains(':')) {
                f.write_str("./")?;
            }
        }
        f.write_str(&path)?;
        if self.force_query || !self.raw_query.is_empty() {
            write!(f, "?{}", self.raw_query)?;
        }
        if self.fragment.is_empty() {
            return Ok(());
        }
        write!(f, "#{}", escaped(&self.fragment, &self.raw_fragment, Place::Fragment))
    }
}

impl Url {
    /// Scheme, user and host.
    fn head(&self) -> String {
        let mut head = String::new();
        if !self.scheme.is_empty() {
            head = format!("{}:", self.scheme);
        }
        let has_authority = !self.host.is_empty() || self.user.is_some();
        let has_slashes = has_authority || (!self.scheme.is_empty() && !self.omit_host && !self.path.is_empty());
        if !self.opaque.is_empty() || !has_slashes {
            return head;
        }
        head.push_str("//");
        if let Some(user) = &self.user {
            head.push_str(user);
            head.push('@');
        }
        head.push_str(&escape(self.host.as_bytes(), Place::Host));
        head
    }

    fn escaped_path(&self) -> String {
        if self.path == "*" { self.path.clone() } else { escaped(&self.path, &self.raw_path, Place::Path) }
    }
}

/// As it was written, if that is a way to escape it.
fn escaped(plain: &str, raw: &str, place: Place) -> String {
    if !raw.is_empty() && is_escaped(raw, place) { raw.to_owned() } else { escape(plain.as_bytes(), place) }
}
