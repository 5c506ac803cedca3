//! Rules that mutate: the object that is looked at, or other ones that exist.
//!
//! Source: Kyverno `pkg/engine/handlers/mutation`, `pkg/engine/mutate`.

use super::conditions;
use super::gate::Kind;
use super::patch::difference;
use super::result::{Mutated, RuleStatus, RuleType};
use super::rule::RuleView;
use super::run::Run;
use super::validate_phase::bind_element;
use crate::context::{ClusterAccess, Context};
use crate::mutate::{self, JsonPatch};
use crate::pattern::match_pattern;
use crate::policy::{
    ForEachMutation, Mutation, MutationTarget, Patch, Policy, PolicyException, Rule, RuleBody, Template,
};
use crate::variables::substitute;
use crate::wildcard;
use serde_json::{Value, json};
use std::borrow::Cow;

const KIND: Kind = Kind { rule_type: RuleType::Mutation, phase: None };

/// Evaluates a mutate rule; any other says nothing here.
pub(super) fn rule<'b>(run: &mut Run<'_, 'b>, policy: &'b Policy, rule: &'b Rule, lifting: &[PolicyException]) {
    let RuleBody::Mutate(mutation) = &rule.body else { return };
    let Some(mut view) = run.applies(policy, rule, KIND) else { return };
    let mark = run.context.mark();
    if run.enter(&mut view, KIND, lifting) {
        if mutation.targets.is_empty() {
            let object = std::mem::take(&mut run.object);
            let outcome = change(mutation, &object, &mut run.context);
            run.object = object;
            let after = answer(run, &view, outcome);
            if let Some(after) = after {
                run.patches.extend(difference(&run.object, &after, ""));
                run.context.set_object(&after);
                run.object = after;
            }
        } else {
            targets(run, &view, mutation);
        }
    }
    run.context.restore(mark);
}

/// What becomes of an object: what it is afterwards, nothing, or why there is no telling.
enum Outcome {
    Changed(Value),
    Failed(&'static str, String),
    Unchanged(&'static str),
}

/// Says what became of an object, and gives the changed one.
fn answer(run: &mut Run<'_, '_>, view: &RuleView<'_>, outcome: Outcome) -> Option<Value> {
    match outcome {
        Outcome::Changed(after) => {
            run.say(view, KIND, RuleStatus::Pass, "mutated", mutated(&after));
            Some(after)
        }
        Outcome::Failed(code, message) => {
            run.say(view, KIND, RuleStatus::Error, code, message);
            None
        }
        Outcome::Unchanged(message) => {
            run.say(view, KIND, RuleStatus::Skip, "unchanged", message);
            None
        }
    }
}

fn mutated(object: &Value) -> String {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (kind, name, namespace) = (text("/kind"), text("/metadata/name"), text("/metadata/namespace"));
    if kind.is_empty() {
        return "mutated resource".to_owned();
    }
    let place = if namespace.is_empty() { String::new() } else { format!(" in namespace {namespace}") };
    format!("mutated {kind}/{name}{place}")
}

fn change<'b>(mutation: &'b Mutation, object: &Value, context: &mut Context<'b>) -> Outcome {
    if let Patch::ForEach(lists) = &mutation.patch {
        let mut after = object.clone();
        return match foreach(lists, &mut after, 0, context) {
            Err(message) => Outcome::Failed("mutate-failed", message),
            Ok(0) => Outcome::Unchanged("0 elements processed"),
            Ok(_) => Outcome::Changed(after),
        };
    }
    // Variables anywhere in the rule are substituted, in its message and match too.
    let rule = match context.fill(&mutation.rule) {
        Ok(rule) => rule,
        Err(error) => return Outcome::Failed("variable-unresolved", format!("variable substitution failed: {error}")),
    };
    let written = |name: &str| rule.pointer(&format!("/mutate/{name}")).unwrap_or(&Value::Null);
    let patched = match &mutation.patch {
        Patch::Strategic(_) => strategic(object, written("patchStrategicMerge")),
        Patch::Json(_) => json_patch(object, written("patchesJson6902")),
        Patch::ForEach(_) | Patch::Nothing => Err("empty mutate rule".to_owned()),
    };
    match patched {
        Err(message) => Outcome::Failed("mutate-failed", message),
        Ok(after) if after == *object => Outcome::Unchanged("no patches applied"),
        Ok(after) => Outcome::Changed(after),
    }
}

fn strategic(object: &Value, patch: &Value) -> Result<Value, String> {
    let matches = |resource: &Value, pattern: &Value| match_pattern(resource, pattern).is_ok();
    mutate::apply(object, patch, &matches).map_err(|error| format!("failed to patch resource: {error}"))
}

fn json_patch(object: &Value, patch: &Value) -> Result<Value, String> {
    let failed = |error: mutate::MutateError| format!("failed to patch resource: {error}");
    let patch = match patch {
        Value::String(text) => JsonPatch::parse(text),
        other => JsonPatch::from_value(other),
    };
    let mut after = object.clone();
    patch.and_then(|patch| patch.apply(&mut after)).map_err(failed)?;
    Ok(after)
}

/// How many lists changed something.
fn foreach<'b>(
    lists: &'b [ForEachMutation],
    object: &mut Value,
    depth: usize,
    context: &mut Context<'b>,
) -> Result<usize, String> {
    let mut changed = 0;
    for foreach in lists {
        let elements = match context.query(&foreach.list) {
            Ok(Value::Array(elements)) => elements,
            Ok(other) => vec![other],
            // Upstream's text has the reason twice.
            Err(error) => return Err(format!("failed to evaluate list {}: {error}: {error}", foreach.list)),
        };
        let before = object.clone();
        let mut elements: Vec<(usize, Value)> = elements.into_iter().enumerate().collect();
        // New elements of lists are put in front, so strategic merges go backwards.
        if foreach.is_descending.unwrap_or(matches!(foreach.patch, Patch::Strategic(_))) {
            elements.reverse();
        }
        for (index, element) in elements.into_iter().filter(|(_, element)| !element.is_null()) {
            let mark = context.mark();
            bind_element(context, &element, index, depth);
            let outcome = mutate_element(foreach, index, object, depth, context);
            context.restore(mark);
            outcome.map_err(|error| format!("failed to mutate elements: {error}"))?;
        }
        if before != *object {
            changed += 1;
            context.set_object(object);
        }
    }
    Ok(changed)
}

fn mutate_element<'b>(
    foreach: &'b ForEachMutation,
    index: usize,
    object: &mut Value,
    depth: usize,
    context: &mut Context<'b>,
) -> Result<(), String> {
    context.declare(&foreach.context, index);
    if let Some(preconditions) = &foreach.preconditions {
        let holds = conditions::holds(preconditions, context)
            .map_err(|error| format!("failed to evaluate mutate.foreach[{index}].preconditions: {error}"))?;
        if !holds.0 {
            return Ok(());
        }
    }
    *object = match &foreach.patch {
        Patch::Strategic(template) => strategic(object, filled(template, "patchStrategicMerge", context)?.as_ref())?,
        Patch::Json(template) => json_patch(object, filled(template, "patchesJson6902", context)?.as_ref())?,
        Patch::ForEach(lists) => {
            let mut after = object.clone();
            self::foreach(lists, &mut after, depth + 1, context)?;
            after
        }
        Patch::Nothing => return Err("empty mutate rule".to_owned()),
    };
    Ok(())
}

/// The patch of an element with its variables replaced: a document of its own, under its name.
fn filled<'t>(template: &'t Template, name: &str, context: &mut Context<'_>) -> Result<Cow<'t, Value>, String> {
    if !template.is_dynamic {
        return Ok(Cow::Borrowed(&template.value));
    }
    let mut document = substitute(&json!({ name: template.value }), context)
        .map_err(|error| format!("variable substitution failed: {error}"))?;
    Ok(Cow::Owned(document.get_mut(name).map(Value::take).unwrap_or_default()))
}

/// Changes other objects, as far as they are supplied.
fn targets<'b>(run: &mut Run<'_, 'b>, view: &RuleView<'b>, mutation: &'b Mutation) {
    let mut supplied = run.options.supplied.targets.as_slice();
    if supplied.is_empty() && run.options.supplied.cluster == ClusterAccess::Complete {
        supplied = run.session.artifacts().objects();
    }
    if supplied.is_empty() && run.options.supplied.cluster == ClusterAccess::Ask {
        let message = "the rule changes other objects, and none is supplied: give its targets";
        return run.say(view, KIND, RuleStatus::Error, "targets-unknown", message);
    }
    for (index, target) in mutation.targets.iter().enumerate() {
        let selector = match run.context.fill(&target.selector) {
            Ok(selector) => selector,
            Err(error) => {
                let message = format!("failed to substitute variables in target[{index}]: {error}");
                run.say(view, KIND, RuleStatus::Error, "variable-unresolved", message);
                continue;
            }
        };
        for object in supplied.iter().filter(|object| selects(&selector, object, &view.policy.namespace)) {
            run.session.rests_on_all([object]);
            let mark = run.context.mark();
            let outcome = change_target(target, mutation, object, &mut run.context);
            run.context.restore(mark);
            if let Some(outcome) = outcome
                && let Some(after) = answer(run, view, outcome)
            {
                let rule = Some(view.rule.name.clone());
                run.mutated.push(Mutated { policy: view.policy.key(), rule, resource: after });
            }
        }
    }
}

/// `None`: the preconditions of the target do not hold.
fn change_target<'b>(
    target: &'b MutationTarget,
    mutation: &'b Mutation,
    object: &Value,
    context: &mut Context<'b>,
) -> Option<Outcome> {
    context.bind("target", object.clone());
    context.declare(&target.context, 0);
    if let Some(preconditions) = &target.preconditions {
        match conditions::holds(preconditions, context) {
            Ok((true, _)) => {}
            Ok((false, _)) => return None,
            Err(error) => {
                let message = format!("failed to evaluate preconditions: {error}");
                return Some(Outcome::Failed("preconditions-failed", message));
            }
        }
    }
    Some(change(mutation, object, context))
}

/// Does the selector of a target name the object?
fn selects(selector: &Value, object: &Value, policy_namespace: &str) -> bool {
    let wanted = |field: &str| selector.get(field).and_then(Value::as_str).unwrap_or_default();
    let found = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let fits = |wanted: &str, found: &str| wanted.is_empty() || wildcard::matches(wanted, found);
    let kind = wanted("kind").rsplit('/').next().unwrap_or_default();
    let namespace = if policy_namespace.is_empty() { wanted("namespace") } else { policy_namespace };
    let labels = selector.pointer("/selector/matchLabels").and_then(Value::as_object);
    let labelled = labels.is_none_or(|labels| {
        labels.iter().all(|(key, value)| {
            let label = object.pointer("/metadata/labels").and_then(|labels| labels.get(key));
            label
                .and_then(Value::as_str)
                .zip(value.as_str())
                .is_some_and(|(label, value)| wildcard::matches(value, label))
        })
    });
    fits(wanted("apiVersion"), found("/apiVersion"))
        && fits(kind, found("/kind"))
        && fits(namespace, found("/metadata/namespace"))
        && fits(wanted("name"), found("/metadata/name"))
        && fits(wanted("uid"), found("/metadata/uid"))
        && labelled
}
