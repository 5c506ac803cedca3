//! Operators of conditions: does `key OPERATOR value` hold?
//!
//! Source: Kyverno `pkg/engine/variables/operator`.

mod equal;
mod legacy;
mod membership;
mod order;
mod pair;

use order::Order;
use serde_json::Value;
use thiserror::Error;

/// Why a condition has no answer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ConditionError {
    /// Upstream crashes here.
    #[error("{operator} needs a list of strings as key, found {found} in it")]
    KeyElement {
        /// The operator.
        operator: &'static str,
        /// What is in the list.
        found: &'static str,
    },
}

impl ConditionError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyElement { .. } => "condition-key-element",
        }
    }
}

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `AllIn`.
    AllIn,
    /// `AllNotIn`.
    AllNotIn,
    /// `AnyIn`.
    AnyIn,
    /// `AnyNotIn`.
    AnyNotIn,
    /// `DurationGreaterThan` and the like, deprecated.
    Duration(Comparison),
    /// `Equals`.
    Equals,
    /// `In`, deprecated.
    In,
    /// `NotEquals`.
    NotEquals,
    /// `NotIn`, deprecated.
    NotIn,
    /// `GreaterThan` and the like.
    Order(Comparison),
}

/// What an operator of order asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison(Option<Order>);

impl Operator {
    /// Every name, for suggestions.
    pub const NAMES: [&'static str; 16] = [
        "AllIn",
        "AllNotIn",
        "AnyIn",
        "AnyNotIn",
        "DurationGreaterThan",
        "DurationGreaterThanOrEquals",
        "DurationLessThan",
        "DurationLessThanOrEquals",
        "Equals",
        "GreaterThan",
        "GreaterThanOrEquals",
        "In",
        "LessThan",
        "LessThanOrEquals",
        "NotEquals",
        "NotIn",
    ];

    /// The operator of a name, in any case. Operators of order that are not spelled exactly are found, and never hold:
    /// upstream compares their spelling once more.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name.to_lowercase().as_str() {
            "allin" => Self::AllIn,
            "allnotin" => Self::AllNotIn,
            "anyin" => Self::AnyIn,
            "anynotin" => Self::AnyNotIn,
            "equal" | "equals" => Self::Equals,
            "in" => Self::In,
            "notequal" | "notequals" => Self::NotEquals,
            "notin" => Self::NotIn,
            "greaterthan" | "greaterthanorequals" | "lessthan" | "lessthanorequals" => {
                Self::Order(Comparison(Order::parse(name)))
            }
            "durationgreaterthan" | "durationgreaterthanorequals" | "durationlessthan" | "durationlessthanorequals" => {
                Self::Duration(Comparison(name.strip_prefix("Duration").and_then(Order::parse)))
            }
            _ => return None,
        })
    }

    /// Does it hold? A null key makes every operator false, the negative ones too.
    pub fn holds(self, key: &Value, value: &Value) -> Result<bool, ConditionError> {
        if key.is_null() {
            return Ok(false);
        }
        Ok(match self {
            Self::AllIn => membership::holds(key, value, membership::Quantifier::All, false),
            Self::AllNotIn => membership::holds(key, value, membership::Quantifier::All, true),
            Self::AnyIn => membership::holds(key, value, membership::Quantifier::Any, false),
            Self::AnyNotIn => membership::holds(key, value, membership::Quantifier::Any, true),
            Self::Duration(Comparison(order)) => order.is_some_and(|order| order::durations(key, value, order)),
            Self::Equals => equal::holds(key, value, false),
            Self::In => legacy::holds(key, value, false)?,
            Self::NotEquals => equal::holds(key, value, true),
            Self::NotIn => legacy::holds(key, value, true)?,
            Self::Order(Comparison(order)) => order.is_some_and(|order| order::holds(key, value, order)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Operator;
    use serde_json::json;

    #[test]
    fn every_name_is_an_operator() {
        for name in Operator::NAMES {
            assert!(Operator::parse(name).is_some(), "{name}");
        }
        assert_eq!(Operator::parse("Equals"), Operator::parse("equal"));
        assert_eq!(Operator::parse("Like"), None);
    }

    #[test]
    fn a_null_key_holds_nowhere() {
        for name in Operator::NAMES {
            assert_eq!(Operator::parse(name).unwrap().holds(&json!(null), &json!("x")), Ok(false), "{name}");
        }
    }

    #[test]
    fn operators_of_order_must_be_spelled_exactly() {
        let holds = |name| Operator::parse(name).unwrap().holds(&json!(2), &json!(1));
        assert_eq!(holds("GreaterThan"), Ok(true));
        assert_eq!(holds("greaterthan"), Ok(false));
    }
}
