//! verifyImages rules.
//!
//! Source: Kyverno `api/kyverno/v1/image_verification_types.go`, `pkg/validation/policy/validate.go`.

use super::{attestors, deprecated, error, ineffective, place};
use crate::diagnostic::Diagnostic;
use crate::policy::{FailureAction, ImageVerification, Rule, VerificationType, decode};
use crate::yaml::Node;

/// Checks the rule `node`, decoded as `rule` and `entries`; `action` is the policy's.
pub(super) fn validate(
    node: &Node,
    rule: &Rule,
    entries: &[ImageVerification],
    action: FailureAction,
    found: &mut Vec<Diagnostic>,
) {
    let written = decode::list(node, "verifyImages");
    // The action of an entry stays in force for the entries behind it that name none.
    let mut action = action;
    for (node, entry) in written.iter().zip(entries) {
        action = entry.failure_action.unwrap_or(action);
        mutate_digest(node, entry, action, found);
        references(entry, &rule.name, found);
        attestors::validate(node, entry, found);
        notary(node, entry, found);
        deprecated::of_entry(node, entry, found);
        ineffective::of_entry(node, entry.kind, &entry.path, found);
    }
    deny(written, entries, found);
}

fn mutate_digest(node: &Node, entry: &ImageVerification, action: FailureAction, found: &mut Vec<Diagnostic>) {
    if action == FailureAction::Audit && entry.mutate_digest {
        let message = "mutateDigest must be set to false for ‘Audit’ failure action";
        let path = format!("{}.mutateDigest", entry.path);
        let diagnostic = error("mutate-digest-in-audit", message, path, place(node, "mutateDigest"));
        found.push(diagnostic.help("set mutateDigest: false, or failureAction: Enforce"));
    }
}

fn references(entry: &ImageVerification, rule: &str, found: &mut Vec<Diagnostic>) {
    if entry.image_references.is_empty() {
        let diagnostic =
            error("image-references-missing", "An image reference is required", entry.path.as_str(), entry.span);
        found.push(diagnostic.help("write imageReferences: with patterns such as registry.example/team/*"));
    }
    for (index, reference) in entry.image_references.iter().enumerate() {
        if reference.value.contains("{{") {
            let message = format!("rule \"{rule}\" should not have variables in image reference section");
            let path = format!("{}.imageReferences[{index}]", entry.path);
            found.push(error("variable-in-image-reference", message, path, reference.span));
        }
    }
}

/// Looks at `attestors` alone, neither at nested sets nor at attestations, as Kyverno does.
fn notary(node: &Node, entry: &ImageVerification, found: &mut Vec<Diagnostic>) {
    if entry.kind != VerificationType::Notary {
        return;
    }
    for attestor in decode::list(node, "attestors").iter().flat_map(|set| decode::list(set, "entries")) {
        for (name, field) in [("keyless", "Keyless"), ("keys", "Keys")] {
            if let Some(written) = decode::field(attestor, name) {
                let message = format!("{field} field is not allowed for type notary");
                let diagnostic = error("notary-attestor", message, format!("{}.attestors", entry.path), written.span);
                found.push(diagnostic.help("Notary signatures are verified with certificates"));
            }
        }
    }
}

/// Once an entry validates, Kyverno reads `validate.deny` of every entry of the rule, and crashes where there is none.
fn deny(written: &[Node], entries: &[ImageVerification], found: &mut Vec<Diagnostic>) {
    let validate = |node| decode::field(node, "validate");
    if !written.iter().filter_map(validate).any(|node| !decode::is_empty(node)) {
        return;
    }
    for (node, entry) in written.iter().zip(entries) {
        if validate(node).and_then(|validate| decode::field(validate, "deny")).is_none() {
            let message = "every entry of a rule needs validate.deny once one has validate";
            let path = format!("{}.validate", entry.path);
            found.push(error("validate-without-deny", message, path, place(node, "validate")));
        }
    }
}
