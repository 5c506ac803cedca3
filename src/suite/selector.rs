//! Which results are checked: `policy=P,rule=R,resource=X`.
//!
//! Source: Kyverno `cmd/cli/kubectl-kyverno/test/filter/filter.go`.

use super::Expectation;
use crate::wildcard;
use thiserror::Error;

/// A choice among the results of a test. Every part is a wildcard; one that is not given chooses everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    policies: Vec<String>,
    rules: Vec<String>,
    resources: Vec<String>,
}

/// Why a text is no selector.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SelectorError {
    /// A part is not of the form `key=value`.
    #[error("expected `policy=P,rule=R,resource=X`, found `{found}`: write each part as key=value")]
    Form {
        /// The part.
        found: String,
    },
    /// A key has no meaning.
    #[error("expected policy, rule or resource, found `{found}`: use one of these keys")]
    Key {
        /// The key.
        found: String,
    },
}

impl SelectorError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form { .. } => "selector-form",
            Self::Key { .. } => "selector-key",
        }
    }
}

impl Selector {
    /// Reads a selector; the empty text chooses everything.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let mut selector = Self::default();
        for part in text.split(',').filter(|_| !text.is_empty()) {
            let Some((key, value)) = part.split_once('=').filter(|(_, value)| !value.contains('=')) else {
                return Err(SelectorError::Form { found: part.to_owned() });
            };
            let list = match key.trim() {
                "policy" => &mut selector.policies,
                "resource" => &mut selector.resources,
                "rule" => &mut selector.rules,
                other => return Err(SelectorError::Key { found: other.to_owned() }),
            };
            list.push(value.trim().to_owned());
        }
        Ok(selector)
    }

    /// The expectation with the chosen ones of its resources, if it is chosen.
    pub(super) fn choose(&self, expectation: &Expectation) -> Option<Expectation> {
        let fits = |patterns: &[String], text: &str| {
            text.is_empty() || patterns.iter().all(|pattern| wildcard::matches(pattern, text))
        };
        if !fits(&self.policies, &expectation.policy) || !fits(&self.rules, &expectation.rule) {
            return None;
        }
        let mut chosen = expectation.clone();
        match &mut chosen.resources {
            Some(named) if !named.is_empty() => {
                named.retain(|name| fits(&self.resources, name));
                (!named.is_empty()).then_some(chosen)
            }
            _ => {
                let wanted: Vec<String> = self.resources.iter().filter(|name| *name != "*").cloned().collect();
                if !wanted.is_empty() {
                    chosen.resources = Some(wanted);
                }
                Some(chosen)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::testing::expectation;

    fn chosen(selector: &str) -> Option<Expectation> {
        let expectation = expectation("policy: a-policy\nrule: a-rule\nresources: [x-1, y-2]\nresult: pass\n");
        Selector::parse(selector).unwrap().choose(&expectation)
    }

    #[test]
    fn every_part_must_fit() {
        for (selector, fits) in [
            ("", true),
            ("policy=a-*", true),
            ("policy=b-*", false),
            ("policy=a-policy,rule=other", false),
            ("policy=a-policy, rule=a-?ule", true),
            ("resource=y-*", true),
            ("resource=z-*", false),
        ] {
            assert_eq!(chosen(selector).is_some(), fits, "{selector}");
        }
    }

    #[test]
    fn a_chosen_resource_is_the_only_one_that_is_checked() {
        let resources = |selector| chosen(selector).unwrap().resources.unwrap();
        assert_eq!(resources("resource=x-1"), ["x-1"]);
        assert_eq!(resources("resource=*"), ["x-1", "y-2"]);
    }

    #[test]
    fn what_is_no_selector_is_refused() {
        for (text, code) in [("policy", "selector-form"), ("policy=a=b", "selector-form"), ("kind=Pod", "selector-key")]
        {
            assert_eq!(Selector::parse(text).unwrap_err().code(), code, "{text}");
        }
    }
}
