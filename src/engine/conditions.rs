//! Blocks of conditions.
//!
//! Source: Kyverno `pkg/engine/variables/evaluate.go`.

use crate::condition::Operator;
use crate::context::Context;
use crate::policy::{Condition, Conditions, Template};
use serde_json::Value;
use std::borrow::Cow;

/// Whether a block holds, and what its conditions say about that. The error is upstream's text.
pub(super) fn holds(conditions: &Conditions, context: &mut Context<'_>) -> Result<(bool, String), String> {
    match conditions {
        Conditions::AnyAll { any, all } => any_all(any.as_deref(), all, context),
        Conditions::List(conditions) => list(conditions, context),
    }
}

fn any_all(any: Option<&[Condition]>, all: &[Condition], context: &mut Context<'_>) -> Result<(bool, String), String> {
    let (mut held, mut missed) = (Vec::new(), Vec::new());
    let mut any_holds = any.is_none();
    for condition in any.unwrap_or_default() {
        any_holds = condition_holds(condition, context)?;
        if any_holds { &mut held } else { &mut missed }.push(condition.message.as_str());
        if any_holds {
            break;
        }
    }
    let mut all_hold = true;
    for condition in all {
        all_hold = condition_holds(condition, context)?;
        if all_hold { &mut held } else { &mut missed }.push(condition.message.as_str());
        if !all_hold {
            break;
        }
    }
    let holds = any_holds && all_hold;
    Ok((holds, join(if holds { &held } else { &missed }, "; ")))
}

fn list(conditions: &[Condition], context: &mut Context<'_>) -> Result<(bool, String), String> {
    for condition in conditions {
        if !condition_holds(condition, context)? {
            return Ok((false, condition.message.clone()));
        }
    }
    let messages: Vec<&str> = conditions.iter().map(|condition| condition.message.as_str()).collect();
    Ok((true, join(&messages, ";")))
}

/// The texts that are not empty, joined.
pub(super) fn join(texts: &[&str], separator: &str) -> String {
    let texts: Vec<&str> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
    texts.join(separator)
}

fn condition_holds(condition: &Condition, context: &mut Context<'_>) -> Result<bool, String> {
    let key = side(&condition.key, "key", context)?;
    let value = side(&condition.value, "value", context)?;
    let operator = Operator::parse(&condition.operator)
        .ok_or_else(|| format!("failed to create handler for condition operator: {}", condition.operator))?;
    operator.holds(&key, &value).map_err(|error| error.to_string())
}

fn side<'t>(template: &'t Template, name: &str, context: &mut Context<'_>) -> Result<Cow<'t, Value>, String> {
    context.fill(template).map_err(|error| format!("failed to substitute variables in condition {name}: {error}"))
}
