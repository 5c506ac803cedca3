//! References: `$(./../key)` stands for the text of another field of the same document.

use serde_json::Value;
use std::fmt::Write as _;

/// Operators that may stand before the path, and then before the text.
const OPERATORS: [&str; 5] = [">=", "<=", ">", "<", "!"];

/// Replaces the references in a text that stands at `path` of `document`.
pub(super) fn resolve(text: &str, path: &str, document: &Value) -> Result<String, String> {
    let mut resolved = text.to_owned();
    for reference in references(text) {
        let value = value_of(&reference, path, document)
            .map_err(|error| format!("failed to resolve {reference} at path {path}: {error}"))?;
        let Some(value) = value else {
            return Err(format!("got nil resolved variable {reference} at path {path}: <nil>"));
        };
        let Value::String(value) = value else {
            return Err(format!("NotResolvedReferenceErr,reference {reference} not resolved at path {path}"));
        };
        resolved = resolved.replacen(&reference, &value, 1);
    }
    Ok(unescape(&resolved))
}

/// The references of a text: from `$(` that no backslash precedes to the last parenthesis before a blank.
fn references(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("$(") {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let word = from.get(3..).map_or("", |inner| inner.split(' ').next().unwrap_or_default());
        let end = word.rfind(')').map(|end| end + 4);
        match end.and_then(|end| from.split_at_checked(end)) {
            Some((reference, behind)) if !before.ends_with('\\') => {
                found.push(reference.to_owned());
                rest = behind;
            }
            _ => rest = from.get(2..).unwrap_or_default(),
        }
    }
    found
}

fn unescape(text: &str) -> String {
    text.replace("\\$(", "$(")
}

fn value_of(reference: &str, path: &str, document: &Value) -> Result<Option<Value>, String> {
    let inner = reference.trim_matches(['$', '(', ')']);
    let operator = OPERATORS.into_iter().find(|operator| inner.starts_with(operator)).unwrap_or_default();
    let target = inner.strip_prefix(operator).unwrap_or(inner);
    if target.is_empty() {
        return Err("expected path, found empty reference".to_owned());
    }
    let wanted = if target.starts_with('/') { clean(target) } else { clean(&format!("{path}/{target}")) };
    let mut found = None;
    leaves(document, &mut String::new(), &mut |at, value| {
        if without_anchors(at) == wanted {
            found = Some(value.clone());
        }
    });
    match (operator, found) {
        ("", found) => Ok(found.filter(|value| !value.is_null())),
        (operator, Some(Value::String(text))) => Ok(Some(format!("{operator}{text}").into())),
        (operator, Some(Value::Number(number))) => {
            let text = match number.as_i64() {
                Some(integer) => integer.to_string(),
                None => crate::scalar::float::fixed(number.as_f64().unwrap_or(f64::NAN)),
            };
            Ok(Some(format!("{operator}{text}").into()))
        }
        (operator, other) => {
            let value = crate::scalar::print::display(&other.unwrap_or_default());
            Err(format!("incorrect expression: operator {operator} does not match with value {value}"))
        }
    }
}

/// Calls `visit` for each leaf with its path.
fn leaves(value: &Value, path: &mut String, visit: &mut dyn FnMut(&str, &Value)) {
    let length = path.len();
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                // Writing to a String cannot fail.
                let _ = write!(path, "/{index}");
                leaves(item, path, visit);
                path.truncate(length);
            }
        }
        Value::Object(entries) => {
            for (key, item) in entries {
                let _ = write!(path, "/{}", key.replace('/', "\\/"));
                leaves(item, path, visit);
                path.truncate(length);
            }
        }
        leaf => visit(path, leaf),
    }
}

/// Anchors are no part of a path: `(a)` is `a`.
fn without_anchors(path: &str) -> String {
    let plain = |step: &str| -> String {
        let inner = step.trim_start_matches(['+', '<', '=', 'X', '^']);
        match inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
            Some(inner) => inner.to_owned(),
            None => step.to_owned(),
        }
    };
    path.split('/').map(plain).collect::<Vec<_>>().join("/")
}

/// Lexical clean of an absolute path.
fn clean(path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    format!("/{}", steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolve;
    use serde_json::json;

    #[test]
    fn references_are_relative_or_absolute_and_keep_their_operator() {
        let document = json!({"spec": {"(limit)": "10Mi", "request": "$(<=./../limit)", "n": 5}});
        let at = "/spec/request";
        assert_eq!(resolve("$(<=./../limit)", at, &document).unwrap(), "<=10Mi");
        assert_eq!(resolve("a-$(/spec/limit)-b", at, &document).unwrap(), "a-10Mi-b");
        assert_eq!(resolve("$(>./../n)", at, &document).unwrap(), ">5");
        assert_eq!(resolve("\\$(x) stays", at, &document).unwrap(), "$(x) stays");
        assert!(resolve("$(./../n)", at, &document).unwrap_err().starts_with("NotResolvedReferenceErr"));
        assert!(resolve("$(./../none)", at, &document).unwrap_err().starts_with("got nil resolved variable"));
    }
}
