//! `imageRegistry` entries: manifest and configuration of an image.
//!
//! Source: Kyverno `pkg/engine/context/loaders/imagedata.go`, `pkg/engine/adapters/rclient.go`; go-containerregistry for the
//! choice among platforms.

use super::Context;
use crate::digest::Digest;
use crate::evidence::Unavailable;
use crate::json;
use crate::oci::{Document, ImageReference, Repository};
use crate::policy::Template;
use serde_json::Value;

/// The platform of which an index's image is taken (go-containerregistry `defaultPlatform`).
const PLATFORM: (&str, &str) = ("linux", "amd64");
/// Longest configuration.
const MOST_BYTES: usize = 4 << 20;

impl Context<'_> {
    /// What the registry says of the image; missing artifacts are needs. The error is upstream's text.
    pub(super) fn image_data(&mut self, name: &str, template: &Template) -> Result<Option<Value>, String> {
        let written = self.substituted(name, template)?;
        if written.get("imageRegistryCredentials").is_some_and(|credentials| !credentials.is_null()) {
            return Err(format!("failed to get registry client {name}: imageRegistryCredentials are not available"));
        }
        let Some(reference) = written.get("reference").and_then(Value::as_str) else {
            return Err(format!("invalid image reference in context entry {name}, image reference must be a string"));
        };
        let data = self.data_of(reference)?;
        match written.get("jmesPath").and_then(Value::as_str).filter(|path| !path.is_empty()) {
            None => Ok(Some(data)),
            Some(path) => self.search(path, &data).map(Some).map_err(|error| {
                format!("failed to apply JMESPath ({path}) results to context entry {name}, error: {error}")
            }),
        }
    }

    fn data_of(&self, text: &str) -> Result<Value, String> {
        let parsed = ImageReference::parse(text)
            .map_err(|error| format!("failed to parse image reference: {text}, error: {error}"))?;
        let failed = |what: &str, error: String| format!("failed to fetch {what}: {text}, error: {error}");
        let repository = parsed.repository();
        let digest = self.resolved(&parsed, &repository).map_err(|error| failed("image descriptor", error))?;
        let bytes = self.bytes(&repository, &digest, None).map_err(|error| failed("image descriptor", error))?;
        let top = self.document(bytes).map_err(|error| failed("image descriptor", error))?;
        let (manifest_list, manifest) = match child(bytes, self)? {
            None => (Value::Null, top),
            Some(digest) => {
                let bytes = self
                    .bytes(&repository, &digest, None)
                    .map_err(|error| failed("manifest for image reference", error))?;
                (top, self.document(bytes).map_err(|error| failed("manifest for image reference", error))?)
            }
        };
        let config =
            manifest.pointer("/config/digest").and_then(Value::as_str).and_then(|text| Digest::parse(text).ok());
        let config =
            config.ok_or_else(|| failed("config for image reference", "the manifest names none".to_owned()))?;
        let config = self
            .bytes(&repository, &config, Some(MOST_BYTES))
            .and_then(|bytes| self.document(bytes))
            .map_err(|error| failed("config for image reference", error))?;
        let (registry, path) = wire_name(&repository);
        Ok(serde_json::json!({
            "image": text,
            "resolvedImage": format!("{registry}/{path}@{digest}"),
            "registry": registry,
            "repository": path,
            "identifier": identifier(&parsed),
            "manifestList": manifest_list,
            "manifest": manifest,
            "configData": config,
        }))
    }

    fn resolved(&self, image: &ImageReference, repository: &Repository) -> Result<Digest, String> {
        match image.digest() {
            Some(digest) => Ok(digest.clone()),
            None => {
                let tag = image.tag().unwrap_or("latest");
                self.world.session.tag(repository, tag, &self.asker).map_err(told)
            }
        }
    }

    fn bytes(&self, repository: &Repository, digest: &Digest, blob: Option<usize>) -> Result<&[u8], String> {
        let session = self.world.session;
        let found = match blob {
            None => session.manifest(repository, digest, &self.asker),
            Some(limit) => session.blob(repository, digest, limit, &self.asker),
        };
        found.map_err(told)
    }

    fn document(&self, bytes: &[u8]) -> Result<Value, String> {
        json::parse(bytes, self.world.session.limits().depth).map_err(|error| error.to_string())
    }
}

/// The manifest for the usual platform, where the bytes are an index.
fn child(bytes: &[u8], context: &Context<'_>) -> Result<Option<Digest>, String> {
    let Ok(Document::Index(_)) = Document::parse(bytes, context.world.session.limits()) else { return Ok(None) };
    let document = context.document(bytes)?;
    let text =
        |entry: &Value, pointer: &str| entry.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (os, architecture) = PLATFORM;
    let is_usual = |entry: &&Value| match entry.get("platform") {
        None | Some(Value::Null) => true,
        Some(_) => text(entry, "/platform/os") == os && text(entry, "/platform/architecture") == architecture,
    };
    let manifests = document.get("manifests").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let found = manifests.iter().find(is_usual).and_then(|entry| Digest::parse(&text(entry, "/digest")).ok());
    found.map(Some).ok_or_else(|| {
        format!("failed to resolve image reference: no child with platform {os}/{architecture} in the index")
    })
}

/// As a registry is asked: Docker Hub has another host, and its own images a folder.
fn wire_name(repository: &Repository) -> (String, String) {
    let (registry, path) = (repository.registry(), repository.path());
    match registry {
        "" | "docker.io" | "index.docker.io" if !path.contains('/') => {
            ("index.docker.io".to_owned(), format!("library/{path}"))
        }
        "" | "docker.io" => ("index.docker.io".to_owned(), path.to_owned()),
        _ => (registry.to_owned(), path.to_owned()),
    }
}

fn identifier(image: &ImageReference) -> String {
    match (image.tag(), image.digest()) {
        (Some(tag), Some(digest)) => format!("{tag}@{digest}"),
        (None, Some(digest)) => digest.to_string(),
        (tag, None) => tag.unwrap_or("latest").to_owned(),
    }
}

fn told(error: Unavailable) -> String {
    match error {
        Unavailable::Absent => "not found".to_owned(),
        Unavailable::Corrupt(digest) => format!("the bytes are not those of {digest}"),
        Unavailable::Failed(failure) => failure.error,
        Unavailable::Pending => "not known yet".to_owned(),
        Unavailable::TooLarge { bytes, limit } => format!("it has {bytes} bytes, at most {limit} are read"),
    }
}
