//! The rule loop: which rules apply, what each says, and what becomes of the request.
//!
//! One request goes through these rooms in order:
//! `set` loads the policies once; [`PolicySet::evaluate`] walks them: `rule` decides whether a rule
//! applies, `verify_phase` verifies images and collects patches, `check_phase` looks at the patched object, and
//! `verdict` turns results into an admission answer.

mod annotations;
mod attestations;
mod check_phase;
mod conditions;
mod evaluate;
mod exceptions;
mod gate;
mod mutate_phase;
mod patch;
mod result;
mod rule;
mod run;
mod set;
mod validate_phase;
mod verdict;
mod verify_phase;

pub use crate::context::{ApiResponse, ClusterAccess, PolicyValues, RuleValues, Supplied};
pub use patch::{PatchOp, PatchOperation};
pub use result::{Admission, Answer, ImageOutcome, ImageReport, Mutated, Phase, RuleResult, RuleStatus, RuleType};
pub use set::PolicySet;

use crate::limits::Limits;
use crate::scalar::time::Timestamp;
use crate::trace::TraceLevel;
use crate::trust_root::TrustRoot;
use std::sync::Arc;

/// Whose behaviour is followed where Kyverno accepts what nobody signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compat {
    /// Kyverno's, except where it fails open or depends on chance.
    #[default]
    Default,
    /// Kyverno's, to the letter.
    Exact,
}

/// How to evaluate.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Whose behaviour.
    pub compat: Compat,
    /// How much reasoning to keep.
    pub trace: TraceLevel,
    /// The bounds.
    pub limits: Limits,
    /// What stands in place of a cluster.
    pub supplied: Supplied,
    /// The time of the evaluation, for whatever asks for it: functions, certificates that nobody proves a time for.
    pub now: Option<Timestamp>,
    /// Sigstore's trust root; without one an evaluation that needs it asks for it.
    pub trust_root: Option<Arc<TrustRoot>>,
    /// Where random texts begin; without one there are none.
    pub seed: Option<u64>,
}
