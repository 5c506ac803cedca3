//! What a test expects against what policies said: one row for each thing that is checked.
//!
//! Source: Kyverno `cmd/cli/kubectl-kyverno/commands/test/output.go`, `command.go`.

use super::Expectation;
use super::adapter::{Response, RuleAnswer};
use super::compare::{Comparison, compare};
use super::policies::OtherPolicy;
use super::resources::Key;
use super::run::Responses;
use crate::engine::RuleType;
use crate::source::Spanned;
use serde_json::Value;
use std::collections::BTreeMap;

/// Why a row is as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowCode {
    /// The verdict is the expected one.
    AsExpected,
    /// The policy was evaluated and no rule answered: as expected, whatever was expected.
    Excluded,
    /// The policy is invalid and left out: skipped, not failed.
    InvalidPolicy,
    /// Artifacts are missing.
    MissingArtifacts,
    /// Needed for the verdict and not built.
    NotBuilt,
    /// Nothing was evaluated for the policy.
    NotFound,
    /// An object differs from the expected one.
    ResourceDiff,
    /// The expected object cannot be had.
    ResourceError,
    /// The verdict is another one.
    Unexpected,
}

impl RowCode {
    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AsExpected => "as-expected",
            Self::Excluded => "excluded",
            Self::InvalidPolicy => "invalid-policy",
            Self::MissingArtifacts => "missing-artifacts",
            Self::NotBuilt => "not-built",
            Self::NotFound => "not-found",
            Self::ResourceDiff => "resource-diff",
            Self::ResourceError => "resource-error",
            Self::Unexpected => "unexpected-result",
        }
    }

    /// Is it no failure?
    pub fn is_ok(self) -> bool {
        matches!(self, Self::AsExpected | Self::Excluded | Self::InvalidPolicy)
    }
}

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The policy as the test names it.
    pub policy: String,
    /// The rule that answered, else the one that the test names.
    pub rule: String,
    /// Kind of the object.
    pub kind: String,
    /// `namespace/name` of the object, or its name.
    pub resource: String,
    /// The operation that the result is about, where it names one.
    pub operation: Option<&'static str>,
    /// The expected verdict.
    pub expected: &'static str,
    /// The verdict; `None` where there is none.
    pub actual: Option<&'static str>,
    /// Why it is as it is.
    pub code: RowCode,
    /// The same in upstream's words.
    pub reason: String,
    /// What the rule says, or what differs.
    pub message: String,
}

/// Holds expectations against responses.
pub(super) struct Judge<'a> {
    pub(super) responses: &'a Responses,
    pub(super) expected: &'a BTreeMap<String, Result<Vec<Value>, String>>,
    pub(super) invalid: &'a BTreeMap<String, String>,
    pub(super) others: &'a [OtherPolicy],
    pub(super) payloads: &'a [String],
    pub(super) is_pending: bool,
}

/// The rows of one object, and whether one was left out because there is nothing to compare it with.
#[derive(Default)]
struct Checked {
    rows: Vec<Row>,
    is_left_out: bool,
}

impl Judge<'_> {
    /// The rows of one expectation.
    pub(super) fn rows(&self, expectation: &Expectation) -> Vec<Row> {
        let triggers = match expectation.operation {
            Some(operation) => self.responses.by_operation.get(operation).map(Vec::as_slice).unwrap_or_default(),
            None => &self.responses.triggers,
        };
        let all: Vec<Key> = self
            .responses
            .targets
            .iter()
            .chain(triggers)
            .map(|(key, _)| key.clone())
            .chain(self.payloads.iter().map(|path| Key::of_payload(path)))
            .collect();
        let mut keys: Vec<Key> = Vec::new();
        for key in all.iter().filter(|key| names(expectation, key)) {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        // Upstream: names that nothing has are no names, and everything is checked.
        let is_named = !keys.is_empty();
        if !is_named {
            keys = all;
            keys.dedup();
        }
        keys.iter().flat_map(|key| self.of_key(expectation, key, triggers, is_named)).collect()
    }

    fn of_key(
        &self,
        expectation: &Expectation,
        key: &Key,
        triggers: &[(Key, Vec<Response>)],
        is_named: bool,
    ) -> Vec<Row> {
        let policy = policy_name(expectation);
        if let Some(other) = self.others.iter().find(|other| other.name == policy) {
            let message = format!("{} is not available", other.kind);
            let row = row(expectation, key, RowCode::NotBuilt, "Not available", message);
            return vec![Row { actual: Some("error"), ..row }];
        }
        let mut checked = Checked::default();
        let of = |list: &'_ [(Key, Vec<Response>)]| -> Vec<Response> {
            let responses = list.iter().filter(|(own, _)| own == key).flat_map(|(_, responses)| responses);
            responses.filter(|response| response.policy == policy).cloned().collect()
        };
        for response in of(triggers) {
            self.of_trigger(expectation, key, &response, &mut checked);
        }
        let is_trigger = triggers.iter().any(|(own, _)| own == key);
        let changes = of(&self.responses.targets);
        for response in &changes {
            self.of_target(expectation, key, response, &mut checked);
        }
        // A target that another policy changed says nothing of this one.
        let is_beside = !is_named && !is_trigger && changes.is_empty();
        if checked.rows.is_empty() && !checked.is_left_out && !is_beside {
            checked.rows.push(self.nothing(expectation, key, policy));
        }
        checked.rows
    }

    fn nothing(&self, expectation: &Expectation, key: &Key, policy: &str) -> Row {
        match self.invalid.get(policy) {
            Some(why) => row(expectation, key, RowCode::InvalidPolicy, "Invalid Policy", why.clone()),
            None => row(expectation, key, RowCode::NotFound, "Not found", "Not found".to_owned()),
        }
    }

    fn of_trigger(&self, expectation: &Expectation, key: &Key, response: &Response, checked: &mut Checked) {
        for rule in response.rules.iter().filter(|rule| stands_for(&expectation.rule, &rule.rule)) {
            if rule.rule_type == RuleType::Generation {
                checked.rows.extend(self.generated(expectation, key, rule));
                continue;
            }
            let object = if rule.rule_type == RuleType::Mutation { &response.patched } else { &response.resource };
            match self.verdict(expectation, key, rule, Some(object)) {
                Some(row) => checked.rows.push(row),
                None => checked.is_left_out = true,
            }
        }
        if checked.rows.is_empty() && !checked.is_left_out {
            checked.rows.push(row(expectation, key, RowCode::Excluded, "Excluded", "Excluded".to_owned()));
        }
    }

    fn generated(&self, expectation: &Expectation, key: &Key, rule: &RuleAnswer) -> Vec<Row> {
        if rule.generated.is_empty() {
            return self.verdict(expectation, key, rule, None).into_iter().collect();
        }
        let whole = Expectation { fail_on_missing: true, ..expectation.clone() };
        let verdict = |object: &Value| {
            let row = self.verdict(&whole, key, rule, Some(object))?;
            Some(Row { resource: Key::of(object).name, ..row })
        };
        rule.generated.iter().filter_map(verdict).collect()
    }

    fn of_target(&self, expectation: &Expectation, key: &Key, response: &Response, checked: &mut Checked) {
        let changes = |rule: &&RuleAnswer| rule.target.as_ref().is_some_and(|target| Key::of(target) == *key);
        let whole = Expectation { fail_on_missing: true, ..expectation.clone() };
        if let Some(rule) = response.rules.iter().find(changes) {
            checked.rows.extend(self.verdict(&whole, key, rule, rule.target.as_ref()));
        }
    }

    /// The row of a rule; `None`: there is no object to compare with, and none need be.
    fn verdict(&self, expectation: &Expectation, key: &Key, rule: &RuleAnswer, object: Option<&Value>) -> Option<Row> {
        let finish = |code, reason: &str, message: String| {
            let row = row(expectation, key, code, reason, message);
            Some(Row { rule: rule.rule.clone(), actual: Some(rule.status), ..row })
        };
        if !rule.is_built {
            return finish(RowCode::NotBuilt, "Not available", rule.message.clone());
        }
        if self.is_pending {
            let message = "artifacts are missing: nothing is decided".to_owned();
            return finish(RowCode::MissingArtifacts, "Missing artifacts", message);
        }
        match object.and_then(|object| self.comparison(expectation, object)) {
            None | Some(Comparison::Equal) => {}
            Some(Comparison::Differs(difference)) => return finish(RowCode::ResourceDiff, "Resource diff", difference),
            Some(Comparison::NotFound(_)) if !expectation.fail_on_missing => return None,
            Some(Comparison::NotFound(why) | Comparison::Unreadable(why)) => {
                return finish(RowCode::ResourceError, "Resource error", why);
            }
        }
        if rule.status == expectation.result {
            finish(RowCode::AsExpected, "Ok", rule.message.clone())
        } else {
            let reason = format!("Want {}, got {}", expectation.result, rule.status);
            finish(RowCode::Unexpected, &reason, rule.message.clone())
        }
    }

    /// How the object compares with the expected one, where one is expected.
    fn comparison(&self, expectation: &Expectation, object: &Value) -> Option<Comparison> {
        let with = |path: &Spanned<String>| {
            let expected = self.expected.get(&path.value).map(|read| read.as_deref().map_err(String::as_str));
            compare(object, expected.unwrap_or(Err("no such file")))
        };
        if let Some(path) = &expectation.patched_resources {
            match with(path) {
                Comparison::Equal => {}
                other => return Some(worded(other, "PatchedResources", PATCHED)),
            }
        }
        let generated: Vec<Comparison> = expectation.generated_resources.iter().map(with).collect();
        if generated.is_empty() || generated.contains(&Comparison::Equal) {
            return expectation.patched_resources.as_ref().map(|_| Comparison::Equal);
        }
        let (field, text) = match expectation.is_single_generated {
            true => ("GeneratedResource", GENERATED),
            false => ("GeneratedResources", ANY_GENERATED),
        };
        let differs = |comparison: &&Comparison| matches!(comparison, Comparison::Differs(_));
        let last = generated.iter().rev().find(differs).or(generated.last())?;
        Some(worded(last.clone(), field, text))
    }
}

const PATCHED: &str = "Patched resource didn't match the patched resource in the test result";
const GENERATED: &str = "Patched resource didn't match the generated resource in the test result";
const ANY_GENERATED: &str =
    "Generated resource didn't match any of the expected generated resources in the test result";

/// Upstream's texts, but for the difference itself: upstream colours single characters.
fn worded(comparison: Comparison, field: &str, text: &str) -> Comparison {
    let failed = |why: String| format!("error: failed to load {field} resource ({why})");
    match comparison {
        Comparison::Differs(lines) => {
            Comparison::Differs(format!("{text}\n(- only in expected, + only in actual)\n\n{lines}"))
        }
        Comparison::Equal => Comparison::Equal,
        Comparison::NotFound(why) => Comparison::NotFound(failed(why)),
        Comparison::Unreadable(why) => Comparison::Unreadable(failed(why)),
    }
}

/// The last part counts.
fn policy_name(expectation: &Expectation) -> &str {
    expectation.policy.rsplit_once('/').map_or(&expectation.policy, |(_, name)| name)
}

/// A rule also stands for those that are generated from it; no rule for every one.
fn stands_for(expected: &str, rule: &str) -> bool {
    expected.is_empty()
        || rule == expected
        || rule
            .strip_prefix("autogen-")
            .is_some_and(|rest| rest == expected || rest.strip_prefix("cronjob-").is_some_and(|rest| rest == expected))
}

/// Specs are looked at where resources are given, if only an empty list.
fn names(expectation: &Expectation, key: &Key) -> bool {
    let Some(resources) = &expectation.resources else { return false };
    resources.iter().any(|text| key.is_named(text))
        || expectation
            .specs
            .iter()
            .any(|spec| spec.api_version == key.api_version && spec.namespace == key.namespace && spec.name == key.name)
}

fn row(expectation: &Expectation, key: &Key, code: RowCode, reason: &str, message: String) -> Row {
    Row {
        policy: expectation.policy.clone(),
        rule: expectation.rule.clone(),
        kind: key.kind.clone(),
        resource: key.name(),
        operation: expectation.operation,
        expected: expectation.result,
        actual: None,
        code,
        reason: reason.to_owned(),
        message,
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
