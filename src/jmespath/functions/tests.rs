use crate::jmespath::{Environment, EvalError, Expression};
use serde_json::{Value, json};

fn evaluate(expression: &str) -> Result<Value, EvalError> {
    let environment = Environment { now: None, seed: Some(3), steps: 100_000 };
    Expression::parse(expression).unwrap().search(&json!({}), &environment)
}

#[test]
fn numbers_that_json_does_not_have_are_errors() {
    for expression in ["add(`1e308`, `1e308`)", "multiply(`1e308`, `10`)", "round(`1`, `400`)", "avg(`[]`)"] {
        assert!(evaluate(expression).is_err(), "{expression}");
    }
    assert!(evaluate("modulo(`9223372036854775808`, `2`)").is_err());
}

#[test]
fn texts_that_would_grow_without_bound_are_refused() {
    for step in
        ["replace_all(@, 'a', @)", "replace(@, 'a', @, `-1`)", "regex_replace_all('', @, @)", "join(@, split(@, ''))"]
    {
        let growing = format!("'aaaaaaaaaaaaaaaaaaaa' {}", format!("| {step}").repeat(3));
        assert_eq!(evaluate(&growing), Err(EvalError::TooMuch { limit: 100_000 }), "{step}");
    }
}

#[test]
fn letters_change_one_for_one() {
    assert_eq!(evaluate("to_upper('aß')"), Ok(json!("Aß")));
    assert_eq!(evaluate("to_lower('AΣİ')"), Ok(json!("aσi")));
    assert_eq!(evaluate("equal_fold('ı', 'i')"), Ok(json!(false)));
}

#[test]
fn random_texts_match_and_differ_from_call_to_call() {
    assert_eq!(evaluate("random('\\Qa.b\\E')"), evaluate("'a.b'"));
    assert_eq!(evaluate("random('[a-z]{20}') == random('[a-z]{20}')"), Ok(json!(false)));
    assert!(evaluate("random('a^b')").is_err());
}
