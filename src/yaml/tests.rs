use super::*;
use serde_json::{Value, json};

fn parse(text: &str) -> Result<Vec<Node>, YamlError> {
    parse_documents(text, &Limits::default())
}

fn value(text: &str) -> Value {
    parse(text).unwrap().first().map_or(Value::Null, Node::to_value)
}

fn code(text: &str) -> &'static str {
    parse(text).unwrap_err().kind.code()
}

#[test]
fn plain_scalars_are_resolved_as_kubernetes_does() {
    for (text, expected) in [
        ("yes", json!(true)),
        ("on", json!(true)),
        ("y", json!(true)),
        ("No", json!(false)),
        ("OFF", json!(false)),
        ("oN", json!("oN")),
        ("~", json!(null)),
        ("0644", json!(420)),
        ("0o644", json!(420)),
        ("0x1F", json!(31)),
        ("0b101", json!(5)),
        ("-0x10", json!(-16)),
        ("08", json!(8)),
        ("1_000", json!(1000)),
        ("+5", json!(5)),
        ("5.0", json!(5)),
        ("1e3", json!(1000)),
        ("1.5", json!(1.5)),
        (".5", json!(0.5)),
        ("18446744073709551615", json!(18446744073709551615_u64)),
        ("123456789012345678901234567890", json!(1.2345678901234568e29)),
        ("-9223372036854775808", json!(i64::MIN)),
        ("1.2.3", json!("1.2.3")),
        ("2024-01-01", json!("2024-01-01")),
        ("12:30:45", json!("12:30:45")),
        ("1Gi", json!("1Gi")),
        ("--1", json!("--1")),
        ("'yes'", json!("yes")),
        ("\"0644\"", json!("0644")),
        ("!!str 5", json!("5")),
        ("!!int 5", json!(5)),
        ("! 5", json!("5")),
        ("\"\\u00e9\\ud83d\\ude00\"", json!("é😀")),
    ] {
        assert_eq!(value(&format!("a: {text}")), json!({ "a": expected }), "{text}");
    }
}

#[test]
fn keys_are_text() {
    assert_eq!(value("{1: a, true: b, 1.5: c, x: d}"), json!({"1": "a", "true": "b", "1.5": "c", "x": "d"}));
    assert_eq!(code("? [a]\n: b"), "yaml-key");
    assert_eq!(code("~: b"), "yaml-key");
}

#[test]
fn an_unquoted_variable_is_an_error_that_says_so() {
    let error = parse("a: {{ request.object }}").unwrap_err();
    assert_eq!(error.kind.code(), "yaml-key");
    let diagnostic = crate::diagnostic::Diagnostic::from(error);
    assert!(diagnostic.help.unwrap().contains("quoted"));
    assert_eq!(diagnostic.span.unwrap().start, Position { line: 1, column: 5 });
}

#[test]
fn duplicate_keys_are_refused_with_both_places() {
    let error = parse("a: 1\nb: 2\na: 3\n").unwrap_err();
    assert_eq!(error.kind, YamlErrorKind::DuplicateKey { key: "a".to_owned(), first: 1 });
    assert_eq!(error.position.line, 3);
}

#[test]
fn merge_keys_fill_in_what_is_not_set() {
    let text = "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\nuse: {<<: [*b, *m], x: 9}\n";
    assert_eq!(value(text)["use"], json!({"x": 9, "y": 2, "z": 4}));
    assert_eq!(code("a: {<<: 1}"), "yaml-merge");
    assert_eq!(value("'<<': 1"), json!({"<<": 1}));
}

#[test]
fn several_documents_and_empty_ones() {
    let documents = parse("\u{feff}---\n# nothing\n---\r\na: 1\r\n---\nb: 2\n...\n").unwrap();
    let values: Vec<Value> = documents.iter().map(Node::to_value).collect();
    assert_eq!(values, [json!({"a": 1}), json!({"b": 2})]);
    assert_eq!(parse("").unwrap(), []);
}

#[test]
fn nodes_know_where_they_were_written() {
    let documents = parse("a:\n  - b: é x\n    c: [1, 2]\n").unwrap();
    let item = match &documents[0].field("a").unwrap().kind {
        NodeKind::Sequence(items) => items[0].clone(),
        other => panic!("{other:?}"),
    };
    let entries = item.entries().unwrap();
    assert_eq!(entries[0].key_span.start, Position { line: 2, column: 5 });
    assert_eq!(entries[0].value.span.start, Position { line: 2, column: 8 });
    assert_eq!(entries[1].value.span.start, Position { line: 3, column: 8 });
}

#[test]
fn bombs_and_towers_are_errors() {
    assert_eq!(code(&"[".repeat(100_000)), "yaml-too-deep");
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..12 {
        let aliases = vec![format!("*a{}", i - 1); 9].join(", ");
        bomb.push_str(&format!("a{i}: &a{i} [{aliases}]\n"));
    }
    assert_eq!(code(&bomb), "yaml-too-large");
    assert_eq!(code("a: *b"), "yaml-syntax");
    assert_eq!(code("a: .nan"), "yaml-number");
    assert_eq!(code("a: !!int x"), "yaml-tag");
    assert_eq!(code("a: !custom x"), "yaml-tag");
    assert_eq!(code("a: b: c"), "yaml-syntax");
    assert_eq!(code("a: \"x"), "yaml-syntax");
}

#[test]
fn no_bytes_panic() {
    let sample = "a: &x {b: [1, 'two', \"thr\\u0065e\"], c: |\n  text\n}\n---\n- *x\n- <<: {d: 1}\n";
    for i in 0..sample.len() {
        let _ = parse(&sample[..i]);
        for replacement in ["{", "}", "[", ":", "-", "&", "*", "\"", "\\", "\n", "\t", "%", "é"] {
            let _ = parse(&format!("{}{replacement}{}", &sample[..i], &sample[i + 1..]));
        }
    }
}
