//! The two annotations that record which images were verified.
//!
//! Source: Kyverno `pkg/engine/api/imageverifymetadata.go`.

use super::patch::PatchOperation;
use crate::policy::Policy;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The annotation that knows policy and rule: the only one that is read. The flat one beside it is written for people.
const SCOPED: &str = "kyverno.io/verify-images-scoped";

const FLAT_PATH: &str = "/metadata/annotations/kyverno.io~1verify-images";
/// Where the patch puts it.
pub(super) const SCOPED_PATH: &str = "/metadata/annotations/kyverno.io~1verify-images-scoped";

/// What was recorded of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recorded {
    Fail,
    Pass,
    Skip,
}

impl Recorded {
    fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Pass => "pass",
            Self::Skip => "skip",
        }
    }
}

type Images = BTreeMap<String, Recorded>;

/// What one policy recorded.
#[derive(Clone, Debug, Default)]
pub(super) struct Metadata {
    flat: Images,
    scoped: BTreeMap<String, BTreeMap<String, Images>>,
}

impl Metadata {
    /// Records an image for a rule of a policy.
    // DIVERGENCE entry-hides-failure: upstream, what a later entry of the rule says of an image overwrites the failure
    // that an earlier one found, even where the later one does not concern the image.
    pub(super) fn record(&mut self, policy: &Policy, rule: &str, image: &str, status: Recorded, exact: bool) {
        let scoped = self.scoped.entry(policy_key(policy)).or_default().entry(rule.to_owned()).or_default();
        if exact || scoped.get(image) != Some(&Recorded::Fail) {
            scoped.insert(image.to_owned(), status);
            self.flat.insert(image.to_owned(), status);
        }
    }

    /// Records in the flat annotation alone.
    pub(super) fn record_flat(&mut self, image: &str, status: Recorded) {
        self.flat.insert(image.to_owned(), status);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.flat.is_empty() && self.scoped.is_empty()
    }

    /// The patches that write it to `object`, replacing what is there.
    pub(super) fn patches(&self, object: &Value) -> Vec<PatchOperation> {
        let mut patches = Vec::new();
        if !object.pointer("/metadata/annotations").is_some_and(Value::is_object) {
            patches.push(PatchOperation::add("/metadata/annotations", json!({})));
        }
        let flat = if self.flat.is_empty() { Value::Null } else { images(&self.flat) };
        patches.push(PatchOperation::add(FLAT_PATH, flat.to_string()));
        if !self.scoped.is_empty() {
            let rules = |rules: &BTreeMap<String, Images>| {
                rules.iter().map(|(rule, found)| (rule.clone(), images(found))).collect::<Map<_, _>>()
            };
            let policies: Map<_, _> =
                self.scoped.iter().map(|(policy, found)| (policy.clone(), Value::Object(rules(found)))).collect();
            // Field order of upstream's struct: version first.
            let text = format!("{{\"version\":1,\"policies\":{}}}", Value::Object(policies));
            patches.push(PatchOperation::add(SCOPED_PATH, text));
        }
        patches
    }
}

fn images(found: &Images) -> Value {
    Value::Object(found.iter().map(|(image, status)| (image.clone(), status.as_str().into())).collect())
}

fn policy_key(policy: &Policy) -> String {
    format!("{}/{}", policy.namespace, policy.name)
}

/// What the annotation of `object` says of an image; an absent record is a failure, a malformed one an error.
pub(super) fn recorded(object: &Value, policy: &Policy, rule: &str, image: &str) -> Result<Recorded, String> {
    let text = object.pointer("/metadata/annotations").and_then(|annotations| annotations.get(SCOPED));
    let Some(text) = text.and_then(Value::as_str) else {
        return Ok(Recorded::Fail);
    };
    let document: Value = serde_json::from_str(text).map_err(|e| format!("annotation {SCOPED} is not JSON: {e}"))?;
    if document.get("version") != Some(&json!(1)) {
        return Ok(Recorded::Fail);
    }
    let status = document
        .get("policies")
        .and_then(|policies| policies.get(policy_key(policy)))
        .and_then(|rules| rules.get(rule))
        .and_then(|images| images.get(image))
        .and_then(Value::as_str);
    Ok(match status {
        Some("pass") => Recorded::Pass,
        Some("skip") => Recorded::Skip,
        _ => Recorded::Fail,
    })
}
