//! What changes while policies are evaluated on a request.

use super::result::Mutated;
use super::result::{ImageOutcome, ImageReport, RuleResult, RuleStatus};
use super::{Options, PatchOperation, annotations};
use crate::context::{Context, World, inject};
use crate::evidence::Session;
use crate::policy::Policy;
use crate::resource::{AdmissionRequest, ExtractedImage, extract_images};
use crate::trace::Tracer;
use serde_json::Value;
use std::collections::BTreeMap;

/// One evaluation under way.
pub(super) struct Run<'a, 'b> {
    /// The request of the caller.
    pub(super) asked: &'a AdmissionRequest,
    /// The request of the policy at hand.
    pub(super) request: &'a AdmissionRequest,
    pub(super) world: World<'b>,
    pub(super) options: &'a Options,
    pub(super) session: &'b Session<'a>,
    pub(super) context: Context<'b>,
    pub(super) trace: Tracer,
    /// The object with the patches so far.
    pub(super) object: Value,
    /// The object, while a policy is asked about a request without one.
    pub(super) kept: Value,
    pub(super) patches: Vec<PatchOperation>,
    pub(super) results: Vec<RuleResult>,
    pub(super) mutated: Vec<Mutated>,
    pub(super) images: BTreeMap<String, ImageReport>,
}

impl<'a: 'b, 'b> Run<'a, 'b> {
    /// Turns to a policy: values of its own can stand for another request.
    pub(super) fn turn_to(&mut self, policy: &Policy) {
        let supplied = &self.options.supplied;
        if supplied.policies.is_empty() {
            return;
        }
        let own = supplied.policies.get(&policy.name);
        let values = own.map_or(&supplied.values, |own| &own.values);
        self.turn_to_request(own.map_or(self.asked, |own| &own.request), values);
    }

    /// Back to the request of the caller.
    pub(super) fn turn_back(&mut self) {
        if !self.options.supplied.policies.is_empty() {
            self.turn_to_request(self.asked, &self.options.supplied.values);
        }
    }

    /// Policies see what those before them left, also those whose request has another form.
    fn turn_to_request(&mut self, request: &'a AdmissionRequest, values: &BTreeMap<String, Value>) {
        if !self.object.is_null() {
            self.kept = std::mem::take(&mut self.object);
        }
        if let Some(object) = &request.object {
            self.object = if self.kept.is_null() { object.clone() } else { std::mem::take(&mut self.kept) };
            inject(&mut self.object, "request.object", values);
        }
        self.request = request;
        self.context = Context::new(request, values, self.world);
        if request.object.as_ref().is_some_and(|object| *object != self.object) {
            self.context.set_object(&self.object);
        }
    }

    /// The images that built-in extractors find, so that the answer lists those too that no rule names.
    pub(super) fn list_images(&mut self) {
        let found = extract_images(&self.object, &BTreeMap::new()).unwrap_or_default();
        for image in &found {
            self.report(image, None, ImageOutcome::NotMatched);
        }
    }

    /// Notes what became of an image; the worst outcome stays.
    pub(super) fn report(&mut self, image: &ExtractedImage, digest: Option<&str>, outcome: ImageOutcome) {
        let reference = &image.reference;
        let report = self.images.entry(image.pointer.clone()).or_insert_with(|| ImageReport {
            pointer: image.pointer.clone(),
            image: reference.canonical().to_owned(),
            registry: reference.registry().to_owned(),
            path: reference.path().to_owned(),
            name: reference.name().to_owned(),
            tag: reference.tag().map(str::to_owned),
            digest: reference.digest().map(ToString::to_string),
            outcome: ImageOutcome::NotMatched,
        });
        report.outcome = report.outcome.max(outcome);
        if let (None, Some(digest)) = (&report.digest, digest) {
            report.digest = Some(digest.to_owned());
        }
    }

    /// Did the first phase write the annotation that the second one reads?
    pub(super) fn has_recorded(&self) -> bool {
        self.patches.iter().any(|patch| patch.path == annotations::SCOPED_PATH)
    }

    /// Did a rule pass or fail since there were this many results?
    pub(super) fn decided_since(&self, index: usize) -> bool {
        self.results.iter().skip(index).any(|r| matches!(r.status, RuleStatus::Pass | RuleStatus::Fail))
    }
}
