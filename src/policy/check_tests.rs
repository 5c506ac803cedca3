use crate::policy::testing::{GOOD, edit, errors, places, read, with, with_operation};

#[test]
fn an_unknown_field_has_its_place_and_the_nearest_name() {
    let found = errors(&with("      attestors:", "      attestor:"));
    assert_eq!(found[0].code, "unknown-field");
    assert_eq!(found[0].path, "spec.rules[0].verifyImages[0].attestor");
    assert_eq!(found[0].help.as_deref(), Some("did you mean `attestors`?"));
    let start = found[0].span.unwrap().start;
    assert_eq!((start.line, start.column), (15, 7));
    assert_eq!(found[0].source.as_ref().unwrap().as_str(), "p.yaml");
}

#[test]
fn everything_that_is_wrong_is_reported_at_once() {
    let text = edit(&with("  name: p", "  nam: p"), "kinds: [Pod]", "kind: [Pod]");
    assert_eq!(
        places(&text),
        [
            "unknown-field metadata.nam 4:3",
            "missing-field metadata.name 4:3",
            "unknown-field spec.rules[0].match.any[0].resources.kind 11:11",
        ]
    );
}

#[test]
fn names_are_case_sensitive() {
    let found = errors(&with("            publicKeys:", "            publickeys:"));
    assert_eq!(found[0].help.as_deref(), Some("did you mean `publicKeys`?"));
}

#[test]
fn wrong_types_say_what_was_expected_and_found() {
    for (line, replacement, path, message) in [
        (
            "['r.example/*']",
            "r.example/*",
            "spec.rules[0].verifyImages[0].imageReferences",
            "expected a list, found a string",
        ),
        ("  name: p", "  name: 1", "metadata.name", "expected a string, found a number"),
        (
            "  name: p",
            "  name: p\n  annotations: {a: true}",
            "metadata.annotations.a",
            "expected a string, found a boolean",
        ),
        (
            "k8s://a/b",
            "[k]",
            "spec.rules[0].verifyImages[0].attestors[0].entries[0].keys.publicKeys",
            "expected a string, found a list",
        ),
        (
            "kinds: [Pod]",
            "kinds: [~]",
            "spec.rules[0].match.any[0].resources.kinds[0]",
            "expected a string, found null",
        ),
        (
            "      - entries:",
            "      - count: x\n        entries:",
            "spec.rules[0].verifyImages[0].attestors[0].count",
            "expected a whole number, found a string",
        ),
    ] {
        let found = errors(&with(line, replacement));
        assert_eq!((found[0].code, found[0].path.as_str()), ("wrong-type", path), "{found:?}");
        assert_eq!(found[0].message, message);
    }
}

#[test]
fn words_outside_an_enumeration_list_the_allowed_ones() {
    let found = errors(&with("failureAction: Enforce", "failureAction: enforce"));
    assert_eq!(found[0].code, "invalid-value");
    assert_eq!(found[0].message, "expected one of Audit, Enforce, found `enforce`");
    assert_eq!(found[0].help.as_deref(), Some("did you mean `Enforce`?"));
    assert_eq!(
        errors(&with("    - failureAction", "    - type: cosign\n      failureAction"))[0].code,
        "invalid-value"
    );
}

#[test]
fn status_and_object_metadata_are_taken() {
    let metadata =
        "  name: p\n  labels: {a: b}\n  finalizers: [x]\n  uid: u\n  creationTimestamp: null\n  generation: 1";
    let text = with("  name: p", metadata) + "status: {ready: true, anything: [1]}\n";
    assert!(read(&text).diagnostics.is_empty());
}

#[test]
fn unknown_fields_of_nested_attestor_sets_are_errors_too() {
    let nested = "        - attestor: {count: 0, entries: [{keys: {publicKeys: x, kmss: y}}]}\n";
    let text = with("        - keys:\n            publicKeys: k8s://a/b\n", nested);
    let found = errors(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].path, "spec.rules[0].verifyImages[0].attestors[0].entries[0].attestor.entries[0].keys.kmss");
}

#[test]
fn v2beta1_lacks_the_old_fields() {
    let beta = edit(GOOD, "kyverno.io/v1", "kyverno.io/v2beta1");
    assert!(read(&beta).diagnostics.is_empty());
    let entry = |field: &str| edit(&beta, "    - failureAction", &format!("    - {field}\n      failureAction"));
    for field in [
        "image: x",
        "key: x",
        "roots: x",
        "subject: x",
        "issuer: x",
        "additionalExtensions: {a: b}",
        "annotations: {a: b}",
        "cosignOCI11: true",
    ] {
        let found = errors(&entry(field));
        assert_eq!(found[0].code, "unknown-field", "{field}: {found:?}");
    }
    let direct = edit(&beta, "      any:\n      - resources:\n          kinds", "      resources:\n        kinds");
    assert_eq!(errors(&direct)[0].path, "spec.rules[0].match.resources");
    let conditions =
        |text: &str| edit(&beta, "    verifyImages:", &format!("    preconditions: {text}\n    verifyImages:"));
    assert_eq!(errors(&conditions("[{key: a, operator: Equals, value: b}]"))[0].code, "wrong-type");
    assert_eq!(errors(&conditions("{all: [{key: a, operator: In, value: b}]}"))[0].code, "invalid-value");
    assert!(errors(&conditions("{all: [{key: a, operator: AnyIn, value: b}]}")).is_empty());
}

#[test]
fn conditions_are_complete_and_have_a_known_operator() {
    let conditions =
        |text: &str| errors(&with("    verifyImages:", &format!("    preconditions: {text}\n    verifyImages:")));
    for good in [
        "{any: [{key: a, operator: Equals, value: b}]}",
        "[{key: a, operator: Equal, value: b, message: m}]",
        "{all: [{key: a, operator: NotIn, value: []}]}",
        "{}",
    ] {
        assert!(conditions(good).is_empty(), "{good}");
    }
    for (bad, code) in [
        ("{any: [{key: a, operator: equals, value: b}]}", "invalid-value"),
        ("{any: [{key: a, value: b}]}", "missing-field"),
        ("[{operator: Equals, value: b}]", "missing-field"),
        ("{either: []}", "unknown-field"),
        ("x", "wrong-type"),
    ] {
        assert_eq!(conditions(bad)[0].code, code, "{bad}");
    }
    let attestation = |text: &str| {
        errors(&with(
            "      attestors:",
            &format!("      attestations: [{{type: t, conditions: [{{all: [{text}]}}]}}]\n      attestors:"),
        ))
    };
    assert!(attestation("{key: a, operator: Equals}").is_empty());
    assert_eq!(attestation("{key: a, operator: Equal, value: b}")[0].code, "invalid-value");
}

#[test]
fn every_other_body_is_known_with_its_fields() {
    for good in [
        "validate: {message: m, failureAction: Audit, allowExistingViolations: false, pattern: {any: {thing: 1}}}",
        "validate: {anyPattern: [{a: b}]}",
        "validate: {deny: {conditions: {any: [{key: a, operator: Equals, value: 1}]}}}",
        "validate: {foreach: [{list: l, elementScope: true, pattern: {}, foreach: [{list: m, deny: {}}]}]}",
        "validate: {podSecurity: {level: baseline, version: latest, exclude: [{controlName: Seccomp, images: [x]}]}}",
        "validate: {cel: {expressions: [{expression: e, message: m}], variables: [{name: x, expression: e}], \
         paramKind: {apiVersion: v1, kind: K}, paramRef: {name: x, parameterNotFoundAction: Deny}}}",
        "validate: {manifests: {attestors: [{entries: [{keys: {publicKeys: k}}]}], dryRun: {enable: true}, \
         ignoreFields: [{objects: [{kind: K}], fields: [a]}]}}",
        "mutate: {targets: [{apiVersion: v1, kind: Pod, selector: {matchLabels: {a: b}}}], patchStrategicMerge: {a: 1}}",
        "mutate: {foreach: [{list: l, order: Descending, patchesJson6902: '[]'}]}",
        "generate: {apiVersion: v1, kind: Secret, name: x, synchronize: true, clone: {name: a, namespace: b}}",
        "generate: {foreach: [{list: l, data: {x: y}, cloneList: {kinds: [a], selector: {matchLabels: {a: b}}}}]}",
    ] {
        assert!(errors(&with_operation(good)).is_empty(), "{good}: {:?}", errors(&with_operation(good)));
    }
    for bad in [
        "validate: {patern: {}, pattern: {}}",
        "validate: {foreach: [{list: l, patterns: {}}]}",
        "validate: {cel: {expressions: [{expressoin: e, expression: e}]}}",
        "mutate: {patchesJson6902: '[]', targets: [{label: x}]}",
        "generate: {kind: Secret, clone: {names: a}}",
    ] {
        assert!(errors(&with_operation(bad)).iter().any(|found| found.code == "unknown-field"), "{bad}");
    }
}
