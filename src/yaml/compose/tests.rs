use super::*;
use serde_json::{Value, json};

mod limits;
mod spans;

fn documents(text: &str) -> Vec<Node> {
    parse_documents(text, &Limits::default()).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn value(text: &str) -> Value {
    let documents = documents(text);
    assert_eq!(documents.len(), 1, "{text:?}");
    documents[0].to_value()
}

/// Line, column and code of what is wrong with `text`.
fn refusal(text: &str) -> (u32, u32, &'static str) {
    match parse_documents(text, &Limits::default()) {
        Ok(documents) => panic!("{text:?} reads as {documents:?}"),
        Err(error) => (error.position.line, error.position.column, error.kind.code()),
    }
}

#[test]
fn documents_without_content_are_left_out() {
    for text in ["", "# c", "---\n---\n", "\u{FEFF}", "---\n# c\n...\n"] {
        assert_eq!(documents(text), [], "{text:?}");
    }
    let found: Vec<_> = documents("# c\n---\na: 1\n---\n---\nb: 2\n...\n---\n~\n").iter().map(Node::to_value).collect();
    assert_eq!(found, [json!({"a": 1}), json!({"b": 2}), Value::Null]);
}

#[test]
fn line_breaks_and_a_byte_order_mark_do_not_matter() {
    for text in ["a: 1\nb: |\n  x\n  y\n", "a: 1\r\nb: |\r\n  x\r\n  y\r\n", "\u{FEFF}a: 1\rb: |\r  x\r  y\r"] {
        assert_eq!(value(text), json!({"a": 1, "b": "x\ny\n"}), "{text:?}");
    }
}

#[test]
fn json_is_yaml() {
    let text = "{\n\t\"a\":\"x\\/y\\n\", \"b\" : [1,2.5e1,-7, true,null],\n\t\"c\":{\"\\u00e9\":\"\\uD83D\\uDE00\\\\uD83D\u{2028}\"}\n}";
    assert_eq!(value(text), serde_json::from_str::<Value>(&text.replace("2.5e1", "25")).unwrap());
}

#[test]
fn surrogates_without_a_partner_are_refused() {
    for text in [r#"{"a":"\uD83D"}"#, r#"{"a":"\uDE00\uD83D"}"#, r#"a: "\uD83D\uDE00""#, r#"{"a":"\uD83D\u0041"}"#] {
        assert_eq!(refusal(text).2, "yaml-syntax", "{text}");
    }
}

#[test]
fn an_open_last_line_gives_a_block_scalar_no_break() {
    let rows = [
        ("a: |\n  x", "x"),
        ("a: >+\n  x", "x"),
        ("a: |-\n  x", "x"),
        ("a: |\n  x\n ", "x\n"),
        ("a: |\n  x \n  ", "x \n"),
        ("a: |+\n  x\n  ", "x\n"),
        ("a: |\n  x\n   ", "x\n "),
        ("a: |\n  x\n# c", "x\n"),
        ("a: |+\n  x\n\n", "x\n\n"),
    ];
    for (text, expected) in rows {
        assert_eq!(value(text), json!({"a": expected}), "{text:?}");
    }
}

#[test]
fn written_keys_win_over_merged_ones() {
    assert_eq!(value("<<: {a: 2, b: 3}\na: 1"), json!({"a": 1, "b": 3}));
    assert_eq!(
        value("x: &x {q: 1, r: 1}\ny: &y {q: 2, s: 2}\nz:\n  <<: [*x, *y]\n  r: 3").get("z"),
        Some(&json!({"q": 1, "r": 3, "s": 2}))
    );
    assert_eq!(value("!!merge <<: {a: 1}"), json!({"a": 1}));
    assert_eq!(value("\"<<\": {a: 1}"), json!({"<<": {"a": 1}}));
    assert_eq!(value("!!str <<: {a: 1}"), json!({"<<": {"a": 1}}));
}

#[test]
fn merges_that_readers_disagree_about_are_refused() {
    assert_eq!(refusal("a: 1\n<<: {a: 2}"), (2, 1, "yaml-ambiguous-merge"));
    assert_eq!(refusal("<<: {a: 1}\n<<: {b: 2}"), (2, 1, "yaml-duplicate-key"));
    assert_eq!(refusal("<<: 1"), (1, 5, "yaml-merge-value"));
    assert_eq!(refusal("<<:"), (1, 3, "yaml-merge-value"));
    assert_eq!(refusal("<<: [{a: 1}, x]"), (1, 14, "yaml-merge-value"));
}

#[test]
fn a_key_twice_is_refused_with_both_places() {
    let error = parse_documents("a: 1\nb: 2\n'a': 3", &Limits::default()).unwrap_err();
    assert_eq!(error.position, Position { line: 3, column: 1 });
    let first = Position { line: 1, column: 1 };
    assert_eq!(error.kind, YamlErrorKind::DuplicateKey { key: "a".to_owned(), first });
    assert_eq!(refusal("{1: a, '1': b}"), (1, 8, "yaml-duplicate-key"));
    assert_eq!(refusal("y: 1\ntrue: 2"), (2, 1, "yaml-duplicate-key"));
    assert_eq!(refusal("<<: {a: 0}\na: 1\na: 2"), (3, 1, "yaml-duplicate-key"));
}

#[test]
fn keys_without_a_text_form_are_refused() {
    for (text, place) in [("~: a", (1, 1)), (": a", (1, 1)), ("[a]: b", (1, 1)), ("? {a: b}\n: c", (1, 3))] {
        assert_eq!(refusal(text), (place.0, place.1, "yaml-invalid-key"), "{text:?}");
    }
}

#[test]
fn an_unquoted_template_is_explained() {
    for text in ["v: {{ x }}", "v: {{x.y}}-z", "v: {{- x }}", "- a\n- {{ x }}", "v: [{{ x }}]", "{{ x }}: a"] {
        let (_, column, code) = refusal(text);
        let expected = text.lines().find_map(|line| line.find("{{")).unwrap() + 1;
        assert_eq!((usize::try_from(column), code), (Ok(expected), "yaml-unquoted-template"), "{text:?}");
    }
    assert!(YamlErrorKind::UnquotedTemplate.help().is_some_and(|help| help.contains("quotes")));
    assert_eq!(value("v: 'x'\nw: a-{{ x }}"), json!({"v": "x", "w": "a-{{ x }}"}));
    assert_eq!(refusal("v: {a: 1, {b: 2}: 3}"), (1, 11, "yaml-invalid-key"));
}

#[test]
fn aliases_copy_what_their_anchor_names() {
    assert_eq!(value("a: &x\nb: *x"), json!({"a": null, "b": null}));
    assert_eq!(value("a: &x [1]\nb: {c: *x}\nd: &x 2\ne: *x"), json!({"a": [1], "b": {"c": [1]}, "d": 2, "e": 2}));
    assert_eq!(value("&k 1: a\nb: *k\nc: {*k : 2}"), json!({"1": "a", "b": 1, "c": {"1": 2}}));
}

#[test]
fn aliases_without_a_finished_anchor_are_refused() {
    assert_eq!(refusal("a: *b"), (1, 4, "yaml-unknown-alias"));
    assert_eq!(refusal("a: &b 1\n---\nc: *b"), (2 + 1, 4, "yaml-unknown-alias"));
    assert_eq!(refusal("a: &a [x, *a]"), (1, 11, "yaml-alias-inside-itself"));
    assert_eq!(refusal("a: &a {b: *a}"), (1, 11, "yaml-alias-inside-itself"));
    let error = parse_documents("- *some-name, x", &Limits::default()).unwrap_err();
    assert_eq!(error.kind, YamlErrorKind::UnknownAlias { name: "some-name".to_owned() });
}

#[test]
fn tags_of_collections_are_refused_unless_they_say_what_is_there() {
    assert_eq!(value("{a: !!map {b: 1}, c: !!seq [1], d: ! 12}"), json!({"a": {"b": 1}, "c": [1], "d": "12"}));
    for text in ["v: !foo {a: 1}", "v: !!str {a: 1}", "v: !!set {a}", "v: !foo x", "v: !!binary eA=="] {
        assert_eq!(refusal(text), (1, 4, "yaml-unknown-tag"), "{text}");
    }
}

#[test]
fn layouts_that_goyaml_takes_are_read() {
    let rows = [
        ("k: [\n]\nl: 1", json!({"k": [], "l": 1})),
        ("k: {\n\"a\": [\n1,\n2\n],\n\"b\": {\n}\n}", json!({"k": {"a": [1, 2], "b": {}}})),
        ("- k: [ # {{\r\n    \"x\"\r\n  ]\r\n- z", json!([{"k": ["x"]}, "z"])),
        ("s:\n  a: \"b\nc\n d\"\n  e: f", json!({"s": {"a": "b c d", "e": "f"}})),
        ("a:\tb\nc:\t\t\"d\"\ne: \tf", json!({"a": "b", "c": "d", "e": "f"})),
    ];
    for (text, expected) in rows {
        assert_eq!(value(text), expected, "{text:?}");
    }
}

#[test]
fn what_is_no_yaml_is_refused_where_it_stops_to_be_some() {
    let rows = [
        ("a: 1\n]", (2, 1)),
        ("a: b: c", (1, 5)),
        ("a: 'b", (1, 4)),
        ("a: %x", (1, 4)),
        ("a: - b", (1, 4)),
        ("a:\n\tb: c", (2, 2)),
        ("- a\nb: c", (2, 1)),
        ("v: [\n a\nb: [", (3, 2)),
        ("[\"é\", \"é\"] x", (1, 12)),
    ];
    for (text, (line, column)) in rows {
        assert_eq!(refusal(text), (line, column, "yaml-syntax"), "{text:?}");
    }
}

#[test]
fn characters_that_readers_refuse_or_disagree_about_are_refused() {
    assert_eq!(refusal("a: 1\r\né: \u{7}"), (2, 4, "yaml-control-character"));
    assert_eq!(refusal("\u{FEFF}a: \u{7F}"), (1, 4, "yaml-control-character"));
    assert_eq!(refusal("a: 1 # \u{2028}b: 2"), (1, 8, "yaml-line-separator"));
    assert_eq!(refusal("a: \u{85}"), (1, 4, "yaml-line-separator"));
}

#[test]
fn messages_have_one_short_line() {
    let text = format!("v: !!int \"{}\"", "a\\nb".repeat(500));
    let message = parse_documents(&text, &Limits::default()).unwrap_err().to_string();
    assert!(!message.contains('\n') && message.len() < 200, "{message}");
}
