//! OCI image layouts: one directory a repository.

use crate::image::{Descriptor, IndexManifest};
use crate::output::File;
use crate::{Blob, Image, Signatures};
use std::collections::BTreeMap;

const REF_NAME: &str = "org.opencontainers.image.ref.name";

/// A layout under construction.
#[derive(Clone, Debug)]
pub struct Layout {
    repository: String,
    manifests: Vec<Descriptor>,
    blobs: BTreeMap<String, Vec<u8>>,
}

impl Layout {
    /// The layout of `repository`, such as `registry.example/team/app`.
    pub fn new(repository: &str) -> Self {
        Self { repository: repository.to_owned(), manifests: Vec::new(), blobs: BTreeMap::new() }
    }

    /// `image` is there under `tag`, whole.
    pub fn image(mut self, image: &Image, tag: &str) -> Self {
        self.tag(tag, &image.manifest);
        self.store(&[&image.manifest, &image.config, &image.layer])
    }

    /// The signatures of the image with `digest` are there.
    pub fn signatures(mut self, digest: &str, signatures: &Signatures) -> Self {
        self.tag(&Signatures::tag(digest), &signatures.manifest);
        let layers = signatures.layers.iter().map(|layer| &layer.blob);
        self.store(&[&signatures.manifest, &signatures.config].into_iter().chain(layers).collect::<Vec<_>>())
    }

    /// Its files, in the folder that belongs to its registry and repository under `root`.
    ///
    /// The port of a registry is written `_port_`, as containerd does with its host folders: a colon cannot stand in
    /// a file name everywhere.
    pub fn files(&self, root: &str) -> Vec<File> {
        let (registry, repository) = self.repository.split_once('/').expect("a repository names its registry");
        let host = match registry.split_once(':') {
            Some((name, port)) => format!("{name}_{port}_"),
            None => registry.to_owned(),
        };
        let folder = format!("{root}/{host}/{repository}");
        let index = IndexManifest::new(self.manifests.clone()).into_blob();
        let mut files = vec![
            File::new(&format!("{folder}/oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#),
            File::new(&format!("{folder}/index.json"), index.bytes),
        ];
        for (digest, bytes) in &self.blobs {
            files.push(File::new(&format!("{folder}/blobs/{}", digest.replacen(':', "/", 1)), bytes.clone()));
        }
        files
    }

    fn tag(&mut self, tag: &str, manifest: &Blob) {
        let annotations = BTreeMap::from([(REF_NAME.to_owned(), tag.to_owned())]);
        self.manifests.push(Descriptor { annotations, ..manifest.descriptor() });
    }

    fn store(mut self, blobs: &[&Blob]) -> Self {
        self.blobs.extend(blobs.iter().map(|blob| (blob.digest(), blob.bytes.clone())));
        self
    }
}
