//! Policies on a request.

use super::result::Answer;
use super::run::Run;
use super::set::PreparedPolicy;
use super::{Options, PolicySet, annotations, check_phase, verdict, verify_phase};
use crate::evidence::{Artifacts, Session};
use crate::policy::ApplyRules;
use crate::resource::{AdmissionRequest, Operation, extract_images};
use crate::trace::Tracer;
use serde_json::Value;
use std::collections::BTreeMap;

impl PolicySet {
    /// Evaluates every policy on `request`, with what is in `artifacts`.
    ///
    /// As Kyverno's command line does it: policies one after the other, each on the object that the one before left; the
    /// first phase of all, then the second phase of all on the patched object. Where artifacts are missing the answer
    /// lists the needs, its results are provisional, and nothing is admitted.
    ///
    /// Looks at no clock, network or file: equal arguments give equal answers.
    pub fn evaluate(&self, request: &AdmissionRequest, artifacts: &Artifacts, options: &Options) -> Answer {
        let session = Session::new(artifacts, &options.limits);
        let mut run = Run {
            request,
            options,
            session: &session,
            trace: Tracer::new(options.trace),
            object: request.object.clone().unwrap_or(Value::Null),
            patches: Vec::new(),
            results: Vec::new(),
            images: BTreeMap::new(),
        };
        run.list_images();
        for prepared in &self.policies {
            run.verify_policy(prepared, &self.exceptions);
        }
        if request.operation != Operation::Delete {
            for prepared in &self.policies {
                run.check_policy(prepared, &self.exceptions);
            }
        }
        let needs = session.needs();
        let admission = verdict::admission(self, request, &run.results, !needs.is_empty(), options.compat);
        Answer {
            needs,
            admission,
            results: run.results,
            patches: run.patches,
            resource: run.object,
            images: run.images.into_values().collect(),
            used: session.used(),
            diagnostics: self.diagnostics().to_vec(),
        }
    }
}

impl Run<'_, '_> {
    fn verify_policy(&mut self, prepared: &PreparedPolicy, exceptions: &[crate::policy::PolicyException]) {
        if self.request.operation == Operation::Delete {
            // Images come from the new object, and there is none: verifyImages rules say nothing. Rules of other kinds
            // may still apply, and are not built.
            self.other_rules(prepared);
            return;
        }
        let policy = &prepared.policy;
        // Kyverno does not extract again between the rules of a policy, so the second rule sees the tag that the first
        // one replaced by a digest.
        let built_in = extract_images(&self.object, &BTreeMap::new());
        let mut metadata = annotations::Metadata::default();
        for (rule, plans) in policy.spec.rules.iter().zip(&prepared.plans) {
            let before = self.results.len();
            verify_phase::rule(self, policy, rule, plans, exceptions, &built_in, &mut metadata);
            if policy.spec.apply_rules == ApplyRules::One && self.decided_since(before) {
                break;
            }
        }
        if !metadata.is_empty() {
            for patch in metadata.patches(&self.object) {
                patch.apply(&mut self.object);
                self.patches.push(patch);
            }
        }
    }

    fn other_rules(&mut self, prepared: &PreparedPolicy) {
        for rule in &prepared.policy.spec.rules {
            verify_phase::other_rule(self, &prepared.policy, rule);
        }
    }

    fn check_policy(&mut self, prepared: &PreparedPolicy, exceptions: &[crate::policy::PolicyException]) {
        let policy = &prepared.policy;
        for rule in &policy.spec.rules {
            let before = self.results.len();
            check_phase::rule(self, policy, rule, exceptions);
            if policy.spec.apply_rules == ApplyRules::One && self.decided_since(before) {
                break;
            }
        }
    }
}
