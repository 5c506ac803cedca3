//! A repository: registry and path.

use super::OciError;
use super::reference::is_path;
use std::fmt;

/// A repository. The registry is as written (`docker.io`, never `index.docker.io`), and may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Repository {
    registry: String,
    path: String,
}

impl Repository {
    pub(super) fn new(registry: &str, path: &str) -> Self {
        Self { registry: registry.to_owned(), path: path.to_owned() }
    }

    /// Parses `registry/path`; without a registry, Docker Hub's.
    ///
    /// The first component is a registry if it is `localhost` or has a `.` or `:` (go-containerregistry `name.NewRepository`).
    pub fn parse(text: &str) -> Result<Self, OciError> {
        let is_registry = |first: &str| first == "localhost" || first.contains(['.', ':']);
        let (registry, path) = match text.split_once('/') {
            Some((first, rest)) if is_registry(first) => (first, rest),
            _ => ("docker.io", text),
        };
        Self::from_parts(registry, path).map_err(|_| OciError::Repository(text.to_owned()))
    }

    /// From its two parts; the registry may be empty.
    pub fn from_parts(registry: &str, path: &str) -> Result<Self, OciError> {
        if !is_path(path) || registry.chars().any(|c| c.is_whitespace() || c == '@' || c == '/') {
            return Err(OciError::Repository(format!("{registry}/{path}")));
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
        if self.registry.is_empty() {
            return f.write_str(&self.path);
        }
        write!(f, "{}/{}", self.registry, self.path)
    }
}
