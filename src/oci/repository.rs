//! Repositories: registry and path.

use super::{OciError, grammar};
use std::fmt;

/// Docker Hub, as image strings name it.
pub(super) const DOCKER_HUB: &str = "docker.io";
/// Longest path (go-containerregistry `name.NewRepository`).
const PATH_MAX: usize = 255;

/// A repository. The registry stands as written: `docker.io` is not made `index.docker.io`, and nothing gets
/// `library/`; both happen on the wire, which is the host's. It is empty for an image of which Kyverno was told to add
/// no registry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Repository {
    registry: String,
    path: String,
}

impl Repository {
    pub(super) fn new(registry: &str, path: &str) -> Self {
        Self { registry: registry.to_owned(), path: path.to_owned() }
    }

    /// Parses `[registry/]path`, the form of a policy's `repository`; without a registry it is Docker Hub's.
    ///
    /// The first component is a registry if it is `localhost` or has a `.` or a `:` (go-containerregistry
    /// `name.NewRepository`, which is content with any of `[a-z0-9_./-]` in a path). Here both parts must also fit the
    /// grammar of image references: a path such as `a/../b` would leave its place in the registry's address.
    pub fn parse(text: &str) -> Result<Self, OciError> {
        let refused = |reason| OciError::Repository { text: text.to_owned(), reason };
        let is_registry = |first: &str| first == "localhost" || first.contains(['.', ':']);
        let (registry, path) = match text.split_once('/') {
            Some((first, rest)) if is_registry(first) => (first, rest),
            _ => (DOCKER_HUB, text),
        };
        Self::checked(registry, path).map_err(refused)
    }

    /// From its two parts; the registry may be empty.
    pub fn from_parts(registry: &str, path: &str) -> Result<Self, OciError> {
        Self::checked(registry, path)
            .map_err(|reason| OciError::Repository { text: format!("{registry}/{path}"), reason })
    }

    fn checked(registry: &str, path: &str) -> Result<Self, &'static str> {
        if !registry.is_empty() && !grammar::is_domain(registry) {
            return Err("the registry is no host name with an optional port");
        }
        if path.len() > PATH_MAX {
            return Err("the path has more than 255 characters");
        }
        if !grammar::is_path(path) {
            return Err("the path is no list of lower-case names joined by `/`");
        }
        Ok(Self::new(registry, path))
    }

    /// Host and port, as written.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// What follows the registry.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.registry.is_empty() {
            write!(f, "{}/", self.registry)?;
        }
        f.write_str(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_component_is_a_registry_if_it_looks_like_a_host() {
        for (text, registry, path) in [
            ("ghcr.io/org/sigs", "ghcr.io", "org/sigs"),
            ("localhost:5000/sigs", "localhost:5000", "sigs"),
            ("localhost/sigs", "localhost", "sigs"),
            ("org/sigs", "docker.io", "org/sigs"),
            ("sigs", "docker.io", "sigs"),
            ("index.docker.io/a/b", "index.docker.io", "a/b"),
            ("[::1]:5000/a", "[::1]:5000", "a"),
        ] {
            let repository = Repository::parse(text).unwrap();
            assert_eq!((repository.registry(), repository.path()), (registry, path), "{text}");
            assert_eq!(repository.to_string(), format!("{registry}/{path}"));
        }
    }

    #[test]
    fn what_could_lead_elsewhere_is_refused() {
        let long = format!("r.io/{}", "a".repeat(256));
        for text in [
            "",
            "r.io/",
            "/a",
            "r.io/a/../b",
            "../a",
            "r.io/a//b",
            "r.io/a/",
            "R.io/A",
            "ghcr.io/org/app:tag",
            "app:tag",
            "r.io/a@sha256:00",
            "https://r.io/a",
            "u:p@r.io/a",
            "r.io?x/a",
            "r.io#x/a",
            "r.io:x/a",
            "r.io/a b",
            "é",
            &long,
        ] {
            let error = Repository::parse(text).expect_err(text);
            assert_eq!(error.code(), "repository-malformed", "{text}");
        }
    }
}
