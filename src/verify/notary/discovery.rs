//! Artifacts, their signatures, and the bytes of these.
//!
//! Source: Kyverno `pkg/image/verifiers/cpol/notary/repository.go`; notation-go v1.3.2 `registry`.

use super::{MOST_BYTES, NotaryRejection};
use crate::digest::Digest;
use crate::encoding::gzip;
use crate::evidence::ReferrersSource;
use crate::notation::Target;
use crate::oci::{Descriptor, Document, Manifest};
use crate::trace::{Step, StepOutcome};
use crate::verify::{Context, Rejection, Subject, VerifyError, unavailable};
use std::borrow::Cow;

/// The artifact type of signatures.
pub(crate) const SIGNATURE: &str = "application/vnd.cncf.notary.signature";
/// As many referrers of any kind may an artifact have.
const MOST_REFERRERS: usize = 50;

/// An envelope as it was found.
pub(super) struct Found<'a> {
    pub(super) media_type: String,
    pub(super) bytes: Cow<'a, [u8]>,
}

/// What signatures of the artifact must be about.
///
/// The media type is the one that the manifest gives itself, which registries hold it against. OCI manifests need not have
/// one (image specification, `manifest.md`), all others do.
pub(super) fn describe(
    subject: &Subject<'_>,
    digest: &Digest,
    context: &Context<'_, '_>,
) -> Result<Target, VerifyError> {
    let what = format!("{}@{digest}", subject.repository);
    let bytes = manifest(subject, digest, context)?;
    let document = Document::parse(bytes, context.session.limits());
    let (named, usual) = match document.map_err(|error| Rejection::Manifest { what, error })? {
        Document::Index(index) => (index.media_type, "application/vnd.oci.image.index.v1+json"),
        Document::Manifest(manifest) => (manifest.media_type, "application/vnd.oci.image.manifest.v1+json"),
    };
    let media_type = named.filter(|named| !named.is_empty()).unwrap_or_else(|| usual.to_owned());
    Ok(Target { media_type, digest: digest.clone(), size: u64::try_from(bytes.len()).unwrap_or(u64::MAX) })
}

/// The referrers of an artifact.
pub(super) fn referrers<'a>(
    subject: &Subject<'_>,
    digest: &Digest,
    context: &mut Context<'a, '_>,
) -> Result<&'a [Descriptor], VerifyError> {
    let name = format!("{}@{digest}", subject.repository);
    let referrers = context
        .session
        .referrers(subject.repository, digest, &context.asker)
        .map_err(|error| unavailable(format!("the referrers of {name}"), error))?;
    let found = referrers.descriptors.len();
    let source = match referrers.source {
        ReferrersSource::Api => "referrers API",
        ReferrersSource::FallbackTag => "fallback tag",
    };
    context.trace.record(|| {
        let outcome = if found > MOST_REFERRERS { StepOutcome::Failed } else { StepOutcome::Ok };
        Step::new("referrers-listed", outcome, format!("{found} referrers of {name}"))
            .fact("source", source)
            .fact("limit", MOST_REFERRERS)
    });
    if found > MOST_REFERRERS {
        return Err(Rejection::TooManyReferrers { limit: MOST_REFERRERS }.into());
    }
    Ok(&referrers.descriptors)
}

/// The manifests of the artifact's signatures.
pub(super) fn signatures(
    subject: &Subject<'_>,
    digest: &Digest,
    context: &mut Context<'_, '_>,
) -> Result<Vec<Digest>, VerifyError> {
    let referrers = referrers(subject, digest, context)?;
    let is_signature = |descriptor: &&Descriptor| descriptor.artifact_type.as_deref() == Some(SIGNATURE);
    let found: Vec<Digest> = referrers.iter().filter(is_signature).map(|signature| signature.digest.clone()).collect();
    context.trace.record(|| {
        let outcome = if found.is_empty() { StepOutcome::Failed } else { StepOutcome::Ok };
        let text = format!("{} of {} referrers are Notary signatures", found.len(), referrers.len());
        let names: Vec<&str> = found.iter().map(Digest::as_str).collect();
        Step::new("signatures-found", outcome, text).fact("signatures", names)
    });
    Ok(found)
}

/// The envelope that a signature's manifest names: its first layer. `None`: there is no layer.
pub(super) fn envelope<'a>(
    subject: &Subject<'_>,
    signature: &Digest,
    context: &Context<'a, '_>,
) -> Result<Option<Found<'a>>, VerifyError> {
    let what = format!("{}@{signature}", subject.repository);
    let manifest = Manifest::parse(manifest(subject, signature, context)?, context.session.limits())
        .map_err(|error| Rejection::Manifest { what, error })?;
    let Some(layer) = manifest.layers.into_iter().next() else { return Ok(None) };
    let bytes = read_layer("payload", subject, &layer, context)?;
    Ok(Some(Found { media_type: layer.media_type, bytes }))
}

/// The bytes of a layer, unpacked where they begin like gzip (go-containerregistry `Layer.Uncompressed`).
pub(super) fn read_layer<'a>(
    what: &'static str,
    subject: &Subject<'_>,
    layer: &Descriptor,
    context: &Context<'a, '_>,
) -> Result<Cow<'a, [u8]>, VerifyError> {
    if usize::try_from(layer.size).is_ok_and(|size| size > MOST_BYTES) {
        let (layer, found) = (layer.digest.clone(), layer.size);
        return Err(NotaryRejection::LayerTooLarge { what, layer, found, limit: MOST_BYTES }.into());
    }
    let bytes = context
        .session
        .blob(subject.repository, &layer.digest, MOST_BYTES, &context.asker)
        .map_err(|error| unavailable(format!("layer {}", layer.digest), error))?;
    if !gzip::is_gzip(bytes) {
        return Ok(bytes.into());
    }
    let unpacked = gzip::decode(bytes, MOST_BYTES);
    let layer = layer.digest.clone();
    Ok(unpacked.map_err(|error| NotaryRejection::Gzip { layer, error })?.into())
}

/// The bytes of a manifest in the image's repository.
pub(super) fn manifest<'a>(
    subject: &Subject<'_>,
    digest: &Digest,
    context: &Context<'a, '_>,
) -> Result<&'a [u8], VerifyError> {
    let what = format!("{}@{digest}", subject.repository);
    context.session.manifest(subject.repository, digest, &context.asker).map_err(|error| unavailable(what, error))
}
