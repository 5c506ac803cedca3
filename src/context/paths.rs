//! Dotted paths of supplied values: `request.object.metadata.name`, `dictionary.data."a.b"`.

use serde_json::{Map, Value};

/// First step of a path, and `value` in the objects that the other steps name.
pub(super) fn expand(path: &str, value: &Value) -> (String, Value) {
    let mut steps = split(path);
    let rest = steps.split_off(steps.len().min(1));
    let nested = rest.into_iter().rev().fold(value.clone(), |value, step| {
        let mut object = Map::new();
        object.insert(step, value);
        Value::Object(object)
    });
    (steps.pop().unwrap_or_default(), nested)
}

/// The steps of a path; one with dots is written in quotes, as in CSV.
pub fn split(path: &str) -> Vec<String> {
    let (mut steps, mut step, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = path.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                step.push('"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted => steps.push(std::mem::take(&mut step)),
            c => step.push(c),
        }
    }
    steps.push(step);
    steps
}

/// Objects are merged, anything else is replaced.
pub(super) fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

#[cfg(test)]
mod tests {
    use super::{expand, merge};
    use serde_json::json;

    #[test]
    fn paths_become_objects_and_merge() {
        let (root, mut value) = expand("a.b.\"c.d\"", &json!(1));
        assert_eq!((root.as_str(), &value), ("a", &json!({"b": {"c.d": 1}})));
        merge(&mut value, json!({"b": {"e": [2]}, "f": null}));
        assert_eq!(value, json!({"b": {"c.d": 1, "e": [2]}, "f": null}));
    }
}
