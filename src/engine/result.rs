//! What an evaluation answers with.

use super::PatchOperation;
use crate::diagnostic::Diagnostic;
use crate::evidence::{Need, Request};
use crate::policy::FailureAction;
use crate::source::{SourceName, Span};
use crate::trace::Step;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What must be fetched before there is a verdict; empty: the answer is complete.
    pub needs: Vec<Need>,
    /// One result for each rule and image and phase, in the order they came about.
    pub results: Vec<RuleResult>,
    /// What an admission webhook would answer.
    pub admission: Admission,
    /// What is to be changed in the object.
    pub patches: Vec<PatchOperation>,
    /// The object with the patches applied; null where there is none (DELETE).
    pub resource: Value,
    /// What mutate rules made, in order.
    pub mutated: Vec<Mutated>,
    /// Every image that was found.
    pub images: Vec<ImageReport>,
    /// The requests whose answers the verdict rests on.
    pub used: BTreeSet<Request>,
    /// Warnings about the policies.
    pub diagnostics: Vec<Diagnostic>,
}

impl Answer {
    /// Is there a verdict?
    pub fn is_complete(&self) -> bool {
        self.needs.is_empty()
    }
}

/// An object that mutate rules changed, or looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutated {
    /// Key of the policy.
    pub policy: String,
    /// The rule, where the object is another one than the one looked at; `None`: the object after the whole policy.
    pub rule: Option<String>,
    /// The object.
    pub resource: Value,
}

/// What a rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleStatus {
    /// It could not be evaluated.
    Error,
    /// It is not satisfied.
    Fail,
    /// It is satisfied.
    Pass,
    /// It does not concern the object or image.
    Skip,
    /// It is not satisfied, and says that this is only to be reported.
    Warn,
}

/// What kind of response it is in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleType {
    /// verifyImages.
    ImageVerify,
    /// mutate; also what Kyverno calls an exception met while verifying.
    Mutation,
    /// validate; also what Kyverno calls an exception met while checking.
    Validation,
    /// generate.
    Generation,
}

/// Which of a verifyImages rule's two phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Digest and annotation checks on the patched object.
    Check,
    /// Signatures and attestations.
    Verify,
}

/// What one rule says of the object, or of one of its images.
#[derive(Clone, Debug)]
pub struct RuleResult {
    /// Policy name.
    pub policy: String,
    /// Key of the policy: `namespace/name` for a Policy.
    pub policy_key: String,
    /// Rule name.
    pub rule: String,
    /// Kind of response.
    pub rule_type: RuleType,
    /// The phase, for verifyImages rules.
    pub phase: Option<Phase>,
    /// The image, where the result is about one.
    pub image: Option<String>,
    /// The status.
    pub status: RuleStatus,
    /// Stable kebab-case reason.
    pub code: &'static str,
    /// Kyverno's message.
    pub message: String,
    /// What a failure does.
    pub failure_action: FailureAction,
    /// What reports say beside the result.
    pub properties: BTreeMap<String, String>,
    /// The text that the rule is written in.
    pub source: SourceName,
    /// Where in it.
    pub span: Span,
    /// Is it shown as an admission warning although it is a skip.
    pub emit_warning: bool,
    /// The reasoning.
    pub trace: Option<Step>,
}

/// What an admission webhook answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admission {
    /// Is the request let through.
    pub allowed: bool,
    /// Why not; empty where it is.
    pub message: String,
    /// What the user is told either way.
    pub warnings: Vec<String>,
}

/// What became of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImageOutcome {
    /// No rule names it.
    NotMatched,
    /// A rule leaves it out.
    Skip,
    /// Verified.
    Pass,
    /// Not verified.
    Fail,
    /// Could not be evaluated.
    Error,
}

/// An image of the object.
#[derive(Clone, Debug)]
pub struct ImageReport {
    /// JSON pointer of the text.
    pub pointer: String,
    /// Canonical reference.
    pub image: String,
    /// Registry.
    pub registry: String,
    /// Repository path.
    pub path: String,
    /// Last component of the path.
    pub name: String,
    /// Tag.
    pub tag: Option<String>,
    /// Digest: the reference's, or the one that verification found.
    pub digest: Option<String>,
    /// What became of it: the worst that any rule said.
    pub outcome: ImageOutcome,
}
