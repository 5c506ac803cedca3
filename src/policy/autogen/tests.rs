use super::Variant;
use super::controllers::Controllers;
use super::rewrite::shift_references;
use crate::limits::Limits;
use crate::policy::testing::{self, GOOD, edit, read, with, with_operation};
use crate::yaml::parse_documents;
use serde_json::{Value, json};

fn names(text: &str) -> Vec<String> {
    let loaded = read(text);
    assert_eq!(loaded.policies.len(), 1, "{:#?}", loaded.diagnostics);
    loaded.policies[0].spec.rules.iter().map(|rule| rule.name.clone()).collect()
}

fn annotated(value: &str) -> String {
    with("  name: p", &format!("  name: p\n  annotations: {{pod-policies.kyverno.io/autogen-controllers: '{value}'}}"))
}

/// The rule written as `text`, as the variants for Deployments and for CronJobs.
fn variants(text: &str) -> [Value; 2] {
    let rule = &parse_documents(text, &Limits::default()).unwrap()[0];
    let annotations = [(super::ANNOTATION.to_owned(), "Deployment,CronJob".to_owned())].into();
    let variants: Vec<Variant> = super::variants(&Controllers::of(&annotations));
    [0, 1].map(|index| variants[index].apply(rule).to_value())
}

#[test]
fn the_written_rules_come_first_then_their_variants() {
    let two = format!("{GOOD}{}", testing::rule().replace("name: r", "name: s"));
    assert_eq!(names(&two), ["r", "s", "autogen-r", "autogen-cronjob-r", "autogen-s", "autogen-cronjob-s"]);
    let loaded = read(GOOD);
    let rules = &loaded.policies[0].spec.rules;
    assert_eq!(
        rules[1].match_resources.filters()[0].kinds,
        [
            "apps/v1/DaemonSet",
            "apps/v1/Deployment",
            "batch/v1/Job",
            "apps/v1/ReplicaSet",
            "v1/ReplicationController",
            "apps/v1/StatefulSet",
        ]
    );
    assert_eq!(rules[2].match_resources.filters()[0].kinds, ["batch/v1/CronJob"]);
    assert_eq!(rules[2].span, rules[0].span);
}

#[test]
fn generated_rules_repeat_no_diagnostics_and_name_the_written_rule() {
    let text = with(
        "    - failureAction",
        "    - imageRegistryCredentials: {secrets: [x]}\n      annotations: {a: b}\n      failureAction",
    );
    let loaded = read(&text);
    assert_eq!(loaded.diagnostics.len(), 1, "{:#?}", loaded.diagnostics);
    let crate::policy::RuleBody::VerifyImages(rules) = &loaded.policies[0].spec.rules[2].body else { panic!() };
    let entries = &rules.entries;
    assert_eq!(entries[0].unsupported[0].path, "spec.rules[0].verifyImages[0].imageRegistryCredentials");
}

#[test]
fn the_annotation_names_the_controllers() {
    for (value, expected) in [
        ("none", &["r"][..]),
        ("", &["r"]),
        ("Deployment", &["r", "autogen-r"]),
        ("CronJob", &["r", "autogen-cronjob-r"]),
        ("Deployment,CronJob", &["r", "autogen-r", "autogen-cronjob-r"]),
        // Not trimmed, but the name is searched for in the whole text.
        ("Deployment, CronJob", &["r", "autogen-r", "autogen-cronjob-r"]),
        ("Deployment,Foo", &["r", "autogen-r"]),
    ] {
        assert_eq!(names(&annotated(value)), expected, "{value:?}");
    }
    let kinds =
        |value: &str| read(&annotated(value)).policies[0].spec.rules[1].match_resources.filters()[0].kinds.clone();
    assert_eq!(kinds("StatefulSet,Foo,Deployment"), ["apps/v1/Deployment", "apps/v1/StatefulSet"]);
    assert_eq!(kinds("Foo"), ["Foo"]);
}

#[test]
fn one_rule_that_does_not_allow_it_stops_all() {
    let resources = |field: &str| with("          kinds: [Pod]", &format!("          kinds: [Pod]\n          {field}"));
    for field in ["name: x", "names: [x]", "selector: {matchLabels: {a: b}}", "annotations: {a: b}"] {
        assert_eq!(names(&resources(field)), ["r"], "{field}");
    }
    for field in ["namespaces: [x]", "namespaceSelector: {matchLabels: {a: b}}", "operations: [CREATE]", "names: []"] {
        assert_eq!(names(&resources(field)).len(), 3, "{field}");
    }
    for kinds in ["[Pod, Deployment]", "[v1/Pod, Service]", "[v1/Pod]", "[Deployment]", "[Service]"] {
        assert_eq!(names(&with("kinds: [Pod]", &format!("kinds: {kinds}"))), ["r"], "{kinds}");
    }
    let second = |operation: &str| {
        format!("{GOOD}  - name: s\n    match: {{any: [{{resources: {{kinds: [Service]}}}}]}}\n    {operation}\n")
    };
    assert_eq!(names(&second("validate: {pattern: {}}")).len(), 4);
    assert_eq!(names(&second("generate: {kind: Secret, data: {}}")).len(), 2);
    assert_eq!(names(&second("mutate: {patchesJson6902: '[]'}")).len(), 2);
    assert_eq!(names(&second("mutate: {foreach: [{list: l, patchesJson6902: '[]'}]}")).len(), 2);
}

#[test]
fn a_rule_qualifies_by_name_kinds_and_body() {
    assert_eq!(names(&with("  - name: r", "  - name: autogen-r")), ["autogen-r"]);
    let exclude = |text: &str| {
        with("    verifyImages:", &format!("    exclude: {{any: [{{resources: {text}}}]}}\n    verifyImages:"))
    };
    assert_eq!(names(&exclude("{kinds: [Service]}")), ["r"]);
    assert_eq!(names(&exclude("{kinds: [Pod], namespaces: [x]}")).len(), 3);
    assert_eq!(names(&exclude("{namespaces: [x]}")).len(), 3);
    let manifests = "validate: {manifests: {attestors: [{entries: [{keys: {publicKeys: k}}]}]}}";
    assert_eq!(names(&with_operation(manifests)), ["r"]);
    for body in [
        "pattern: {}",
        "anyPattern: [{}]",
        "deny: {}",
        "podSecurity: {level: baseline}",
        "foreach: [{list: l}]",
        "cel: {}",
    ] {
        assert_eq!(names(&with_operation(&format!("validate: {{{body}}}"))).len(), 3, "{body}");
    }
}

#[test]
fn names_are_cut() {
    let long = "x".repeat(60);
    let names = names(&with("  - name: r", &format!("  - name: {long}")));
    assert_eq!(names[1], format!("autogen-{}", "x".repeat(55)));
    assert_eq!(names[2], format!("autogen-cronjob-{}", "x".repeat(47)));
}

#[test]
fn kinds_are_replaced_where_the_variant_wants_it() {
    let rule =
        |block: &str| variants(&format!("name: r\n{block}\nverifyImages: [{{}}]\n")).map(|rule| rule["match"].clone());
    let [controllers, cron] = rule("match: {any: [{resources: {kinds: [Pod]}}, {resources: {kinds: [Service]}}]}");
    assert_eq!(controllers["any"][0]["resources"]["kinds"], json!(["apps/v1/Deployment"]));
    assert_eq!(controllers["any"][1]["resources"]["kinds"], json!(["Service"]));
    assert_eq!(cron["any"][0]["resources"]["kinds"], json!(["batch/v1/CronJob"]));
    assert_eq!(cron["any"][1]["resources"]["kinds"], json!(["batch/v1/CronJob"]));
    let [direct, _] = rule("match: {resources: {kinds: [Pod], namespaces: [x]}}");
    assert_eq!(direct, json!({"resources": {"kinds": ["apps/v1/Deployment"], "namespaces": ["x"]}}));
    let text = "name: r\nmatch: {all: [{resources: {kinds: [Pod]}}]}\nexclude: {all: [{subjects: [{kind: User}]}]}\n";
    let [controllers, cron] = variants(text).map(|rule| rule["exclude"]["all"][0].clone());
    assert_eq!(controllers, json!({"subjects": [{"kind": "User"}]}));
    assert_eq!(cron, json!({"subjects": [{"kind": "User"}], "resources": {"kinds": ["batch/v1/CronJob"]}}));
    let [controllers, _] = variants("name: r\nexclude: {resources: {namespaces: [x]}}\n");
    assert_eq!(controllers["exclude"], json!({"resources": {"namespaces": ["x"]}}));
}

#[test]
fn patterns_and_patches_move_under_the_template() {
    let body = |text: &str| variants(&format!("name: r\n{text}\n"));
    let [controllers, cron] = body("validate: {message: m, pattern: {spec: {a: 1}}, failureAction: Audit}");
    assert_eq!(
        controllers["validate"],
        json!({"message": "m", "failureAction": "Audit", "pattern": {"spec": {"template": {"spec": {"a": 1}}}}})
    );
    assert_eq!(
        cron["validate"]["pattern"],
        json!({"spec": {"jobTemplate": {"spec": {"template": {"spec": {"a": 1}}}}}})
    );
    let [controllers, _] = body("validate: {anyPattern: [{a: 1}, {b: 2}]}");
    assert_eq!(
        controllers["validate"]["anyPattern"],
        json!([{"spec": {"template": {"a": 1}}}, {"spec": {"template": {"b": 2}}}])
    );
    let [controllers, _] = body("validate: {deny: {conditions: []}, assert: {}}");
    assert_eq!(controllers["validate"], json!({"deny": {"conditions": []}}));
    let [controllers, _] = body("mutate: {patchStrategicMerge: {a: 1}, targets: [{name: x}]}");
    assert_eq!(controllers["mutate"], json!({"patchStrategicMerge": {"spec": {"template": {"a": 1}}}}));
    let [controllers, _] =
        body("mutate: {foreach: [{list: l, order: Ascending, preconditions: {any: []}, patchStrategicMerge: {a: 1}}]}");
    assert_eq!(
        controllers["mutate"]["foreach"],
        json!([{"list": "l", "preconditions": {"any": []}, "patchStrategicMerge": {"spec": {"template": {"a": 1}}}}])
    );
    let [controllers, _] = body("verifyImages: [{image: x}]\nimageExtractors: {}");
    assert_eq!(controllers, json!({"name": "autogen-r", "verifyImages": [{"image": "x"}]}));
}

#[test]
fn texts_look_into_the_template() {
    let [controllers, cron] = variants(
        "name: r\ncontext: ['{{ request.object.spec.a }} {{ request.oldObject.metadata.b }}']\nx: {request.object.specialField: 1}\n",
    );
    assert_eq!(
        controllers["context"][0],
        "{{ request.object.spec.template.spec.a }} {{ request.oldObject.spec.template.metadata.b }}"
    );
    assert_eq!(controllers["x"], json!({"request.object.spec.template.specialField": 1}));
    assert_eq!(
        cron["context"][0],
        "{{ request.object.spec.jobTemplate.spec.template.spec.a }} \
         {{ request.oldObject.spec.jobTemplate.spec.template.metadata.b }}"
    );
    let [controllers, _] =
        variants("name: r\nvalidate: {cel: {expressions: [{expression: 'object.spec.a == oldObject.spec.a'}]}}\n");
    assert_eq!(
        controllers["validate"]["cel"]["expressions"][0]["expression"],
        "object.spec.template.spec.a == oldObject.spec.template.spec.a"
    );
}

#[test]
fn references_in_messages_are_shifted() {
    for (text, pivot, expected) in [
        ("$(./../../pattern/spec/a) is", "pattern", "$(./../../pattern/spec/template/spec/a) is"),
        ("a $(/pattern/x), b $(/pattern/z)", "pattern", "a $(/pattern/spec/template/x), b $(/pattern/spec/template/z)"),
        ("$(/anyPattern/0/x)", "anyPattern", "$(/anyPattern/0/spec/template/x)"),
        ("\\$(/pattern/x)", "pattern", "\\$(/pattern/x)"),
        ("pattern $( and $()", "pattern", "pattern $( and $()"),
        ("no reference", "pattern", "no reference"),
        ("é $(/pattern/é) é", "pattern", "é $(/pattern/spec/template/é) é"),
    ] {
        assert_eq!(shift_references(text, "spec/template", pivot), expected, "{text}");
    }
    let [controllers, cron] = variants("name: r\nvalidate: {message: $(/pattern/x), pattern: {x: 1}}\n");
    assert_eq!(controllers["validate"]["message"], "$(/pattern/spec/template/x)");
    assert_eq!(cron["validate"]["message"], "$(/pattern/spec/jobTemplate/spec/template/spec/template/x)");
}

#[test]
fn generated_rules_stay_with_what_is_written_for_them() {
    let loaded = read(&edit(GOOD, "k8s://a/b", "'{{ request.object.metadata.name }}'"));
    let rules = &loaded.policies[0].spec.rules;
    assert_eq!(rules[1].unsupported, rules[0].unsupported);
}
