//! Rules of the language: what they say, and what is said where they are wrong.

use serde_json::{Value, json};
use vidimus::engine::{Answer, ClusterAccess, RuleStatus, Supplied};
use vidimus::resource::Operation;
use vidimus::{AdmissionRequest, Artifacts, Limits, Options, PolicySet, SourceName};

fn load(rules: &Value) -> Result<PolicySet, Vec<vidimus::diagnostic::Diagnostic>> {
    let policy = json!({"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"},
        "spec": {"background": false, "rules": rules}});
    PolicySet::load(&[(SourceName::new("policy.yaml"), &policy.to_string())], &Limits::default())
}

fn rule(body: &Value) -> Value {
    let mut rule = json!({"name": "r", "match": {"any": [{"resources": {"kinds": ["ConfigMap"]}}]}});
    rule.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    json!([rule])
}

fn object() -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "n", "labels": {"team": "a"}},
        "data": {"size": "10Mi", "list": "x,y"}})
}

fn evaluate(body: &Value, request: &AdmissionRequest, options: &Options) -> Answer {
    let set = load(&rule(body)).unwrap_or_else(|diagnostics| panic!("{diagnostics:?}"));
    set.evaluate(request, &Artifacts::new(), options)
}

fn create(body: &Value) -> Answer {
    let request = AdmissionRequest::new(Operation::Create, object(), None).unwrap();
    evaluate(body, &request, &Options::default())
}

fn said(answer: &Answer) -> (RuleStatus, &str) {
    let [result] = answer.results.as_slice() else { panic!("expected one result: {:?}", answer.results) };
    (result.status, result.message.as_str())
}

#[test]
fn patterns_say_where_they_fail() {
    let answer =
        create(&json!({"validate": {"failureAction": "Enforce", "message": "small {{ request.object.metadata.name }}",
        "pattern": {"data": {"size": "<5Mi"}}}}));
    assert_eq!(said(&answer), (RuleStatus::Fail, "validation error: small c. rule r failed at path /data/size/"));
    assert!(!answer.admission.allowed);
    let answer = create(&json!({"validate": {"pattern": {"data": {"size": "<5Gi", "list": "x*"}}}}));
    assert_eq!(said(&answer), (RuleStatus::Pass, "validation rule 'r' passed."));
}

#[test]
fn a_variable_without_a_value_is_an_error_and_denies() {
    let answer = create(&json!({"validate": {"failureAction": "Enforce",
        "pattern": {"data": {"size": "{{ request.object.data.missing }}"}}}}));
    let message = "variable substitution failed: failed to resolve request.object.data.missing at path /data/size: JMESPath query failed: Unknown key \"missing\" in path";
    assert_eq!(said(&answer), (RuleStatus::Error, message));
    assert!(!answer.admission.allowed);
}

#[test]
fn entries_are_loaded_in_order_and_when_they_are_named() {
    let body = |key: &str| {
        json!({"context": [
            {"name": "parts", "variable": {"jmesPath": "split(request.object.data.list, ',')"}},
            {"name": "broken", "variable": {"jmesPath": "request.object.none"}},
            {"name": "count", "variable": {"value": "{{ length(parts) }}"}},
            {"name": "fallback", "variable": {"jmesPath": "request.object.none", "default": "d"}}],
            "validate": {"message": "m", "deny": {"conditions": {"any": [{"key": key, "operator": "Equals", "value": 2}]}}}})
    };
    assert_eq!(said(&create(&body("{{ count }}"))), (RuleStatus::Fail, "m"));
    assert_eq!(said(&create(&body("{{ fallback }}"))).0, RuleStatus::Pass);
    let answer = create(&body("{{ broken }}"));
    assert!(
        said(&answer).1.contains("failed to apply jmespath request.object.none to variable"),
        "{:?}",
        said(&answer)
    );
}

#[test]
fn preconditions_skip_and_each_element_is_looked_at() {
    let answer = create(&json!({"preconditions": {"all": [{"key": "{{ request.object.metadata.labels.team }}",
        "operator": "AnyIn", "value": ["b"], "message": "another team"}]}, "validate": {"deny": {}}}));
    assert_eq!(said(&answer), (RuleStatus::Skip, "preconditions not met; another team"));
    let answer = create(
        &json!({"validate": {"message": "no {{ element }}", "foreach": [{"list": "split(request.object.data.list, ',')",
        "deny": {"conditions": {"any": [{"key": "{{ element }}-{{ elementIndex }}", "operator": "Equals", "value": "y-1"}]}}}]}}),
    );
    assert_eq!(said(&answer), (RuleStatus::Fail, "validation failure: no y"));
}

#[test]
fn mutate_rules_change_the_object_for_those_behind_them() {
    let mut rules = rule(
        &json!({"mutate": {"patchStrategicMerge": {"metadata": {"labels": {"+(tier)": "low", "team": "{{ to_upper('{{@}}') }}"}}}}}),
    );
    let behind =
        rule(&json!({"name": "then", "validate": {"pattern": {"metadata": {"labels": {"tier": "low", "team": "A"}}}}}));
    rules.as_array_mut().unwrap().push(behind[0].clone());
    let request = AdmissionRequest::new(Operation::Create, object(), None).unwrap();
    let answer = load(&rules).unwrap().evaluate(&request, &Artifacts::new(), &Options::default());
    let said: Vec<_> = answer.results.iter().map(|r| (r.status, r.message.as_str())).collect();
    assert_eq!(
        said,
        [
            (RuleStatus::Pass, "mutated ConfigMap/c in namespace n"),
            (RuleStatus::Pass, "validation rule 'then' passed.")
        ]
    );
    let patches = serde_json::to_value(&answer.patches).unwrap();
    assert_eq!(
        patches,
        json!([{"op": "replace", "path": "/metadata/labels/team", "value": "A"}, {"op": "add", "path": "/metadata/labels/tier", "value": "low"}])
    );
    assert_eq!(answer.resource.pointer("/metadata/labels/tier"), Some(&json!("low")));
}

#[test]
fn json_patches_are_applied_or_say_why_not() {
    let patch = |patch: &str| create(&json!({"mutate": {"patchesJson6902": patch}}));
    let answer = patch("- {op: add, path: /data/new, value: '{{ request.operation }}'}");
    assert_eq!(answer.resource.pointer("/data/new"), Some(&json!("CREATE")));
    assert_eq!(said(&patch("- {op: add, path: /data/size, value: 10Mi}")), (RuleStatus::Skip, "no patches applied"));
    let failed = patch("- {op: test, path: /data/size, value: 1}");
    assert_eq!(said(&failed).0, RuleStatus::Error);
    assert!(!failed.admission.allowed);
}

#[test]
fn existing_violations_are_let_through_unless_the_rule_says_otherwise() {
    let update = |strict: bool| {
        let request = AdmissionRequest::new(Operation::Update, object(), Some(object())).unwrap();
        let body = json!({"validate": {"failureAction": "Enforce", "allowExistingViolations": !strict, "pattern": {"data": {"size": "1"}}}});
        evaluate(&body, &request, &Options::default())
    };
    assert_eq!(said(&update(false)).0, RuleStatus::Skip);
    assert!(update(false).admission.allowed);
    assert_eq!(said(&update(true)).0, RuleStatus::Fail);
}

#[test]
fn what_a_cluster_would_answer_is_asked_for_or_supplied() {
    let body = json!({"context": [{"name": "settings", "configMap": {"name": "s", "namespace": "ops"}}],
        "validate": {"message": "m", "deny": {"conditions": {"any": [{"key": "{{ settings.data.mode }}", "operator": "Equals", "value": "off"}]}}}});
    let request = AdmissionRequest::new(Operation::Create, object(), None).unwrap();
    let asked = evaluate(&body, &request, &Options::default());
    assert_eq!(asked.needs.len(), 1, "{:?}", asked.results);
    assert!(!asked.admission.allowed);
    let mut artifacts = Artifacts::new();
    artifacts.add_object(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "s", "namespace": "ops"}, "data": {"mode": "off"}}));
    let answer = load(&rule(&body)).unwrap().evaluate(&request, &artifacts, &Options::default());
    assert_eq!(said(&answer), (RuleStatus::Fail, "m"));
    let absent = Supplied { cluster: ClusterAccess::Absent, ..Supplied::default() };
    let answer = evaluate(&body, &request, &Options { supplied: absent, ..Options::default() });
    assert!(said(&answer).1.ends_with("Unknown key \"settings\" in path"), "{:?}", said(&answer));
    let values = [("settings.data.mode".to_owned(), json!("off"))].into();
    let supplied = Supplied { values, cluster: ClusterAccess::Absent, ..Supplied::default() };
    let answer = evaluate(&body, &request, &Options { supplied, ..Options::default() });
    assert_eq!(said(&answer), (RuleStatus::Fail, "m"));
}

#[test]
fn endless_expressions_and_texts_end() {
    let pipes = vec!["[@, @]"; 60].join(" | ");
    let body = json!({"validate": {"deny": {"conditions": {"any": [{"key": format!("{{{{ {pipes} }}}}"), "operator": "Equals", "value": 1}]}}}});
    let answer = create(&body);
    assert!(said(&answer).1.contains("takes more than"), "{:?}", said(&answer));
}

#[test]
fn image_data_is_what_the_registry_says_of_an_image() {
    let image = vidimus_evidence::Image::new("team/app", "v1");
    let mut document = vidimus_evidence::Document::new();
    document.image(&image, "v1");
    let mut artifacts = Artifacts::new();
    let body = |expression: &str| {
        json!({"context": [{"name": "data", "imageRegistry": {"reference": "registry.example/team/app:v1"}}],
            "validate": {"message": "{{ data.EXPR }}".replace("EXPR", expression), "deny": {}}})
    };
    let request = AdmissionRequest::new(Operation::Create, object(), None).unwrap();
    let say = |expression: &str, artifacts: &Artifacts| {
        let answer = load(&rule(&body(expression))).unwrap().evaluate(&request, artifacts, &Options::default());
        (answer.needs.len(), said(&answer).1.to_owned())
    };
    assert_eq!(say("identifier", &artifacts).0, 1, "the tag is asked for");
    document.blob(&image.config.bytes);
    artifacts.add_document(document.to_json().as_bytes()).unwrap();
    for (expression, expected) in [
        ("identifier", "v1".to_owned()),
        ("registry", "registry.example".to_owned()),
        ("repository", "team/app".to_owned()),
        ("resolvedImage", format!("registry.example/team/app@{}", image.digest())),
        ("configData.os", "linux".to_owned()),
    ] {
        assert_eq!(say(expression, &artifacts), (0, expected), "{expression}");
    }
}
