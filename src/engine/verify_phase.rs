//! The first phase of a verifyImages rule: verify, replace tags by digests, record what was found.
//!
//! Source: Kyverno `pkg/engine/handlers/mutation/mutate_image.go`, `pkg/engine/internal/imageverifier.go`.

use super::annotations::{Metadata, Recorded, recorded};
use super::gate::Kind;
use super::result::{ImageOutcome, Phase, RuleResult, RuleStatus, RuleType};
use super::rule::{RuleView, matched};
use super::run::Run;
use super::{Compat, PatchOperation};
use crate::context::image_value;
use crate::digest::Digest;
use crate::evidence::Asker;
use crate::oci::ImageReference;
use crate::policy::{ImageVerification, Policy, PolicyException, Rule, RuleBody, Unsupported, image_verifications};
use crate::resource::{ExtractedImage, ImageError, Operation, extract_images};
use crate::trace::{Step, StepOutcome};
use crate::variables::{VariableError, substitute};
use crate::verify::{Context, EntryPlan, Subject, VerifyError, resolve_image, verify_sets};
use crate::yaml::Node;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What Kyverno calls an exception that is met here.
const KIND: Kind = Kind { rule_type: RuleType::Mutation, phase: Some(Phase::Verify) };
const ANSWER: Kind = Kind { rule_type: RuleType::ImageVerify, phase: Some(Phase::Verify) };

/// Evaluates a rule; a rule that does not apply, or none of whose patterns an image matches, says nothing.
pub(super) fn rule<'b>(
    run: &mut Run<'_, 'b>,
    policy: &'b Policy,
    rule: &'b Rule,
    plans: &[EntryPlan],
    lifting: &[PolicyException],
    built_in: &Result<Vec<ExtractedImage>, ImageError>,
    metadata: &mut Metadata,
) {
    let RuleBody::VerifyImages(rules) = &rule.body else { return };
    let Some(mut view) = run.applies(policy, rule, ANSWER) else { return };
    let images = match images_of(run, rule, &rules.entries, built_in) {
        Ok(images) if images.is_empty() => return,
        Ok(images) => images,
        Err(error) => {
            let message = format!("failed to instantiate handler: failed to extract images: {error}");
            return run.say(&view, ANSWER, RuleStatus::Error, error.code(), message);
        }
    };
    let mark = run.context.mark();
    if run.enter(&mut view, KIND, lifting) {
        match &rules.dynamic {
            None => verify_entries(run, &view, &rules.entries, plans, &images, metadata),
            Some(written) => match substituted_entries(run, written) {
                Ok(entries) => {
                    let plans: Vec<_> = entries.iter().map(EntryPlan::new).collect();
                    verify_entries(run, &view, &entries, &plans, &images, metadata);
                }
                Err(error) => {
                    let message = format!("failed to substitute variables: {error}");
                    run.say(&view, ANSWER, RuleStatus::Error, error.code(), message);
                }
            },
        }
    }
    run.context.restore(mark);
}

/// The entries of a rule in which variables stand. Conditions are left: they are substituted when they are evaluated.
fn substituted_entries(run: &mut Run<'_, '_>, written: &Node) -> Result<Vec<ImageVerification>, VariableError> {
    let mut entries = written.to_value();
    let later = set_aside(&mut entries);
    let mut rule = substitute(&json!({ "verifyImages": entries }), &mut run.context)?;
    for (pointer, conditions) in later {
        if let Some(place) = rule.pointer_mut(&format!("/verifyImages{pointer}")) {
            *place = conditions;
        }
    }
    let entries = rule.get("verifyImages").unwrap_or(&Value::Null);
    Ok(image_verifications(&Node::from_value(entries, written.span), ""))
}

/// Takes the conditions out of entries, with where they stand.
fn set_aside(entries: &mut Value) -> Vec<(String, Value)> {
    let mut taken = Vec::new();
    for (index, entry) in entries.as_array_mut().into_iter().flatten().enumerate() {
        let attestations = entry.get("attestations").and_then(Value::as_array).map_or(0, Vec::len);
        let within = (0..attestations).map(|attestation| format!("/attestations/{attestation}/conditions"));
        for place in within.chain(["/validate/deny/conditions".to_owned()]) {
            if let Some(conditions) = entry.pointer_mut(&place) {
                taken.push((format!("/{index}{place}"), conditions.take()));
            }
        }
    }
    taken
}

fn verify_entries(
    run: &mut Run<'_, '_>,
    view: &RuleView<'_>,
    entries: &[ImageVerification],
    plans: &[EntryPlan],
    images: &[ExtractedImage],
    metadata: &mut Metadata,
) {
    let mut patches = Vec::new();
    for (entry, plan) in entries.iter().zip(plans) {
        let answered = BTreeMap::new();
        let mut work = EntryWork { run, view, entry, entries, plan, metadata, patches: &mut patches, answered };
        for image in images {
            work.image(image);
        }
    }
    for patch in patches {
        patch.apply(&mut run.object);
        run.patches.push(patch);
    }
}

/// A generate rule: where it applies it is an error that says that it is not built.
pub(super) fn generate_rule(run: &mut Run<'_, '_>, policy: &Policy, rule: &Rule) {
    let RuleBody::Generate = &rule.body else { return };
    let Some(view) = RuleView::of(policy, rule, run.request, &run.object) else { return };
    let written = Unsupported { path: rule.name.clone(), feature: "generate rules are".to_owned(), span: rule.span };
    let result = view.not_built(None, view.unsupported().unwrap_or(&written));
    run.results.push(RuleResult { rule_type: RuleType::Generation, ..result });
}

/// The images of the object that an entry of the rule names: one that two entries name is listed twice, as in Kyverno.
fn images_of(
    run: &Run<'_, '_>,
    rule: &Rule,
    entries: &[ImageVerification],
    built_in: &Result<Vec<ExtractedImage>, ImageError>,
) -> Result<Vec<ExtractedImage>, ImageError> {
    let found = if rule.image_extractors.is_empty() {
        // DIVERGENCE image-unparsable: upstream swallows the error of a built-in extractor and does not apply the rule.
        match built_in {
            Err(_) if run.options.compat == Compat::Exact => Vec::new(),
            other => other.clone()?,
        }
    } else {
        extract_images(&run.object, &rule.image_extractors)?
    };
    let limit = run.options.limits.images;
    if found.len() > limit {
        return Err(ImageError::TooMany { found: found.len(), limit });
    }
    // DIVERGENCE image-shadowed: upstream, of two containers of one name only the last is verified.
    let seen = |image: &&ExtractedImage| run.options.compat == Compat::Default || !image.shadowed;
    let named = |image: &ExtractedImage| {
        entries.iter().filter(|entry| matched(&entry.image_references, &image.reference).is_some()).count()
    };
    let listed: Vec<ExtractedImage> =
        found.iter().filter(seen).flat_map(|image| std::iter::repeat_n(image.clone(), named(image))).collect();
    // Every entry of a rule looks at every image in its list, so the work is their product.
    let (found, limit) = (listed.len().saturating_mul(entries.len()), run.options.limits.checks);
    if found > limit { Err(ImageError::TooMany { found, limit }) } else { Ok(listed) }
}

/// One entry of a rule at work.
pub(super) struct EntryWork<'w, 'a, 'b> {
    pub(super) run: &'w mut Run<'a, 'b>,
    pub(super) view: &'w RuleView<'w>,
    pub(super) entry: &'w ImageVerification,
    /// Every entry of the rule, this one included.
    pub(super) entries: &'w [ImageVerification],
    pub(super) plan: &'w EntryPlan,
    metadata: &'w mut Metadata,
    patches: &'w mut Vec<PatchOperation>,
    /// What was said of images before, with the reasoning: containers often share one.
    answered: BTreeMap<String, (Said, Vec<Step>)>,
}

/// What an entry says of an image, and the digest that it found.
pub(super) type Said = (Option<RuleResult>, Option<Digest>);

impl EntryWork<'_, '_, '_> {
    fn image(&mut self, image: &ExtractedImage) {
        let reference = &image.reference;
        if self.previously_verified(image) {
            self.record(reference.canonical(), Recorded::Pass);
            return;
        }
        self.run.trace.enter(|| {
            Step::new("image", StepOutcome::Info, format!("image {}", reference.canonical()))
                .fact("pointer", image.pointer.as_str())
        });
        let (mut result, found) = self.verify_once(image);
        let mut name = reference.canonical().to_owned();
        let mut digest_error = None;
        if self.mutates(reference) && !is_pending(result.as_ref()) {
            match self.mutate_digest(image, found.clone()) {
                Ok(digest) => {
                    name = reference.with_digest(&digest).canonical().to_owned();
                    result.get_or_insert_with(|| self.result(RuleStatus::Pass, "digest-added", "mutated image digest"));
                }
                Err(error) => digest_error = Some(self.digest_error(&error)),
            }
        }
        let outcome = result.as_ref().or(digest_error.as_ref()).map_or(ImageOutcome::NotMatched, image_outcome);
        self.run.report(image, found.as_ref().map(Digest::as_str), outcome);
        self.run.trace.leave(step_outcome(outcome));
        let trace = self.run.trace.take().pop();
        for mut result in [digest_error, result].into_iter().flatten() {
            if result.code != "digest-not-found" {
                self.record_result(&name, &result);
                result.trace.clone_from(&trace);
            }
            result.image = Some(reference.canonical().to_owned());
            self.run.results.push(result);
        }
    }

    // DIVERGENCE digest-of-unreferenced-image: upstream, an entry without attestors also adds digests to the images of
    // its sibling entries.
    fn mutates(&self, reference: &ImageReference) -> bool {
        let concerned = self.has_claims()
            || self.run.options.compat == Compat::Exact
            || matched(&self.entry.image_references, reference).is_some();
        self.entry.mutate_digest && reference.digest().is_none() && concerned
    }

    /// Kyverno: entries with neither attestors nor attestations record nothing.
    fn record_result(&mut self, name: &str, result: &RuleResult) {
        if self.has_claims() {
            let status = match result.status {
                RuleStatus::Pass => Recorded::Pass,
                RuleStatus::Skip | RuleStatus::Warn => Recorded::Skip,
                RuleStatus::Fail | RuleStatus::Error => Recorded::Fail,
            };
            self.record(name, status);
        }
    }

    fn record(&mut self, name: &str, status: Recorded) {
        let exact = self.run.options.compat == Compat::Exact;
        self.metadata.record(self.view.policy, &self.view.rule.name, name, status, exact);
    }

    fn has_claims(&self) -> bool {
        !self.entry.attestors.is_empty() || !self.entry.attestations.is_empty()
    }

    /// UPDATE: the same image at the same place, which the stored object records as verified by this rule.
    fn previously_verified(&self, image: &ExtractedImage) -> bool {
        let request = self.run.request;
        if request.operation != Operation::Update {
            return false;
        }
        let text = |object: Option<&Value>| object.and_then(|o| o.pointer(&image.pointer)).cloned();
        let (new, old) = (text(Some(&self.run.object)), text(request.old_object.as_ref()));
        let Some(stored) = request.old_object.as_ref() else { return false };
        let (policy, rule) = (self.view.policy, self.view.rule.name.as_str());
        new.is_some()
            && new == old
            && matches!(
                recorded(stored, policy, rule, image.reference.canonical()),
                Ok(Recorded::Pass | Recorded::Skip)
            )
    }

    /// As [`Self::verify`], for the second container of an image without doing it again.
    fn verify_once(&mut self, image: &ExtractedImage) -> Said {
        let name = image.reference.canonical();
        if let Some((said, steps)) = self.answered.get(name) {
            steps.iter().for_each(|step| self.run.trace.record(|| step.clone()));
            return said.clone();
        }
        let said = self.verify(image);
        self.answered.insert(name.to_owned(), (said.clone(), self.run.trace.under_way().to_vec()));
        said
    }

    fn verify(&mut self, image: &ExtractedImage) -> Said {
        let reference = &image.reference;
        let Some(pattern) = matched(&self.entry.image_references, reference) else {
            return (self.has_claims().then(|| self.skipped(reference, false)), None);
        };
        let (text, line) = (pattern.value.clone(), pattern.span.start.line);
        self.run.trace.record(|| {
            Step::new("reference-matched", StepOutcome::Ok, format!("matches the pattern {text}"))
                .fact("pattern", text.as_str())
                .fact("line", line)
        });
        if !self.has_claims() {
            return (None, None);
        }
        if let Some(pattern) = matched(&self.entry.skip_image_references, reference) {
            let text = pattern.value.clone();
            self.run.trace.record(|| {
                Step::new("reference-skipped", StepOutcome::Skipped, format!("matches the skip pattern {text}"))
            });
            self.metadata.record_flat(reference.canonical(), Recorded::Skip);
            return (Some(self.skipped(reference, true)), None);
        }
        if let Some(unsupported) = self.entry.unsupported.first() {
            return (Some(self.view.not_built(Some(Phase::Verify), unsupported)), None);
        }
        self.run.context.bind("image", image_value(reference));
        let (result, digest) = self.verify_attestors(reference);
        if result.as_ref().is_some_and(|result| result.status != RuleStatus::Pass) || self.entry.attestations.is_empty()
        {
            return (result, digest);
        }
        self.verify_attestations(reference, reference.digest().cloned().or(digest))
    }

    fn verify_attestors(&mut self, reference: &ImageReference) -> Said {
        let name = reference.canonical();
        let repository = reference.repository();
        let subject = Subject::new(reference, &repository, self.entry);
        let sets = &self.plan.attestors;
        match verify_sets(sets, &subject, &mut self.context()) {
            Ok(Some(proof)) => {
                let message = format!("verified image signatures for {name}");
                let result = self.result(RuleStatus::Pass, "image-verified", message);
                (Some(result), Some(proof.digest().clone()))
            }
            Ok(None) => (None, None),
            Err(failure) => {
                let status = if failure.cause.is_undecided() { RuleStatus::Error } else { RuleStatus::Fail };
                let message = format!("failed to verify image {name}: {}", failure.message);
                (Some(self.result(status, failure.cause.code(), message)), None)
            }
        }
    }

    /// Adds the digest to the image string, whatever verification said.
    fn mutate_digest(&mut self, image: &ExtractedImage, found: Option<Digest>) -> Result<Digest, VerifyError> {
        let reference = &image.reference;
        let digest = match found {
            Some(digest) => digest,
            None => {
                let repository = reference.repository();
                let subject = Subject::new(reference, &repository, self.entry);
                resolve_image(&subject, &mut self.context())?
            }
        };
        let value = format!("{}@{digest}", reference.canonical());
        self.patches.push(PatchOperation::replace(&image.pointer, value));
        Ok(digest)
    }

    fn digest_error(&self, error: &VerifyError) -> RuleResult {
        let message = format!("failed to update digest: {error}");
        self.result(RuleStatus::Error, "digest-not-found", message)
    }

    fn skipped(&self, reference: &ImageReference, emit_warning: bool) -> RuleResult {
        let message = format!(
            "skipping image reference image {}, policy {} ruleName {}",
            reference.canonical(),
            self.view.policy.name,
            self.view.rule.name
        );
        RuleResult { emit_warning, ..self.result(RuleStatus::Skip, "image-skipped", message) }
    }

    pub(super) fn result(&self, status: RuleStatus, code: &'static str, message: impl Into<String>) -> RuleResult {
        self.view.result(Some(Phase::Verify), status, code, message)
    }

    /// What verification needs of the evaluation.
    pub(super) fn context(&mut self) -> Context<'_, '_> {
        let (policy, rule) = (self.view.policy.key(), self.view.rule.name.clone());
        Context {
            session: self.run.session,
            trace: &mut self.run.trace,
            asker: Asker { policy, rule, attestor: String::new() },
            now: self.run.options.now.as_ref(),
            exact: self.run.options.compat == Compat::Exact,
        }
    }
}

fn is_pending(result: Option<&RuleResult>) -> bool {
    result.is_some_and(|result| result.code == VerifyError::Pending.code())
}

fn image_outcome(result: &RuleResult) -> ImageOutcome {
    match result.status {
        RuleStatus::Error => ImageOutcome::Error,
        RuleStatus::Fail => ImageOutcome::Fail,
        RuleStatus::Pass => ImageOutcome::Pass,
        RuleStatus::Skip | RuleStatus::Warn => ImageOutcome::Skip,
    }
}

fn step_outcome(outcome: ImageOutcome) -> StepOutcome {
    match outcome {
        ImageOutcome::Error => StepOutcome::Error,
        ImageOutcome::Fail => StepOutcome::Failed,
        ImageOutcome::NotMatched => StepOutcome::Info,
        ImageOutcome::Pass => StepOutcome::Ok,
        ImageOutcome::Skip => StepOutcome::Skipped,
    }
}
