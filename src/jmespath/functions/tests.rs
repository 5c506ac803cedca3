use crate::jmespath::{Environment, EvalError, Expression};
use crate::scalar::time::Timestamp;
use serde_json::{Value, json};

fn evaluate_at(expression: &str, now: Option<&Timestamp>) -> Result<Value, EvalError> {
    let environment = Environment { now, seed: None, steps: 100_000 };
    Expression::parse(expression).unwrap().search(&json!({"l": [3, 1], "m": {"a": 1}}), &environment)
}

fn evaluate(expression: &str) -> Result<Value, EvalError> {
    evaluate_at(expression, None)
}

fn error(expression: &str) -> String {
    evaluate(expression).expect_err(expression).to_string()
}

#[test]
fn arguments_are_counted_and_typed() {
    for (expression, expected) in [
        ("nope(@)", "unknown function: nope"),
        ("length()", "incorrect number of args"),
        ("not_null()", "Invalid arity."),
        ("length(`1`)", r#"Invalid type for: 1, expected: []jmespath.JpType{"string", "array", "object"}"#),
        ("map('a', l)", r#"Invalid type for: a, expected: []jmespath.JpType{"expref"}"#),
        (
            "length(&a)",
            r#"Invalid type for: an expression reference, expected: []jmespath.JpType{"string", "array", "object"}"#,
        ),
        ("to_string(&a)", r#"Invalid type for: an expression reference, expected: []jmespath.JpType{"any"}"#),
        ("lookup(m, `1`)", "JMESPath function 'lookup': argument #2 is not of type String"),
    ] {
        assert_eq!(error(expression), expected);
    }
    assert!(evaluate_at("time_now_utc('ignored')", Some(&Timestamp::from_unix(0))).is_ok());
}

#[test]
fn where_upstream_crashes_there_is_an_error() {
    for expression in ["merge(m, `null`)", "contains(`[[1]]`, `[1]`)", "contains(`[{}]`, m)", "sum(&a)", "merge(m, l)"]
    {
        assert!(!error(expression).is_empty());
    }
    assert_eq!(evaluate("contains(`[1, [1]]`, `1`)"), Ok(json!(true)));
}

#[test]
fn the_present_is_an_input() {
    let now = Timestamp::parse_rfc3339("2026-03-14T10:00:00+02:00").unwrap();
    assert_eq!(evaluate_at("time_now()", Some(&now)), Ok(json!("2026-03-14T10:00:00+02:00")));
    assert_eq!(evaluate_at("time_now_utc()", Some(&now)), Ok(json!("2026-03-14T08:00:00Z")));
    assert_eq!(evaluate_at("time_since('', '2026-03-14T07:00:00Z', '')", Some(&now)), Ok(json!("1h0m0s")));
    assert_eq!(error("time_now()"), "no time is given: set the time of the evaluation");
}

#[test]
fn names_are_not_resolved() {
    assert_eq!(evaluate("is_external_url('https://8.8.8.8:443/x')"), Ok(json!(true)));
    assert!(error("is_external_url('https://example.org')").contains("names are not resolved here"));
}

#[test]
fn numbers_that_json_does_not_have_are_errors() {
    for expression in
        ["add(`1e308`, `1e308`)", "to_number('inf')", "to_number('NaN')", "round(`1`, `400`)", "avg(`[]`)"]
    {
        assert!(error(expression).starts_with("json: unsupported value"), "{expression}");
    }
    assert_eq!(evaluate("to_number('1e400')"), Ok(json!(null)));
    assert!(error("modulo(`9223372036854775808`, `2`)").contains("Non-integer"));
}

#[test]
fn texts_that_would_grow_without_bound_are_refused() {
    let growing = "'aaaaaaaaaaaaaaaaaaaa' ".to_owned() + &"| replace_all(@, 'a', 'aaaaaaaaaaaaaaaaaaaa')".repeat(8);
    assert_eq!(evaluate(&growing), Err(EvalError::TooMuch { limit: 100_000 }));
    let growing = "'aaaaaaaaaaaaaaaaaaaa' ".to_owned() + &"| regex_replace_all('', @, @)".repeat(8);
    assert_eq!(evaluate(&growing), Err(EvalError::TooMuch { limit: 100_000 }));
    let growing = "'aaaaaaaaaaaaaaaaaaaa' ".to_owned() + &"| join(@, split(@, ''))".repeat(8);
    assert_eq!(evaluate(&growing), Err(EvalError::TooMuch { limit: 100_000 }));
}

#[test]
fn paths_are_cleaned_as_go_cleans_them() {
    for (path, expected) in [
        ("", ""),
        (".", "."),
        ("./", "."),
        ("a/..", "."),
        ("../a", "../a"),
        ("../../a/..", "../.."),
        ("/..", "/"),
        ("//a", "/a"),
    ] {
        assert_eq!(evaluate(&format!("path_canonicalize('{path}')")), Ok(json!(expected)), "{path}");
    }
}

#[test]
fn elements_are_chosen_by_what_an_expression_makes_of_them() {
    let list = r#"`[{"n": "b", "v": 2}, {"n": "a", "v": 3}, {"n": "c", "v": 2}]`"#;
    assert_eq!(evaluate(&format!("sort_by({list}, &v)[*].n")), Ok(json!(["b", "c", "a"])));
    assert_eq!(evaluate(&format!("min_by({list}, &v).n")), Ok(json!("b")));
    assert_eq!(evaluate(&format!("max_by({list}, &n).n")), Ok(json!("c")));
    assert_eq!(evaluate(&format!("map(&x, {list})")), Ok(json!([null, null, null])));
    assert_eq!(error(&format!("max_by({list}, &x)")), "invalid type, must be number of string");
    assert_eq!(error(r#"max_by(`[{"x": 1}, {"x": "a"}]`, &x)"#), "invalid type, must be number");
    assert_eq!(error(r#"sort_by(`[{"x": "a"}, {"x": 1}]`, &x)"#), "error in sort_by comparison");
    assert_eq!(evaluate("max_by(`[]`, &x)"), Ok(json!(null)));
}
