use super::*;
use serde_json::json;

fn pod(spec: Value) -> Value {
    json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "a", "namespace": "n" }, "spec": spec })
}

fn compared(actual: &Value, expected: &Value) -> Comparison {
    compare(actual, Ok(std::slice::from_ref(expected)))
}

#[test]
fn what_is_empty_or_written_as_another_number_is_no_difference() {
    for (actual, expected) in [
        (json!({ "a": 1 }), json!({ "a": 1.0 })),
        (json!({ "a": {}, "b": [], "c": null, "d": { "e": [{}, null] } }), json!({ "f": {} })),
        (json!({ "a": [1, null, { "b": {} }] }), json!({ "a": [1] })),
    ] {
        assert_eq!(compared(&pod(actual.clone()), &pod(expected)), Comparison::Equal, "{actual}");
    }
}

#[test]
fn what_differs_is_listed_with_its_path() {
    let actual = pod(json!({ "same": 1, "changed": [1, 2], "added": "x" }));
    let expected = pod(json!({ "same": 1, "changed": [1, 3, 4], "gone": { "a": true } }));
    let Comparison::Differs(lines) = compared(&actual, &expected) else { panic!("they differ") };
    assert_eq!(
        lines,
        "- .spec.changed[1]: 3\n+ .spec.changed[1]: 2\n- .spec.changed[2]: 4\n- .spec.gone: {\"a\":true}\n+ .spec.added: \
         \"x\""
    );
    // Empty texts and zeros are values.
    assert!(matches!(compared(&pod(json!({ "a": "" })), &pod(json!({}))), Comparison::Differs(_)));
    assert!(matches!(compared(&pod(json!({ "a": 0 })), &pod(json!({}))), Comparison::Differs(_)));
}

#[test]
fn labels_of_generate_rules_are_left_out() {
    let labelled = |labels: Value| {
        let mut pod = pod(json!({}));
        pod["metadata"]["labels"] = labels;
        pod
    };
    let actual = labelled(json!({ "generate.kyverno.io/policy-name": "p", "app.kubernetes.io/managed-by": "kyverno" }));
    assert_eq!(compared(&actual, &pod(json!({}))), Comparison::Equal);
    assert!(matches!(compared(&labelled(json!({ "a": "b" })), &pod(json!({}))), Comparison::Differs(_)));
}

#[test]
fn the_expected_object_is_found_by_version_kind_namespace_and_name() {
    let actual = pod(json!({ "a": 1 }));
    let other = |pointer: &str, text: &str| {
        let mut other = pod(json!({}));
        *other.pointer_mut(pointer).unwrap() = text.into();
        other
    };
    for (pointer, text) in
        [("/apiVersion", "v2"), ("/kind", "P"), ("/metadata/name", "b"), ("/metadata/namespace", "m")]
    {
        let found = compared(&actual, &other(pointer, text));
        assert_eq!(found, Comparison::NotFound("resource with name a not found in manifest".to_owned()), "{pointer}");
    }
    let both = [other("/metadata/name", "b"), actual.clone()];
    assert_eq!(compare(&actual, Ok(&both)), Comparison::Equal);
    assert_eq!(compare(&actual, Err("no such file")), Comparison::Unreadable("no such file".to_owned()));
}
