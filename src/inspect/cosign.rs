//! Layers in cosign's tag layout.

use super::certificate::CertificateDetails;
use super::node::{integrated, logged_key};
use super::walk::Walk;
use super::{LogEntryDetails, Node, NodeKind, Signature, statement, unavailable};
use crate::encoding::base64;
use crate::in_toto::Envelope;
use crate::oci::{Descriptor, Repository};
use crate::simple_signing::SimpleSigningPayload;
use crate::transparency_log::RekorBundle;
use crate::verify::Rejection;
use crate::verify::cosign::annotations::{BUNDLE, CERTIFICATE, CHAIN, SIGNATURE, TIMESTAMP, timestamp_response};
use crate::x509::Certificate;
use serde_json::Value;

/// One signature or attestation.
pub(super) fn layer(kind: NodeKind, descriptor: &Descriptor, repository: &Repository, walk: &Walk<'_>) -> Node {
    let mut node = Node::described(kind, descriptor);
    let decoded = [SIGNATURE, CERTIFICATE, CHAIN, BUNDLE, TIMESTAMP];
    let others = descriptor.annotations.iter().filter(|(name, _)| !decoded.contains(&name.as_str()));
    node.annotations = others.map(|(name, text)| (name.clone(), text.clone())).collect();
    let mut signature = Signature::default();
    annotations(descriptor, &mut node, &mut signature);
    match walk.session.blob(repository, &descriptor.digest, walk.options.limits.signature_layer_bytes, &walk.asker) {
        Ok(bytes) if kind == NodeKind::CosignAttestation => match Envelope::parse(bytes) {
            Ok(envelope) => statement::read(&envelope, walk.options.predicate_bytes, &mut node, &mut signature),
            Err(error) => node.problem("envelope", error.code(), &error),
        },
        Ok(bytes) => match SimpleSigningPayload::parse(bytes) {
            Ok(payload) => claim(payload, &mut signature),
            Err(error) => node.problem("payload", error.code(), &error),
        },
        Err(error) => {
            node.problems.push(unavailable("payload", format!("signature layer {}", descriptor.digest), error));
        }
    }
    node.signature = Some(signature);
    node
}

fn claim(payload: SimpleSigningPayload, signature: &mut Signature) {
    signature.format = "simple-signing";
    signature.claims = Some(payload.digest.to_string());
    signature.reference = payload.docker_reference;
    signature.claimed_annotations = (!payload.optional.is_empty()).then_some(Value::Object(payload.optional));
}

/// Decodes the annotations that carry parts of the signature.
fn annotations(descriptor: &Descriptor, node: &mut Node, signature: &mut Signature) {
    let written = &descriptor.annotations;
    match written.get(SIGNATURE) {
        None => {
            let error = Rejection::SignatureAnnotationMissing { layer: descriptor.digest.clone() };
            node.problem("signature", error.code(), &error);
        }
        Some(text) => {
            if let Err(error) = base64::decode(text) {
                node.problem("signature", error.code(), &error);
            }
        }
    }
    let part = |name: &str| written.get(name).filter(|text| !text.is_empty());
    for (name, what) in [(CERTIFICATE, "certificate"), (CHAIN, "chain")] {
        let Some(text) = part(name) else { continue };
        match Certificate::all_from_pem(text) {
            Ok(found) => {
                let details = found.iter().map(|certificate| CertificateDetails::of(certificate, node));
                signature.certificates.extend(details.collect::<Vec<_>>());
            }
            Err(error) => node.problem(what, error.code(), &error),
        }
    }
    if let Some(text) = part(BUNDLE) {
        match RekorBundle::parse(text).and_then(|bundle| Ok((bundle.entry()?, bundle))) {
            Ok((entry, bundle)) => signature.log_entries.push(LogEntryDetails {
                log_id: bundle.log_id().to_owned(),
                log_index: bundle.log_index(),
                integrated_time: integrated(bundle.integrated_time()),
                kind: format!("{} {}", entry.kind, entry.version),
                promise: true,
                inclusion_proof: false,
                public_key: logged_key(&entry),
            }),
            Err(error) => node.problem("log entry", error.code(), &error),
        }
    }
    if let Some(text) = part(TIMESTAMP) {
        match timestamp_response(text) {
            Ok(response) => node.timestamp(&response, signature),
            Err(error) => node.problem("timestamp", "annotation-unreadable", &error),
        }
    }
}
