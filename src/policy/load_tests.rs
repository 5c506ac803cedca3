use super::load;
use crate::limits::Limits;
use crate::policy::testing::{GOOD, errors, places, read};
use crate::source::SourceName;

#[test]
fn lists_are_unwrapped() {
    let indented = GOOD.trim_end().replace('\n', "\n  ");
    let list = format!("apiVersion: v1\nkind: List\nitems:\n- {indented}\n");
    let loaded = read(&list);
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    assert_eq!(loaded.policies.len(), 1);
    assert_eq!(places("kind: List\nitems: {a: b}\n"), ["wrong-type items 2:8"]);
    assert_eq!(places("kind: List\nitem: []\n"), ["unknown-field item 2:1", "missing-field items 1:1"]);
}

#[test]
fn a_text_without_a_policy_is_refused() {
    for text in ["", "# nothing\n", "---\n---\n", "kind: List\nitems: []\n"] {
        assert_eq!(errors(text)[0].code, "no-policy", "{text:?}");
    }
}

#[test]
fn other_kinds_are_named() {
    for (text, message) in [
        ("apiVersion: v1\nkind: Pod\n", "expected a ClusterPolicy, Policy or PolicyException, found Pod (v1)"),
        (
            "apiVersion: policies.kyverno.io/v1\nkind: ImageValidatingPolicy\n",
            "ImageValidatingPolicy (policies.kyverno.io/v1) is not supported yet",
        ),
        ("- a\n", "expected a policy, found a list"),
        ("a: b\n", "expected a policy, found a document without apiVersion and kind"),
    ] {
        let found = errors(text);
        assert_eq!((found[0].code, found[0].message.as_str()), ("unsupported-kind", message));
        assert!(found[0].span.is_some());
    }
}

#[test]
fn each_source_is_read_and_named_for_itself() {
    let good = SourceName::new("good.yaml");
    let bad = SourceName::new("bad.yaml");
    let loaded = load(&[(good, GOOD), (bad.clone(), "a: [")], &Limits::default());
    assert_eq!(loaded.policies.len(), 1);
    assert_eq!(loaded.diagnostics.len(), 1);
    assert_eq!(loaded.diagnostics[0].source, Some(bad));
    assert!(loaded.diagnostics[0].span.is_some());
}

#[test]
fn exceptions_are_read_with_what_is_not_built() {
    let exception = |spec: &str| {
        format!("apiVersion: kyverno.io/v2\nkind: PolicyException\nmetadata: {{name: e}}\nspec:\n  {spec}\n")
    };
    let good = "exceptions: [{policyName: ns/p, ruleNames: ['*r']}]\n  match: {any: [{resources: {names: [x]}}]}";
    let loaded = read(&exception(good));
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
    let read_back = &loaded.exceptions[0];
    assert_eq!((read_back.namespace.as_str(), read_back.targets[0].policy_name.as_str()), ("", "ns/p"));
    assert!(read_back.unsupported.is_empty());
    let more = |field: &str| exception(&format!("{field}\n  {good}"));
    let conditions = more("conditions: {all: [{key: a, operator: Equals, value: b}]}");
    assert!(read(&conditions).exceptions[0].conditions.is_some());
    let controls = more("podSecurity: [{controlName: Seccomp}]");
    assert_eq!(read(&controls).exceptions[0].unsupported[0].path, "spec.podSecurity");
    for (bad, code) in [
        (exception("exceptions: []"), "missing-field"),
        (exception("exceptions: [{policyName: '', ruleNames: []}]\n  match: {}"), "exception-policy-name"),
        (exception("exceptions: []\n  match: {resources: {kinds: [Pod]}}"), "unknown-field"),
        (exception("exceptions: []\n  match: {any: [{subjects: [{kind: User, name: u}]}]}"), "user-info-in-background"),
    ] {
        assert_eq!(errors(&bad).first().map(|found| found.code), Some(code), "{bad}");
    }
}

#[test]
fn garbage_in_any_place_is_no_panic() {
    let policy = crate::yaml::parse_documents(GOOD, &Limits::default()).unwrap()[0].to_value();
    let mut pointers = Vec::new();
    places_of(&policy, String::new(), &mut pointers);
    assert!(pointers.len() > 20);
    let mut refused = 0;
    for pointer in &pointers {
        for garbage in ["null", "[]", "{}", "\"x\"", "1", "true", "[null]", "{\"x\":{}}", "\"{{ x }}\"", "-1e300"] {
            let mut document = policy.clone();
            *document.pointer_mut(pointer).unwrap() = serde_json::from_str(garbage).unwrap();
            let loaded = read(&document.to_string());
            assert!(loaded.policies.len() == 1 || !errors(&document.to_string()).is_empty(), "{document}");
            refused += usize::from(loaded.policies.is_empty());
        }
    }
    assert!(refused > pointers.len() * 5, "{refused} of {} places", pointers.len());
}

fn places_of(value: &serde_json::Value, pointer: String, found: &mut Vec<String>) {
    use serde_json::Value;
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places_of(item, format!("{pointer}/{index}"), found));
        }
        Value::Object(entries) => {
            entries.iter().for_each(|(key, item)| places_of(item, format!("{pointer}/{key}"), found));
        }
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {}
    }
    found.push(pointer);
}
