//! Where an image's signatures are.
//!
//! Source: cosign `pkg/oci/remote` (`SignatureTag`), `pkg/cosign/verify.go` (`verifySignatures`, the OCI 1.1 branch).

use super::unavailable;
use crate::digest::Digest;
use crate::evidence::Unavailable;
use crate::oci::{Manifest, Repository};
use crate::trace::{Step, StepOutcome};
use crate::verify::{Context, Rejection, VerifyError};

/// The artifact type of signature manifests among the referrers.
pub(crate) const SIGNATURE_ARTIFACT: &str = "application/vnd.dev.cosign.artifact.sig.v1+json";

/// A signature manifest: each layer is one signature.
pub(super) struct Found {
    pub(super) repository: Repository,
    pub(super) manifest: Manifest,
}

/// The signature manifest behind the tag `sha256-HEX.sig`.
pub(super) fn signatures(
    repository: &Repository,
    digest: &Digest,
    context: &mut Context<'_, '_>,
) -> Result<Found, VerifyError> {
    from_tag(repository, digest.tag(".sig"), Rejection::NoSignatures, context)
}

/// The manifest behind the tag `sha256-HEX.att`, whose layers are attestations.
pub(super) fn attestations(
    repository: &Repository,
    digest: &Digest,
    context: &mut Context<'_, '_>,
) -> Result<Found, VerifyError> {
    from_tag(repository, digest.tag(".att"), Rejection::AttestationsMismatch { reasons: Vec::new() }, context)
}

fn from_tag(
    repository: &Repository,
    tag: String,
    none: Rejection,
    context: &mut Context<'_, '_>,
) -> Result<Found, VerifyError> {
    let name = format!("{repository}:{tag}");
    let manifest_digest = match context.session.tag(repository, &tag, &context.asker) {
        Ok(digest) => digest,
        Err(Unavailable::Absent) => {
            context.trace.record(|| {
                let text = format!("the registry has no tag {tag} in {repository}");
                Step::new("signature-tag-absent", StepOutcome::Failed, text).fact("tag", tag.as_str())
            });
            return Err(none.into());
        }
        Err(other) => return Err(unavailable(name, other)),
    };
    let found = read(repository, &manifest_digest, name, none, context)?;
    context.trace.record(|| {
        let what = if tag.ends_with(".att") { "attestations" } else { "signatures" };
        let text = format!("{} {what} behind the tag {tag} in {repository}", found.manifest.layers.len());
        Step::new("signature-manifest-found", StepOutcome::Ok, text)
            .fact("tag", tag.as_str())
            .fact("digest", manifest_digest.as_str())
    });
    Ok(found)
}

/// The last signature manifest among the referrers.
pub(super) fn from_referrers(
    repository: &Repository,
    digest: &Digest,
    context: &mut Context<'_, '_>,
) -> Result<Found, VerifyError> {
    let name = format!("{repository}@{digest}");
    let referrers = match context.session.referrers(repository, digest, &context.asker) {
        Ok(referrers) => referrers,
        Err(error) => return Err(unavailable(format!("the referrers of {name}"), error)),
    };
    let signature = referrers
        .descriptors
        .iter()
        .rfind(|descriptor| descriptor.artifact_type.as_deref() == Some(SIGNATURE_ARTIFACT));
    let Some(signature) = signature else {
        context.trace.record(|| {
            let text = format!("none of {} referrers is a cosign signature", referrers.descriptors.len());
            Step::new("referrers-without-signature", StepOutcome::Failed, text)
        });
        return Err(Rejection::NoSignatures.into());
    };
    let what = format!("{repository}@{}", signature.digest);
    let found = read(repository, &signature.digest, what, Rejection::NoSignatures, context)?;
    context.trace.record(|| {
        let text = format!("signature manifest {} among the referrers", signature.digest);
        Step::new("signature-manifest-found", StepOutcome::Ok, text).fact("digest", signature.digest.as_str())
    });
    Ok(found)
}

fn read(
    repository: &Repository,
    digest: &Digest,
    what: String,
    none: Rejection,
    context: &mut Context<'_, '_>,
) -> Result<Found, VerifyError> {
    let bytes = match context.session.manifest(repository, digest, &context.asker) {
        Ok(bytes) => bytes,
        Err(error) => return Err(unavailable(what, error)),
    };
    let limits = context.session.limits();
    let manifest = Manifest::parse(bytes, limits).map_err(|error| Rejection::Manifest { what, error })?;
    let (layers, limit) = (manifest.layers.len(), limits.signature_layers);
    match layers {
        0 => Err(none.into()),
        _ if layers > limit => Err(Rejection::TooManySignatures { found: layers, limit }.into()),
        _ => Ok(Found { repository: repository.clone(), manifest }),
    }
}
