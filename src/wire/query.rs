//! Single expressions: what `vidimus jp` asks.

use super::refusal;
use crate::diagnostic::{Diagnostic, nearest};
use crate::jmespath::functions::{FUNCTIONS, find};
use crate::jmespath::{Environment, Expression};
use crate::limits::Limits;
use crate::scalar::time::Timestamp;
use crate::source::SourceName;
use crate::yaml::{Node, parse_documents};
use serde_json::{Value, json};

/// The value of an expression on a JSON or YAML text: `{"result": ...}`, or `{"diagnostics": [...]}`. `now` is RFC 3339,
/// or empty; `seed` is where random texts begin.
pub fn query(expression: &str, input: &str, name: &str, now: &str, seed: Option<u32>) -> String {
    search(expression, input, name, now, seed).unwrap_or_else(|diagnostic| refusal(&[diagnostic]))
}

fn search(text: &str, input: &str, name: &str, now: &str, seed: Option<u32>) -> Result<String, Diagnostic> {
    let expression = parse(text)?;
    let limits = Limits::default();
    let documents =
        parse_documents(input, &limits).map_err(|error| Diagnostic::from(error).in_source(&SourceName::new(name)))?;
    let value = documents.first().map(Node::to_value).unwrap_or_default();
    let now = match now {
        "" => None,
        now => Some(
            Timestamp::parse_rfc3339(now).map_err(|error| Diagnostic::error("time-malformed", error.to_string()))?,
        ),
    };
    let environment = Environment { now: now.as_ref(), seed: seed.map(u64::from), steps: limits.expression_steps };
    let result = expression.search(&value, &environment);
    let result = result.map_err(|error| Diagnostic::error("expression-failed", error.to_string()))?;
    Ok(json!({ "result": result }).to_string())
}

/// The tree of an expression: `{"tree": "..."}`, or `{"diagnostics": [...]}`.
pub fn parse_expression(text: &str) -> String {
    match parse(text) {
        Ok(expression) => json!({ "tree": expression.tree() }).to_string(),
        Err(diagnostic) => refusal(&[diagnostic]),
    }
}

/// The functions of the dialect: `[{"name", "signature", "note"}]`.
pub fn functions() -> String {
    let entry = |function: &crate::jmespath::functions::Function| json!({"name": function.name, "signature": function.signature(), "note": function.note});
    Value::Array(FUNCTIONS.iter().map(entry).collect()).to_string()
}

/// Unlike in a policy, an unknown function is told before anything is evaluated.
fn parse(text: &str) -> Result<Expression, Diagnostic> {
    let at = |offset: usize| format!(" (column {})", offset + 1);
    let expression = Expression::parse(text)
        .map_err(|error| Diagnostic::error("expression-malformed", format!("{error}{}", at(error.offset))))?;
    let unknown = expression.functions().into_iter().find(|(name, _)| find(name).is_none());
    match unknown {
        None => Ok(expression),
        Some((name, offset)) => {
            let diagnostic = Diagnostic::error("unknown-function", format!("unknown function: {name}{}", at(offset)));
            Err(match nearest(name, FUNCTIONS.iter().map(|function| function.name)) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{functions, parse_expression, query};

    #[test]
    fn an_expression_is_answered_or_told_what_is_wrong_with_it() {
        assert_eq!(query("a[0].b", "a: [{b: 1}]", "x.yaml", "", None), r#"{"result":1}"#);
        for (expression, part) in [
            ("a.c", "Unknown key"),
            ("to_uper(a)", "did you mean `to_upper`?"),
            ("a..b", "(column 3)"),
            ("time_now()", "no time is given"),
        ] {
            let answer = query(expression, "a: {}", "x.yaml", "", None);
            assert!(answer.contains("diagnostics") && answer.contains(part), "{answer}");
        }
        assert!(query("time_now_utc()", "{}", "x", "2026-01-31T12:00:00Z", None).contains("2026-01-31T12:00:00Z"));
        assert!(query("random('[a-z]{3}')", "{}", "x", "", None).contains("seed"));
        assert!(query("random('[a-z]{3}')", "{}", "x", "", Some(1)).contains("result"));
        assert!(query("@", "a: [", "x.yaml", "", None).contains("x.yaml"));
    }

    #[test]
    fn trees_and_functions_are_listed() {
        assert_eq!(parse_expression("a.b"), r#"{"tree":"sub-expression\n  field a\n  field b\n"}"#);
        assert!(functions().contains("to_upper(string) string"));
    }
}
