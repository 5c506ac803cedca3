//! Requests and their objects, good and malformed.

use super::*;
use crate::resource::testing::{create, pod};
use serde_json::json;

#[test]
fn each_operation_has_its_objects() {
    let old = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "old"}});
    let request = |operation, old| AdmissionRequest::new(operation, pod(), old).unwrap();
    let created = request(Operation::Create, None);
    assert_eq!((created.object.clone(), created.old_object), (Some(pod()), None));
    let updated = request(Operation::Update, None);
    assert_eq!((updated.object, updated.old_object), (Some(pod()), Some(pod())));
    let updated = request(Operation::Update, Some(old.clone()));
    assert_eq!((updated.object, updated.old_object), (Some(pod()), Some(old.clone())));
    let deleted = request(Operation::Delete, None);
    assert_eq!((deleted.object.clone(), deleted.old_object.clone()), (None, Some(pod())));
    assert_eq!(deleted.resource_id().to_string(), "shop/Pod/web-1");
    let deleted = request(Operation::Delete, Some(old.clone()));
    assert_eq!((deleted.object, deleted.old_object), (None, Some(old)));
}

#[test]
fn an_object_is_read_by_its_parts() {
    let mut request = create(json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"generateName": "web-", "namespace": "shop",
        "labels": {"a": "b"}, "annotations": null},
    }));
    request.namespace_labels.insert("shop".to_owned(), BTreeMap::from([("x".to_owned(), "y".to_owned())]));
    let target = request.target();
    assert_eq!((target.group(), target.version(), target.kind()), ("apps", "v1", "Deployment"));
    assert_eq!((target.name(), target.namespace()), ("web-", "shop"));
    assert_eq!(target.labels(), BTreeMap::from([("a", "b")]));
    assert_eq!(target.annotations(), BTreeMap::new());
    assert_eq!(target.namespace_labels(), Some(BTreeMap::from([("x", "y")])));
    let core = create(pod());
    assert_eq!((core.target().group(), core.target().version()), ("", "v1"));
    assert_eq!(core.target().namespace_labels(), None);
}

#[test]
fn what_is_no_kubernetes_object_is_refused_with_its_field() {
    for (object, field, found) in [
        (json!(null), "", "null"),
        (json!([]), "", "a list"),
        (json!("Pod"), "", "another string"),
        (json!({}), "apiVersion", "nothing"),
        (json!({"apiVersion": 1, "kind": "Pod"}), "apiVersion", "a number"),
        (json!({"apiVersion": "a/b/c", "kind": "Pod"}), "apiVersion", "another string"),
        (json!({"apiVersion": "/v1", "kind": "Pod"}), "apiVersion", "another string"),
        (json!({"apiVersion": "v1"}), "kind", "nothing"),
        (json!({"apiVersion": "v1", "kind": ""}), "kind", "an empty string"),
        (json!({"apiVersion": "v1", "kind": null}), "kind", "null"),
        (json!({"apiVersion": "v1", "kind": ["Pod"]}), "kind", "a list"),
        (json!({"apiVersion": "v1", "kind": "Pod", "metadata": []}), "metadata", "a list"),
        (json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": 1}}), "metadata.name", "a number"),
        (json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": {}}}), "metadata.namespace", "an object"),
        (
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": true}}),
            "metadata.generateName",
            "a boolean",
        ),
        (
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": "a=b"}}),
            "metadata.labels",
            "another string",
        ),
        (json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"a": 1}}}), "metadata.labels", "a number"),
        (json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"annotations": []}}), "metadata.annotations", "a list"),
    ] {
        for operation in [Operation::Connect, Operation::Create, Operation::Delete, Operation::Update] {
            let error = AdmissionRequest::new(operation, object.clone(), None).expect_err(&object.to_string());
            let ResourceError::Type { field: at, found: what, .. } = &error else { panic!("{error}") };
            assert_eq!((*at, *what, error.code()), (field, found, "resource-malformed"));
        }
        let error = AdmissionRequest::new(Operation::Update, pod(), Some(object));
        assert!(error.is_err(), "a malformed old object is refused too");
    }
}

#[test]
fn a_request_without_its_object_is_refused() {
    let request = AdmissionRequest { operation: Operation::Delete, object: Some(pod()), ..AdmissionRequest::default() };
    assert_eq!(request.check().unwrap_err().to_string(), "a DELETE request needs an old object: give it");
    assert_eq!(AdmissionRequest::default().check().unwrap_err().code(), "resource-missing");
    assert_eq!(AdmissionRequest::default().resource_id(), ResourceId::default());
}

#[test]
fn the_namespace_of_the_request_fills_in_and_never_overrules() {
    let bare = json!({"apiVersion": "v1", "kind": "Pod", "metadata": null});
    let request = create(bare).in_namespace("shop").unwrap();
    assert_eq!(request.target().namespace(), "shop");
    assert_eq!(
        create(json!({"apiVersion": "v1", "kind": "Pod"})).in_namespace("shop").unwrap().target().namespace(),
        "shop"
    );
    assert_eq!(create(pod()).in_namespace("").unwrap(), create(pod()));
    assert_eq!(create(pod()).in_namespace("shop").unwrap(), create(pod()));
    let error = create(pod()).in_namespace("other").unwrap_err();
    assert_eq!(error, ResourceError::Namespace { request: "other".to_owned(), object: "shop".to_owned() });
    let namespace = create(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}));
    assert_eq!(namespace.clone().in_namespace("shop"), Ok(namespace));
}
