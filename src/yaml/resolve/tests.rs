use super::*;
use serde_json::{Value, json};

fn value(text: &str) -> Value {
    let kind = resolve(text, ScalarStyle::Plain, None).and_then(Scalar::into_kind).unwrap();
    crate::yaml::Node { kind, span: crate::source::Span::default() }.to_value()
}

fn key(text: &str) -> Result<String, YamlErrorKind> {
    resolve(text, ScalarStyle::Plain, None).and_then(Scalar::into_key)
}

fn tagged(name: &str, text: &str) -> Result<NodeKind, YamlErrorKind> {
    let tag = Tag { handle: CORE.to_owned(), suffix: name.to_owned() };
    resolve(text, ScalarStyle::DoubleQuoted, Some(&tag)).and_then(Scalar::into_kind)
}

// The expectations below are what sigs.k8s.io/yaml 1.6.0 on go.yaml.in/yaml/v2 2.4.4 answered.

#[test]
fn plain_words_are_null_and_yaml_1_1_booleans() {
    for text in ["", "~", "null", "Null", "NULL"] {
        assert_eq!(value(text), Value::Null, "{text}");
    }
    for text in ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"] {
        assert_eq!(value(text), json!(true), "{text}");
    }
    for text in ["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"] {
        assert_eq!(value(text), json!(false), "{text}");
    }
    for text in ["nUll", "yEs", "tRue", "yep", "none", "<<", "inf", "nan", "Infinity"] {
        assert_eq!(value(text), json!(text));
    }
}

#[test]
fn integers_have_gos_notations() {
    let rows: &[(&str, Value)] = &[
        ("0644", json!(420)),
        ("0o644", json!(420)),
        ("0O17", json!(15)),
        ("0x1F", json!(31)),
        ("0X1f", json!(31)),
        ("-0x10", json!(-16)),
        ("+0b11", json!(3)),
        ("0b101", json!(5)),
        ("0b-101", json!(-5)),
        ("1_000", json!(1000)),
        ("1_", json!(1)),
        ("0x_1F", json!(31)),
        ("00", json!(0)),
        ("-0", json!(0)),
        ("+5", json!(5)),
        ("08", json!(8)),
        ("9223372036854775807", json!(i64::MAX)),
        ("-9223372036854775808", json!(i64::MIN)),
        ("9223372036854775808", json!(9_223_372_036_854_775_808_u64)),
        ("18446744073709551615", json!(u64::MAX)),
        ("18446744073709551616", json!(18_446_744_073_709_552_000.0)),
        ("123456789012345678901234567890", json!(1.234_567_890_123_456_8e29)),
        ("0777777777777777777777777777", json!(7.777_777_777_777_778e26)),
    ];
    for (text, expected) in rows {
        assert_eq!(value(text), *expected, "{text}");
    }
}

#[test]
fn fractions_are_integers_where_json_cannot_tell() {
    let rows: &[(&str, Value)] = &[
        ("1.0", json!(1)),
        ("1.", json!(1)),
        ("1.e3", json!(1000)),
        ("1e3", json!(1000)),
        ("-0.0", json!(0)),
        ("1.2345678901234567e18", json!(1_234_567_890_123_456_800_i64)),
        ("1e19", json!(10_000_000_000_000_000_000_u64)),
        ("1e21", json!(1e21)),
        ("0.1", json!(0.1)),
        ("09.5", json!(9.5)),
        (".5", json!(0.5)),
        ("+.5", json!(0.5)),
        (".5e1", json!(5)),
        (".5_5", json!(0.55)),
        ("1_0.5", json!(10.5)),
        ("1e-400", json!(0)),
    ];
    for (text, expected) in rows {
        assert_eq!(value(text), *expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_a_number_stays_text() {
    let rows = [
        "_1",
        "0b",
        "0x",
        "0o8",
        "-0b-1",
        "0x1p4",
        "0xFFFFFFFFFFFFFFFFFF",
        "1e400",
        "-1e400",
        ".1e400",
        "1e",
        "1e+",
        ".",
        "..",
        "+",
        "-",
        "._5",
        ".5_",
        "1.2.3",
        "1,000",
        "1:30",
        "190:20:30",
        "2001-01-01",
        "2001-01-01T00:00:00Z",
        "+inf",
        "-é",
        "0é",
    ];
    for text in rows {
        assert_eq!(value(text), json!(text));
    }
}

#[test]
fn infinities_and_nan_are_refused_as_values() {
    for (text, name) in [(".inf", ".inf"), ("+.Inf", ".inf"), ("-.INF", "-.inf"), (".NaN", ".nan")] {
        let found = resolve(text, ScalarStyle::Plain, None).and_then(Scalar::into_kind);
        assert_eq!(found, Err(YamlErrorKind::NotFinite(name.to_owned())));
    }
}

#[test]
fn quoted_and_block_scalars_are_text() {
    use ScalarStyle::{DoubleQuoted, Folded, Literal, SingleQuoted};
    for style in [DoubleQuoted, Folded, Literal, SingleQuoted] {
        for text in ["", "yes", "1", "~", ".inf"] {
            assert_eq!(resolve(text, style, None), Ok(Scalar::Text(text.to_owned())));
        }
    }
}

#[test]
fn keys_become_text() {
    let rows = [
        ("1", "1"),
        ("0644", "420"),
        ("y", "true"),
        ("off", "false"),
        ("2001-01-01", "2001-01-01"),
        ("1.5", "1.5"),
        ("1e3", "1000"),
        ("1e5", "100000"),
        ("1e6", "1e+06"),
        ("1e21", "1e+21"),
        ("0.0001", "0.0001"),
        ("0.00001", "1e-05"),
        ("-0.0", "-0"),
        ("123456.789", "123456.79"),
        ("1234567.8", "1.2345678e+06"),
        ("1.0000000596046448", "1"),
        ("1e39", ".inf"),
        ("-.inf", "-.inf"),
        (".nan", ".nan"),
    ];
    for (text, expected) in rows {
        assert_eq!(key(text).unwrap(), expected, "{text}");
    }
    assert_eq!(key("~"), Err(YamlErrorKind::InvalidKey { found: "null" }));
    assert_eq!(key("9223372036854775808"), Err(YamlErrorKind::InvalidKey { found: "an integer beyond 63 bits" }));
}

#[test]
fn core_tags_look_at_the_text_alone() {
    assert_eq!(tagged("str", "12"), Ok(NodeKind::String("12".to_owned())));
    assert_eq!(tagged("int", "12"), Ok(NodeKind::Number(12.into())));
    assert_eq!(tagged("int", "18446744073709551615"), Ok(NodeKind::Number(u64::MAX.into())));
    assert_eq!(tagged("float", "0x10"), Ok(NodeKind::Number(16.into())));
    assert_eq!(tagged("float", "9007199254740993"), Ok(NodeKind::Number(9_007_199_254_740_992_i64.into())));
    assert_eq!(tagged("bool", "yes"), Ok(NodeKind::Bool(true)));
    assert_eq!(tagged("null", ""), Ok(NodeKind::Null));
}

#[test]
fn tags_that_do_not_fit_are_refused() {
    for (name, text) in
        [("int", "1.0"), ("int", "x"), ("int", ""), ("float", "18446744073709551615"), ("bool", "1"), ("null", "x")]
    {
        let expected = YamlErrorKind::TagMismatch { tag: format!("!!{name}"), found: text.to_owned() };
        assert_eq!(tagged(name, text), Err(expected));
    }
    for name in ["binary", "timestamp", "set", "map", "foo"] {
        assert_eq!(tagged(name, "x"), Err(YamlErrorKind::UnknownTag { tag: format!("!!{name}") }));
    }
}
