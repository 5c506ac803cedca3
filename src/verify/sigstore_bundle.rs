//! Sigstore bundles among the referrers of an image (`type: SigstoreBundle`).
//!
//! Source: Kyverno `pkg/image/verifiers/cpol/cosign/sigstore.go`: discovery, limits, what of an attestor counts, and how
//! `ignoreTlog` and `ignoreSCT` choose what must prove the time.

use super::check_plan::{CheckPlan, SignerPlan};
use super::identity::Expression;
use super::{Attested, Context, Rejection, Subject, VerifiedImage, VerifyError, keys, resolve, unavailable};
use crate::bundle::{
    Artifact, Bundle, BundleContent, BundleError, BundleIdentity, BundlePolicy, Matcher, Requirements, TimeProof,
    VerifiedBundle, VerifiedSigner, verify as verify_bundle,
};
use crate::digest::Digest;
use crate::in_toto::{PAYLOAD_TYPE, Statement};
use crate::oci::{Descriptor, Manifest};
use crate::scalar::time::Timestamp;
use crate::trace::{Step, StepOutcome};
use crate::trust_root::TrustRoot;

pub(crate) const ARTIFACT: &str = "application/vnd.dev.sigstore.bundle";
/// As many referrers of any kind may an image have.
const MOST_REFERRERS: usize = 50;
/// Longest bundle.
pub(crate) const MOST_BYTES: usize = 10_000_000;

/// Verifies the image of `subject` by its bundles: one that verifies is enough, whatever it holds.
pub(super) fn verify(
    plan: &CheckPlan,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<VerifiedImage, VerifyError> {
    let (digest, _) = verified(plan, None, subject, context)?;
    Ok(VerifiedImage::of(digest))
}

/// The statements of type `kind` whose bundles verify; those of other bundles are left out.
pub(super) fn fetch_attestations(
    plan: &CheckPlan,
    kind: &str,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<Attested, VerifyError> {
    let (digest, bundles) = verified(plan, Some(kind), subject, context)?;
    let statements = bundles.iter().filter_map(|bundle| bundle.statement.as_ref()).map(Statement::to_value).collect();
    Ok(Attested { statements, digest: Some(digest) })
}

fn verified(
    plan: &CheckPlan,
    kind: Option<&str>,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<(Digest, Vec<VerifiedBundle>), VerifyError> {
    let image = subject.image.canonical();
    let of_fetch = |error| in_words("failed to fetch bundles", image, error);
    let digest = resolve(subject, context).map_err(of_fetch)?;
    let bundles = fetch(kind, &digest, subject, context).map_err(of_fetch)?;
    let policy = policy(plan, context).map_err(|error| in_words("failed to build policy", image, error))?;
    let requirements =
        requirements(plan).map_err(|error| in_words("failed to get verify bundles", image, error.into()))?;
    let none = TrustRoot::default();
    let trust = if requirements.log || requirements.time || !matches!(policy, Some(BundlePolicy::Key { .. })) {
        context.trust_root().map_err(|error| in_words("failed to get trusted material", image, error))?
    } else {
        &none
    };
    let (mut good, mut reasons) = (Vec::new(), Vec::new());
    for (name, bundle) in &bundles {
        context
            .trace
            .enter(|| Step::new("bundle", StepOutcome::Info, format!("bundle {name}")).fact("digest", name.as_str()));
        let outcome = check(bundle, policy.as_ref(), requirements, trust, &digest, subject, context);
        context.trace.leave(outcome.as_ref().map_or_else(VerifyError::step_outcome, |_| StepOutcome::Ok));
        match outcome {
            Ok(bundle) => good.push(bundle),
            Err(VerifyError::Rejected(reason)) => reasons.push(reason),
            Err(other) => return Err(other),
        }
    }
    if good.is_empty() { Err(Rejection::BundlesMismatch { reasons }.into()) } else { Ok((digest, good)) }
}

/// Kyverno says what it was about when it met an error.
fn in_words(doing: &'static str, image: &str, error: VerifyError) -> VerifyError {
    match error {
        VerifyError::Rejected(reason) => {
            Rejection::Bundles { doing, image: image.to_owned(), reason: Box::new(reason) }.into()
        }
        VerifyError::Unreachable { what, error } => {
            VerifyError::Unreachable { what: format!("{doing}: {image}: {what}"), error }
        }
        other => other,
    }
}

/// The bundles among the referrers; of those with statements, where a type is asked for, the ones of that type.
fn fetch(
    kind: Option<&str>,
    digest: &Digest,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<Vec<(Digest, Bundle)>, VerifyError> {
    let name = format!("{}@{digest}", subject.repository);
    let referrers = context
        .session
        .referrers(subject.repository, digest, &context.asker)
        .map_err(|error| unavailable(format!("the referrers of {name}"), error))?;
    let found = referrers.descriptors.len();
    if found > MOST_REFERRERS {
        return Err(Rejection::TooManyReferrers { limit: MOST_REFERRERS }.into());
    }
    let mut bundles = Vec::new();
    let mut pending = false;
    for descriptor in &referrers.descriptors {
        match read(descriptor, subject, context) {
            Ok(Some(bundle)) => bundles.push((descriptor.digest.clone(), bundle)),
            Ok(None) => {}
            Err(VerifyError::Pending) => pending = true,
            Err(error) => return Err(error),
        }
    }
    if pending {
        return Err(VerifyError::Pending);
    }
    context.trace.record(|| {
        let outcome = if bundles.is_empty() { StepOutcome::Failed } else { StepOutcome::Ok };
        Step::new("bundles-found", outcome, format!("{} of {found} referrers are Sigstore bundles", bundles.len()))
    });
    if let Some(kind) = kind {
        bundles.retain(|(_, bundle)| predicate_type(bundle).as_deref() == Some(kind));
    }
    Ok(bundles)
}

/// The bundle behind a referrer, if it is one.
fn read(
    descriptor: &Descriptor,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<Option<Bundle>, VerifyError> {
    let declared = descriptor.artifact_type.as_deref().unwrap_or_default();
    // Some registries list the media type of the config here: the manifest knows better.
    let unsure = declared.is_empty() || declared.starts_with("application/vnd.oci.");
    if !declared.starts_with(ARTIFACT) && !unsure {
        return Ok(None);
    }
    let name = format!("{}@{}", subject.repository, descriptor.digest);
    let bytes = context
        .session
        .manifest(subject.repository, &descriptor.digest, &context.asker)
        .map_err(|error| unavailable(name.clone(), error))?;
    let manifest = Manifest::parse(bytes, context.session.limits())
        .map_err(|error| Rejection::Manifest { what: name.clone(), error })?;
    if unsure {
        let own = manifest.artifact_type.clone().unwrap_or_default();
        if !own.starts_with(ARTIFACT) {
            return Ok(None);
        }
        context.trace.record(|| {
            let text = format!("the registry lists {name} as `{declared}`, its manifest says `{own}`");
            Step::new("artifact-type-from-manifest", StepOutcome::Info, text)
        });
    }
    let layer = manifest.layers.first().ok_or(Rejection::LayersMissing)?;
    let bytes = context
        .session
        .blob(subject.repository, &layer.digest, MOST_BYTES, &context.asker)
        .map_err(|error| unavailable(format!("the bundle {}", layer.digest), error))?;
    // As in Kyverno, one that cannot be read speaks against all.
    Ok(Some(Bundle::parse(bytes).map_err(Rejection::BundleMalformed)?))
}

fn predicate_type(bundle: &Bundle) -> Option<String> {
    match &bundle.content {
        BundleContent::Envelope(envelope) if envelope.payload_type == PAYLOAD_TYPE => {
            Statement::parse(&envelope.payload).ok().map(|statement| statement.predicate_type)
        }
        BundleContent::Envelope(_) | BundleContent::Message(_) => None,
    }
}

/// Who must have signed; `None`: the attestor names nobody in particular, so that nobody will do.
fn policy(plan: &CheckPlan, context: &Context<'_, '_>) -> Result<Option<BundlePolicy>, VerifyError> {
    if let SignerPlan::Key(key) = &plan.signer {
        let hash = plan.hash.clone()?;
        return Ok(Some(BundlePolicy::Key { key: keys::resolve(key, context)?, hash }));
    }
    let wanted = &plan.identity;
    let has_issuer = wanted.issuer.is_some() || wanted.issuer_reg_exp.is_some();
    let has_subject = wanted.subject.is_some() || wanted.subject_reg_exp.is_some();
    if !has_issuer || !has_subject {
        return Ok(None);
    }
    let matcher = |text: &Option<String>, expression: &Option<Expression>, of| {
        let compiled = |expression: &Expression| {
            let regex = expression.compiled(of)?.clone();
            Ok::<_, Rejection>((expression.text.clone(), regex))
        };
        let expression = expression.as_ref().map(compiled).transpose()?;
        Ok::<_, Rejection>(Matcher { text: text.clone(), expression })
    };
    Ok(Some(BundlePolicy::Identity(BundleIdentity {
        issuer: matcher(&wanted.issuer, &wanted.issuer_reg_exp, "issuer")?,
        subject: matcher(&wanted.subject, &wanted.subject_reg_exp, "subject")?,
    })))
}

/// What must prove the signature. `ignoreSCT` says whether a time must be proven; SCTs are never looked at.
fn requirements(plan: &CheckPlan) -> Result<Requirements, Rejection> {
    match (plan.log.is_some(), plan.certificate_log.is_some()) {
        (true, true) => Ok(Requirements { log: true, time: true, certificate_log: false }),
        (false, true) => Ok(Requirements { log: false, time: true, certificate_log: false }),
        (false, false) => Ok(Requirements { log: false, time: false, certificate_log: false }),
        (true, false) => Err(Rejection::BundleRequirements),
    }
}

fn check(
    bundle: &Bundle,
    policy: Option<&BundlePolicy>,
    requirements: Requirements,
    trust: &TrustRoot,
    digest: &Digest,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<VerifiedBundle, VerifyError> {
    let policy = policy.ok_or(Rejection::Bundle(BundleError::IdentityMissing))?;
    // A message signature is over the manifest.
    let bytes = match &bundle.content {
        BundleContent::Envelope(_) => None,
        BundleContent::Message(_) => {
            let manifest = context.session.manifest(subject.repository, digest, &context.asker);
            Some(manifest.map_err(|error| unavailable(subject.image.canonical().to_owned(), error))?)
        }
    };
    let artifact = Artifact { digest, bytes };
    let outcome = verify_bundle(bundle, &artifact, policy, requirements, trust, context.now);
    context.trace.record(|| match &outcome {
        Ok(verified) => verified_step(verified),
        Err(error) => Step::new(error.code(), StepOutcome::Failed, error.to_string()),
    });
    outcome.map_err(|error| match error {
        BundleError::TimeUnknown => VerifyError::TimeUnknown,
        other => Rejection::Bundle(other).into(),
    })
}

/// Who, when, and who says so.
fn verified_step(verified: &VerifiedBundle) -> Step {
    let step = match &verified.signer {
        VerifiedSigner::Key => Step::new("bundle-verified", StepOutcome::Ok, "signed by the policy's key"),
        VerifiedSigner::Certificate { certificate, subject, issuer, authority } => {
            let text = format!("signed by {subject}, whom {issuer} authenticated");
            Step::new("bundle-verified", StepOutcome::Ok, text)
                .fact("subject", subject.as_str())
                .fact("issuer", issuer.as_str())
                .fact("certificate", certificate.fingerprint().as_str())
                .fact("certificateAuthority", authority.as_str())
        }
    };
    let logged = verified.logged.iter().map(|evidence| {
        serde_json::json!({
            "logId": evidence.log_id, "logIndex": evidence.log_index, "kind": evidence.kind,
            "integratedTime": evidence.integrated_time.as_ref().map(Timestamp::to_rfc3339),
        })
    });
    let times = verified.times.iter().map(|proven| {
        let by = match &proven.proof {
            TimeProof::Authority { uri, stamp } if uri.is_empty() => stamp.signer.subject().to_string(),
            TimeProof::Authority { uri, .. } => uri.clone(),
            TimeProof::Log { log_id, log_index } => format!("entry {log_index} of log {log_id}"),
            TimeProof::Now => "the time of the evaluation".to_owned(),
        };
        serde_json::json!({ "time": proven.time.to_rfc3339(), "by": by })
    });
    step.fact("logEntries", logged.collect::<Vec<_>>()).fact("times", times.collect::<Vec<_>>())
}
