//! Rules that validate: patterns, deny conditions, and both for each element of a list.
//!
//! Source: Kyverno `pkg/engine/handlers/validation/validate_resource.go`.

use super::conditions;
use super::gate::Kind;
use super::result::{RuleStatus, RuleType};
use super::run::Run;
use crate::context::Context;
use crate::pattern::{PatternErrorKind, match_pattern};
use crate::policy::{
    Check, Conditions, FailureAction, ForEachValidation, Policy, PolicyException, Rule, RuleBody, Validation,
};
use crate::resource::{AdmissionRequest, Operation, Target, rule_applies};
use crate::scalar::print;
use crate::variables::substitute;
use serde_json::Value;

const KIND: Kind = Kind { rule_type: RuleType::Validation, phase: None };

/// Evaluates a validate rule; any other says nothing here.
pub(super) fn rule<'b>(run: &mut Run<'_, 'b>, policy: &'b Policy, rule: &'b Rule, lifting: &[PolicyException]) {
    let RuleBody::Validate(validation) = &rule.body else { return };
    let Some(mut view) = run.applies(policy, rule, KIND) else { return };
    let mark = run.context.mark();
    if run.enter(&mut view, KIND, lifting) {
        let object = std::mem::take(&mut run.object);
        let said = Validator { rule, validation, object: &object, delete: run.request.operation == Operation::Delete }
            .check(&validation.check, None, 0, &mut run.context);
        run.object = object;
        let said = match said {
            Some(said) if excused(run, policy, rule, validation, &said) => Some(Said {
                status: RuleStatus::Skip,
                code: "existing-violation",
                message: "skipping the rule evaluation as pre-existing violations are allowed".to_owned(),
            }),
            said => said,
        };
        if let Some(said) = said {
            run.say(&view, KIND, said.status, said.code, said.message);
        }
    }
    run.context.restore(mark);
}

/// An update of an object that was in violation before is let through, unless the rule says otherwise. Rules with
/// preconditions never are: upstream cannot evaluate them on the old object.
fn excused<'b>(
    run: &mut Run<'_, 'b>,
    policy: &Policy,
    rule: &'b Rule,
    validation: &'b Validation,
    said: &Said,
) -> bool {
    let request = run.request;
    let action = validation.failure_action.unwrap_or(policy.spec.failure_action);
    let concerned = said.status == RuleStatus::Fail
        && action == FailureAction::Enforce
        && validation.allow_existing_violations
        && request.operation == Operation::Update
        && rule.preconditions.is_none();
    let (true, Some(old)) = (concerned, &request.old_object) else { return false };
    let before = AdmissionRequest {
        operation: Operation::Create,
        object: Some(old.clone()),
        old_object: None,
        namespace_labels: request.namespace_labels.clone(),
        ..AdmissionRequest::default()
    };
    if !rule_applies(policy, &rule.match_resources, rule.exclude.as_ref(), &Target::new(&before, old)) {
        return false;
    }
    run.context.set_object(old);
    let operation = run.context.set_request("operation", before.operation.as_str().into());
    let said =
        Validator { rule, validation, object: old, delete: false }.check(&validation.check, None, 0, &mut run.context);
    run.context.set_object(&run.object);
    if let Some(operation) = operation {
        run.context.set_request("operation", operation);
    }
    said.is_some_and(|said| said.status == RuleStatus::Fail)
}

/// What a check comes to.
struct Said {
    status: RuleStatus,
    code: &'static str,
    message: String,
}

impl Said {
    fn new(status: RuleStatus, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(RuleStatus::Error, code, message)
    }
}

struct Validator<'v, 'b> {
    rule: &'b Rule,
    validation: &'b Validation,
    object: &'v Value,
    delete: bool,
}

impl<'b> Validator<'_, 'b> {
    /// `None`: the check says nothing of the object.
    fn check(
        &self,
        check: &'b Check,
        element: Option<&Value>,
        depth: usize,
        context: &mut Context<'b>,
    ) -> Option<Said> {
        match check {
            Check::Deny(conditions) => Some(self.deny(conditions.as_ref(), context)),
            Check::Pattern(template) | Check::AnyPattern(template) => {
                let pattern = match context.fill(template) {
                    Ok(pattern) => pattern,
                    Err(error) => {
                        let message = format!("variable substitution failed: {error}");
                        return Some(Said::error("variable-unresolved", message));
                    }
                };
                if element.is_none() && self.delete {
                    return None;
                }
                let object = element.unwrap_or(self.object);
                Some(match check {
                    Check::Pattern(_) => self.pattern(object, &pattern, context),
                    _ => self.any_pattern(object, &pattern, context),
                })
            }
            Check::ForEach(lists) => self.foreach(lists, element, depth, context),
            Check::Nothing => None,
        }
    }

    fn passed(&self, which: &str) -> Said {
        let message = format!("validation rule '{}'{which} passed.", self.rule.name);
        Said::new(RuleStatus::Pass, "validation-passed", message)
    }

    fn deny(&self, conditions: Option<&Conditions>, context: &mut Context<'_>) -> Said {
        let denied = conditions.map_or(Ok((true, String::new())), |block| conditions::holds(block, context));
        match denied {
            Err(error) => Said::error("deny-failed", format!("failed to check deny conditions: {error}")),
            Ok((false, _)) => self.passed(""),
            Ok((true, message)) => Said::new(RuleStatus::Fail, "denied", self.deny_message(&message, context)),
        }
    }

    fn deny_message(&self, message: &str, context: &mut Context<'_>) -> String {
        let own = self.validation.message.value.as_str().unwrap_or_default();
        if own.is_empty() && message.is_empty() {
            return format!("validation error: rule {} failed", self.rule.name);
        }
        let text = Value::from(conditions::join(&[own, message], "; "));
        match substitute(&text, context) {
            Ok(Value::String(text)) => text,
            Ok(_) => "the produced message didn't resolve to a string, check your policy definition.".to_owned(),
            Err(_) => message.to_owned(),
        }
    }

    fn pattern(&self, object: &Value, pattern: &Value, context: &mut Context<'_>) -> Said {
        let Err(error) = match_pattern(object, pattern) else { return self.passed("") };
        match error.kind {
            PatternErrorKind::Skip => Said::new(RuleStatus::Skip, "anchor-not-met", error.message),
            PatternErrorKind::Fail if !error.path.is_empty() => {
                let tail = format!("rule {} failed at path {}", self.rule.name, error.path);
                Said::new(RuleStatus::Fail, "pattern-mismatch", self.message(&tail, &error.message, context))
            }
            PatternErrorKind::Fail | PatternErrorKind::Error => {
                let tail = format!("rule {} execution error: {}", self.rule.name, error.message);
                Said::error("pattern-failed", self.message(&tail, &error.message, context))
            }
        }
    }

    /// `validation error: MESSAGE. TAIL`.
    fn message(&self, tail: &str, error: &str, context: &mut Context<'_>) -> String {
        let template = &self.validation.message;
        if template.value.as_str().unwrap_or_default().is_empty() {
            return format!("validation error: {tail}");
        }
        match context.fill(template) {
            Err(_) => format!(
                "validation error: variables substitution error in rule {} execution error: {error}",
                self.rule.name
            ),
            Ok(message) => {
                let mut message = print::display(&message);
                if !message.ends_with('.') {
                    message.push('.');
                }
                format!("validation error: {message} {tail}")
            }
        }
    }

    fn any_pattern(&self, object: &Value, patterns: &Value, context: &mut Context<'_>) -> Said {
        let Some(patterns) = patterns.as_array() else {
            let found = print::type_name(patterns);
            let message = format!(
                "failed to deserialize anyPattern, expected type array: json: cannot unmarshal {found} into Go value \
                 of type []interface {{}}"
            );
            return Said::error("pattern-malformed", message);
        };
        let (mut failed, mut skipped) = (Vec::new(), Vec::new());
        for (index, pattern) in patterns.iter().enumerate() {
            let Err(error) = match_pattern(object, pattern) else {
                return self.passed(&format!(" anyPattern[{index}]"));
            };
            let which = format!("rule {}[{index}]", self.rule.name);
            match error.kind {
                PatternErrorKind::Skip => skipped.push(format!("{which} skipped: {}", error.message)),
                PatternErrorKind::Fail if !error.path.is_empty() => {
                    failed.push(format!("{which} failed at path {}", error.path));
                }
                PatternErrorKind::Fail | PatternErrorKind::Error => {
                    failed.push(format!("{which} failed: {}", error.message));
                }
            }
        }
        if failed.is_empty() && skipped.is_empty() {
            let message = self.validation.message.value.as_str().unwrap_or_default();
            return Said::new(RuleStatus::Pass, "validation-passed", message);
        }
        if failed.is_empty() {
            return Said::new(RuleStatus::Skip, "anchor-not-met", skipped.join(" "));
        }
        let parts = failed.join(" ");
        Said::new(RuleStatus::Fail, "pattern-mismatch", self.message(&parts, &parts, context))
    }

    fn foreach(
        &self,
        lists: &'b [ForEachValidation],
        scope: Option<&Value>,
        depth: usize,
        context: &mut Context<'b>,
    ) -> Option<Said> {
        let (mut applied, mut list_error) = (0_usize, None);
        for foreach in lists {
            let elements = match context.query(&foreach.list) {
                Ok(Value::Array(elements)) => elements,
                Ok(other) => vec![other],
                Err(error) if error.contains("Unknown key") => continue,
                Err(error) => {
                    list_error = Some(error);
                    continue;
                }
            };
            for (index, element) in elements.into_iter().enumerate().filter(|(_, element)| !element.is_null()) {
                let mark = context.mark();
                bind_element(context, &element, index, depth);
                let said = self.element(foreach, &element, index, scope, depth, context);
                context.restore(mark);
                match said {
                    None => {}
                    Some(said) if said.status == RuleStatus::Skip || said.code == "preconditions-failed" => {}
                    Some(said) if said.status == RuleStatus::Pass => applied += 1,
                    // What is wrong with the foreach itself is no failure of an element.
                    Some(said) if said.code == "element-scope" => return Some(said),
                    Some(said) => {
                        let message = format!("validation failure: {}", said.message);
                        return Some(Said { message, ..said });
                    }
                }
            }
        }
        match (applied, list_error) {
            (0, None) => None,
            (0, Some(error)) => Some(Said::error("list-failed", format!("failed to evaluate list: {error}"))),
            _ => Some(Said::new(RuleStatus::Pass, "validation-passed", "rule passed")),
        }
    }

    fn element(
        &self,
        foreach: &'b ForEachValidation,
        element: &Value,
        index: usize,
        scope: Option<&Value>,
        depth: usize,
        context: &mut Context<'b>,
    ) -> Option<Said> {
        let scope = match foreach.element_scope {
            Some(true) if !element.is_object() => {
                let found = print::type_name(element).replace("int64", "float64");
                let message = format!(
                    "failed to process foreach: cannot use elementScope=true foreach rules for elements that are not \
                     maps, expected type=map got type={found}"
                );
                return Some(Said::error("element-scope", message));
            }
            Some(false) => scope,
            Some(true) => Some(element),
            None if element.is_object() => Some(element),
            None => scope,
        };
        context.declare(&foreach.context, index);
        if let Some(preconditions) = &foreach.preconditions {
            match conditions::holds(preconditions, context) {
                Ok((true, _)) => {}
                Ok((false, _)) => return None,
                Err(error) => return Some(Said::error("preconditions-failed", error)),
            }
        }
        self.check(&foreach.check, scope, depth + 1, context)
    }
}

/// `element`, `elementIndex`, and the same with the depth of nesting.
pub(super) fn bind_element(context: &mut Context<'_>, element: &Value, index: usize, depth: usize) {
    context.bind("element", element.clone());
    context.bind(&format!("element{depth}"), element.clone());
    context.bind("elementIndex", index.into());
    context.bind(&format!("elementIndex{depth}"), index.into());
}
