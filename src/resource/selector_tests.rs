//! Label selectors.

use super::*;
use crate::resource::testing::{expression, labels};
use RequirementOperator::{DoesNotExist, Exists, In, NotIn};

#[test]
fn wildcards_stand_for_labels_that_are_there() {
    let found = BTreeMap::from([("app", "web"), ("app.example/tier", "front"), ("empty", "")]);
    for (pairs, expected) in [
        (&[][..], true),
        (&[("app", "web")][..], true),
        (&[("app", "Web")][..], false),
        (&[("a*", "w?b")][..], true),
        (&[("app", "*x")][..], false),
        (&[("*/tier", "front")][..], true),
        (&[("*", "*")][..], true),
        (&[("*", "front"), ("app", "web")][..], true),
        (&[("*", "front"), ("app", "db")][..], false),
        (&[("other", "*")][..], false),
        (&[("empty", "*")][..], true),
        (&[("empty", "?")][..], false),
        (&[("empty", "")][..], true),
    ] {
        assert_eq!(selects(&labels(pairs), &found), Ok(expected), "{pairs:?}");
    }
    assert_eq!(selects(&labels(&[("*", "*")]), &BTreeMap::new()), Ok(false));
    assert_eq!(selects(&labels(&[]), &BTreeMap::new()), Ok(true));
}

#[test]
fn expressions_are_those_of_kubernetes() {
    let found = BTreeMap::from([("app", "web")]);
    for (key, operator, values, expected) in [
        ("app", In, &["web", "db"][..], true),
        ("app", In, &["db"][..], false),
        ("other", In, &["db"][..], false),
        ("app", NotIn, &["db"][..], true),
        ("app", NotIn, &["web"][..], false),
        ("other", NotIn, &["db"][..], true),
        ("app", Exists, &[][..], true),
        ("other", Exists, &[][..], false),
        ("app", DoesNotExist, &[][..], false),
        ("other", DoesNotExist, &[][..], true),
    ] {
        assert_eq!(selects(&expression(key, operator, values), &found), Ok(expected), "{key} {operator:?} {values:?}");
    }
}

#[test]
fn a_selector_that_kubernetes_refuses_is_an_error_and_selects_nothing() {
    let long = "x".repeat(64);
    let found = BTreeMap::new();
    for (selector, error) in [
        (expression("app", In, &[]), SelectorError::ValuesMissing("app".to_owned())),
        (expression("app", NotIn, &[]), SelectorError::ValuesMissing("app".to_owned())),
        (expression("app", Exists, &["x"]), SelectorError::ValuesGiven("app".to_owned())),
        (expression("app", DoesNotExist, &["x"]), SelectorError::ValuesGiven("app".to_owned())),
        // Wildcards are for matchLabels alone.
        (expression("app*", Exists, &[]), SelectorError::Key("app*".to_owned())),
        (expression("app", NotIn, &["w*"]), SelectorError::Value("w*".to_owned())),
        (expression("", DoesNotExist, &[]), SelectorError::Key(String::new())),
        (labels(&[("a b", "x")]), SelectorError::Key("a b".to_owned())),
        (labels(&[("/a", "x")]), SelectorError::Key("/a".to_owned())),
        (labels(&[("a/", "x")]), SelectorError::Key("a/".to_owned())),
        (labels(&[("a/b/c", "x")]), SelectorError::Key("a/b/c".to_owned())),
        (labels(&[("Up.example/a", "x")]), SelectorError::Key("Up.example/a".to_owned())),
        (labels(&[("-a", "x")]), SelectorError::Key("-a".to_owned())),
        (labels(&[(&long, "x")]), SelectorError::Key(long.clone())),
        (labels(&[("a", "x y")]), SelectorError::Value("x y".to_owned())),
        (labels(&[("a", "x-")]), SelectorError::Value("x-".to_owned())),
        (labels(&[("a", &long)]), SelectorError::Value(long.clone())),
    ] {
        assert_eq!(selects(&selector, &found), Err(error), "{selector:?}");
    }
}
