//! Texts.

use super::{Answer, Call, letters};
use crate::scalar::print;
use serde_json::Value;

pub(super) fn compare(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(match call.text(0).cmp(call.text(1)) {
        std::cmp::Ordering::Less => Value::from(-1),
        std::cmp::Ordering::Equal => Value::from(0),
        std::cmp::Ordering::Greater => Value::from(1),
    })
}

pub(super) fn ends_with(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(call.text(0).ends_with(call.text(1)).into())
}

pub(super) fn equal_fold(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(letters::equal_fold(call.text(0), call.text(1)).into())
}

pub(super) fn join(call: &mut Call<'_, '_, '_>) -> Answer {
    let texts: Vec<&str> = call.items(1).iter().filter_map(Value::as_str).collect();
    call.charge(call.text(0).len().saturating_mul(texts.len()))?;
    Ok(texts.join(call.text(0)).into())
}

/// Lexical clean of a path; the empty one stays empty. Source: Go `filepath.Join`.
pub(super) fn path_canonicalize(call: &mut Call<'_, '_, '_>) -> Answer {
    let path = call.text(0);
    if path.is_empty() {
        return Ok("".into());
    }
    let absolute = path.starts_with('/');
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => {
                steps.pop();
            }
            ".." if absolute => {}
            step => steps.push(step),
        }
    }
    let joined = steps.join("/");
    Ok(match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
    .into())
}

pub(super) fn replace(call: &mut Call<'_, '_, '_>) -> Answer {
    let count = call.number(3).trunc();
    let (text, old, new) = (call.text(0), call.text(1), call.text(2));
    call.charge(new.len().saturating_mul(text.matches(old).count()))?;
    if count < 0.0 {
        return Ok(text.replace(old, new).into());
    }
    let mut left = count;
    let mut result = String::new();
    let mut behind = 0;
    for (at, found) in text.match_indices(old) {
        if left < 1.0 {
            break;
        }
        left -= 1.0;
        result.push_str(text.get(behind..at).unwrap_or_default());
        result.push_str(new);
        behind = at + found.len();
    }
    result.push_str(text.get(behind..).unwrap_or_default());
    Ok(result.into())
}

pub(super) fn replace_all(call: &mut Call<'_, '_, '_>) -> Answer {
    let (text, old, new) = (call.text(0), call.text(1), call.text(2));
    call.charge(new.len().saturating_mul(text.matches(old).count()))?;
    Ok(text.replace(old, new).into())
}

pub(super) fn split(call: &mut Call<'_, '_, '_>) -> Answer {
    let (text, separator) = (call.text(0), call.text(1));
    // Every part is a value.
    call.charge(text.len().saturating_mul(64))?;
    Ok(match separator {
        "" => text.chars().map(|c| Value::from(c.to_string())).collect(),
        separator => text.split(separator).map(Value::from).collect(),
    })
}

pub(super) fn starts_with(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(call.text(0).starts_with(call.text(1)).into())
}

pub(super) fn to_boolean(call: &mut Call<'_, '_, '_>) -> Answer {
    match call.text(0).to_lowercase().as_str() {
        "true" => Ok(true.into()),
        "false" => Ok(false.into()),
        _ => {
            let text = call.text(0);
            Err(call.failed(format!("lowercase argument must be 'true' or 'false' (provided: '{text}')")))
        }
    }
}

pub(super) fn to_lower(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(call.text(0).chars().map(letters::lower).collect::<String>().into())
}

pub(super) fn to_string(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(match call.value(0) {
        Value::String(text) => text.clone(),
        other => print::json(other),
    }
    .into())
}

pub(super) fn to_upper(call: &mut Call<'_, '_, '_>) -> Answer {
    Ok(call.text(0).chars().map(letters::upper).collect::<String>().into())
}

pub(super) fn trim(call: &mut Call<'_, '_, '_>) -> Answer {
    let cut: Vec<char> = call.text(1).chars().collect();
    Ok(call.text(0).trim_matches(cut.as_slice()).into())
}

pub(super) fn trim_prefix(call: &mut Call<'_, '_, '_>) -> Answer {
    let (text, prefix) = (call.text(0), call.text(1));
    Ok(text.strip_prefix(prefix).unwrap_or(text).into())
}

/// Never adds an ellipsis.
pub(super) fn truncate(call: &mut Call<'_, '_, '_>) -> Answer {
    let mut left = call.number(1).trunc();
    let keep = |_: &char| {
        left -= 1.0;
        left >= 0.0
    };
    Ok(call.text(0).chars().take_while(keep).collect::<String>().into())
}
