use super::*;
use crate::suite::testing::{HEAD, expectation, parse};

fn codes(fields: &str) -> Vec<(&'static str, String, u32)> {
    let found = parse(fields).unwrap_err();
    found.into_iter().map(|d| (d.code, d.path, d.span.unwrap().start.line)).collect()
}

#[test]
fn unknown_fields_are_errors_with_the_nearest_name() {
    let found = parse("policy: [a]\nresults:\n- policy: p\n  result: pass\n  resource: [x]\n").unwrap_err();
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "kyverno-test.yaml:4:1: error[unknown-field]: policy: unknown field `policy` (did you mean `policies`?)",
            "kyverno-test.yaml:8:3: error[unknown-field]: results[0].resource: unknown field `resource` (did you mean \
             `resources`?)",
        ]
    );
}

#[test]
fn the_letter_case_of_field_names_does_not_matter() {
    let test = parse("POLICIES: [p.yaml]\nresults:\n- policy: p\n  isMUtatingPolicy: true\n  Result: pass\n").unwrap();
    assert_eq!(test.paths(), [WantedPath { role: PathRole::Policies, path: "p.yaml".to_owned() }]);
    assert_eq!(test.results[0].result, "pass");
    assert_eq!(codes("policies: []\nPolicies: []\n"), [("duplicate-field", "Policies".to_owned(), 5)]);
}

#[test]
fn the_old_layout_is_refused_with_kyvernos_text() {
    let source = SourceName::new("t.yaml");
    for text in ["name: t\npolicies: [p.yaml]\n", "apiVersion: a\nkind: Test\nname: t\n", "kind: Test\n"] {
        let found = TestFile::parse(text, &source, &Limits::default()).unwrap_err();
        assert_eq!(found[0].code, "deprecated-schema", "{text}");
        let message = "test file t.yaml uses a deprecated schema — please migrate to the latest format";
        assert_eq!(found[0].message, message);
    }
    // Any other kind and version is taken, as upstream.
    assert!(TestFile::parse("apiVersion: v9\nkind: Exam\n", &source, &Limits::default()).is_ok());
}

#[test]
fn types_words_and_required_fields_are_checked() {
    for (fields, code, path) in [
        ("policies: p.yaml\n", "wrong-type", "policies"),
        ("policies: [{a: b}]\n", "wrong-type", "policies[0]"),
        ("results: {}\n", "wrong-type", "results"),
        ("results:\n- result: pass\n", "missing-field", "results[0].policy"),
        ("results:\n- policy: p\n", "missing-field", "results[0].result"),
        ("results:\n- policy: p\n  result: passed\n", "invalid-value", "results[0].result"),
        ("results:\n- policy: p\n  result: pass\n  operation: CONNECT\n", "invalid-value", "results[0].operation"),
        (
            "results:\n- policy: p\n  result: pass\n  isDeletingPolicy: true\n  operation: DELETE\n",
            "invalid-value",
            "results[0].operation",
        ),
        (
            "results:\n- policy: p\n  result: pass\n  failOnMissingResources: 'yes'\n",
            "wrong-type",
            "results[0].failOnMissingResources",
        ),
        ("now: yesterday\n", "invalid-value", "now"),
        (
            "apiCallResponses:\n- {url: 'https://a', urlPath: /b, response: {body: {}}}\n",
            "invalid-value",
            "apiCallResponses[0]",
        ),
        ("apiCallResponses:\n- {urlPath: b, response: {body: {}}}\n", "invalid-value", "apiCallResponses[0]"),
        (
            "apiCallResponses:\n- {urlPath: /b, method: PUT, response: {body: {}}}\n",
            "invalid-value",
            "apiCallResponses[0].method",
        ),
        (
            "apiCallResponses:\n- {urlPath: /b, response: {body: []}}\n",
            "wrong-type",
            "apiCallResponses[0].response.body",
        ),
        (
            "apiCallResponses:\n- {urlPath: /b, response: {statusCode: 99, body: {}}}\n",
            "invalid-value",
            "apiCallResponses[0].response.statusCode",
        ),
        (
            "apiCallResponses:\n- {urlPath: /b, response: {body: {}}}\n- {urlPath: /b, response: {body: {}}}\n",
            "duplicate-entry",
            "apiCallResponses[1]",
        ),
        ("globalContextEntries:\n- {name: a}\n", "invalid-value", "globalContextEntries[0]"),
        ("globalContextEntries:\n- {name: a, data: {}, resources: []}\n", "invalid-value", "globalContextEntries[0]"),
        (
            "globalContextEntries:\n- {name: a, resourceFiles: [../x]}\n",
            "invalid-value",
            "globalContextEntries[0].resourceFiles",
        ),
    ] {
        let found = codes(fields);
        assert_eq!((found[0].0, found[0].1.as_str()), (code, path), "{fields}");
        assert_eq!(found.len(), 1, "{fields}: {found:?}");
    }
}

#[test]
fn every_document_is_a_test_and_empty_ones_are_none() {
    let text = format!("---\n{HEAD}policies: [a.yaml]\n---\n---\n{HEAD}policies: [b.yaml]\n");
    let tests = TestFile::parse(&text.replace('\n', "\r\n"), &SourceName::new("t"), &Limits::default()).unwrap();
    assert_eq!(tests.len(), 2);
    assert_eq!(tests[1].name, "t");
    assert_eq!(tests[1].paths()[0].path, "b.yaml");
    let wrong = format!("{text}---\nkind: Test\n");
    assert!(TestFile::parse(&wrong, &SourceName::new("t"), &Limits::default()).is_err());
}

#[test]
fn every_path_is_listed_once_with_what_it_is_for() {
    let test = parse(
        "policies: [p.yaml, p.yaml]\nresources: [r.yaml]\nvariables: v.yaml\nuserinfo: u.yaml\nartifacts: [e.json]\n\
         jsonPayload: ./j.json\nexceptions: [x.yaml]\nnow: 2026-01-31T12:00:00Z\nresults:\n\
         - {policy: p, result: pass, patchedResources: out.yaml}\n- {policy: p, result: pass, patchedResources: out.yaml}\n\
         - {policy: p, result: pass, generatedResource: gen.yaml, cloneSourceResource: src.yaml}\n",
    )
    .unwrap();
    let paths: Vec<String> = test.paths().iter().map(|path| format!("{} {}", path.role.as_str(), path.path)).collect();
    assert_eq!(
        paths,
        [
            "policies p.yaml",
            "resources r.yaml",
            "exceptions x.yaml",
            "artifacts e.json",
            "jsonPayloads ./j.json",
            "variables v.yaml",
            "userinfo u.yaml",
            "patchedResources out.yaml",
            "generatedResources gen.yaml",
            "cloneSourceResource src.yaml",
        ]
    );
}

#[test]
fn inline_values_stand_in_place_of_the_file() {
    let test = parse("variables: v.yaml\nvalues:\n  globalValues: { a.b: 1 }\n").unwrap();
    assert_eq!(test.paths(), []);
    assert_eq!(test.values.unwrap().global["a.b"], 1);
}

#[test]
fn numbers_in_text_fields_are_their_text() {
    let entry = expectation("policy: 1\nrule: true\nresources: [2]\nresult: pass\n");
    assert_eq!((entry.policy.as_str(), entry.rule.as_str()), ("1", "true"));
    assert_eq!(entry.resources.unwrap(), ["2"]);
}
