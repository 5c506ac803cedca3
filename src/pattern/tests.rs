//! Anchors and structure; each row is a resource, a pattern and what comes of it.

use super::{PatternErrorKind, match_pattern};
use serde_json::{Value, json};

/// `pass`, `skip`, `fail PATH` or `error`.
fn outcome(resource: &Value, pattern: &Value) -> String {
    match match_pattern(resource, pattern) {
        Ok(()) => "pass".to_owned(),
        Err(error) => match error.kind {
            PatternErrorKind::Error => "error".to_owned(),
            PatternErrorKind::Fail => format!("fail {}", error.path),
            PatternErrorKind::Skip => "skip".to_owned(),
        },
    }
}

fn check(cases: &[(Value, Value, &str)]) {
    for (resource, pattern, expected) in cases {
        assert_eq!(outcome(resource, pattern), *expected, "{resource} against {pattern}");
    }
}

fn message(resource: &Value, pattern: &Value) -> String {
    match_pattern(resource, pattern).expect_err("a mismatch").message
}

#[test]
fn conditional_keys_decide_whether_a_map_counts() {
    let pattern = json!({"(image)": "b", "pull": "Always"});
    check(&[
        (json!({"image": "a", "pull": "Never"}), pattern.clone(), "skip"),
        (json!({"image": "b", "pull": "Never"}), pattern.clone(), "fail /pull/"),
        (json!({"image": "b", "pull": "Always"}), pattern.clone(), "pass"),
        (json!({"pull": "Never"}), pattern.clone(), "skip"),
        (json!({"spec": {"image": "a"}}), json!({"spec": pattern}), "skip"),
    ]);
}

#[test]
fn global_keys_skip_only_where_they_are_present() {
    let pattern = json!({"<(image)": "b", "pull": "Always"});
    check(&[
        (json!({"pull": "Never"}), pattern.clone(), "fail /pull/"),
        (json!({"image": "a", "pull": "Never"}), pattern.clone(), "skip"),
        (json!({"image": "b", "pull": "Always"}), pattern, "pass"),
    ]);
}

#[test]
fn equality_existence_and_negation_keys_let_absent_keys_pass() {
    check(&[
        (json!({}), json!({"=(host)": {"path": "!/var"}}), "pass"),
        (json!({"host": {"path": "/var"}}), json!({"=(host)": {"path": "!/var"}}), "fail /host/path/"),
        (json!({"host": null}), json!({"X(host)": "null"}), "fail /host/"),
        (json!({}), json!({"X(host)": "null"}), "pass"),
        (json!({}), json!({"^(c)": [{"n": "b"}]}), "pass"),
        (json!({"c": [{"n": "a"}, {"n": "b"}]}), json!({"^(c)": [{"n": "b"}]}), "pass"),
        (json!({"c": [{"n": "a"}]}), json!({"^(c)": [{"n": "b"}]}), "fail /c/"),
        (json!({"c": [{"n": "a"}]}), json!({"^(c)": [{"n": "a"}, {"n": "b"}]}), "fail /c/"),
        (json!({"c": []}), json!({"^(c)": [{"n": "b"}]}), "fail /c/"),
        (json!({"c": [{"n": "a"}]}), json!({"^(c)": [{"(n)": "b"}]}), "fail /c/"),
        (json!({"c": "x"}), json!({"^(c)": [{"n": "b"}]}), "fail /c/"),
    ]);
}

#[test]
fn lists_of_maps_use_the_first_pattern_for_every_element() {
    check(&[
        (json!({"c": [{"n": "a", "v": 1}, {"n": "b", "v": 2}]}), json!({"c": [{"(n)": "b", "v": 2}]}), "pass"),
        (json!({"c": [{"n": "a", "v": 1}]}), json!({"c": [{"(n)": "b", "v": 2}]}), "skip"),
        (json!({"c": [{"v": 1}, {"v": 9}]}), json!({"c": [{"v": 1}, {"v": 9}]}), "fail /c/1/v/"),
        (json!({"c": []}), json!({"c": [{"v": 1}]}), "pass"),
        (json!({"c": [{"v": 1}]}), json!({"c": []}), "fail /c/"),
        (json!({"c": [{"v": 1}]}), json!({"c": [{"X(v)": null}]}), "fail /c/0/v/"),
        (json!({"c": "a"}), json!({"c": ["a"]}), "fail /c/"),
        (json!({"c": ["a", "b"]}), json!({"c": "a"}), "fail /c/"),
        (json!({"c": ["a", "a"]}), json!({"c": ["a", "b"]}), "pass"),
        (json!({"c": [["a"], ["b"]]}), json!({"c": [["a"], ["b"]]}), "pass"),
        (json!({"c": [["a"], ["x"]]}), json!({"c": [["a"], ["b"]]}), "fail /c/1/"),
        (json!({"c": [["a"]]}), json!({"c": [["a"], ["b"]]}), "error"),
    ]);
}

#[test]
fn a_failure_is_an_error_while_an_anchored_key_was_nowhere() {
    let pattern = json!({"c": [{"(n)": "b", "v": 2}], "z": "x"});
    check(&[
        (json!({"c": [{"n": "b", "v": 2}], "z": "y"}), pattern.clone(), "fail /z/"),
        (json!({"c": [], "z": "y"}), pattern.clone(), "fail /z/"),
        (json!({"c": [{"v": 2}, {"n": "b", "v": 3}]}), pattern, "fail /c/1/v/"),
        (json!({"z": "y"}), json!({"^(c)": [{"n": "b"}], "z": "x"}), "error"),
        (json!({"z": "y"}), json!({"X(c)": null, "z": "x"}), "fail /z/"),
        (json!({"z": "y"}), json!({"^(c)": [{"n": "b"}], "X(z)": null}), "fail /z/"),
    ]);
}

#[test]
fn a_skip_of_this_map_outweighs_what_else_its_anchors_say() {
    check(&[
        // `(a)` sorts before `=(b)`: the failure of the second is not seen.
        (json!({"a": 1, "b": 1}), json!({"(a)": 2, "=(b)": 2}), "skip"),
        // A skip from inside a nested map does not skip this one, as some other anchor applies.
        (json!({"a": {"x": 1}, "b": 1}), json!({"=(a)": {"(x)": 2}, "=(b)": 1}), "pass"),
        (json!({"a": {"x": 1}}), json!({"=(a)": {"(x)": 2}}), "skip"),
        (json!({"a": {"x": 1}, "b": 1}), json!({"=(a)": {"(x)": 2}, "=(b)": 2}), "fail /b/"),
        (json!({"a": {"x": 1}, "b": 1}), json!({"a": {"(x)": 2}, "b": 2}), "skip"),
    ]);
}

#[test]
fn a_star_alone_wants_the_key_to_be_there() {
    let (resource, pattern) = (json!({"s": {"a": null}}), json!({"s": {"a": "*"}}));
    check(&[
        (resource.clone(), pattern.clone(), "fail /s/"),
        (json!({"s": {"a": {}}}), pattern.clone(), "pass"),
        (json!({"s": {}}), json!({"s": {"a": "?*"}}), "fail /s/a/"),
    ]);
    assert_eq!(message(&resource, &pattern), "/s//a not found");
}

#[test]
fn wildcards_in_keys_of_labels_and_annotations_are_expanded() {
    let labels = |labels: Value| json!({"metadata": {"labels": labels}});
    check(&[
        (labels(json!({"app.io/name": "x"})), labels(json!({"app.io/*": "?*"})), "pass"),
        (labels(json!({"app.io/name": "x"})), labels(json!({"app.io/*": "y"})), "fail /metadata/labels/app.io/name/"),
        (labels(json!({"other": "x"})), labels(json!({"app.io/*": "?*"})), "fail /metadata/labels/app.io/*/"),
        (
            labels(json!({"app.io/name": "x"})),
            labels(json!({"=(app.io/*)": "y"})),
            "fail /metadata/labels/app.io/name/",
        ),
        (
            labels(json!({"app.io/name": "x"})),
            labels(json!({"X(app.io/*)": "null"})),
            "fail /metadata/labels/app.io/name/",
        ),
        (
            json!({"metadata": {"annotations": {"a1": "x"}}}),
            json!({"=(metadata)": {"=(annotations)": {"a?": "x"}}}),
            "pass",
        ),
        // What is no text is not looked at.
        (labels(json!({"a": "x"})), labels(json!({"a": "x", "b": 5})), "pass"),
        (json!({"spec": {"labels": {"ab": "x"}}}), json!({"spec": {"labels": {"a*": "x"}}}), "fail /spec/labels/a*/"),
    ]);
}

#[test]
fn messages_are_upstreams() {
    assert_eq!(
        message(&json!({"a": 1}), &json!({"a": {"b": 1}})),
        "pattern and resource have different structures. Path: /a/. Expected map[string]interface {}, found float64"
    );
    assert_eq!(
        message(&json!({"c": [{"n": "a"}, {}]}), &json!({"c": [{"(n)": "b"}]})),
        "conditional anchor mismatch: resource value 'a' does not match 'b' at path /c/0/n/; \
         conditional anchor mismatch: conditional anchor key doesn't exist in the resource"
    );
    assert_eq!(
        message(&json!({"a": ["x", 1]}), &json!({"<(a)": ["x"]})),
        "global anchor mismatch: resource value '[x 1]' does not match 'x' at path /a/"
    );
    assert_eq!(
        message(&json!({"a": 1}), &json!({"X(a)": null})),
        "negation anchor matched in resource: /a/ is not allowed"
    );
}
