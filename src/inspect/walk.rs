//! The way from an image to what belongs to it.
//!
//! The places are those where [`crate::verify`] looks: cosign's tags, and the referrers.

use super::{Node, NodeKind, Options, artifact, cosign, unavailable};
use crate::digest::Digest;
use crate::evidence::{Asker, ReferrersSource, Session, Unavailable};
use crate::oci::{Document, ImageReference, Manifest, Repository};
use crate::verify::Rejection;

/// More referrers of one digest are not looked at. Kyverno refuses images with more than 50.
const MOST_REFERRERS: usize = 100;
/// As many manifests of an index are looked at.
const MOST_PLATFORMS: usize = 32;
/// What refers to a referrer is looked at once: signatures of the Notary Project over attestations.
const DEEPEST: usize = 1;

/// An inspection under way.
pub(super) struct Walk<'a> {
    pub(super) session: &'a Session<'a>,
    pub(super) options: &'a Options,
    pub(super) asker: Asker,
    pub(super) repository: Repository,
}

impl<'a> Walk<'a> {
    pub(super) fn new(session: &'a Session<'a>, repository: Repository, options: &'a Options) -> Self {
        let asker = Asker { policy: String::new(), rule: String::new(), attestor: "inspect".to_owned() };
        Self { session, options, asker, repository }
    }

    /// The image, by digest or by tag.
    pub(super) fn image(&self, image: &ImageReference) -> Node {
        let digest = match image.digest() {
            Some(digest) => Ok(digest.clone()),
            None => self.session.tag(&self.repository, image.tag().unwrap_or("latest"), &self.asker),
        };
        match digest {
            Ok(digest) => {
                let mut node = Node::of(NodeKind::Unknown, &digest);
                self.subject(&digest, self.options.platforms, &mut node);
                node
            }
            Err(error) => {
                let what = image.canonical().to_owned();
                let problem = match error {
                    Unavailable::Absent => {
                        let error = Rejection::ImageNotFound(what);
                        super::Problem::new("image", error.code(), &error)
                    }
                    other => unavailable("image", what, other),
                };
                Node { problems: vec![problem], ..Node::default() }
            }
        }
    }

    /// Reads what can be signed, and looks for signatures.
    fn subject(&self, digest: &Digest, platforms: bool, node: &mut Node) {
        match self.session.manifest(&self.repository, digest, &self.asker) {
            Ok(bytes) => {
                node.size = Some(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                match Document::parse(bytes, &self.options.limits) {
                    Ok(document) => self.document(document, platforms, node),
                    Err(error) => node.problem("manifest", error.code(), &error),
                }
            }
            Err(error) => {
                let what = format!("{}@{digest}", self.repository);
                node.problems.push(unavailable("manifest", what, error));
            }
        }
        self.tags(digest, node);
        self.referrers(digest, node, 0);
    }

    fn document(&self, document: Document, platforms: bool, node: &mut Node) {
        match document {
            Document::Manifest(manifest) => {
                node.kind = NodeKind::Manifest;
                node.media_type = manifest.media_type;
                node.artifact_type = manifest.artifact_type;
                node.annotations = manifest.annotations;
            }
            Document::Index(index) => {
                node.kind = NodeKind::Index;
                node.media_type = index.media_type;
                node.artifact_type = index.artifact_type;
                node.annotations = index.annotations;
                for (at, descriptor) in index.manifests.iter().enumerate() {
                    let mut child = Node::described(NodeKind::Manifest, descriptor);
                    // Builders list attestations among the platforms, as `unknown/unknown`.
                    let is_image = descriptor.platform.as_ref().is_none_or(|platform| platform.os != "unknown");
                    if platforms && is_image && at < MOST_PLATFORMS {
                        self.subject(&descriptor.digest, false, &mut child);
                    }
                    node.children.push(child);
                }
            }
        }
    }

    /// What stands behind cosign's tags.
    fn tags(&self, digest: &Digest, node: &mut Node) {
        let kinds = [(".sig", NodeKind::CosignSignatures), (".att", NodeKind::CosignAttestations)];
        for repository in std::iter::once(&self.repository).chain(&self.options.repository) {
            for (suffix, kind) in kinds {
                let tag = digest.tag(suffix);
                let mut found = Node { kind, found_by: Some(format!("tag {tag}")), ..Node::default() };
                if *repository != self.repository {
                    found.repository = Some(repository.to_string());
                }
                match self.session.tag(repository, &tag, &self.asker) {
                    Ok(digest) => {
                        found.digest = Some(digest.to_string());
                        if let Some(manifest) = self.manifest(repository, &digest, &mut found) {
                            self.layers(&manifest, repository, &mut found);
                        }
                    }
                    Err(Unavailable::Absent) => continue,
                    Err(error) => found.problems.push(unavailable("tag", format!("{repository}:{tag}"), error)),
                }
                node.children.push(found);
            }
        }
    }

    /// What refers to a digest.
    fn referrers(&self, digest: &Digest, node: &mut Node, depth: usize) {
        match self.session.referrers(&self.repository, digest, &self.asker) {
            Ok(referrers) => {
                let (found, limit) = (&referrers.descriptors, MOST_REFERRERS);
                for descriptor in found.iter().take(limit) {
                    let mut child = artifact::referrer(descriptor, self, depth);
                    if referrers.source == ReferrersSource::FallbackTag {
                        child.found_by = Some(format!("referrers, tag {}", digest.tag("")));
                    }
                    node.children.push(child);
                }
                if found.len() > limit {
                    let error = Rejection::TooManyReferrers { limit };
                    node.problem("referrers", error.code(), &error);
                }
            }
            Err(error) => {
                let what = format!("the referrers of {}@{digest}", self.repository);
                node.problems.push(unavailable("referrers", what, error));
            }
        }
    }

    /// What refers to a referrer.
    pub(super) fn further_referrers(&self, node: &mut Node, digest: &Digest, depth: usize) {
        if depth < DEEPEST {
            self.referrers(digest, node, depth + 1);
        }
    }

    /// A manifest that is an image's only in form; what is wrong with it is a problem of the node.
    pub(super) fn manifest(&self, repository: &Repository, digest: &Digest, node: &mut Node) -> Option<Manifest> {
        let what = format!("{repository}@{digest}");
        match self.session.manifest(repository, digest, &self.asker) {
            Ok(bytes) => match Manifest::parse(bytes, &self.options.limits) {
                Ok(manifest) => return Some(manifest),
                Err(error) => node.problem("manifest", error.code(), &error),
            },
            Err(error) => node.problems.push(unavailable("manifest", what, error)),
        }
        None
    }

    /// The layers of a manifest of cosign's: a signature or an attestation each.
    pub(super) fn layers(&self, manifest: &Manifest, repository: &Repository, node: &mut Node) {
        let kind = match node.kind {
            NodeKind::CosignAttestations => NodeKind::CosignAttestation,
            _ => NodeKind::CosignSignature,
        };
        let (found, limit) = (manifest.layers.len(), self.options.limits.signature_layers);
        if found > limit {
            let error = Rejection::TooManySignatures { found, limit };
            node.problem("layers", error.code(), &error);
        }
        let layers = manifest.layers.iter().take(limit);
        node.children.extend(layers.map(|descriptor| cosign::layer(kind, descriptor, repository, self)));
    }
}
