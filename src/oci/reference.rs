//! Image references, as Kyverno reads them.
//!
//! Source: Kyverno `pkg/utils/image/infos.go`; `distribution/reference` for the grammar.

use super::{OciError, Repository};
use crate::digest::Digest;

const DEFAULT_REGISTRY: &str = "docker.io";

/// An image reference, registry added and tag defaulted.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageReference {
    repository: Repository,
    tag: Option<String>,
    digest: Option<Digest>,
    canonical: String,
}

impl ImageReference {
    /// Parses `[registry/]path[:tag][@digest]`.
    ///
    /// `docker.io` is added where the first component is no registry; `library/` never is. Without tag and digest the tag
    /// is `latest`; a digest alone leaves the tag empty.
    pub fn parse(text: &str) -> Result<Self, OciError> {
        let full = if lacks_registry(text) { format!("{DEFAULT_REGISTRY}/{text}") } else { text.to_owned() };
        let bad = |reason| OciError::Reference { text: full.clone(), default_registry: DEFAULT_REGISTRY, reason };
        let (name_and_tag, digest) = match full.split_once('@') {
            Some((name, digest)) => (name, Some(Digest::parse(digest).map_err(|_| bad("invalid digest"))?)),
            None => (full.as_str(), None),
        };
        let (name, tag) = split_tag(name_and_tag);
        if let Some(tag) = tag
            && !is_tag(tag)
        {
            return Err(bad("invalid tag"));
        }
        let (registry, path) = match name.split_once('/') {
            Some((domain, path)) if is_domain(domain) => (domain, path),
            Some(_) | None => return Err(bad("invalid reference format")),
        };
        if !is_path(path) {
            let upper = path.bytes().any(|b| b.is_ascii_uppercase());
            return Err(bad(if upper { "repository name must be lowercase" } else { "invalid reference format" }));
        }
        if name.len() > 255 {
            return Err(bad("repository name must not be more than 255 characters"));
        }
        let tag = tag.map(str::to_owned).or_else(|| digest.is_none().then(|| "latest".to_owned()));
        Ok(Self::new(Repository::new(registry, path), tag, digest))
    }

    fn new(repository: Repository, tag: Option<String>, digest: Option<Digest>) -> Self {
        let canonical = match (&digest, &tag) {
            (Some(digest), _) => format!("{repository}@{digest}"),
            (None, tag) => format!("{repository}:{}", tag.as_deref().unwrap_or("")),
        };
        Self { repository, tag, digest, canonical }
    }

    /// Host and port.
    pub fn registry(&self) -> &str {
        self.repository.registry()
    }

    /// What follows the registry, up to tag and digest.
    pub fn path(&self) -> &str {
        self.repository.path()
    }

    /// The last component of the path.
    pub fn name(&self) -> &str {
        self.path().rsplit('/').next().unwrap_or("")
    }

    /// The tag.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest.
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// Registry and path.
    pub fn repository(&self) -> Repository {
        self.repository.clone()
    }

    /// `registry/path@digest` if there is a digest, else `registry/path:tag`: what patterns, messages and annotations use.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The same image, named by digest.
    #[must_use]
    pub fn with_digest(&self, digest: &Digest) -> Self {
        Self::new(self.repository.clone(), self.tag.clone(), Some(digest.clone()))
    }
}

/// No component before a `/` that looks like a host: no `.`, no `:`, not `localhost`, all lower case.
fn lacks_registry(text: &str) -> bool {
    match text.split_once('/') {
        None => true,
        Some((first, _)) => !first.contains(['.', ':']) && first != "localhost" && first.to_lowercase() == first,
    }
}

/// The tag follows the last `:` behind the last `/`.
fn split_tag(text: &str) -> (&str, Option<&str>) {
    let start = text.rfind('/').map_or(0, |i| i + 1);
    match text.get(start..).and_then(|last| last.split_once(':')) {
        Some((name, tag)) => (text.get(..start + name.len()).unwrap_or(""), Some(tag)),
        None => (text, None),
    }
}

fn is_tag(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|b| word(b) || b == b'.' || b == b'-')
}

/// `host[:port]`, host being labels joined by dots, or a bracketed IPv6 address.
fn is_domain(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, "")) => return is_ipv6(address),
            Some((address, tail)) => return is_ipv6(address) && tail.strip_prefix(':').is_some_and(is_port),
            None => return false,
        },
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let label = |label: &str| {
        label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.split('.').all(label) && port.is_none_or(is_port)
}

fn is_ipv6(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b':')
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Components `[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*`, joined by `/`.
pub(super) fn is_path(text: &str) -> bool {
    text.split('/').all(is_component)
}

fn is_component(text: &str) -> bool {
    let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let ends = text.bytes().next().is_some_and(alphanumeric) && text.bytes().last().is_some_and(alphanumeric);
    let separators = text.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    ends && separators.into_iter().all(|s| matches!(s, "" | "." | "_" | "__") || s.bytes().all(|b| b == b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn references_are_read_as_kyverno_reads_them() {
        for (text, registry, path, tag, canonical) in [
            ("nginx", "docker.io", "nginx", "latest", "docker.io/nginx:latest"),
            ("nginx:v10.3", "docker.io", "nginx", "v10.3", "docker.io/nginx:v10.3"),
            ("test/nginx", "docker.io", "test/nginx", "latest", "docker.io/test/nginx:latest"),
            ("localhost:4443/test/nginx", "localhost:4443", "test/nginx", "latest", "localhost:4443/test/nginx:latest"),
            ("localhost/x:1", "localhost", "x", "1", "localhost/x:1"),
            ("docker.io/test/centos@sha256:HEX", "docker.io", "test/centos", "", "docker.io/test/centos@sha256:HEX"),
            ("r.example:10443/i:tag@sha256:HEX", "r.example:10443", "i", "tag", "r.example:10443/i@sha256:HEX"),
            (
                "index.docker.io/busybox:v1.2.3",
                "index.docker.io",
                "busybox",
                "v1.2.3",
                "index.docker.io/busybox:v1.2.3",
            ),
            ("nginx:latest@sha256:HEX", "docker.io", "nginx", "latest", "docker.io/nginx@sha256:HEX"),
            ("Foo/bar", "Foo", "bar", "latest", "Foo/bar:latest"),
            ("[::1]:5000/a", "[::1]:5000", "a", "latest", "[::1]:5000/a:latest"),
        ] {
            let image = ImageReference::parse(&text.replace("HEX", HEX)).unwrap();
            assert_eq!(image.registry(), registry, "{text}");
            assert_eq!(image.path(), path, "{text}");
            assert_eq!(image.tag().unwrap_or(""), tag, "{text}");
            assert_eq!(image.canonical(), canonical.replace("HEX", HEX), "{text}");
        }
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for text in [
            "++",
            "",
            "a//b",
            "a:",
            "a:b:c",
            "r.io/a@sha256:00",
            "r.io/a@md5:00",
            "r.io/UPPER",
            "r.io/a b",
            "-a",
            "a-",
            "a..b",
            "a___b",
            "r.io/",
            "/a",
            "http://r.io/a",
            "r.io/a:.x",
            "a@b@c",
            "é",
        ] {
            assert!(ImageReference::parse(text).is_err(), "{text:?}");
        }
        assert!(ImageReference::parse(&format!("r.io/{}", "a".repeat(300))).is_err());
    }

    #[test]
    fn a_digest_replaces_the_tag_in_the_name() {
        let image = ImageReference::parse("r.io/a:1").unwrap();
        let digest = Digest::parse(&format!("sha256:{HEX}")).unwrap();
        assert_eq!(image.with_digest(&digest).canonical(), format!("r.io/a@sha256:{HEX}"));
        assert_eq!(image.with_digest(&digest).tag(), Some("1"));
    }
}
