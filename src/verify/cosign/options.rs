//! What is needed to check the signatures that an attestor asks for: cosign's `CheckOpts`.
//!
//! Source: Kyverno `pkg/image/verifiers/cpol/cosign/cosign.go` (`buildCosignOptions`): the first thing that cannot be used
//! is the reason of the attestor, in this order.

use super::certificate;
use crate::crypto::{self, PublicKey, VerificationAlgorithm};
use crate::timestamp::Authority;
use crate::trace::{Step, StepOutcome};
use crate::transparency_log::LogKey;
use crate::verify::check_plan::{CheckPlan, SignerPlan};
use crate::verify::{Context, Rejection, VerifyError, keys};
use crate::x509::Certificate;
use std::borrow::Cow;

/// What is needed to check a signature.
pub(super) struct CheckOptions<'p> {
    pub(super) signer: Signer<'p>,
    /// The log that must have the signature.
    pub(super) log: Option<LogOptions<'p>>,
    /// Logs that the certificate must be in.
    pub(super) certificate_logs: Option<Cow<'p, [LogKey]>>,
    pub(super) authority: Option<&'p Authority>,
}

/// Who must have signed.
pub(super) enum Signer<'p> {
    /// The holder of a certificate that comes with the signature, below one of these.
    Below(Cow<'p, [Certificate]>),
    /// The holder of this key.
    Key(Box<KeySigner>),
}

/// A key, and how its signatures are checked.
#[derive(Clone)]
pub(super) struct KeySigner {
    pub(super) key: PublicKey,
    pub(super) algorithm: &'static dyn VerificationAlgorithm,
}

/// A transparency log.
pub(super) struct LogOptions<'p> {
    pub(super) url: &'p str,
    pub(super) keys: Cow<'p, [LogKey]>,
}

impl<'p> CheckOptions<'p> {
    pub(super) fn new(plan: &'p CheckPlan, context: &mut Context<'_, '_>) -> Result<Self, VerifyError> {
        let roots = plan.roots.as_ref().map(|roots| roots.as_deref().map_err(Clone::clone)).transpose()?;
        let hash = plan.hash.clone()?;
        let signer = match &plan.signer {
            SignerPlan::Key(key) => {
                let key = keys::resolve(key, context)?;
                let algorithm = crypto::cosign_verifier(&key, hash)
                    .map_err(|error| Rejection::Key { from: "PEM".to_owned(), error })?;
                Signer::Key(Box::new(KeySigner { key, algorithm }))
            }
            SignerPlan::Certificate(certificate) => {
                let certificate = certificate.as_ref().map_err(Clone::clone)?;
                Signer::Key(Box::new(KeySigner::of(certificate, hash)?))
            }
            SignerPlan::CertificateBelow(planned) => {
                let (leaf, chain) = planned.as_ref().map_err(Clone::clone)?;
                certificate::check_given_chain(leaf, chain, context)?;
                Signer::Key(Box::new(KeySigner::of(leaf, crypto::HashAlgorithm::Sha256)?))
            }
            SignerPlan::Below(roots) => Signer::Below(Cow::Borrowed(roots.as_ref().map_err(Clone::clone)?)),
            SignerPlan::Fulcio => Signer::Below(match roots {
                Some(roots) => Cow::Borrowed(roots),
                None => Cow::Owned(fulcio_roots(context)?),
            }),
            SignerPlan::Store(_) => return Err(Rejection::NoAttestor.into()),
        };
        let log = plan.log.as_ref().map(|log| {
            let keys = log_keys(log.key.as_ref(), context, |trust| &trust.transparency_logs)?;
            Ok::<_, VerifyError>(LogOptions { url: &log.url, keys })
        });
        // DIVERGENCE certificate-logs-for-keys: upstream loads the keys of certificate logs for attestors too that never
        // use them, and fails if it cannot.
        let wanted = matches!(signer, Signer::Below(_)) || context.exact;
        let certificate_logs = plan
            .certificate_log
            .as_ref()
            .filter(|_| wanted)
            .map(|log| log_keys(log.key.as_ref(), context, |trust| &trust.certificate_logs));
        let options = Self {
            log: log.transpose()?,
            certificate_logs: certificate_logs.transpose()?,
            authority: plan.authority.as_ref().map(|chain| chain.as_ref().map_err(Clone::clone)).transpose()?,
            signer,
        };
        options.trace(context);
        Ok(options)
    }

    fn trace(&self, context: &mut Context<'_, '_>) {
        context.trace.record(|| match &self.signer {
            Signer::Key(signer) => {
                let KeySigner { key, algorithm } = signer.as_ref();
                Step::new("key-loaded", StepOutcome::Ok, format!("verifying with the {key} key {}", key.fingerprint()))
                    .fact("algorithm", algorithm.id())
                    .fact("fingerprint", key.fingerprint().as_str())
            }
            Signer::Below(roots) => {
                let names: Vec<String> = roots.iter().map(|root| root.subject().to_string()).collect();
                let text = format!("verifying certificates below {}", names.join(" or "));
                Step::new("roots-loaded", StepOutcome::Ok, text).fact("roots", names)
            }
        });
    }
}

impl KeySigner {
    /// The key of a certificate.
    pub(super) fn of(certificate: &Certificate, hash: crypto::HashAlgorithm) -> Result<Self, Rejection> {
        let key = certificate
            .public_key()
            .map_err(|error| Rejection::Key { from: "certificate".to_owned(), error: error.clone() })?;
        let algorithm = crypto::cosign_verifier(key, hash)
            .map_err(|error| Rejection::Key { from: "certificate".to_owned(), error })?;
        Ok(Self { key: key.clone(), algorithm })
    }
}

/// The roots of the trust root's authorities. Kyverno drops the intermediates: these must come with the signature.
fn fulcio_roots(context: &Context<'_, '_>) -> Result<Vec<Certificate>, VerifyError> {
    let authorities = &context.trust_root()?.certificate_authorities;
    let roots = authorities.iter().flat_map(|authority| &authority.chain).filter(|it| it.subject() == it.issuer());
    Ok(roots.cloned().collect())
}

fn log_keys<'p>(
    planned: Option<&'p Result<LogKey, Rejection>>,
    context: &Context<'_, '_>,
    of: impl FnOnce(&crate::trust_root::TrustRoot) -> &Vec<LogKey>,
) -> Result<Cow<'p, [LogKey]>, VerifyError> {
    match planned {
        Some(Ok(key)) => Ok(Cow::Borrowed(std::slice::from_ref(key))),
        Some(Err(rejection)) => Err(rejection.clone().into()),
        None => Ok(Cow::Owned(of(context.trust_root()?).clone())),
    }
}
