//! One referrer.

use super::walk::Walk;
use super::{Node, NodeKind, bundle, notation, unavailable};
use crate::encoding::gzip;
use crate::oci::{Descriptor, Manifest};
use crate::verify::cosign::discovery::SIGNATURE_ARTIFACT;
use crate::verify::notary::discovery::SIGNATURE;
use crate::verify::{Rejection, notary, sigstore_bundle};
use std::borrow::Cow;

/// Decodes a referrer, and what it carries.
pub(super) fn referrer(descriptor: &Descriptor, walk: &Walk<'_>, depth: usize) -> Node {
    let mut node = Node::described(NodeKind::Artifact, descriptor);
    node.found_by = Some("referrers".to_owned());
    let declared = descriptor.artifact_type.as_deref().unwrap_or_default();
    // Some registries list the media type of the config: the manifest knows better.
    let unsure = declared.is_empty() || declared.starts_with("application/vnd.oci.");
    node.kind = kind(declared);
    if node.kind == NodeKind::Artifact && !unsure {
        walk.further_referrers(&mut node, &descriptor.digest, depth);
        return node;
    }
    let Some(manifest) = walk.manifest(&walk.repository, &descriptor.digest, &mut node) else { return node };
    if unsure {
        let own = manifest.artifact_type.clone().filter(|own| !own.is_empty());
        let own = own.unwrap_or_else(|| manifest.config.media_type.clone());
        node.kind = kind(&own);
        node.artifact_type = Some(own);
    }
    match node.kind {
        NodeKind::CosignSignatures => walk.layers(&manifest, &walk.repository, &mut node),
        NodeKind::NotationSignature | NodeKind::SigstoreBundle => first_layer(&manifest, walk, &mut node),
        _ => walk.further_referrers(&mut node, &descriptor.digest, depth),
    }
    node
}

fn kind(artifact_type: &str) -> NodeKind {
    match artifact_type {
        SIGNATURE_ARTIFACT => NodeKind::CosignSignatures,
        SIGNATURE => NodeKind::NotationSignature,
        _ if artifact_type.starts_with(sigstore_bundle::ARTIFACT) => NodeKind::SigstoreBundle,
        _ => NodeKind::Artifact,
    }
}

/// The signature is the first layer; its digest becomes that of the node.
fn first_layer(manifest: &Manifest, walk: &Walk<'_>, node: &mut Node) {
    let Some(layer) = manifest.layers.first() else {
        let error = Rejection::LayersMissing;
        return node.problem("layer", error.code(), &error);
    };
    let is_bundle = node.kind == NodeKind::SigstoreBundle;
    let limit = if is_bundle { sigstore_bundle::MOST_BYTES } else { notary::MOST_BYTES };
    let mut child = Node::described(node.kind, layer);
    node.kind = NodeKind::Artifact;
    match walk.session.blob(&walk.repository, &layer.digest, limit, &walk.asker) {
        Ok(bytes) if is_bundle => bundle::read(bytes, walk.options.predicate_bytes, &mut child),
        Ok(bytes) => match unpacked(bytes, limit) {
            Ok(bytes) => notation::read(&layer.media_type, &bytes, &mut child),
            Err(error) => child.problem("envelope", "layer-gzip", &error),
        },
        Err(error) => child.problems.push(unavailable("layer", format!("layer {}", layer.digest), error)),
    }
    node.children.push(child);
}

/// As Kyverno reads the envelopes of the Notary Project.
fn unpacked(bytes: &[u8], limit: usize) -> Result<Cow<'_, [u8]>, gzip::GzipError> {
    if gzip::is_gzip(bytes) { gzip::decode(bytes, limit).map(Cow::Owned) } else { Ok(Cow::Borrowed(bytes)) }
}
