//! Fields that still work (or no longer do anything), and what replaces them.

use super::error;
use crate::diagnostic::Diagnostic;
use crate::policy::{ImageVerification, decode, schema};
use crate::source::Span;
use crate::yaml::{Node, NodeKind};

const OF_SPEC: [(&str, &str); 6] = [
    ("validationFailureActionOverrides", "use failureActionOverrides in the validate rule"),
    ("failurePolicy", "use webhookConfiguration.failurePolicy"),
    ("webhookTimeoutSeconds", "use webhookConfiguration.timeoutSeconds"),
    ("mutateExistingOnPolicyUpdate", "use mutateExistingOnPolicyUpdate in the mutate rule"),
    ("generateExisting", "use generateExisting in the generate rule"),
    ("schemaValidation", "it has no effect"),
];
const OF_ENTRY: [(&str, &str); 7] = [
    ("image", "use imageReferences"),
    ("key", "use attestors[].entries[].keys"),
    ("issuer", "use attestors[].entries[].keyless"),
    ("subject", "use attestors[].entries[].keyless"),
    ("roots", "use attestors[].entries[].keyless"),
    ("annotations", "use attestors[].entries[].annotations"),
    ("additionalExtensions", "use attestors[].entries[].keyless, where it has an effect: here it has none"),
];
/// Operators that go, and their successors.
const OPERATORS: [(&str, &str); 2] = [("In", "AllIn or AnyIn"), ("NotIn", "AllNotIn or AnyNotIn")];

fn warning(message: String, path: String, span: Span) -> Diagnostic {
    Diagnostic::warning("deprecated-field", message).at(path, span)
}

fn fields(node: &Node, table: &[(&str, &str)], path: &str, found: &mut Vec<Diagnostic>) {
    for (name, advice) in table {
        if let Some(value) = decode::field(node, name) {
            let message = format!("the field `{name}` is deprecated: {advice}");
            found.push(warning(message, format!("{path}.{name}"), value.span));
        }
    }
}

/// Warns of what is deprecated outside verifyImages entries.
pub(super) fn of_policy(spec: &Node, found: &mut Vec<Diagnostic>) {
    fields(spec, &OF_SPEC, "spec", found);
    // `validationFailureAction` itself is deprecated too, but nearly every policy has it and Kyverno says nothing.
    if let Some(action) = decode::field(spec, "validationFailureAction")
        && matches!(action.as_str(), Some("audit" | "enforce"))
    {
        let message = "Validation failure actions enforce/audit are deprecated, use Enforce/Audit instead.";
        found.push(warning(message.to_owned(), "spec.validationFailureAction".to_owned(), action.span));
    }
    for (index, rule) in decode::list(spec, "rules").iter().enumerate() {
        operators(rule, &format!("spec.rules[{index}]"), found);
    }
}

fn operators(node: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    match &node.kind {
        NodeKind::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                operators(item, &format!("{path}[{index}]"), found);
            }
        }
        NodeKind::Mapping(entries) => {
            condition(node, path, found);
            // What is within patterns is somebody else's language.
            for entry in entries.iter().filter(|entry| !schema::FREE.contains(&entry.key.as_str())) {
                operators(&entry.value, &format!("{path}.{}", entry.key), found);
            }
        }
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) | NodeKind::String(_) => {}
    }
}

/// A condition has a key, an operator and a value; a requirement of a selector has `values`.
fn condition(node: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    let is_condition = node.field("key").is_some() && node.field("value").is_some();
    let Some(operator) = decode::field(node, "operator").filter(|_| is_condition) else { return };
    let text = operator.as_str().unwrap_or_default();
    if let Some((name, successors)) = OPERATORS.into_iter().find(|(name, _)| *name == text) {
        let message = format!("Operator {name} has been deprecated and will be removed soon. Use {successors} instead");
        let diagnostic = Diagnostic::warning("deprecated-operator", message);
        found.push(diagnostic.at(format!("{path}.operator"), operator.span));
    }
}

/// Warns of the deprecated fields of the entry `node`; refuses those that Kyverno drops without a word.
pub(super) fn of_entry(node: &Node, entry: &ImageVerification, found: &mut Vec<Diagnostic>) {
    fields(node, &OF_ENTRY, &entry.path, found);
    for (index, attestation) in decode::list(node, "attestations").iter().enumerate() {
        let Some(kind) = decode::field(attestation, "predicateType") else { continue };
        let text = kind.as_str().unwrap_or_default();
        let message =
            format!("predicateType has been deprecated use 'type: {text}' instead of 'predicateType: {text}'");
        found.push(warning(message, format!("{}.attestations[{index}].predicateType", entry.path), kind.span));
    }
    let key = decode::field(node, "key").or_else(|| decode::field(node, "issuer"));
    if let Some(key) = key
        && !entry.attestations.is_empty()
    {
        // DIVERGENCE deprecated-key-with-attestations: upstream drops the key, and any signer of the attestation will do.
        let message =
            "key and issuer are not used for attestations: Kyverno drops them, so anybody's attestation would do";
        let diagnostic = error("deprecated-key-with-attestations", message, entry.path.as_str(), key.span);
        found.push(diagnostic.help("write attestors in the attestation"));
    }
}
