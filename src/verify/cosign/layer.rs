//! One signature: a layer, what its annotations carry, and the checks on both.
//!
//! Source: cosign `pkg/cosign/verify.go` (`verifyInternal`), `pkg/oci/internal/signature/layer.go`.

use super::annotations::{BUNDLE, CERTIFICATE, CHAIN, SIGNATURE, TIMESTAMP, timestamp_response};
use super::certificate;
use super::options::{CheckOptions, KeySigner, Signer};
use super::proof_of_time::{self, Times};
use super::{claim, unavailable};
use crate::crypto::HashAlgorithm;
use crate::digest::Digest;
use crate::encoding::base64;
use crate::oci::{Descriptor, Repository};
use crate::transparency_log::RekorBundle;
use crate::verify::{Context, Rejection, VerifyError};
use crate::x509::Certificate;

/// A layer with what its annotations carry.
pub(super) struct Layer<'a> {
    pub(super) digest: &'a Digest,
    /// The payload, or the envelope.
    pub(super) blob: &'a [u8],
    /// As written: base64; empty for an envelope, which has its signatures within.
    pub(super) signature_text: &'a str,
    pub(super) signature: Vec<u8>,
    pub(super) certificate: Option<Certificate>,
    /// The certificates above it, as the signer gave them.
    pub(super) chain: Vec<Certificate>,
    pub(super) bundle: Option<RekorBundle>,
    /// A timestamp response.
    pub(super) timestamp: Option<Vec<u8>>,
}

/// A layer that verified.
pub(super) struct VerifiedLayer<C> {
    pub(super) claim: C,
    pub(super) certificate: Option<Certificate>,
}

/// Verifies one layer, in cosign's order: timestamp, log entry, signer, signature and claim, validity of the certificate.
pub(super) fn verify<C: claim::Claim>(
    descriptor: &Descriptor,
    repository: &Repository,
    options: &CheckOptions<'_>,
    image: &Digest,
    context: &mut Context<'_, '_>,
) -> Result<VerifiedLayer<C>, VerifyError> {
    let layer = Layer::read(descriptor, repository, context)?;
    let times = proof_of_time::collect(&layer, options, context)?;
    let (signer, chain) = signer(&layer, options, context)?;
    let claim = C::check(&layer, &signer, image, context)?;
    if let Some(certificate) = &layer.certificate {
        check_certificate_time(certificate, &chain, &times, options.log.is_none(), context)?;
    }
    Ok(VerifiedLayer { claim, certificate: layer.certificate })
}

impl<'a> Layer<'a> {
    fn read(
        descriptor: &'a Descriptor,
        repository: &Repository,
        context: &Context<'a, '_>,
    ) -> Result<Self, VerifyError> {
        let digest = &descriptor.digest;
        let annotation = |name: &str| descriptor.annotations.get(name).filter(|text| !text.is_empty());
        let unreadable = |annotation: &'static str, problem: String| Rejection::Annotation {
            layer: digest.clone(),
            annotation,
            problem,
        };
        let signature_text = descriptor
            .annotations
            .get(SIGNATURE)
            .ok_or_else(|| Rejection::SignatureAnnotationMissing { layer: digest.clone() })?;
        let signature =
            base64::decode(signature_text).map_err(|e| unreadable(SIGNATURE, format!("not base64: {e}")))?;
        let certificates = |name: &'static str| match annotation(name) {
            None => Ok(Vec::new()),
            Some(pem) => Certificate::all_from_pem(pem).map_err(|error| unreadable(name, error.to_string())),
        };
        let certificate = certificates(CERTIFICATE)?.into_iter().next();
        if certificate.is_none() && annotation(CERTIFICATE).is_some() {
            return Err(unreadable(CERTIFICATE, "there is no certificate in it".to_owned()).into());
        }
        let bundle = annotation(BUNDLE)
            .map(|text| RekorBundle::parse(text).map_err(|error| unreadable(BUNDLE, error.to_string())))
            .transpose()?;
        let timestamp = annotation(TIMESTAMP)
            .map(|text| timestamp_response(text).map_err(|problem| unreadable(TIMESTAMP, problem)))
            .transpose()?;
        let limit = context.session.limits().signature_layer_bytes;
        let blob = context
            .session
            .blob(repository, digest, limit, &context.asker)
            .map_err(|error| flattened(unavailable(format!("signature layer {digest}"), error)))?;
        let chain = certificates(CHAIN)?;
        Ok(Self { digest, blob, signature_text, signature, certificate, chain, bundle, timestamp })
    }

    /// The intermediates that the signer gave: all but the last, where there is more than one.
    fn intermediates(&self) -> &[Certificate] {
        self.chain.split_last().map_or(&[], |(_, intermediates)| intermediates)
    }
}

/// cosign flattens whatever happens within the check of one layer to text, so that a connection that breaks there is a
/// rejection like any other (Kyverno looks for network errors in the chain of causes, and finds none).
pub(super) fn flattened(error: VerifyError) -> VerifyError {
    match error {
        VerifyError::Unreachable { what, error } => Rejection::Http { what, status: None, error }.into(),
        other => other,
    }
}

/// The key to check with: the attestor's own, or that of the layer's certificate once its issuer is known.
fn signer(
    layer: &Layer<'_>,
    options: &CheckOptions<'_>,
    context: &mut Context<'_, '_>,
) -> Result<(KeySigner, Vec<Certificate>), VerifyError> {
    let roots = match &options.signer {
        Signer::Key(key) => return Ok((key.as_ref().clone(), Vec::new())),
        Signer::Below(roots) => roots,
    };
    let leaf = layer.certificate.as_ref().ok_or(Rejection::CertificateMissing)?;
    // cosign hashes with SHA-256 whatever the key is.
    let signer = KeySigner::of(leaf, HashAlgorithm::Sha256)?;
    let chain = certificate::chain(leaf, layer.intermediates(), roots, context)?;
    if let Some(logs) = &options.certificate_logs {
        certificate::check_logged(leaf, &chain, logs, context)?;
    }
    Ok((signer, chain))
}

/// At every proven time; at the time of evaluation where none is proven.
fn check_certificate_time(
    leaf: &Certificate,
    chain: &[Certificate],
    times: &Times,
    log_ignored: bool,
    context: &mut Context<'_, '_>,
) -> Result<(), VerifyError> {
    for (time, by) in [(&times.stamped, "timestamp"), (&times.logged, "bundle")] {
        if let Some(time) = time {
            certificate::check_validity(leaf, chain, time, context)
                .map_err(|reason| Rejection::CertificateTime { by, reason: Box::new(reason) })?;
        }
    }
    if times.stamped.is_some() || times.logged.is_some() {
        return Ok(());
    }
    let now = context.now()?.clone();
    certificate::check_validity(leaf, chain, &now, context).map_err(|reason| {
        if log_ignored {
            Rejection::TimestampWanted
        } else {
            Rejection::CertificateTime { by: "bundle", reason: Box::new(reason) }
        }
    })?;
    Ok(())
}
