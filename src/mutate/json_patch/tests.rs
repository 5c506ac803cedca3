//! Expected values and texts are what `pkg/engine/mutate/patch` of Kyverno 1.19 made of the same input.

use super::*;
use serde_json::json;

fn patched(document: Value, text: &str) -> Result<Value, String> {
    let mut document = document;
    let patch = JsonPatch::parse(text).map_err(|error| error.to_string())?;
    patch.apply(&mut document).map(|()| document).map_err(|error| error.to_string())
}

#[test]
fn text_is_json_or_yaml() {
    for text in ["- op: add\n  path: /b\n  value: [1]", r#"[{"op":"add","path":"/b","value":[1]}]"#] {
        assert_eq!(patched(json!({"a": 1}), text), Ok(json!({"a": 1, "b": [1]})), "{text}");
    }
    assert_eq!(patched(json!({"a": 1}), "# nothing\n"), Ok(json!({"a": 1})));
    assert_eq!(
        patched(json!({}), "[{op: remove, path: /a}]"),
        Err("failed to decode patches: invalid state detected".into())
    );
    assert!(patched(json!({}), "- [").unwrap_err().starts_with("failed to convert patchesJSON6902 to JSON: "));
}

#[test]
fn malformed_operations_are_refused_before_any_is_applied() {
    for (text, expected) in [
        ("a: b", "json: cannot unmarshal object into Go value of type jsonpatch.Patch"),
        ("- foo", "json: cannot unmarshal string into Go value of type jsonpatch.Operation"),
        ("- null", "invalid operation null: unsupported operation"),
        (
            "- {op: add, path: /b}",
            r#"invalid operation {"op":"add","path":"/b"}: failed to decode 'value': operation, missing value field: missing value"#,
        ),
        (
            "- {op: move, path: /b}",
            r#"invalid operation {"op":"move","path":"/b"}: failed to decode 'from': operation, missing from field: missing value"#,
        ),
        (
            "- {op: remove}",
            r#"invalid operation {"op":"remove"}: failed to decode 'path': operation missing path field: missing value"#,
        ),
        (
            "- {op: remove, path: 1}",
            r#"invalid operation {"op":"remove","path":1}: failed to decode 'path': json: cannot unmarshal number into Go value of type string"#,
        ),
        (
            "- {op: nope, path: /a, value: <x>}",
            r#"invalid operation {"op":"nope","path":"/a","value":"\u003cx\u003e"}: unsupported operation"#,
        ),
    ] {
        let expected = format!("failed to decode patches: {expected}");
        assert_eq!(patched(json!({}), text), Err(expected), "{text}");
    }
}

#[test]
fn operations_are_those_of_the_rfc() {
    for (document, operation, expected) in [
        (json!({"a": [1, 2]}), "{op: add, path: /a/1, value: x}", json!({"a": [1, "x", 2]})),
        (json!({"a": [1]}), "{op: add, path: /a/-, value: x}", json!({"a": [1, "x"]})),
        (json!({"a": [1, 2]}), "{op: remove, path: /a/0}", json!({"a": [2]})),
        (json!({"a": [1, 2]}), "{op: replace, path: /a/1, value: 3}", json!({"a": [1, 3]})),
        (json!({"a": {"b": 1}}), "{op: move, from: /a/b, path: /c}", json!({"a": {}, "c": 1})),
        (json!({"a": {"b": 1}}), "{op: copy, from: /a, path: /c}", json!({"a": {"b": 1}, "c": {"b": 1}})),
        (json!({"a": {"b": [1, 2.0]}}), "{op: test, path: /a, value: {b: [1, 2]}}", json!({"a": {"b": [1, 2.0]}})),
        (json!({"a/b": {"m~n": 1}}), "{op: replace, path: /a~1b/m~0n, value: 2}", json!({"a/b": {"m~n": 2}})),
        (json!({"a": 1}), "{op: add, path: '', value: {b: 2}}", json!({"b": 2})),
    ] {
        assert_eq!(patched(document, &format!("- {operation}")), Ok(expected), "{operation}");
    }
}

#[test]
fn negative_indices_count_from_the_end() {
    for (operation, expected) in [
        ("{op: remove, path: /a/-1}", json!([1, 2])),
        ("{op: replace, path: /a/-3, value: x}", json!(["x", 2, 3])),
        // From behind the last element.
        ("{op: add, path: /a/-1, value: x}", json!([1, 2, 3, "x"])),
        ("{op: add, path: /a/-4, value: x}", json!(["x", 1, 2, 3])),
    ] {
        let result = patched(json!({"a": [1, 2, 3]}), &format!("- {operation}"));
        assert_eq!(result, Ok(json!({"a": expected})), "{operation}");
    }
}

#[test]
fn removing_what_is_absent_does_nothing() {
    for path in ["/b", "/b/c/d", "/a/7", "/a/-7", "nonsense"] {
        let document = json!({"a": [1]});
        assert_eq!(patched(document.clone(), &format!("- {{op: remove, path: {path}}}")), Ok(document), "{path}");
    }
}

#[test]
fn adding_creates_what_the_path_lacks() {
    for (document, path, expected) in [
        (json!({}), "/a/b/c", json!({"a": {"b": {"c": 1}}})),
        (json!({"a": null}), "/a/b", json!({"a": {"b": 1}})),
        (json!({}), "/a/-", json!({"a": [1]})),
        (json!({}), "/a/2/b", json!({"a": [null, null, {"b": 1}]})),
        (json!({}), "/a/-1", json!({"a": [1]})),
        (json!({"a": [null, 7]}), "/a/0/b", json!({"a": [{"b": 1}, null, 7]})),
    ] {
        let result = patched(document, &format!("- {{op: add, path: {path}, value: 1}}"));
        assert_eq!(result, Ok(expected), "{path}");
    }
}

#[test]
fn what_does_not_apply_is_an_error_and_changes_nothing() {
    for (operation, expected) in [
        ("{op: add, path: /s/x, value: 1}", "invalid state detected"),
        (
            "{op: add, path: /x~1y/z, value: 1}",
            "add operation does not apply: doc is missing path: \"/x~1y/z\": missing value",
        ),
        (
            "{op: add, path: /l/9, value: 1}",
            "error in add for path: '/l/9': Unable to access invalid index: 9: invalid index referenced",
        ),
        (
            "{op: add, path: /l/x, value: 1}",
            "error in add for path: '/l/x': value was not a proper array index: 'x': strconv.Atoi: parsing \"x\": invalid syntax",
        ),
        (
            "{op: add, path: /n/-2, value: 1}",
            "Unable to ensure path for negative index other than -1: -2: invalid index referenced",
        ),
        ("{op: remove, path: /l/x}", "error in remove for path: '/l/x': strconv.Atoi: parsing \"x\": invalid syntax"),
        (
            "{op: replace, path: /x, value: 1}",
            "replace operation does not apply: doc is missing key: /x: missing value",
        ),
        (
            "{op: replace, path: /x/y, value: 1}",
            "replace operation does not apply: doc is missing path: /x/y: missing value",
        ),
        (
            "{op: move, from: /x, path: /y}",
            "error in move for path: 'x': unable to get nonexistent key: x: missing value",
        ),
        ("{op: move, from: '', path: /y}", "unable to move entire document to another path: invalid state detected"),
        (
            "{op: copy, from: /x/y, path: /y}",
            "copy operation does not apply: doc is missing from path: \"/x/y\": missing value",
        ),
        (
            "{op: copy, from: /s, path: /x/y}",
            "copy operation does not apply: doc is missing destination path: /x/y: missing value",
        ),
        ("{op: test, path: /s, value: other}", "testing value /s failed: test failed"),
        ("{op: test, path: /x/y, value: 1}", "test operation does not apply: is missing path: /x/y: missing value"),
    ] {
        let before = json!({"s": "text", "l": [1]});
        let mut document = before.clone();
        let patch = JsonPatch::parse(&format!("- {{op: add, path: /first, value: 1}}\n- {operation}")).unwrap();
        assert_eq!(patch.apply(&mut document).unwrap_err().to_string(), expected, "{operation}");
        assert_eq!(document, before, "{operation}");
    }
}

#[test]
fn nothing_equals_null() {
    for (path, value) in [("/a", "null"), ("/absent", "null")] {
        let text = format!("- {{op: test, path: {path}, value: {value}}}");
        assert!(patched(json!({"a": null}), &text).is_ok(), "{text}");
    }
    assert!(patched(json!({"a": null}), "- {op: test, path: /a, value: ''}").is_err());
}

#[test]
fn growth_is_bounded() {
    let far = patched(json!({}), "- {op: add, path: /a/1000000000, value: 1}").unwrap_err();
    assert!(far.contains("1000000000"), "{far}");
    let deep = patched(json!({}), &format!("- {{op: add, path: {}, value: 1}}", "/a".repeat(100_000))).unwrap_err();
    assert!(deep.contains("levels of nesting"), "{deep}");
    let doubling: String = (0..40).map(|index| format!("- {{op: copy, from: '', path: /k{index}}}\n")).collect();
    assert!(patched(json!({"a": 1}), &doubling).is_ok(), "the whole document is copied as it came in");
    let doubling: String = (0..40).map(|index| format!("- {{op: copy, from: /a, path: /a/k{index}}}\n")).collect();
    let error = patched(json!({"a": {"b": 1}}), &doubling).unwrap_err();
    assert!(error.contains("copy less"), "{error}");
}
