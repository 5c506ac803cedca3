//! JSON pointers.
//!
//! Source: RFC 6901. Looking one up is `serde_json::Value::pointer`.

use serde_json::Value;
use thiserror::Error;

/// Nothing stands where a pointer leads.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("expected a value at {pointer}, found nothing")]
pub struct PointerError {
    /// The pointer.
    pub pointer: String,
}

/// `pointer`, one step further: `component` is escaped.
pub fn child(pointer: &str, component: &str) -> String {
    format!("{pointer}/{}", component.replace('~', "~0").replace('/', "~1"))
}

/// Replaces what stands at `pointer`, which must be there (RFC 6902 section 4.3); answers with what stood there.
pub fn replace(document: &mut Value, pointer: &str, value: Value) -> Result<Value, PointerError> {
    let place = document.pointer_mut(pointer).ok_or_else(|| PointerError { pointer: pointer.to_owned() })?;
    Ok(std::mem::replace(place, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_child_is_found_whatever_its_name() {
        for name in ["a", "", "a/b", "m~n", "~1", "/", "a b", "é", "0"] {
            let document = json!({"x": {name: 7}});
            let pointer = child("/x", name);
            assert_eq!(document.pointer(&pointer), Some(&json!(7)), "{pointer}");
        }
        assert_eq!(
            child("/metadata/annotations", "kyverno.io/verify-images"),
            "/metadata/annotations/kyverno.io~1verify-images"
        );
    }

    #[test]
    fn only_what_is_there_is_replaced() {
        let mut document = json!({"a": [{"image": "x"}]});
        assert_eq!(replace(&mut document, "/a/0/image", json!("y")), Ok(json!("x")));
        assert_eq!(document, json!({"a": [{"image": "y"}]}));
        for pointer in ["/a/1/image", "/a/-", "/a/00", "/b", "a"] {
            assert!(replace(&mut document, pointer, json!(1)).is_err(), "{pointer}");
        }
        assert_eq!(document, json!({"a": [{"image": "y"}]}));
    }
}
