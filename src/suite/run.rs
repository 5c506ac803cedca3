//! A test, loaded once and run as often as artifacts come in.
//!
//! Source: Kyverno `cmd/cli/kubectl-kyverno/commands/test/test.go`.

use super::adapter::{self, Question, Response};
use super::policies::{OtherPolicy, Policies};
use super::resources::Key;
use super::rows::{self, Row};
use super::selector::Selector;
use super::simulation::{Simulated, Simulation};
use super::test_file::TestFile;
use super::world::{Loader, World, crd_paths};
use super::{Expectation, Files, PathRole, WantedPath};
use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::{PolicySet, Supplied};
use crate::evidence::{Artifacts, Need};
use crate::limits::Limits;
use crate::resource::Operation;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A test with everything it names.
#[derive(Debug)]
pub struct Suite {
    test: TestFile,
    set: PolicySet,
    others: Vec<OtherPolicy>,
    invalid: BTreeMap<String, String>,
    world: World,
    limits: Limits,
    seed: Option<u64>,
    diagnostics: Vec<Diagnostic>,
}

/// What came of a test.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// One row for each thing that was checked.
    pub rows: Vec<Row>,
    /// What is missing: with any, nothing is as expected yet.
    pub needs: Vec<Need>,
    /// Warnings; errors where nothing was evaluated.
    pub diagnostics: Vec<Diagnostic>,
}

impl Outcome {
    /// What several objects need is one need.
    fn add_needs(&mut self, needs: Vec<Need>) {
        for need in needs {
            match self.needs.iter_mut().find(|other| other.request == need.request) {
                Some(other) => other.asked_by.extend(need.asked_by),
                None => self.needs.push(need),
            }
        }
    }
}

/// What every policy says of one object.
#[derive(Clone, Debug)]
pub struct ObjectAnswers {
    /// Kind of the object.
    pub kind: String,
    /// Its namespace; empty where it has none.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The object after each policy, in order.
    pub stages: Vec<Value>,
    /// What is said of it.
    pub answers: Vec<PolicyAnswer>,
}

/// What one rule says.
#[derive(Clone, Debug)]
pub struct PolicyAnswer {
    /// Name of the policy.
    pub policy: String,
    /// Name of the rule.
    pub rule: String,
    /// `pass`, `fail`, `warn`, `error` or `skip`.
    pub status: &'static str,
    /// The message.
    pub message: String,
    /// Is part of the rule not built: then it says nothing.
    pub is_built: bool,
    /// The other object that it changed.
    pub target: Option<Value>,
}

/// Responses to what a test evaluates.
#[derive(Debug, Default)]
pub(super) struct Responses {
    /// Of the default run, by object.
    pub(super) triggers: Vec<(Key, Vec<Response>)>,
    /// Of the runs with an operation of their own.
    pub(super) by_operation: BTreeMap<&'static str, Vec<(Key, Vec<Response>)>>,
    /// Those that changed one of `targetResources`, by that object.
    pub(super) targets: Vec<(Key, Vec<Response>)>,
}

impl TestFile {
    /// The paths that are still to be looked for: those of the test, and those that files among `files` name.
    pub fn missing(&self, files: &Files, limits: &Limits) -> Vec<WantedPath> {
        let mut wanted = self.paths();
        for path in &self.cluster_resources {
            for file in files.of(&path.value).unwrap_or_default() {
                let documents = super::resources::objects(&file.text, limits).unwrap_or_default();
                let paths = documents.iter().flat_map(crd_paths);
                wanted.extend(paths.map(|path| WantedPath { role: PathRole::Crds, path }));
            }
        }
        wanted.retain(|wanted| wanted.role != PathRole::Artifacts && !files.knows(&wanted.path));
        wanted
    }
}

impl Suite {
    /// Loads a test: compiles its policies, reads its objects and adds those of its cluster to `artifacts`.
    ///
    /// Errors: what is wrong with any of its files. Nothing is evaluated then.
    pub fn load(
        test: &TestFile,
        files: &Files,
        artifacts: &mut Artifacts,
        limits: &Limits,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut loader = Loader { test, files, limits, found: Vec::new() };
        let mut policies = Policies::default();
        for path in test.policies.iter().chain(&test.exceptions) {
            for file in loader.files_of(path) {
                policies.read(&file.text, &file.name, limits);
            }
        }
        let mut world = loader.world(artifacts);
        let mut diagnostics = loader.found;
        diagnostics.append(&mut policies.diagnostics);
        if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            return Err(diagnostics);
        }
        let Policies { policies, exceptions, invalid, others, .. } = policies;
        if !policies.iter().any(adapter::mutates) {
            // Every evaluation would copy what no rule reads.
            world.supplied.targets.clear();
        }
        let set = PolicySet::of(policies, exceptions);
        let (test, limits) = (test.clone(), limits.clone());
        Ok(Self { test, set, others, invalid, world, limits, seed: None, diagnostics })
    }

    /// Sets where random texts begin; without, `random` is an error.
    pub fn set_seed(&mut self, seed: Option<u64>) {
        self.seed = seed;
    }

    /// Evaluates with the artifacts at hand and checks the chosen results.
    pub fn run(&self, artifacts: &Artifacts, selector: &Selector) -> Outcome {
        let chosen: Vec<Expectation> =
            self.test.results.iter().filter_map(|expectation| selector.choose(expectation)).collect();
        let mut outcome = Outcome { diagnostics: self.diagnostics.clone(), ..Outcome::default() };
        if chosen.is_empty() {
            return outcome;
        }
        let responses = self.responses(&chosen, artifacts, &mut outcome);
        let judge = rows::Judge {
            responses: &responses,
            expected: &self.world.expected,
            invalid: &self.invalid,
            others: &self.others,
            payloads: &self.world.payloads,
            is_pending: !outcome.needs.is_empty(),
        };
        outcome.rows = chosen.iter().flat_map(|expectation| judge.rows(expectation)).collect();
        outcome
    }

    /// Evaluates every policy on every object, whatever the test expects.
    pub fn answers(&self, artifacts: &Artifacts) -> Vec<ObjectAnswers> {
        let mut outcome = Outcome::default();
        let mut all = Vec::new();
        for object in &self.world.triggers {
            let key = Key::of(object);
            let responses = self.evaluate(object, &key, None, artifacts, &mut outcome);
            let stages = responses.iter().map(|response| response.patched.clone()).collect();
            let answers = responses.into_iter().flat_map(|response| {
                let policy = response.policy;
                response.rules.into_iter().map(move |rule| PolicyAnswer {
                    policy: policy.clone(),
                    rule: rule.rule,
                    status: rule.status,
                    message: rule.message,
                    is_built: rule.is_built,
                    target: rule.target,
                })
            });
            let answers = answers.collect();
            all.push(ObjectAnswers { kind: key.kind, namespace: key.namespace, name: key.name, stages, answers });
        }
        all
    }

    fn responses(&self, chosen: &[Expectation], artifacts: &Artifacts, outcome: &mut Outcome) -> Responses {
        let mut responses = Responses::default();
        if self.set.policies().next().is_none() {
            // Nothing says anything, but the objects are there.
            responses.triggers = self.world.triggers.iter().map(|object| (Key::of(object), Vec::new())).collect();
            return responses;
        }
        let operations: BTreeSet<&'static str> = chosen.iter().filter_map(|result| result.operation).collect();
        for object in &self.world.triggers {
            let key = Key::of(object);
            if chosen.iter().any(|result| result.operation.is_none()) {
                let answered = self.evaluate(object, &key, None, artifacts, outcome);
                responses.triggers.push((key.clone(), answered));
            }
            for operation in &operations {
                let answered = self.evaluate(object, &key, Some(operation), artifacts, outcome);
                responses.by_operation.entry(operation).or_default().push((key.clone(), answered));
            }
        }
        responses.targets = self.changed_targets(&responses);
        responses
    }

    fn changed_targets(&self, responses: &Responses) -> Vec<(Key, Vec<Response>)> {
        let runs = std::iter::once(&responses.triggers).chain(responses.by_operation.values());
        let all: Vec<&Response> = runs.flatten().flat_map(|(_, responses)| responses).collect();
        let changed = |key: &Key| -> Vec<Response> {
            let changes = |response: &&&Response| {
                response.rules.iter().any(|rule| rule.target.as_ref().is_some_and(|target| Key::of(target) == *key))
            };
            all.iter().filter(changes).map(|response| (*response).clone()).collect()
        };
        let targets = self.world.targets.iter().map(Key::of).map(|key| (key.clone(), changed(&key)));
        targets.filter(|(_, responses)| !responses.is_empty()).collect()
    }

    /// Every policy on one object.
    fn evaluate(
        &self,
        object: &Value,
        key: &Key,
        operation: Option<&str>,
        artifacts: &Artifacts,
        outcome: &mut Outcome,
    ) -> Vec<Response> {
        let mut labels = self.world.namespace_labels.clone();
        // Without a cluster the labels that the test gives are all there are.
        labels.entry(key.namespace.clone()).or_default();
        let simulation = Simulation {
            values: &self.world.values,
            over: &BTreeMap::new(),
            operation: operation.and_then(Operation::parse),
            old_object: Some(object),
            user_info: &self.world.user_info,
            namespace_labels: &labels,
        };
        let simulated = match simulation.request(object) {
            Ok(simulated) => simulated,
            Err(error) => {
                let message = format!("{} {}: {error}", key.kind, key.name());
                let diagnostic = Diagnostic::error(error.code(), message);
                outcome.diagnostics.push(diagnostic.in_source(&self.test.source));
                return Vec::new();
            }
        };
        let Simulated { request, values, policies } = simulated;
        let answered = adapter::ask(Question {
            set: &self.set,
            request: &request,
            supplied: Supplied { values, policies, ..self.world.supplied.clone() },
            limits: &self.limits,
            now: self.test.now.as_deref(),
            seed: self.seed,
            artifacts,
        });
        outcome.add_needs(answered.needs);
        answered.responses
    }
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
