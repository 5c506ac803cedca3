//! Two values of which at least one is a duration.

use crate::scalar::duration::Duration;
use serde_json::Value;

/// Both in seconds, if one of them is a text that is a duration (and not `0`); a number counts seconds.
pub(super) fn seconds(key: &Value, value: &Value) -> Option<(f64, f64)> {
    let (left, right) = (written(key), written(value));
    if left.is_none() && right.is_none() {
        return None;
    }
    Some((left.or_else(|| counted(key))?.seconds(), right.or_else(|| counted(value))?.seconds()))
}

fn written(value: &Value) -> Option<Duration> {
    value.as_str().filter(|text| *text != "0").and_then(Duration::parse)
}

/// The fraction is cut off.
pub(super) fn counted(value: &Value) -> Option<Duration> {
    value.as_f64().map(Duration::from_seconds)
}
