//! What a policy may not look at while it runs in background scans: there is no user then.
//!
//! Source: Kyverno `pkg/validation/policy/background.go`.

use super::error;
use crate::diagnostic::Diagnostic;
use crate::policy::decode;
use crate::source::Span;
use crate::yaml::{Node, NodeKind};

const ADVICE: &str = "only select variables are allowed in background mode. Set spec.background=false to disable \
                      background mode for this policy rule";
const USER_CRITERIA: [&str; 3] = ["roles", "clusterRoles", "subjects"];
const USER_VARIABLES: [&str; 5] =
    ["serviceAccountName", "serviceAccountNamespace", "request.userInfo", "request.roles", "request.clusterRoles"];
/// `kubectl apply` keeps the previous text here.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Refuses criteria about the user in match and exclude of the rule at `path`.
pub(super) fn user_info(rule: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    for name in ["match", "exclude"] {
        let Some(block) = decode::field(rule, name) else { continue };
        let path = format!("{path}.{name}");
        criteria(block, &path, found);
        for combination in ["any", "all"] {
            for (index, filter) in decode::list(block, combination).iter().enumerate() {
                criteria(filter, &format!("{path}.{combination}[{index}]"), found);
            }
        }
    }
}

fn criteria(filter: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    for name in USER_CRITERIA.into_iter().filter(|name| !decode::list(filter, name).is_empty()) {
        let message = format!("{ADVICE}: invalid variable used at path: {path}.{name}");
        let diagnostic =
            error("user-info-in-background", message, format!("{path}.{name}"), super::place(filter, name));
        found.push(diagnostic.help("set spec.background: false"));
    }
}

/// Refuses variables about the user anywhere in the policy. Rules that change existing objects lift this for all.
pub(super) fn variables(policy: &Node, found: &mut Vec<Diagnostic>) {
    let rules = decode::field(policy, "spec").map(|spec| decode::list(spec, "rules")).unwrap_or_default();
    let has_targets =
        |rule: &Node| decode::field(rule, "mutate").is_some_and(|mutate| !decode::list(mutate, "targets").is_empty());
    if rules.iter().any(has_targets) {
        return;
    }
    if let Some((variable, path, span)) = forbidden(policy, "") {
        let diagnostic =
            error("user-info-in-background", format!("{ADVICE}: variable {variable} is not allowed"), path, span);
        found.push(diagnostic.help("set spec.background: false"));
    }
}

fn forbidden(node: &Node, path: &str) -> Option<(String, String, Span)> {
    match &node.kind {
        NodeKind::String(text) => {
            let variable = decode::variables(text).find(|variable| asks_for_the_user(variable))?;
            Some((variable.to_owned(), path.to_owned(), node.span))
        }
        NodeKind::Sequence(items) => {
            items.iter().enumerate().find_map(|(index, item)| forbidden(item, &format!("{path}[{index}]")))
        }
        NodeKind::Mapping(entries) => entries.iter().filter(|entry| entry.key != LAST_APPLIED).find_map(|entry| {
            let join = if path.is_empty() { "" } else { "." };
            forbidden(&entry.value, &format!("{path}{join}{}", entry.key))
        }),
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => None,
    }
}

/// The name stands as a word of its own, and is no field of something else.
fn asks_for_the_user(variable: &str) -> bool {
    USER_VARIABLES.into_iter().any(|name| {
        variable.match_indices(name).any(|(at, _)| {
            let before = variable.get(..at).and_then(|text| text.chars().next_back());
            let after = variable.get(at + name.len()..).and_then(|text| text.chars().next());
            before.is_some_and(|c| c != '.') && after.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_')
        })
    })
}
