//! One rule: its name, its operation, what it matches.

use super::{background, context, emptiness, error, matching, overrides, pattern, place, verify_images};
use crate::diagnostic::Diagnostic;
use crate::policy::{MatchResources, Policy, PolicyKind, Rule, RuleBody, decode};
use crate::yaml::Node;
use std::collections::BTreeSet;

/// Rule names are unique, and short enough for the schema.
pub(super) fn names(written: &[Node], found: &mut Vec<Diagnostic>) {
    let mut names = BTreeSet::new();
    for (index, rule) in written.iter().enumerate() {
        let name = decode::text(rule, "name").unwrap_or_default();
        let path = format!("spec.rules[{index}].name");
        if name.chars().count() > super::NAME_LENGTH {
            let message = format!("rule name `{name}` must not exceed {} characters", super::NAME_LENGTH);
            found.push(error("name-too-long", message, path.as_str(), place(rule, "name")));
        }
        if names.contains(&name) {
            found.push(error("duplicate-rule", format!("Duplicate rule name: '{name}'"), path, place(rule, "name")));
        }
        names.insert(name);
    }
}

/// Checks the rule `node` at `path`, decoded as `rule`.
pub(super) fn validate(node: &Node, rule: &Rule, policy: &Policy, path: &str, found: &mut Vec<Diagnostic>) {
    operations(node, rule, path, found);
    matching::validate(node, policy.kind, path, found);
    matching::kinds(node, path, found);
    emptiness::validate(node, rule, path, found);
    for (name, block) in [("match", Some(&rule.match_resources)), ("exclude", rule.exclude.as_ref())] {
        if let (Some(block), Some(written)) = (block, decode::field(node, name)) {
            every_kind(block, written, rule, policy, &format!("{path}.{name}"), found);
        }
    }
    if policy.spec.background {
        background::user_info(node, path, found);
    }
    context::validate(node, path, found);
    extractors(node, rule, path, found);
    if let RuleBody::VerifyImages(crate::policy::VerifyImages { entries, .. }) = &rule.body {
        verify_images::validate(node, rule, entries, policy.spec.failure_action, found);
    }
    if let Some(validate) = decode::field(node, "validate") {
        if policy.kind == PolicyKind::ClusterPolicy {
            let path = format!("{path}.validate.failureActionOverrides");
            overrides::validate(decode::list(validate, "failureActionOverrides"), &path, found);
        }
        validate_body(node, validate, path, found);
        pattern::validate(validate, &format!("{path}.validate"), found);
    }
}

fn operations(node: &Node, rule: &Rule, path: &str, found: &mut Vec<Diagnostic>) {
    let name = &rule.name;
    let supported = decode::OPERATIONS.join(",");
    let message = match decode::operations(node).as_slice() {
        [] => format!("No operation defined in the rule '{name}'.(supported operations: {supported})"),
        [_] => return,
        several => format!(
            "Multiple operations defined in the rule '{name}', only one operation ({supported}) is allowed per rule: \
             found {}",
            several.join(" and ")
        ),
    };
    found.push(error("rule-operations", message, path, node.span));
}

/// Kyverno's `validateWildcard`.
fn every_kind(
    block: &MatchResources,
    written: &Node,
    rule: &Rule,
    policy: &Policy,
    path: &str,
    found: &mut Vec<Diagnostic>,
) {
    for filter in block.filters().iter().filter(|filter| filter.kinds.iter().any(|kind| kind == "*")) {
        let mut add = |code, message: &str| found.push(error(code, message, path, written.span));
        if policy.spec.background {
            let message = "wildcard policy not allowed in background mode. Set spec.background=false to disable \
                           background mode for this policy rule";
            add("wildcard-kind-in-background", message);
        }
        if filter.kinds.len() > 1 {
            add("wildcard-kind-with-others", "wildcard policy can not deal with more than one kind");
        }
        if matches!(rule.body, RuleBody::Generate | RuleBody::VerifyImages(_)) {
            add("wildcard-kind", "wildcard policy does not support rule type");
        }
    }
}

fn extractors(node: &Node, rule: &Rule, path: &str, found: &mut Vec<Diagnostic>) {
    let Some(written) = decode::field(node, "imageExtractors") else { return };
    let path = format!("{path}.imageExtractors");
    let RuleBody::VerifyImages(crate::policy::VerifyImages { entries, .. }) = &rule.body else {
        let message = format!(
            "Invalid rule spec for rule '{}', imageExtractors can only be defined for verifyImages rule",
            rule.name
        );
        return found.push(error("extractors-elsewhere", message, path, written.span));
    };
    let queried = rule.image_extractors.values().flatten().find(|extractor| extractor.jmes_path.is_some());
    if let Some(extractor) = queried
        && entries.iter().any(|entry| entry.mutate_digest)
    {
        let message = "jmespath may not be used in an image extractor when mutating digests with verify images";
        let diagnostic = error("extractor-jmespath-mutates", message, path, extractor.span);
        found.push(diagnostic.help("set mutateDigest: false in every entry of the rule"));
    }
}

fn validate_body(node: &Node, validate: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    let bodies = decode::validate_bodies(validate);
    let names = decode::VALIDATE_BODIES.join(", ");
    if bodies.is_empty() {
        let message = format!("one of {names} must be specified");
        found.push(error("validate-body", message, format!("{path}.validate"), validate.span));
    } else if bodies.len() > 1 {
        let message = format!("only one of {names} can be specified: found {}", bodies.join(" and "));
        found.push(error("validate-body", message, format!("{path}.validate"), validate.span));
    }
    if let Some(conditions) = decode::field(node, "celPreconditions")
        && !bodies.contains(&"cel")
    {
        let message = "celPrecondition can only be used with validate.cel";
        found.push(error("cel-preconditions-elsewhere", message, format!("{path}.celPreconditions"), conditions.span));
    }
}
