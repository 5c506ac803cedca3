//! One step into, and one change of, a map or list.

use serde_json::Value;

/// The largest index that a list is filled up to: no list of a cluster's objects comes near it.
pub(super) const INDEX_LIMIT: usize = 10_000;

/// The steps of a pointer as written: `~1` and `~0` are still in them. `None` where there is no slash at all.
pub(super) fn steps(pointer: &str) -> Option<Vec<&str>> {
    let mut steps = pointer.split('/');
    steps.next();
    let steps: Vec<&str> = steps.collect();
    if steps.is_empty() { pointer.is_empty().then(|| vec![""]) } else { Some(steps) }
}

/// A step without escapes (RFC 6901 section 4).
pub(super) fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// What stands under `key`; null where the map is there and the key is empty, as json-patch has it.
///
/// Errors: json-patch's text.
pub(super) fn get<'a>(container: &'a Value, key: &str) -> Result<&'a Value, String> {
    if key.is_empty() {
        return Ok(&Value::Null);
    }
    match container {
        Value::Array(items) => {
            let index = index(key)?;
            let found = resolve(index, items.len()).and_then(|index| items.get(index));
            found.ok_or_else(|| invalid_index(index))
        }
        Value::Object(fields) => {
            fields.get(key).ok_or_else(|| format!("unable to get nonexistent key: {key}: missing value"))
        }
        _ => Err("invalid value, expected object".to_owned()),
    }
}

/// The map or list under `key`.
pub(super) fn step_into<'a>(container: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    let found = match container {
        Value::Array(items) => {
            let index = resolve(index(key).ok()?, items.len())?;
            items.get_mut(index)?
        }
        Value::Object(fields) if !key.is_empty() => fields.get_mut(key)?,
        _ => return None,
    };
    (found.is_array() || found.is_object()).then_some(found)
}

/// Adds `value` under `key`: a list makes room for it.
pub(super) fn add(container: &mut Value, key: &str, value: Value) -> Result<(), String> {
    match container {
        Value::Array(items) if key == "-" => items.push(value),
        Value::Array(items) => {
            let index = index(key).map_err(|error| format!("value was not a proper array index: '{key}': {error}"))?;
            // A negative index counts from behind the last element.
            let place = resolve(index, items.len() + 1).ok_or_else(|| invalid_index(index))?;
            items.insert(place, value);
        }
        Value::Object(fields) => {
            fields.insert(key.to_owned(), value);
        }
        _ => return Err("invalid value, expected object".to_owned()),
    }
    Ok(())
}

/// Puts `value` in the place of what [`get`] finds under `key`.
pub(super) fn set(container: &mut Value, key: &str, value: Value) -> Result<(), String> {
    let Value::Array(items) = container else { return add(container, key, value) };
    let index = index(key)?;
    let length = items.len();
    let place = resolve(index, length).and_then(|index| items.get_mut(index));
    *place.ok_or_else(|| invalid_index(index))? = value;
    Ok(())
}

/// Removes what is under `key`, if anything is.
pub(super) fn remove(container: &mut Value, key: &str) -> Result<(), String> {
    match container {
        Value::Array(items) => {
            if let Some(index) = resolve(index(key)?, items.len()) {
                items.remove(index);
            }
        }
        Value::Object(fields) => {
            fields.remove(key);
        }
        _ => return Err("invalid value, expected object".to_owned()),
    }
    Ok(())
}

/// Fills a list with nulls up to `length`.
pub(super) fn fill(items: &mut Vec<Value>, length: usize) {
    if length > items.len() {
        items.resize(length, Value::Null);
    }
}

/// An index as Go reads it.
pub(super) fn index(key: &str) -> Result<i64, String> {
    key.parse().map_err(|_| {
        let digits = key.strip_prefix(['+', '-']).unwrap_or(key);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let reason = if is_number { "value out of range" } else { "invalid syntax" };
        format!("strconv.Atoi: parsing {}: {reason}", Value::from(key))
    })
}

/// The place that `index` means in a list of `length`.
fn resolve(index: i64, length: usize) -> Option<usize> {
    let place = if index < 0 { index.checked_add(i64::try_from(length).ok()?)? } else { index };
    usize::try_from(place).ok().filter(|place| *place < length)
}

fn invalid_index(index: i64) -> String {
    format!("Unable to access invalid index: {index}: invalid index referenced")
}
