use super::*;
use serde_json::json;

fn read(text: &str) -> Vec<Value> {
    objects(text, &Limits::default()).unwrap()
}

#[test]
fn namespaced_objects_without_a_namespace_are_in_default() {
    for (api_version, kind, expected) in [
        ("v1", "Pod", "default"),
        ("v1", "Namespace", ""),
        ("rbac.authorization.k8s.io/v1", "ClusterRole", ""),
        ("rbac.authorization.k8s.io/v1", "Role", "default"),
        // Kinds that are not Kubernetes' own are taken to be namespaced, whatever they are called.
        ("example.com/v1", "Namespace", "default"),
    ] {
        let found = read(&format!("apiVersion: {api_version}\nkind: {kind}\nmetadata: {{ name: a }}\n"));
        assert_eq!(Key::of(&found[0]).namespace, expected, "{api_version} {kind}");
    }
    assert_eq!(Key::of(&read("apiVersion: v1\nkind: Pod\nmetadata:\n")[0]).namespace, "default");
    assert_eq!(Key::of(&read("apiVersion: v1\nkind: Pod\nmetadata: { namespace: ns }\n")[0]).namespace, "ns");
}

#[test]
fn lists_are_unwrapped_and_null_mappings_are_empty() {
    let found =
        read("kind: List\nitems:\n- {kind: A, metadata: {annotations: null}}\n- kind: BList\n  items: [{kind: B}]\n");
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].pointer("/metadata/annotations"), Some(&json!({})));
    assert_eq!(read("kind: X\nspec: {other: null}\n")[0].pointer("/spec/other"), Some(&Value::Null));
}

#[test]
fn an_object_counts_once_by_group_kind_namespace_and_name() {
    let object = |api_version: &str, name: &str, marker: i32| json!({ "apiVersion": api_version, "kind": "K", "metadata": { "name": name }, "spec": marker });
    let all = vec![object("g/v1", "a", 1), object("g/v2", "a", 2), object("h/v1", "a", 3), object("g/v1", "b", 4)];
    let kept: Vec<i64> = unique(all).iter().filter_map(|object| object["spec"].as_i64()).collect();
    assert_eq!(kept, [1, 3, 4]);
}

#[test]
fn results_name_objects_with_or_without_their_namespace() {
    let key = Key { namespace: "n".into(), ..Key::of_payload("a") };
    for (text, expected) in [("a", true), ("n/a", true), ("m/a", false), ("b", false), ("n/a/x", false), ("/a", false)]
    {
        assert_eq!(key.is_named(text), expected, "{text}");
    }
    assert!(Key::of_payload("folder/a.json").is_named("folder/a.json"));
}
