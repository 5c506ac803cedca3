//! The reasoning behind a verdict, as data.

use serde::Serialize;
use serde_json::{Map, Value};

/// How much of the reasoning is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TraceLevel {
    /// Steps that lead to something else than a pass.
    #[default]
    Failures,
    /// Every step.
    Full,
    /// Nothing.
    None,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum StepOutcome {
    /// It could not be carried out.
    Error,
    /// A check found something else than it expected.
    Failed,
    /// Neither good nor bad.
    Info,
    /// The check holds.
    Ok,
    /// Left out, for the reason in the message.
    Skipped,
}

/// One step: a look-up or a check, and the steps it consists of.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Step {
    /// Stable kebab-case code.
    pub code: &'static str,
    /// What came of it.
    pub outcome: StepOutcome,
    /// One line for people.
    pub message: String,
    /// What the check wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub expected: Option<Value>,
    /// What was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional, type = "unknown"))]
    pub found: Option<Value>,
    /// Further facts: digests, tags, key names.
    #[serde(skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, type = "Record<string, unknown>"))]
    pub data: Map<String, Value>,
    /// The steps it consists of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<Step>>"))]
    pub steps: Vec<Step>,
}

impl Step {
    /// A step without further facts.
    pub fn new(code: &'static str, outcome: StepOutcome, message: impl Into<String>) -> Self {
        Self {
            code,
            outcome,
            message: message.into(),
            expected: None,
            found: None,
            data: Map::new(),
            steps: Vec::new(),
        }
    }

    /// With what the check wanted and what was there.
    #[must_use]
    pub fn compare(mut self, expected: impl Into<Value>, found: impl Into<Value>) -> Self {
        self.expected = Some(expected.into());
        self.found = Some(found.into());
        self
    }

    /// With a further fact.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.data.insert(name.to_owned(), value.into());
        self
    }
}

/// Collects steps, nested as they were entered.
#[derive(Debug)]
pub struct Tracer {
    level: TraceLevel,
    open: Vec<Step>,
    done: Vec<Step>,
}

impl Tracer {
    /// Collects at `level`.
    pub fn new(level: TraceLevel) -> Self {
        Self { level, open: Vec::new(), done: Vec::new() }
    }

    /// Records one step. `step` is not called where nothing is kept.
    pub fn record(&mut self, step: impl FnOnce() -> Step) {
        if self.level != TraceLevel::None {
            self.push(step());
        }
    }

    /// Opens a step: what is recorded until [`Tracer::leave`] belongs to it.
    pub fn enter(&mut self, step: impl FnOnce() -> Step) {
        if self.level != TraceLevel::None {
            self.open.push(step());
        }
    }

    /// Closes the step that was opened last.
    pub fn leave(&mut self, outcome: StepOutcome) {
        if let Some(mut step) = self.open.pop() {
            step.outcome = outcome;
            self.push(step);
        }
    }

    /// The steps of the step that was opened last.
    pub fn under_way(&self) -> &[Step] {
        self.open.last().map_or(&[], |step| &step.steps)
    }

    /// Records why the step that was opened last fails, unless a step within it says so already.
    pub fn record_cause(&mut self, step: impl FnOnce() -> Step) {
        if self.under_way().iter().all(|known| known.outcome != StepOutcome::Failed) {
            self.record(step);
        }
    }

    /// Takes everything recorded so far.
    pub fn take(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.done)
    }

    fn push(&mut self, step: Step) {
        let unneeded = step.outcome == StepOutcome::Ok && step.steps.is_empty();
        if self.level == TraceLevel::Failures && unneeded && !self.open.is_empty() && step.code != "image" {
            return;
        }
        match self.open.last_mut() {
            Some(parent) => parent.steps.push(step),
            None => self.done.push(step),
        }
    }
}
