//! The second phase of a verifyImages rule: no artifacts, just the patched object. Does the image have a digest, and is
//! it recorded as verified?
//!
//! Source: Kyverno `pkg/engine/handlers/validation/validate_image.go`.

use super::Compat;
use super::annotations::{Recorded, recorded};
use super::gate::Kind;
use super::result::{Phase, RuleResult, RuleStatus, RuleType};
use super::rule::{RuleView, matched};
use super::run::Run;
use crate::policy::{ImageVerification, Policy, PolicyException, Rule, RuleBody};
use crate::resource::{ExtractedImage, extract_images};

/// What Kyverno calls an exception that is met here.
const KIND: Kind = Kind { rule_type: RuleType::Validation, phase: Some(Phase::Check) };

/// Evaluates a rule that asks for digests or for verified images; any other says nothing here.
pub(super) fn rule<'b>(run: &mut Run<'_, 'b>, policy: &'b Policy, rule: &'b Rule, lifting: &[PolicyException]) {
    let RuleBody::VerifyImages(rules) = &rule.body else { return };
    let entries = &rules.entries;
    if !entries.iter().any(|entry| entry.verify_digest || entry.required) {
        return;
    }
    let Some(mut view) = RuleView::of(policy, rule, run.request, &run.object) else { return };
    let images = match extract_images(&run.object, &rule.image_extractors) {
        Ok(images) => images,
        // The first phase has answered for it.
        Err(_) => return,
    };
    let named =
        |image: &ExtractedImage| entries.iter().any(|e| matched(&e.image_references, &image.reference).is_some());
    if !images.iter().any(named) {
        return;
    }
    // The first phase has answered for what is not built.
    if view.unsupported().is_some() {
        return;
    }
    let mark = run.context.mark();
    if run.enter(&mut view, KIND, lifting) {
        let result = check(run, &view, entries, &images);
        run.results.push(result);
    }
    run.context.restore(mark);
}

fn check(
    run: &Run<'_, '_>,
    view: &RuleView<'_>,
    entries: &[ImageVerification],
    images: &[ExtractedImage],
) -> RuleResult {
    let mut skipped = Vec::new();
    let mut passed = 0;
    for entry in entries {
        for image in images.iter().filter(|image| matched(&entry.image_references, &image.reference).is_some()) {
            match check_image(run, view, entry, image) {
                Ok(Some(Recorded::Skip)) => skipped.push(image.reference.canonical()),
                Ok(Some(_)) => passed += 1,
                Ok(None) => {}
                Err((code, message)) => {
                    let mut result = view.result(Some(Phase::Check), RuleStatus::Fail, code, message);
                    result.image = Some(image.reference.canonical().to_owned());
                    return result;
                }
            }
        }
    }
    let (status, code, text) = match (passed, skipped.is_empty()) {
        (0, false) => (RuleStatus::Skip, "image-skipped", "image skipped"),
        _ => (RuleStatus::Pass, "image-checked", "image verified"),
    };
    let tail = if skipped.is_empty() { String::new() } else { format!(", skipped images: {}", skipped.join(" ")) };
    view.result(Some(Phase::Check), status, code, format!("{text}{tail}"))
}

/// What is recorded of an image, where the entry asks; else why it fails.
fn check_image(
    run: &Run<'_, '_>,
    view: &RuleView<'_>,
    entry: &ImageVerification,
    image: &ExtractedImage,
) -> Result<Option<Recorded>, (&'static str, String)> {
    let name = image.reference.canonical();
    if entry.verify_digest && image.reference.digest().is_none() {
        return Err(("digest-missing", format!("missing digest for {name}")));
    }
    if !entry.required {
        return Ok(None);
    }
    // DIVERGENCE annotation-forged: upstream reads the annotation also where the first phase wrote none, so whoever
    // sends the object can claim in it that its images were verified.
    if run.options.compat == Compat::Default && !run.has_recorded() {
        return Err(("image-unverified", format!("unverified image {name}")));
    }
    match recorded(&run.object, view.policy, &view.rule.name, name) {
        Err(error) => Err(("annotation-malformed", error)),
        Ok(Recorded::Fail) => Err(("image-unverified", format!("unverified image {name}"))),
        Ok(status) => Ok(Some(status)),
    }
}
