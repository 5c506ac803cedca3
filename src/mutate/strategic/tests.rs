//! Expected values are what `pkg/engine/mutate/patch` of Kyverno 1.19 made of the same input.

use super::*;
use crate::wildcard;
use serde_json::json;

/// The part of the pattern engine that these tests need: texts with wildcards, and maps.
fn matches(resource: &Value, pattern: &Value) -> bool {
    match (resource, pattern) {
        (Value::String(text), Value::String(pattern)) => wildcard::matches(pattern, text),
        (Value::Object(fields), Value::Object(patterns)) => {
            patterns.iter().all(|(key, pattern)| fields.get(key).is_some_and(|value| matches(value, pattern)))
        }
        _ => resource == pattern,
    }
}

fn pod(spec: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})
}

fn patched(resource: &Value, patch: &Value) -> Result<Value, String> {
    apply(resource, patch, &matches).map_err(|error| error.to_string())
}

/// What a patch of a pod's spec makes of one.
#[track_caller]
fn check(spec: Value, patch: Value, expected: Value) {
    assert_eq!(patched(&pod(spec), &json!({"spec": patch})), Ok(pod(expected)));
}

#[test]
fn what_is_new_stands_in_front() {
    check(
        json!({"containers": [{"name": "a"}, {"name": "b", "image": "x"}]}),
        json!({"containers": [{"name": "b"}, {"name": "n"}]}),
        json!({"containers": [{"name": "b", "image": "x"}, {"name": "n"}, {"name": "a"}]}),
    );
}

#[test]
fn lists_that_kubernetes_does_not_merge_are_replaced() {
    check(
        json!({"tolerations": [{"key": "a"}], "containers": [{"name": "a", "args": ["x", "y"]}]}),
        json!({"tolerations": [{"key": "b"}], "containers": [{"name": "a", "args": ["z"]}]}),
        json!({"tolerations": [{"key": "b"}], "containers": [{"name": "a", "args": ["z"]}]}),
    );
    let resource = json!({"apiVersion": "x/v1", "kind": "Custom", "spec": {"containers": [{"name": "b"}]}});
    let result = patched(&resource, &json!({"spec": {"containers": [{"name": "a"}]}}));
    assert_eq!(result.unwrap()["spec"], json!({"containers": [{"name": "a"}]}));
}

#[test]
fn an_object_in_a_custom_one_is_merged_as_what_it_says_it_is() {
    let inner = json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "b"}]}});
    let resource = json!({"apiVersion": "x/v1", "kind": "Custom", "spec": {"template": inner}});
    let patch = json!({"spec": {"template": {"spec": {"containers": [{"name": "a"}]}}}});
    let result = patched(&resource, &patch).unwrap();
    assert_eq!(result["spec"]["template"]["spec"]["containers"], json!([{"name": "a"}, {"name": "b"}]));
}

#[test]
fn a_port_without_protocol_is_the_one_with() {
    check(
        json!({"containers": [{"name": "a", "ports": [
            {"containerPort": 80, "protocol": "TCP"}, {"containerPort": 81, "protocol": "TCP"}]}]}),
        json!({"containers": [{"name": "a", "ports": [
            {"containerPort": 80, "name": "h"}, {"containerPort": 81, "protocol": "UDP"}]}]}),
        // The patch of port 80 is lost: what was merged is replaced by what the resource had.
        json!({"containers": [{"name": "a", "ports": [
            {"containerPort": 81, "protocol": "UDP"}, {"containerPort": 80, "protocol": "TCP"},
            {"containerPort": 81, "protocol": "TCP"}]}]}),
    );
}

#[test]
fn scalars_of_merged_lists_are_their_own_keys() {
    let resource = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"finalizers": ["a", "b"]}});
    let result = patched(&resource, &json!({"metadata": {"finalizers": ["c", "b"]}})).unwrap();
    assert_eq!(result["metadata"]["finalizers"], json!(["c", "b", "a"]));
}

#[test]
fn an_element_without_its_key_takes_the_others_with_it() {
    check(
        json!({"containers": [{"name": "a"}, {"name": "b"}]}),
        json!({"containers": [{"image": "x"}]}),
        json!({"containers": []}),
    );
}

#[test]
fn the_last_of_two_elements_with_one_key_stays_even_without_a_patch() {
    let resource = pod(json!({"containers": [{"name": "a", "image": "1"}, {"name": "a", "image": "2"}]}));
    let expected = pod(json!({"containers": [{"name": "a", "image": "2"}]}));
    assert_eq!(patched(&resource, &json!({})), Ok(expected));
}

#[test]
fn null_deletes_and_empty_maps_are_nothing() {
    check(
        json!({"a": 1, "z": null}),
        json!({"a": null, "b": {"c": null, "d": 1}, "securityContext": {}, "volumes": [{"name": "v", "emptyDir": {}}]}),
        json!({"b": {"d": 1}, "volumes": [{"name": "v"}], "z": null}),
    );
}

#[test]
fn a_scalar_in_the_place_of_text_becomes_text() {
    check(
        json!({"a": "x", "b": "false", "c": 1}),
        json!({"a": 1, "b": true, "c": "5", "d": 2}),
        json!({"a": "1", "b": "true", "c": "5", "d": 2}),
    );
}

#[test]
fn directives_delete_and_replace() {
    check(
        json!({"containers": [{"name": "a"}, {"name": "b"}], "securityContext": {"b": 2}, "dnsConfig": {"c": 1}}),
        json!({
            "containers": [{"name": "a", "$patch": "delete"}],
            "securityContext": {"a": 1, "$patch": "replace"},
            "dnsConfig": {"$patch": "delete"},
        }),
        json!({"containers": [{"name": "b"}], "securityContext": {"a": 1}}),
    );
    check(
        json!({"containers": [{"name": "a"}, {"name": "b"}]}),
        json!({"containers": [{"name": "c"}, {"$patch": "replace"}]}),
        json!({"containers": [{"name": "c"}]}),
    );
    // In an element the directive does nothing: the element of the resource comes back.
    check(
        json!({"containers": [{"name": "a", "image": "o", "tty": true}]}),
        json!({"containers": [{"name": "a", "image": "n", "$patch": "replace"}]}),
        json!({"containers": [{"name": "a", "image": "o", "tty": true}]}),
    );
}

#[test]
fn other_directives_of_kubernetes_are_fields() {
    check(
        json!({"containers": [{"name": "a"}, {"name": "b"}]}),
        json!({"$setElementOrder/containers": [{"name": "b"}], "containers": [{"name": "b", "image": "x"}]}),
        json!({"$setElementOrder/containers": [{"name": "b"}],
            "containers": [{"name": "b", "image": "x"}, {"name": "a"}]}),
    );
}

#[test]
fn a_condition_in_a_list_picks_elements_by_name() {
    check(
        json!({"containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "y"}]}),
        json!({"containers": [{"(image)": "x*", "imagePullPolicy": "Always"}]}),
        json!({"containers": [{"name": "a", "image": "x:1", "imagePullPolicy": "Always"}, {"name": "b", "image": "y"}]}),
    );
}

#[test]
fn an_unmet_condition_outside_lists_leaves_the_resource_alone() {
    let before = json!({"hostNetwork": true, "priority": 5});
    check(before.clone(), json!({"(hostNetwork)": false, "a": 1}), before.clone());
    check(before.clone(), json!({"(absent)": "*", "a": 1}), before.clone());
    check(before.clone(), json!({"<(absent)": "*", "a": 1}), before.clone());
    check(before, json!({"(priority)": "5", "a": 1}), json!({"hostNetwork": true, "priority": 5, "a": 1}));
}

#[test]
fn conditions_see_scalars_as_text_and_numbers_in_maps_as_fractions() {
    let seen = std::cell::RefCell::new(Vec::new());
    let record = |resource: &Value, pattern: &Value| {
        seen.borrow_mut().push((resource.clone(), pattern.clone()));
        true
    };
    let patch = json!({"spec": {"(a)": 1, "(b)": {"c": 2}, "(d)": "x"}});
    apply(&pod(json!({"a": null, "b": {"c": 3}, "d": [true]})), &patch, &record).unwrap();
    let expected =
        vec![(json!("null"), json!("1")), (json!({"c": 3.0}), json!({"c": 2.0})), (json!([true]), json!("x"))];
    assert_eq!(seen.into_inner(), expected);
}

#[test]
fn a_global_condition_is_a_gate() {
    let before = json!({"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "y"}]});
    check(before.clone(), json!({"containers": [{"<(image)": "z"}], "a": 1}), before.clone());
    let mut after = before.clone();
    after["a"] = json!(1);
    check(before, json!({"containers": [{"<(image)": "y"}], "a": 1}), after);
}

#[test]
fn what_is_absent_is_added() {
    check(json!({"a": 5}), json!({"+(a)": 1, "+(b)": 2}), json!({"a": 5, "b": 2}));
    // What was absent from the first element is taken for absent from the next.
    check(
        json!({"containers": [{"name": "a"}, {"name": "b", "securityContext": {"x": 7}}]}),
        json!({"containers": [{"(name)": "*", "securityContext": {"+(x)": 1}}]}),
        json!({"containers": [
            {"name": "a", "securityContext": {"x": 1}}, {"name": "b", "securityContext": {"x": 1}}]}),
    );
}

#[test]
fn of_two_elements_with_anchors_one_is_lost_or_all_is() {
    check(
        json!({"containers": [{"name": "a"}, {"name": "b"}]}),
        json!({"containers": [{"(name)": "a", "image": "1"}, {"(name)": "b", "image": "2"}]}),
        json!({"containers": [{"name": "b", "image": "2"}]}),
    );
    let patch = json!({"spec": {"containers": [{"(name)": "z", "image": "1"}, {"(name)": "y", "image": "2"}]}});
    let error = apply(&pod(json!({"containers": [{"name": "a"}]})), &patch, &matches).unwrap_err();
    assert_eq!(error.code(), "mutate-crash");
}

#[test]
fn errors_are_kyvernos() {
    let resource = pod(json!({"containers": [{"name": "a"}], "securityContext": {"a": 1}}));
    for (patch, expected) in [
        (
            json!({"spec": {"containers": {"a": "x"}}}),
            "wrong node kind: expected SequenceNode but got MappingNode: node contents:\n{\"a\": \"x\"}\n",
        ),
        (
            json!({"spec": {"securityContext": [{"(a)": 1}]}}),
            "failed to preProcess rule: wrong node kind: expected SequenceNode but got MappingNode: node contents:\n\
             {\"a\": 1}\n",
        ),
        (json!({"spec": {"securityContext": {"$patch": "x"}}}), "unknown patch strategy 'x'"),
        (json!({"$patch": "delete"}), "filter cannot create or delete objects"),
        (
            json!({"x": {"+(k)": 1, "k": 1}}),
            "yaml: unmarshal errors:\n  line 1: mapping key \"k\" already defined at line 1",
        ),
    ] {
        assert_eq!(patched(&resource, &patch).unwrap_err(), expected, "{patch}");
    }
}

#[test]
fn nested_anchors_over_long_lists_end_in_an_error() {
    let inner: Vec<Value> = (0..400).map(|index| json!({"name": format!("e{index}")})).collect();
    let outer: Vec<Value> = (0..400).map(|index| json!({"name": format!("c{index}"), "env": inner})).collect();
    let patch = json!({"spec": {"containers": [{"(name)": "*", "env": [{"(name)": "*", "value": "v"}]}]}});
    let error = apply(&pod(json!({"containers": outer})), &patch, &matches).unwrap_err();
    assert!(error.to_string().contains("found more"), "{error}");
}
