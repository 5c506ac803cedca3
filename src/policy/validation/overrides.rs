//! Failure action overrides: each has an action, and no namespace has two.

use super::error;
use crate::diagnostic::Diagnostic;
use crate::policy::{FailureAction, decode};
use crate::wildcard;
use crate::yaml::Node;

/// Checks the list of overrides at `path`.
pub(super) fn validate(overrides: &[Node], path: &str, found: &mut Vec<Diagnostic>) {
    let mut seen: Vec<(FailureAction, String)> = Vec::new();
    for (index, node) in overrides.iter().enumerate() {
        let Some(action) = decode::text(node, "action").as_deref().and_then(decode::failure_action) else {
            let diagnostic = error("override-without-action", "invalid action", format!("{path}[{index}]"), node.span);
            found.push(diagnostic.help("write action: Audit or Enforce"));
            continue;
        };
        for namespace in decode::list(node, "namespaces") {
            let Some(text) = namespace.as_str() else { continue };
            let other = seen.iter().find(|(other, name)| *other != action && overlap(name, text));
            if let Some((_, name)) = other {
                let message = format!("conflicting namespaces found: `{text}` and `{name}` have different actions");
                let path = format!("{path}[{index}].namespaces");
                found.push(error("override-conflict", message, path, namespace.span));
            }
            seen.push((action, text.to_owned()));
        }
    }
}

fn overlap(a: &str, b: &str) -> bool {
    wildcard::matches(a, b) || wildcard::matches(b, a)
}
