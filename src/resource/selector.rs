//! Label selectors, with Kyverno's wildcards in `matchLabels`.
//!
//! Source: Kyverno `pkg/engine/wildcards/wildcards.go`, apimachinery `pkg/labels`.

use crate::policy::{LabelSelector, Requirement, RequirementOperator};
use crate::wildcard;
use std::collections::BTreeMap;

/// Does the selector match these labels?
pub(super) fn selects(selector: &LabelSelector, labels: &BTreeMap<&str, &str>) -> bool {
    selector.match_labels.iter().all(|(key, value)| has_label(key, value, labels))
        && selector.match_expressions.iter().all(|requirement| holds(requirement, labels))
}

/// A pair with wildcards stands for some label that matches in both parts; one without is literal.
fn has_label(key: &str, value: &str, labels: &BTreeMap<&str, &str>) -> bool {
    if wildcard::is_pattern(key) || wildcard::is_pattern(value) {
        return labels.iter().any(|(k, v)| wildcard::matches(key, k) && wildcard::matches(value, v));
    }
    labels.get(key) == Some(&value)
}

fn holds(requirement: &Requirement, labels: &BTreeMap<&str, &str>) -> bool {
    let found = labels.get(requirement.key.as_str());
    let listed = found.is_some_and(|value| requirement.values.iter().any(|v| v == value));
    match requirement.operator {
        RequirementOperator::DoesNotExist => found.is_none(),
        RequirementOperator::Exists => found.is_some(),
        RequirementOperator::In => listed,
        RequirementOperator::NotIn => !listed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> LabelSelector {
        let match_labels = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        LabelSelector { match_labels, match_expressions: Vec::new() }
    }

    #[test]
    fn wildcards_stand_for_labels_that_are_there() {
        let found = BTreeMap::from([("app", "web"), ("tier", "front")]);
        assert!(selects(&labels(&[("app", "web")]), &found));
        assert!(selects(&labels(&[("a*", "w?b")]), &found));
        assert!(selects(&labels(&[]), &found));
        assert!(!selects(&labels(&[("app", "*x")]), &found));
        assert!(!selects(&labels(&[("*", "*")]), &BTreeMap::new()));
    }

    #[test]
    fn expressions_are_those_of_kubernetes() {
        use RequirementOperator::*;
        let found = BTreeMap::from([("app", "web")]);
        for (key, operator, values, expected) in [
            ("app", In, vec!["web", "db"], true),
            ("app", In, vec!["db"], false),
            ("app", NotIn, vec!["db"], true),
            ("other", NotIn, vec!["db"], true),
            ("other", In, vec!["db"], false),
            ("app", Exists, vec![], true),
            ("app", DoesNotExist, vec![], false),
            ("other", DoesNotExist, vec![], true),
        ] {
            let values = values.into_iter().map(str::to_owned).collect();
            let requirement = Requirement { key: key.to_owned(), operator, values };
            assert_eq!(holds(&requirement, &found), expected, "{requirement:?}");
        }
    }
}
