//! Requests that no cluster sent, as hosts ask them: values, users and objects in place of what a cluster would say.

use serde_json::{Value, json};
use vidimus::{Artifacts, PolicySet, wire};

fn policy(name: &str, kinds: &str, rule: &Value) -> Value {
    let mut whole = json!({"name": "r", "match": {"any": [{"resources": {"kinds": [kinds]}}]}});
    whole.as_object_mut().unwrap().extend(rule.as_object().unwrap().clone());
    json!({"apiVersion": "kyverno.io/v1", "kind": "ClusterPolicy", "metadata": {"name": name},
        "spec": {"background": false, "rules": [whole]}})
}

/// A rule that tells the value of `text`.
fn tells(text: &str) -> Value {
    json!({"validate": {"message": text, "deny": {}}})
}

fn set(policies: &[Value]) -> PolicySet {
    let texts: Vec<Value> = policies.iter().map(|policy| json!({"name": "p", "text": policy.to_string()})).collect();
    let sources = json!({"policies": texts}).to_string();
    wire::load(sources.as_bytes()).unwrap_or_else(|found| panic!("{found:#?}"))
}

fn pod() -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "namespace": "team"}, "spec": {"containers": []}})
}

fn ask_with(policies: &[Value], request: &Value, artifacts: &Artifacts) -> Value {
    serde_json::from_str(&wire::evaluate(&set(policies), request.to_string().as_bytes(), artifacts)).unwrap()
}

fn ask(policies: &[Value], request: &Value) -> Value {
    ask_with(policies, request, &Artifacts::new())
}

fn said(answer: &Value) -> Vec<&str> {
    let results = answer["results"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
    results.iter().map(|result| result["message"].as_str().unwrap()).collect()
}

fn cluster(objects: &[Value]) -> Artifacts {
    let mut artifacts = Artifacts::new();
    objects.iter().for_each(|object| artifacts.add_object(object.clone()));
    artifacts
}

const VALUES: &str = "\
apiVersion: cli.kyverno.io/v1alpha1
kind: Values
globalValues: { who: all, mood: all }
policies:
- name: a
  resources: [{ name: x, values: { who: a } }]
- name: gone
  resources: [{ name: x, values: { request.operation: DELETE } }]
- name: rules
  rules: [{ name: r, values: { who: rule } }]
namespaceSelector: [{ name: team, labels: { tier: gold } }]
";

fn values() -> Value {
    json!({"name": "values.yaml", "text": VALUES})
}

#[test]
fn each_policy_sees_the_values_that_are_for_it() {
    let text = "{{ who }} {{ mood }} {{ request.operation }}";
    let policies = ["a", "b", "gone", "rules"].map(|name| policy(name, "Pod", &tells(text)));
    let answer =
        ask(&policies, &json!({"resource": pod(), "options": {"valuesFile": values(), "values": {"mood": "set"}}}));
    assert_eq!(said(&answer), ["a set CREATE", "all set CREATE", "all set DELETE", "rule set CREATE"]);
    let answer =
        ask(&policies[2..3], &json!({"resource": pod(), "operation": "UPDATE", "options": {"valuesFile": values()}}));
    assert_eq!(said(&answer), ["all all UPDATE"]);
}

#[test]
fn policies_see_what_those_before_them_left_whatever_their_values() {
    let mutate =
        |label: &str| json!({"mutate": {"patchStrategicMerge": {"metadata": {"labels": {label: "{{ who }}"}}}}});
    let policies = [
        policy("a", "Pod", &mutate("first")),
        policy("gone", "Pod", &tells("{{ request.oldObject.metadata.name }}")),
        policy("b", "Pod", &mutate("second")),
        policy(
            "c",
            "Pod",
            &tells("{{ request.object.metadata.labels.first }} {{ request.object.metadata.labels.second }}"),
        ),
    ];
    let answer = ask(&policies, &json!({"resource": pod(), "options": {"valuesFile": values()}}));
    assert_eq!(said(&answer)[2..], ["x", "a all"]);
    assert_eq!(answer["resource"]["metadata"]["labels"], json!({"first": "a", "second": "all"}));
    assert_eq!(answer["patches"].as_array().unwrap().len(), 2);
}

#[test]
fn what_is_wrong_with_a_file_has_its_place_and_nothing_is_evaluated() {
    let policies = [policy("a", "Pod", &tells("x"))];
    let values = json!({"name": "v.yaml", "text": "apiVersion: a\nkind: Values\nglobalValue: {}\n"});
    let answer = ask(&policies, &json!({"resource": pod(), "options": {"valuesFile": values}}));
    let found = &answer["diagnostics"][0];
    assert_eq!((&found["source"], &found["line"], &found["column"]), (&json!("v.yaml"), &json!(3), &json!(1)));
    assert_eq!(found["help"], "did you mean `globalValues`?");
    let user = json!({"name": "u.yaml", "text": "apiVersion: a\nkind: UserInfo\nroles: admin\n"});
    let answer = ask(&policies, &json!({"resource": pod(), "userInfoFile": user}));
    assert_eq!((&answer["diagnostics"][0]["source"], &answer["diagnostics"][0]["line"]), (&json!("u.yaml"), &json!(3)));
    let answer = ask(&policies, &json!({"resource": pod(), "options": {"values": {"request.operation": "PATCH"}}}));
    assert!(answer["diagnostics"][0]["message"].as_str().unwrap().contains("CREATE, UPDATE, DELETE or CONNECT"));
}

#[test]
fn a_user_file_says_who_asks_unless_the_request_does() {
    let text = "{{ request.userInfo.username }} {{ request.userInfo.uid }} {{ request.userInfo.extra.scopes[0] }} {{ request.roles[0] }}";
    let policies = [policy("a", "Pod", &tells(text))];
    let file = json!({"name": "u.yaml", "text": "apiVersion: a\nkind: UserInfo\nroles: [team:dev]\nuserInfo: { username: ann, uid: '7', extra: { scopes: [all] } }\n"});
    assert_eq!(said(&ask(&policies, &json!({"resource": pod(), "userInfoFile": file}))), ["ann 7 all team:dev"]);
    let review = json!({"operation": "CREATE", "object": pod(), "userInfo": {"username": "bob"}});
    let answer = ask(&policies, &json!({"request": review, "userInfoFile": file}));
    assert!(answer["diagnostics"][0]["message"].as_str().unwrap().contains("give one of them"));
}

#[test]
fn labels_of_namespaces_come_from_values_and_from_their_objects() {
    let mut selecting = policy("a", "Pod", &tells("x"));
    let selector = json!({"matchLabels": {"tier": "gold"}});
    selecting["spec"]["rules"][0]["match"]["any"][0]["resources"]["namespaceSelector"] = selector;
    let policies = [selecting];
    let namespace = |tier: &str| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team", "labels": {"tier": tier}}});
    let plain = json!({"resource": pod(), "options": {"evidence": true}});
    assert_eq!(ask(&policies, &plain)["results"][0]["code"], "namespace-labels-unknown");
    let answer = ask_with(&policies, &plain, &cluster(&[namespace("gold")]));
    assert_eq!(said(&answer), ["x"]);
    assert_eq!(answer["evidence"]["objects"], json!([namespace("gold")]));
    assert!(said(&ask_with(&policies, &plain, &cluster(&[namespace("tin")]))).is_empty());
    let valued = json!({"resource": pod(), "options": {"valuesFile": values()}});
    assert_eq!(said(&ask_with(&policies, &valued, &cluster(&[namespace("tin")]))), ["x"]);
}

#[test]
fn a_complete_cluster_answers_context_entries_and_is_kept_as_evidence() {
    let mut rule = tells("{{ map.data.mode }} {{ count }}");
    rule["context"] = json!([
        {"name": "map", "configMap": {"name": "settings", "namespace": "team"}},
        {"name": "count", "apiCall": {"urlPath": "/api/v1/namespaces/team/secrets", "jmesPath": "length(items)"}},
    ]);
    let policies = [policy("a", "Pod", &rule)];
    let named = |kind: &str, name: &str| json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "team"}, "data": {"mode": "on"}});
    let artifacts = cluster(&[named("ConfigMap", "settings"), named("ConfigMap", "other"), named("Secret", "key")]);
    let request = json!({"resource": pod(), "options": {"cluster": "complete", "evidence": true}});
    let answer = ask_with(&policies, &request, &artifacts);
    assert_eq!(said(&answer), ["on 1"]);
    let mut replayed = Artifacts::new();
    replayed.add_document(answer["evidence"].to_string().as_bytes()).unwrap();
    assert_eq!(replayed.objects().len(), 2);
    assert_eq!(said(&ask_with(&policies, &request, &replayed)), ["on 1"]);
}

#[test]
fn objects_of_a_complete_cluster_are_the_targets_of_mutate_rules() {
    let rule = json!({"mutate": {
        "targets": [{"apiVersion": "v1", "kind": "Secret", "namespace": "team", "name": "*"}],
        "patchStrategicMerge": {"metadata": {"labels": {"by": "{{ request.object.metadata.name }}"}}},
    }});
    let policies = [policy("a", "Pod", &rule)];
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key", "namespace": "team"}});
    let artifacts = cluster(&[pod(), secret]);
    let answer = ask_with(&policies, &json!({"resource": pod(), "options": {"cluster": "complete"}}), &artifacts);
    assert_eq!(said(&answer), ["mutated Secret/key in namespace team"]);
    let target = &answer["targets"][0];
    assert_eq!((&target["policy"], &target["rule"]), (&json!("a"), &json!("r")));
    assert_eq!(target["resource"]["metadata"]["labels"], json!({"by": "x"}));
    let answer = ask(&policies, &json!({"resource": pod()}));
    assert_eq!(answer["results"][0]["code"], "targets-unknown");
}

#[test]
fn fields_of_an_admission_review_are_fields_of_request() {
    let text = "{{ request.uid }} {{ request.kind.kind }} {{ request.resource.resource }} {{ request.requestKind.version }} \
        {{ request.name }} {{ request.subResource }} {{ request.dryRun }} {{ request.options.fieldManager }} {{ request.namespace }}";
    let request = json!({
        "uid": "u-1", "operation": "CREATE", "name": "x", "namespace": "team", "subResource": "ephemeralcontainers",
        "kind": {"group": "", "version": "v1", "kind": "Pod"}, "requestKind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"}, "dryRun": true,
        "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1", "fieldManager": "kubectl"}, "object": pod(),
    });
    let policies = [policy("a", "Pod/ephemeralcontainers", &tells(text))];
    let expected = ["u-1 Pod pods v1 x ephemeralcontainers true kubectl team"];
    assert_eq!(said(&ask(&policies, &json!({"request": request}))), expected);
    let review = json!({"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request});
    assert_eq!(said(&ask(&policies, &json!({"resource": review, "options": {"valuesFile": values()}}))), expected);
}

#[test]
fn random_texts_need_a_seed_and_are_the_same_for_the_same() {
    let policies = [policy("a", "Pod", &tells("{{ random('[a-z]{8}') }}"))];
    let of = |options: Value| said(&ask(&policies, &json!({"resource": pod(), "options": options})))[0].to_owned();
    assert!(of(json!({})).is_empty(), "no text without a seed");
    assert_eq!(of(json!({"seed": 3})).len(), 8);
    assert_eq!(of(json!({"seed": 3})), of(json!({"seed": 3})));
    assert_ne!(of(json!({"seed": 3})), of(json!({"seed": 4})));
}
