//! Small images: a manifest, a config and one layer.

use crate::REGISTRY;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(crate) const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";

/// `sha256:` and the hex of the hash of `bytes`.
pub fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

/// Bytes and what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Their media type.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Blob {
    /// Bytes of this media type.
    pub fn new(media_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { media_type: media_type.to_owned(), bytes: bytes.into() }
    }

    /// Their digest.
    pub fn digest(&self) -> String {
        digest(&self.bytes)
    }

    pub(crate) fn descriptor(&self) -> Descriptor {
        Descriptor {
            media_type: self.media_type.clone(),
            size: self.bytes.len(),
            digest: self.digest(),
            annotations: BTreeMap::new(),
            platform: None,
        }
    }
}

/// Field order is that of go-containerregistry's `Descriptor`, whose JSON cosign pushes.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    pub(crate) media_type: String,
    pub(crate) size: usize,
    pub(crate) digest: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) platform: Option<Platform>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Platform {
    architecture: String,
    os: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    schema_version: u8,
    media_type: String,
    config: Descriptor,
    layers: Vec<Descriptor>,
}

impl Manifest {
    pub(crate) fn new(config: Descriptor, layers: Vec<Descriptor>) -> Self {
        Self { schema_version: 2, media_type: MANIFEST.to_owned(), config, layers }
    }

    pub(crate) fn with_media_type(self, media_type: &str) -> Self {
        Self { media_type: media_type.to_owned(), ..self }
    }

    pub(crate) fn into_blob(self) -> Blob {
        Blob::new(&self.media_type, json(&self))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IndexManifest {
    schema_version: u8,
    media_type: &'static str,
    pub(crate) manifests: Vec<Descriptor>,
}

impl IndexManifest {
    pub(crate) fn new(manifests: Vec<Descriptor>) -> Self {
        Self { schema_version: 2, media_type: INDEX, manifests }
    }

    pub(crate) fn into_blob(self) -> Blob {
        Blob::new(INDEX, json(&self))
    }
}

/// An image for one platform.
#[derive(Clone, Debug)]
pub struct Image {
    /// Where it is: `registry.example/team/app`.
    pub repository: String,
    /// Its manifest.
    pub manifest: Blob,
    /// Its config.
    pub config: Blob,
    /// Its only layer.
    pub layer: Blob,
    architecture: String,
}

impl Image {
    /// The image of `repository` (without registry) whose only file says `content`.
    pub fn new(repository: &str, content: &str) -> Self {
        Self::for_platform(repository, content, "amd64")
    }

    /// The same for another architecture.
    pub fn for_platform(repository: &str, content: &str, architecture: &str) -> Self {
        let repository = format!("{REGISTRY}/{repository}");
        let layer = Blob::new(LAYER, tar("app", format!("{repository} {content} {architecture}\n").as_bytes()));
        let config = Blob::new(CONFIG, image_config(&layer.digest(), architecture));
        let manifest = Manifest::new(config.descriptor(), vec![layer.descriptor()]).into_blob();
        Self { repository, manifest, config, layer, architecture: architecture.to_owned() }
    }

    /// The same image in another registry, such as `registry.example:5443`.
    pub fn in_registry(mut self, registry: &str) -> Self {
        self.repository = self.repository.replacen(REGISTRY, registry, 1);
        self
    }

    /// The same image with a manifest that calls itself something else.
    pub fn with_media_type(mut self, media_type: &str) -> Self {
        let manifest = Manifest::new(self.config.descriptor(), vec![self.layer.descriptor()]);
        self.manifest = manifest.with_media_type(media_type).into_blob();
        self
    }

    /// Digest of its manifest.
    pub fn digest(&self) -> String {
        self.manifest.digest()
    }

    /// `repository:tag`.
    pub fn tagged(&self, tag: &str) -> String {
        format!("{}:{tag}", self.repository)
    }

    /// `repository@digest`.
    pub fn pinned(&self) -> String {
        format!("{}@{}", self.repository, self.digest())
    }
}

/// An image for several platforms.
#[derive(Clone, Debug)]
pub struct Index {
    /// Where it is.
    pub repository: String,
    /// The index.
    pub manifest: Blob,
    /// Its platforms.
    pub images: Vec<Image>,
}

impl Index {
    /// The index of `repository` (without registry) for amd64 and arm64.
    pub fn new(repository: &str, content: &str) -> Self {
        let images: Vec<_> =
            ["amd64", "arm64"].iter().map(|platform| Image::for_platform(repository, content, platform)).collect();
        let manifests = images.iter().map(|image| {
            let platform = Platform { architecture: image.architecture.clone(), os: "linux".to_owned() };
            Descriptor { platform: Some(platform), ..image.manifest.descriptor() }
        });
        let manifest = IndexManifest::new(manifests.collect()).into_blob();
        Self { repository: format!("{REGISTRY}/{repository}"), manifest, images }
    }

    /// Digest of the index.
    pub fn digest(&self) -> String {
        self.manifest.digest()
    }
}

pub(crate) fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain data is JSON")
}

fn image_config(layer: &str, architecture: &str) -> String {
    format!(
        r#"{{"architecture":"{architecture}","config":{{"Entrypoint":["/app"],"User":"65532"}},"os":"linux","rootfs":{{"type":"layers","diff_ids":["{layer}"]}}}}"#
    )
}

/// A tar archive of one short file. Source: POSIX.1-2017, pax, "ustar Interchange Format".
fn tar(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = [0_u8; 512];
    let mut put = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000755");
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{:011o}", content.len()));
    put(136, "00000000000"); // modified at the epoch
    put(148, "        "); // the checksum counts itself as spaces
    put(156, "0");
    put(257, "ustar");
    put(263, "00");
    let checksum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{checksum:06o}\0").as_bytes());
    let padding = content.len().next_multiple_of(512) - content.len();
    let end = vec![0; padding + 1024];
    [&header, content, &end].concat()
}
