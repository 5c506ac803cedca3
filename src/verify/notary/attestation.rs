//! Attestations: referrers of the asked type, which must be signed themselves.
//!
//! Source: Kyverno `pkg/image/verifiers/cpol/notary/notary.go` (`FetchAttestations`).

use super::{NotaryRejection, discovery, store, verify_artifact};
use crate::digest::Digest;
use crate::json;
use crate::oci::Manifest;
use crate::trace::{Step, StepOutcome};
use crate::verify::check_plan::CheckPlan;
use crate::verify::{Attested, Context, Rejection, Subject, VerifyError, resolve};
use serde_json::{Map, Value};

/// The attestation of type `kind`: the first among the referrers, whatever becomes of it.
pub(in crate::verify) fn fetch_attestation(
    plan: &CheckPlan,
    kind: &str,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<Attested, VerifyError> {
    let store = store(plan, context)?;
    let image = resolve(subject, context)?;
    let referrers = discovery::referrers(subject, &image, context)?;
    let referrer = referrers.iter().find(|referrer| referrer.artifact_type.as_deref() == Some(kind));
    context.trace.record(|| match referrer {
        Some(referrer) => {
            let text = format!("the first referrer of type {kind} is {}", referrer.digest);
            Step::new("attestation-found", StepOutcome::Ok, text).fact("digest", referrer.digest.as_str())
        }
        None => {
            let found: Vec<&str> = referrers.iter().filter_map(|other| other.artifact_type.as_deref()).collect();
            Step::new("attestation-found", StepOutcome::Failed, "no referrer is of the type").compare(kind, found)
        }
    });
    let Some(referrer) = referrer else {
        let (image, kind) = (subject.image.canonical().to_owned(), kind.to_owned());
        return Err(NotaryRejection::AttestationMissing { image, kind }.into());
    };
    verify_artifact(&store, subject, &referrer.digest, context)?;
    let statement = statement(kind, &image, &referrer.digest, subject, context)?;
    Ok(Attested { statements: vec![statement], digest: Some(image) })
}

/// The manifest as JSON, with the type and what the layer says; fields of these names in the manifest win.
fn statement(
    kind: &str,
    image: &Digest,
    referrer: &Digest,
    subject: &Subject<'_>,
    context: &mut Context<'_, '_>,
) -> Result<Value, VerifyError> {
    let what = format!("{}@{referrer}", subject.repository);
    let bytes = discovery::manifest(subject, referrer, context)?;
    let limits = context.session.limits();
    let manifest = Manifest::parse(bytes, limits).map_err(|error| Rejection::Manifest { what: what.clone(), error })?;
    if !context.exact {
        check_belongs(&manifest, kind, image, referrer)?;
    }
    let layer = match manifest.layers.as_slice() {
        [layer] => layer,
        [] => return Err(NotaryRejection::LayersMissing { what: format!("no predicate found: {what}") }.into()),
        layers => return Err(NotaryRejection::LayersTooMany { found: layers.len() }.into()),
    };
    let predicate = discovery::read_layer("predicate", subject, layer, context)?;
    let predicate = object(&predicate, limits.depth);
    let predicate =
        predicate.map_err(|found| NotaryRejection::AttestationMalformed { layer: layer.digest.clone(), found })?;
    // The manifest was read as an object before.
    let mut statement = object(bytes, limits.depth).unwrap_or_default();
    for (name, value) in [("type", Value::from(kind)), ("predicate", Value::Object(predicate))] {
        let entry = statement.entry(name).or_insert(Value::Null);
        if entry.is_null() {
            *entry = value;
        }
    }
    Ok(Value::Object(statement))
}

/// The list of referrers is an unsigned word of the registry; what the manifest says is signed.
// DIVERGENCE notary-attestation-subject: upstream believes the list.
fn check_belongs(manifest: &Manifest, kind: &str, image: &Digest, referrer: &Digest) -> Result<(), NotaryRejection> {
    let own_kind = manifest.artifact_type.as_deref().filter(|own| !own.is_empty());
    let own_kind = own_kind.unwrap_or(&manifest.config.media_type);
    let found = match &manifest.subject {
        _ if own_kind != kind => format!("that it is of type {own_kind}"),
        Some(subject) if subject.digest == *image => return Ok(()),
        Some(subject) => format!("that it belongs to {}", subject.digest),
        None => "nothing of what it belongs to".to_owned(),
    };
    let (referrer, image) = (referrer.clone(), image.clone());
    Err(NotaryRejection::AttestationOfOther { referrer, kind: kind.to_owned(), image, found })
}

fn object(bytes: &[u8], depth: usize) -> Result<Map<String, Value>, String> {
    match json::parse(bytes, depth).map_err(|error| error.to_string())? {
        Value::Object(object) => Ok(object),
        other => Err(json::describe(&other).to_owned()),
    }
}
