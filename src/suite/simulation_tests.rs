use super::*;
use crate::limits::Limits;
use crate::source::SourceName;
use crate::suite::read_values;
use serde_json::json;

const TEXT: &str = "\
apiVersion: cli.kyverno.io/v1alpha1
kind: Values
globalValues: { request.operation: UPDATE, a: global, b: global, request.oldObject.metadata.labels.old: was }
policies:
- name: p
  resources:
  - name: x
    values: { b: own, request.object.metadata.labels.l: v }
- name: gone
  resources:
  - name: x
    values: { request.operation: DELETE }
subresources:
- subresource: { name: pods/eviction, kind: Pod, version: v1 }
  parentResource: { name: deployments, kind: Deployment, group: apps, version: v1 }
";

fn simulated(over: Value, operation: Option<Operation>) -> Simulated {
    let values = read_values(TEXT, &SourceName::new("values.yaml"), &Limits::default()).unwrap();
    let over = serde_json::from_value(over).unwrap();
    let simulation = Simulation {
        values: &values,
        over: &over,
        operation,
        old_object: None,
        user_info: &UserInfo { username: "ann".to_owned(), ..UserInfo::default() },
        namespace_labels: &NamespaceLabels::new(),
    };
    simulation.request(&json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}})).unwrap()
}

#[test]
fn values_of_an_object_win_over_global_ones_and_given_ones_over_both() {
    let found = simulated(json!({"a": "given"}), None);
    assert_eq!((&found.values["a"], &found.values["b"]), (&json!("given"), &json!("global")));
    let own = &found.policies["p"];
    assert_eq!((&own.values["a"], &own.values["b"]), (&json!("given"), &json!("own")));
    assert!(!found.policies.contains_key("q"));
}

#[test]
fn values_say_what_is_done_and_to_what() {
    let found = simulated(json!({}), None);
    assert_eq!(found.request.operation, Operation::Update);
    assert_eq!(found.request.old_object.unwrap()["metadata"]["labels"], json!({"old": "was"}));
    assert_eq!(found.request.object.unwrap()["metadata"].get("labels"), None);
    let own = found.policies["p"].request.object.clone().unwrap();
    assert_eq!(own["metadata"]["labels"], json!({"l": "v"}));
    let gone = &found.policies["gone"];
    assert_eq!((gone.request.operation, &gone.request.object), (Operation::Delete, &None));
    assert_eq!(gone.request.user_info.username, "ann");
}

#[test]
fn an_operation_of_the_caller_wins() {
    let found = simulated(json!({}), Some(Operation::Create));
    assert_eq!((found.request.operation, &found.request.old_object), (Operation::Create, &None));
    assert_eq!(found.values["request.operation"], "CREATE");
    assert!(!found.policies.contains_key("gone"), "nothing of its own is left");
}

#[test]
fn objects_stand_for_subresources_of_others() {
    let request = simulated(json!({}), None).request;
    assert_eq!(request.parent, Some(("apps/v1".to_owned(), "Deployment".to_owned())));
    assert_eq!(request.sub_resource, "eviction");
}
