use super::{Resolver, VariableError, substitute};
use serde_json::{Value, json};

struct Data(Value);

impl Resolver for Data {
    fn resolve(&mut self, expression: &str) -> Result<Value, String> {
        self.0.get(expression).cloned().ok_or_else(|| format!("no {expression}"))
    }

    fn has_target(&self) -> bool {
        false
    }

    fn is_delete(&self) -> bool {
        false
    }
}

fn substituted(document: Value) -> Result<Value, VariableError> {
    let data = json!({
        "n": 5, "text": "t", "key": "renamed", "list": [1, "{{ text }}"], "null": null, "nested": "{{ text }}",
        "grows": "x{{ grows }}", "request.object.a": "same", "texts": "plural",
    });
    substitute(&document, &mut Data(data))
}

#[test]
fn a_whole_variable_keeps_its_type_and_an_embedded_one_is_text() {
    assert_eq!(substituted(json!({"a": "{{ n }}", "b": "n={{n}}"})).unwrap(), json!({"a": 5, "b": "n=5"}));
    assert_eq!(substituted(json!("{{ list }}")).unwrap(), json!([1, "t"]));
    assert_eq!(substituted(json!("{{ null }} {{ list }}")).unwrap(), json!("null [1,\"t\"]"));
}

#[test]
fn keys_are_substituted() {
    assert_eq!(substituted(json!({"{{ key }}": 1, "{{ null }}": 2})).unwrap(), json!({"renamed": 1, "{{ null }}": 2}));
    assert_eq!(substituted(json!({"{{ n }}": 1})).unwrap_err(), VariableError::Key("{{ n }}".to_owned()));
}

#[test]
fn inner_variables_come_first_and_data_is_substituted_again() {
    assert_eq!(substituted(json!("{{ {{ text }}exts }}-")).unwrap(), json!("plural-"));
    assert_eq!(substituted(json!("{{{{ text }}exts}}")).unwrap(), json!("plural"));
    assert_eq!(substituted(json!("-{{ nested }}")).unwrap(), json!("-t"));
    assert_eq!(substituted(json!("-{{- nested }}")).unwrap(), json!("-{{ text }}"));
}

#[test]
fn escapes_and_what_is_no_variable_stay() {
    assert_eq!(substituted(json!("\\{{ text }} {{ text }}")).unwrap(), json!("{{ text }} t"));
    assert_eq!(substituted(json!("{{ text")).unwrap(), json!("{{ text"));
}

#[test]
fn what_grows_without_end_is_an_error() {
    assert_eq!(substituted(json!("-{{ grows }}")).unwrap_err().code(), "variable-too-much");
}

#[test]
fn the_same_field_and_errors_name_the_place() {
    assert_eq!(substituted(json!({"x": {"y": {"a": "{{@}}"}}})).unwrap(), json!({"x": {"y": {"a": "same"}}}));
    let error = substituted(json!({"a": ["{{ none }}"]})).unwrap_err().to_string();
    assert_eq!(error, "failed to resolve none at path /a/0: no none");
}
