//! PolicyException.

use super::{background, error, matching, place};
use crate::diagnostic::Diagnostic;
use crate::policy::{PolicyKind, decode};
use crate::yaml::Node;

/// What makes Kyverno refuse an exception whose structure is sound (`api/kyverno/v2/policy_exception_types.go`).
pub(in crate::policy) fn validate_exception(node: &Node) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some(spec) = decode::field(node, "spec") else { return found };
    if decode::flag(spec, "background", true) {
        background::user_info(spec, "spec", &mut found);
    }
    matching::validate(spec, PolicyKind::ClusterPolicy, "spec", &mut found);
    for (index, target) in decode::list(spec, "exceptions").iter().enumerate() {
        if decode::text(target, "policyName").is_none_or(|name| name.is_empty()) {
            let path = format!("spec.exceptions[{index}].policyName");
            let span = place(target, "policyName");
            found.push(error("exception-policy-name", "An exception requires a policy name", path, span));
        }
    }
    found
}
