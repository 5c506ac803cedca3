//! Policies on a request.

use super::result::{Answer, Mutated};
use super::run::Run;
use super::set::PreparedPolicy;
use super::{Options, PolicySet, annotations, check_phase, mutate_phase, validate_phase, verdict, verify_phase};
use crate::context::{Context, World};
use crate::evidence::{Artifacts, Session};
use crate::jmespath::Environment;
use crate::policy::{ApplyRules, Policy, PolicyException, RuleBody};
use crate::resource::{AdmissionRequest, Operation, extract_images};
use crate::trace::Tracer;
use serde_json::Value;
use std::collections::BTreeMap;

impl PolicySet {
    /// Evaluates every policy on `request`, with what is in `artifacts`.
    ///
    /// As Kyverno's command line does it, in passes: mutate rules, image verification, then validate rules and the checks
    /// of verified images; in each pass policies one after the other, each on the object that the one before left. Where artifacts are missing the answer
    /// lists the needs, its results are provisional, and nothing is admitted.
    ///
    /// Looks at no clock, network or file: equal arguments give equal answers.
    pub fn evaluate(&self, request: &AdmissionRequest, artifacts: &Artifacts, options: &Options) -> Answer {
        let session = Session::new(artifacts, &options.limits).with_trust_root(options.trust_root.as_deref());
        let environment =
            Environment { now: options.now.as_ref(), seed: options.seed, steps: options.limits.expression_steps };
        let world = World { session: &session, supplied: &options.supplied, environment };
        let mut run = Run {
            context: Context::new(request, &options.supplied.values, world),
            asked: request,
            request,
            world,
            options,
            session: &session,
            trace: Tracer::new(options.trace),
            object: request.object.clone().unwrap_or(Value::Null),
            kept: Value::Null,
            patches: Vec::new(),
            results: Vec::new(),
            mutated: Vec::new(),
            images: BTreeMap::new(),
        };
        run.list_images();
        for prepared in &self.policies {
            run.turn_to(&prepared.policy);
            run.mutate_policy(&prepared.policy, &self.exceptions);
        }
        for prepared in &self.policies {
            run.turn_to(&prepared.policy);
            run.verify_policy(prepared, &self.exceptions);
        }
        for prepared in &self.policies {
            run.turn_to(&prepared.policy);
            run.validate_policy(&prepared.policy, &self.exceptions);
        }
        for prepared in &self.policies {
            run.turn_to(&prepared.policy);
            for rule in &prepared.policy.spec.rules {
                verify_phase::generate_rule(&mut run, &prepared.policy, rule);
            }
        }
        run.turn_back();
        let needs = session.needs();
        let admission = verdict::admission(self, request, &run.results, !needs.is_empty(), options.compat);
        Answer {
            needs,
            admission,
            results: run.results,
            patches: run.patches,
            mutated: run.mutated,
            resource: run.object,
            images: run.images.into_values().collect(),
            used: session.used(),
            diagnostics: self.diagnostics().to_vec(),
        }
    }
}

impl<'b> Run<'_, 'b> {
    fn mutate_policy(&mut self, policy: &'b Policy, exceptions: &[PolicyException]) {
        let before = self.results.len();
        for rule in &policy.spec.rules {
            mutate_phase::rule(self, policy, rule, exceptions);
            if policy.spec.apply_rules == ApplyRules::One && self.decided_since(before) {
                break;
            }
        }
        if policy.spec.rules.iter().any(|rule| matches!(rule.body, RuleBody::Mutate(_))) {
            self.mutated.push(Mutated { policy: policy.key(), rule: None, resource: self.object.clone() });
        }
    }

    fn verify_policy(&mut self, prepared: &'b PreparedPolicy, exceptions: &[PolicyException]) {
        // Images come from the new object: where there is none, verifyImages rules say nothing.
        if self.request.operation == Operation::Delete {
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
        let recorded = if metadata.is_empty() { Vec::new() } else { metadata.patches(&self.object) };
        for patch in recorded {
            patch.apply(&mut self.object);
            self.patches.push(patch);
        }
        if self.request.object.as_ref() != Some(&self.object) {
            self.context.set_object(&self.object);
        }
    }

    fn validate_policy(&mut self, policy: &'b Policy, exceptions: &[PolicyException]) {
        for rule in &policy.spec.rules {
            let before = self.results.len();
            if self.request.operation != Operation::Delete {
                check_phase::rule(self, policy, rule, exceptions);
            }
            validate_phase::rule(self, policy, rule, exceptions);
            if policy.spec.apply_rules == ApplyRules::One && self.decided_since(before) {
                break;
            }
        }
    }
}
