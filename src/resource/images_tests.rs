//! Images in objects of every kind.

use super::*;
use crate::source::Span;
use serde_json::json;

fn built_in(object: &Value) -> Result<Vec<ExtractedImage>, ImageError> {
    extract_images(object, &BTreeMap::new())
}

fn spec() -> Value {
    json!({
        "containers": [{"name": "c", "image": "c"}, {"name": "d", "image": "r.io/d:1"}],
        "initContainers": [{"name": "i", "image": "i"}],
        "ephemeralContainers": [{"name": "e", "image": "e"}, {"name": "blank", "image": " "}, {"name": "none"}],
    })
}

fn extractor(path: &[&str], value: &str, name: &str, key: Option<&str>) -> ImageExtractor {
    ImageExtractor {
        path: path.iter().map(|s| (*s).to_owned()).collect(),
        value: value.to_owned(),
        name: name.to_owned(),
        key: key.map(str::to_owned),
        jmes_path: None,
        span: Span::default(),
    }
}

fn custom(object: &Value, extractors: Vec<ImageExtractor>) -> Result<Vec<ExtractedImage>, ImageError> {
    extract_images(object, &BTreeMap::from([("Task".to_owned(), extractors)]))
}

#[test]
fn every_controller_has_its_places_in_order() {
    let under = |path: &str| {
        let images = ["initContainers/0", "containers/0", "containers/1", "ephemeralContainers/0"];
        images.map(|place| format!("{path}/{place}/image"))
    };
    for (kind, object, path) in [
        ("Pod", json!({"spec": spec()}), "/spec"),
        ("DaemonSet", json!({"spec": {"template": {"spec": spec()}}}), "/spec/template/spec"),
        ("Deployment", json!({"spec": {"template": {"spec": spec()}}}), "/spec/template/spec"),
        ("Job", json!({"spec": {"template": {"spec": spec()}}}), "/spec/template/spec"),
        ("ReplicaSet", json!({"spec": {"template": {"spec": spec()}}}), "/spec/template/spec"),
        ("ReplicationController", json!({"spec": {"template": {"spec": spec()}}}), "/spec/template/spec"),
        ("StatefulSet", json!({"spec": {"template": {"spec": spec()}}}), "/spec/template/spec"),
        (
            "CronJob",
            json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": spec()}}}}}),
            "/spec/jobTemplate/spec/template/spec",
        ),
    ] {
        let mut object = object;
        object["kind"] = json!(kind);
        let images = built_in(&object).unwrap();
        let pointers: Vec<&str> = images.iter().map(|image| image.pointer.as_str()).collect();
        assert_eq!(pointers, under(path), "{kind}");
        for image in &images {
            assert_eq!(object.pointer(&image.pointer), Some(&json!(image.text)));
        }
    }
}

#[test]
fn an_image_has_group_key_text_and_reference() {
    let images = built_in(&json!({"kind": "Pod", "spec": spec()})).unwrap();
    let d = &images[2];
    assert_eq!((d.group.as_str(), d.key.as_str(), d.text.as_str()), ("containers", "d", "r.io/d:1"));
    assert_eq!(d.reference.canonical(), "r.io/d:1");
    assert!(images.iter().all(|image| !image.shadowed));
}

#[test]
fn other_kinds_and_absent_parts_have_no_images() {
    for object in [
        json!({"kind": "Service", "spec": spec()}),
        json!({"kind": "Pod"}),
        json!({"kind": "Pod", "spec": null}),
        json!({"kind": "Pod", "spec": {"containers": null}}),
        json!({"kind": "Pod", "spec": {"containers": []}}),
        json!({"kind": "Pod", "spec": {"containers": [null]}}),
        json!({"kind": "Pod", "spec": {"containers": [{"name": "c", "image": 5}]}}),
        json!({"kind": 1}),
        json!(null),
        json!([]),
    ] {
        assert_eq!(built_in(&object), Ok(Vec::new()), "{object}");
    }
}

#[test]
fn malformed_containers_are_errors() {
    let pod = |containers: Value| json!({"kind": "Pod", "spec": {"containers": containers}});
    let at = |pointer: &str| pointer.to_owned();
    for (object, error) in [
        (pod(json!(["x"])), ImageError::Config { pointer: at("/spec/containers/0") }),
        (pod(json!([[]])), ImageError::Config { pointer: at("/spec/containers/0") }),
        (pod(json!("x")), ImageError::Type { pointer: at("/spec/containers") }),
        (json!({"kind": "Pod", "spec": "x"}), ImageError::Config { pointer: at("/spec") }),
        (json!({"kind": "Pod", "spec": []}), ImageError::Config { pointer: at("/spec") }),
        (pod(json!([{"image": "x"}])), ImageError::Key { pointer: at("/spec/containers/0/name") }),
        (pod(json!([{"name": 1, "image": "x"}])), ImageError::Key { pointer: at("/spec/containers/0/name") }),
    ] {
        let found = built_in(&object).unwrap_err();
        assert_eq!((found.code(), &found), ("image-config-malformed", &error), "{object}");
    }
}

#[test]
fn an_unparsable_image_has_kyvernos_text() {
    let pod =
        json!({"kind": "Pod", "spec": {"containers": [{"name": "a", "image": "ok"}, {"name": "b", "image": "++"}]}});
    let error = built_in(&pod).unwrap_err();
    assert_eq!(error.code(), "image-unparsable");
    assert_eq!(
        error.rule_message(),
        "failed to instantiate handler: failed to extract images: invalid image '++' (bad image: docker.io/++, \
         defaultRegistry: docker.io, enableDefaultRegistryMutation: true: invalid reference format)"
    );
    assert!(matches!(&error, ImageError::Image { pointer, .. } if pointer == "/spec/containers/1/image"));
}

#[test]
fn custom_extractors_walk_lists_and_objects() {
    let task = json!({"kind": "Task", "spec": {
        "steps": [{"name": "a", "image": "x/y:1"}, {"name": "b", "image": "x/z:1"}],
        "source": {"registry": {"url": "r.io/disk"}},
        "by~name": {"p/q": {"image": "n"}, "r": {"image": "m"}},
        "containers": [{"name": "c", "image": "unseen"}],
    }});
    let found = |extractors| {
        let images = custom(&task, extractors).unwrap();
        for image in &images {
            assert_eq!(task.pointer(&image.pointer), Some(&json!(image.text)));
        }
        images.into_iter().map(|image| (image.group, image.key)).collect::<Vec<_>>()
    };
    let pair = |group: &str, key: &str| (group.to_owned(), key.to_owned());
    assert_eq!(
        found(vec![extractor(&["spec", "steps", "*"], "image", "custom", None)]),
        [pair("custom", "/spec/steps/0/image"), pair("custom", "/spec/steps/1/image")]
    );
    assert_eq!(
        found(vec![extractor(&["spec", "steps", "*"], "image", "steps", Some("name"))]),
        [pair("steps", "a"), pair("steps", "b")]
    );
    assert_eq!(
        found(vec![extractor(&["spec", "source", "registry"], "url", "custom", None)]),
        [pair("custom", "/spec/source/registry/url")]
    );
    assert_eq!(
        found(vec![extractor(&["spec", "by~name", "*"], "image", "custom", None)]),
        [pair("custom", "/spec/by~0name/p~1q/image"), pair("custom", "/spec/by~0name/r/image")]
    );
    assert_eq!(found(vec![extractor(&["spec", "missing", "*"], "image", "custom", None)]), []);
}

#[test]
fn custom_extractors_are_for_their_kind_alone_and_replace_the_built_in_ones() {
    let pod = json!({"kind": "Pod", "other": {"image": "o"}, "spec": spec()});
    let only = BTreeMap::from([("Pod".to_owned(), vec![extractor(&["other"], "image", "custom", None)])]);
    assert_eq!(extract_images(&pod, &only).unwrap().len(), 1);
    assert_eq!(custom(&pod, Vec::new()).unwrap().len(), 4);
    let none = custom(&json!({"kind": "Task"}), Vec::new()).unwrap_err();
    assert_eq!(none.to_string(), "no extractors found for Task");
    let scalar = custom(&json!({"kind": "Task"}), vec![extractor(&["kind", "*"], "image", "custom", None)]);
    assert_eq!(scalar, Err(ImageError::Type { pointer: "/kind".to_owned() }));
}

#[test]
fn an_extractor_applies_its_expression_to_the_text() {
    let task = json!({"kind": "Task", "image": "docker://x.io/a:v1"});
    let with = |expression: &str| ImageExtractor {
        jmes_path: Some(expression.to_owned()),
        ..extractor(&[], "image", "custom", None)
    };
    let found = custom(&task, vec![with("trim_prefix(@, 'docker://')")]).unwrap();
    assert_eq!(found[0].reference.canonical(), "x.io/a:v1");
    assert_eq!(found[0].text, "x.io/a:v1");
    for (expression, code) in [("trim_prefix(@", "image-expression-failed"), ("length(@)", "image-expression-failed")] {
        assert_eq!(custom(&task, vec![with(expression)]).unwrap_err().code(), code, "{expression}");
    }
    assert_eq!(custom(&json!({"kind": "Task"}), vec![with("@")]), Ok(Vec::new()));
}

#[test]
fn images_that_kyverno_loses_are_kept_and_marked() {
    let containers = json!([{"name": "a", "image": "evil"}, {"name": "a", "image": "good"}]);
    let twins = json!({"kind": "Pod", "spec": {"containers": containers}});
    let marks =
        |images: Vec<ExtractedImage>| images.into_iter().map(|image| (image.text, image.shadowed)).collect::<Vec<_>>();
    assert_eq!(marks(built_in(&twins).unwrap()), [("evil".to_owned(), true), ("good".to_owned(), false)]);
    let task = json!({"kind": "Task", "a": {"image": "x"}, "b": {"image": "y"}, "c": {}});
    let at = |field: &str| extractor(&[field], "image", "custom", None);
    let images = custom(&task, vec![at("a"), at("b"), at("c")]).unwrap();
    assert_eq!(marks(images), [("x".to_owned(), true), ("y".to_owned(), false)]);
}
