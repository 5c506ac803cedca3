//! Everything that suites use of the engine, in one place: the question, and the answer taken apart by policy and pass.
//!
//! Source: Kyverno `cmd/cli/kubectl-kyverno/processor/policy_processor.go`.

use super::mocks::GlobalContextMock;
use crate::engine::{Answer, Options, Phase, PolicySet, RuleResult, RuleStatus, RuleType, Supplied};
use crate::evidence::{Artifacts, Need};
use crate::jmespath::{Environment, Expression};
use crate::limits::Limits;
use crate::policy::{Policy, Rule, RuleBody};
use crate::resource::AdmissionRequest;
use crate::scalar::time::Timestamp;
use crate::trace::TraceLevel;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};

/// What one policy says of one object in one of its passes.
#[derive(Clone, Debug)]
pub(super) struct Response {
    /// `metadata.name` of the policy.
    pub(super) policy: String,
    pub(super) rules: Vec<RuleAnswer>,
    /// The object that was looked at.
    pub(super) resource: Value,
    /// The same after the policy.
    pub(super) patched: Value,
}

/// What one rule says.
#[derive(Clone, Debug)]
pub(super) struct RuleAnswer {
    pub(super) rule: String,
    pub(super) rule_type: RuleType,
    /// The status that reports give: a failure of an unscored policy is a warning.
    pub(super) status: &'static str,
    pub(super) message: String,
    /// Is part of the rule not built: then it says nothing.
    pub(super) is_built: bool,
    /// What a generate rule made.
    pub(super) generated: Vec<Value>,
    /// The object beside the one looked at that a mutate rule changed.
    pub(super) target: Option<Value>,
}

/// The answers of every policy of a set.
#[derive(Clone, Debug, Default)]
pub(super) struct Answered {
    pub(super) responses: Vec<Response>,
    pub(super) needs: Vec<Need>,
}

/// What to evaluate.
pub(super) struct Question<'a> {
    pub(super) set: &'a PolicySet,
    pub(super) request: &'a AdmissionRequest,
    pub(super) supplied: Supplied,
    pub(super) limits: &'a Limits,
    /// The time of the evaluation, RFC 3339.
    pub(super) now: Option<&'a str>,
    pub(super) seed: Option<u64>,
    pub(super) artifacts: &'a Artifacts,
}

/// The passes of a policy, in the order that they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Mutate,
    VerifyImages,
    Validate,
    Generate,
}

/// Has the policy rules that may change other objects?
pub(super) fn mutates(policy: &Policy) -> bool {
    makes(policy, Pass::Mutate)
}

/// Evaluates.
pub(super) fn ask(question: Question<'_>) -> Answered {
    let options = Options {
        trace: TraceLevel::None,
        limits: question.limits.clone(),
        supplied: question.supplied,
        seed: question.seed,
        now: question.now.and_then(|now| Timestamp::parse_rfc3339(now).ok()),
        ..Options::default()
    };
    let answer = question.set.evaluate(question.request, question.artifacts, &options);
    let before = question.request.target().object.clone();
    let mut targets = Targets::new();
    for changed in &answer.mutated {
        if let Some(rule) = &changed.rule {
            let key = (changed.policy.clone(), rule.clone());
            targets.entry(key).or_default().push_back(changed.resource.clone());
        }
    }
    let mut responses = Vec::new();
    for pass in [Pass::Mutate, Pass::VerifyImages, Pass::Validate, Pass::Generate] {
        for policy in question.set.policies().filter(|policy| makes(policy, pass)) {
            let rules: Vec<RuleAnswer> =
                results(&answer, policy, pass).map(|result| rule(result, policy, &mut targets)).collect();
            // Generate rules that say nothing are no response; other policies respond also where no rule applies.
            if pass != Pass::Generate || !rules.is_empty() {
                let resource = if pass == Pass::Mutate { before.clone() } else { object(&answer, &before) };
                let patched = mutated(&answer, policy, pass).unwrap_or_else(|| object(&answer, &before));
                responses.push(Response { policy: policy.name.clone(), rules, resource, patched });
            }
        }
    }
    Answered { responses, needs: answer.needs }
}

fn object(answer: &Answer, before: &Value) -> Value {
    if answer.resource.is_null() { before.clone() } else { answer.resource.clone() }
}

/// The object after a policy's mutate rules.
fn mutated(answer: &Answer, policy: &Policy, pass: Pass) -> Option<Value> {
    let key = policy.key();
    let after = answer.mutated.iter().find(|changed| changed.policy == key && changed.rule.is_none())?;
    (pass == Pass::Mutate).then(|| after.resource.clone())
}

/// Source: `policyHasValidateOrVerifyImageChecks` in `processor/utils.go`.
fn makes(policy: &Policy, pass: Pass) -> bool {
    policy.spec.rules.iter().any(|rule| pass == pass_of(rule) || pass == Pass::Validate && has_checks(rule))
}

fn has_checks(rule: &Rule) -> bool {
    match &rule.body {
        RuleBody::VerifyImages(rules) => rules.entries.iter().any(|entry| entry.verify_digest || entry.required),
        _ => false,
    }
}

fn pass_of(rule: &Rule) -> Pass {
    match &rule.body {
        RuleBody::Generate => Pass::Generate,
        RuleBody::Mutate(_) => Pass::Mutate,
        RuleBody::Validate(_) => Pass::Validate,
        RuleBody::VerifyImages(_) => Pass::VerifyImages,
    }
}

fn results<'a>(answer: &'a Answer, policy: &Policy, pass: Pass) -> impl Iterator<Item = &'a RuleResult> {
    let key = policy.key();
    let passes: BTreeMap<String, Pass> =
        policy.spec.rules.iter().map(|rule| (rule.name.clone(), pass_of(rule))).collect();
    answer.results.iter().filter(move |result| {
        let made_in = match result.phase {
            Some(Phase::Check) => Some(Pass::Validate),
            Some(Phase::Verify) => Some(Pass::VerifyImages),
            None => passes.get(&result.rule).copied(),
        };
        result.policy_key == key && made_in == Some(pass)
    })
}

/// Changed targets, by key of the policy and rule.
type Targets = BTreeMap<(String, String), VecDeque<Value>>;

fn rule(result: &RuleResult, policy: &Policy, targets: &mut Targets) -> RuleAnswer {
    let is_scored = policy.annotations.get("policies.kyverno.io/scored").is_none_or(|scored| scored != "false");
    let status = match result.status {
        RuleStatus::Error => "error",
        RuleStatus::Fail if is_scored => "fail",
        RuleStatus::Fail | RuleStatus::Warn => "warn",
        RuleStatus::Pass => "pass",
        RuleStatus::Skip => "skip",
    };
    RuleAnswer {
        rule: result.rule.clone(),
        rule_type: result.rule_type,
        status,
        message: description(result, status),
        is_built: result.code != "not-built",
        generated: Vec::new(),
        target: match (result.code, targets.get_mut(&(result.policy_key.clone(), result.rule.clone()))) {
            ("mutated", Some(targets)) => targets.pop_front(),
            _ => None,
        },
    }
}

/// Source: `pkg/utils/report/results.go` (`ToPolicyReportResult`): the rule can word its message itself.
fn description(result: &RuleResult, status: &str) -> String {
    let own = |name: &str| result.properties.get(name).filter(|message| !message.is_empty());
    own("message").or_else(|| own(&format!("{status}Message"))).unwrap_or(&result.message).clone()
}

/// The entries of a mocked GlobalContextEntry: `name`, or `name.projection` for each projection.
///
/// Source: `store/gctx_resolve.go`, `store/mock.go`.
pub(super) fn global_context(mock: &GlobalContextMock, root: Value) -> Result<Vec<(String, Value)>, String> {
    // Without projections, what a policy names as one is a field of the data.
    let mut entries = Vec::new();
    let root = match &mock.field_path {
        Some(path) => search(path, &root)?,
        None => root,
    };
    let root = if mock.projections.is_empty() {
        root
    } else {
        let project = |(name, path): &(String, String)| Ok((name.clone(), search(path, &root)?));
        Value::Object(mock.projections.iter().map(project).collect::<Result<_, String>>()?)
    };
    for (key, value) in root.as_object().into_iter().flatten() {
        entries.push((format!("{}.{key}", mock.name), value.clone()));
    }
    entries.push((mock.name.clone(), root));
    Ok(entries)
}

fn search(path: &str, value: &Value) -> Result<Value, String> {
    let environment = Environment { now: None, seed: None, steps: Limits::default().expression_steps };
    let expression = Expression::parse(path).map_err(|error| error.to_string())?;
    expression.search(value, &environment).map_err(|error| error.to_string())
}
