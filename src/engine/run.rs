//! What changes while policies are evaluated on a request.

use super::result::Mutated;
use super::result::{ImageOutcome, ImageReport, RuleResult, RuleStatus};
use super::{Options, PatchOperation, annotations};
use crate::context::Context;
use crate::evidence::Session;
use crate::resource::{AdmissionRequest, ExtractedImage, extract_images};
use crate::trace::Tracer;
use serde_json::Value;
use std::collections::BTreeMap;

/// One evaluation under way.
pub(super) struct Run<'a, 'b> {
    pub(super) request: &'a AdmissionRequest,
    pub(super) options: &'a Options,
    pub(super) session: &'b Session<'a>,
    pub(super) context: Context<'b>,
    pub(super) trace: Tracer,
    /// The object with the patches so far.
    pub(super) object: Value,
    pub(super) patches: Vec<PatchOperation>,
    pub(super) results: Vec<RuleResult>,
    pub(super) mutated: Vec<Mutated>,
    pub(super) images: BTreeMap<String, ImageReport>,
}

impl Run<'_, '_> {
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
