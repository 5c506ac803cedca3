//! Image references, as Kyverno reads them.
//!
//! Source: Kyverno `pkg/utils/image/infos.go`.

use super::repository::DOCKER_HUB;
use super::{OciError, Repository, grammar};
use crate::digest::Digest;
use std::borrow::Cow;

/// What Kyverno's configuration says about images without a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryDefaults {
    /// The registry that is added; may have a path.
    pub registry: String,
    /// Is it kept in the result (`enableDefaultRegistryMutation`)?
    pub mutation: bool,
}

impl Default for RegistryDefaults {
    fn default() -> Self {
        Self { registry: DOCKER_HUB.to_owned(), mutation: true }
    }
}

/// An image reference, registry added and tag defaulted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImageReference {
    repository: Repository,
    tag: Option<String>,
    digest: Option<Digest>,
    canonical: String,
}

impl ImageReference {
    /// Parses `[registry/]path[:tag][@digest]` with Kyverno's default configuration.
    ///
    /// `docker.io` is added where there is no registry; `library/` never is. Without tag and digest the tag is
    /// `latest`; a digest alone leaves the tag empty; tag and digest are both kept.
    pub fn parse(text: &str) -> Result<Self, OciError> {
        Self::parse_with(text, &RegistryDefaults::default())
    }

    /// The same with another configuration.
    pub fn parse_with(text: &str, defaults: &RegistryDefaults) -> Result<Self, OciError> {
        let full = with_registry(text, defaults);
        let parts = grammar::parse(&full).map_err(|error| OciError::Reference {
            full: full.clone().into_owned(),
            default_registry: defaults.registry.clone(),
            mutation: defaults.mutation,
            error,
        })?;
        let added = matches!(full, Cow::Owned(_));
        let domain = parts.domain.filter(|_| !added || defaults.mutation);
        let repository = match domain {
            Some(domain) => Repository::new(domain, parts.path),
            None => without_registry(parts.path),
        };
        let default_tag = || parts.digest.is_none().then_some("latest");
        let tag = parts.tag.or_else(default_tag).map(str::to_owned);
        Ok(Self::new(repository, tag, parts.digest))
    }

    fn new(repository: Repository, tag: Option<String>, digest: Option<Digest>) -> Self {
        let canonical = match (&digest, &tag) {
            (Some(digest), _) => format!("{repository}@{digest}"),
            (None, tag) => format!("{repository}:{}", tag.as_deref().unwrap_or("")),
        };
        Self { repository, tag, digest, canonical }
    }

    /// Host and port; empty if none is written and none is added.
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

    /// `registry/path@digest` if there is a digest, else `registry/path:tag`: what patterns, messages and annotation
    /// keys use. The tag disappears once a digest is known.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// `registry/path:tag`; it ends with `:` where there is only a digest, as in Kyverno.
    pub fn reference_with_tag(&self) -> String {
        format!("{}:{}", self.repository, self.tag.as_deref().unwrap_or(""))
    }

    /// The same image, named by digest.
    #[must_use]
    pub fn with_digest(&self, digest: &Digest) -> Self {
        Self::new(self.repository.clone(), self.tag.clone(), Some(digest.clone()))
    }
}

/// Does the first component look like a registry: it has a `.` or `:`, is `localhost`, or is not all lower case?
pub fn is_registry(first: &str) -> bool {
    first.contains(['.', ':']) || first == "localhost" || first.to_lowercase() != first
}

/// Adds the default registry unless the first component looks like one.
fn with_registry<'a>(text: &'a str, defaults: &RegistryDefaults) -> Cow<'a, str> {
    match text.split_once('/') {
        Some((first, _)) if is_registry(first) => Cow::Borrowed(text),
        _ => Cow::Owned(format!("{}/{text}", defaults.registry)),
    }
}

/// Kyverno takes a first component with `_` for the registry where the grammar saw none (`my_registry.local/app`).
fn without_registry(path: &str) -> Repository {
    match path.split_once('/') {
        Some((first, rest)) if first.contains('_') => Repository::new(first, rest),
        _ => Repository::new("", path),
    }
}

#[cfg(test)]
#[path = "reference_tests.rs"]
mod tests;
