//! Rules for pod controllers, generated from rules for Pods.
//!
//! Works on the written nodes, before they are decoded, so that generated rules have the places of their originals and
//! there is one decoder. Source: Kyverno `pkg/autogen/v1`.

mod body;
mod controllers;
mod eligibility;
mod kinds;
mod rewrite;

pub(super) use controllers::ANNOTATION;

use super::{Rule, decode};
use crate::yaml::{Node, NodeKind};
use controllers::Controllers;
use std::collections::BTreeMap;

/// Names become label values (`getAutogenRuleName`).
const NAME_LENGTH: usize = 63;
/// Fields that generated rules do not have.
const DROPPED: [&str; 2] = ["generate", "imageExtractors"];

/// One of the two variants of a rule.
struct Variant {
    prefix: &'static str,
    /// Where the pod template is in the controller.
    template: &'static str,
    kinds: Vec<String>,
    /// Replace the kinds of every filter, not only of those that name Pod.
    every_filter: bool,
}

/// `rules`, which were decoded from `written`, with the generated ones behind them.
pub(super) fn expand(written: &[Node], rules: Vec<Rule>, annotations: &BTreeMap<String, String>) -> Vec<Rule> {
    if !eligibility::of_policy(written) {
        return rules;
    }
    let variants = variants(&Controllers::of(annotations));
    let mut generated = Vec::new();
    for (index, node) in written.iter().enumerate().filter(|(_, node)| eligibility::of_rule(node)) {
        let path = format!("spec.rules[{index}]");
        generated.extend(variants.iter().map(|variant| decode::rule(&variant.apply(node), &path)));
    }
    if generated.is_empty() {
        return rules;
    }
    rules.into_iter().filter(|rule| !rule.name.starts_with("autogen-")).chain(generated).collect()
}

fn variants(controllers: &Controllers) -> Vec<Variant> {
    let kinds = controllers.selectors();
    let pod_controllers = (!kinds.is_empty()).then_some(Variant {
        prefix: "autogen-",
        template: "spec.template",
        kinds,
        every_filter: false,
    });
    let cron_job = controllers.cron_job().map(|kind| Variant {
        prefix: "autogen-cronjob-",
        template: "spec.jobTemplate.spec.template",
        kinds: vec![kind.to_owned()],
        every_filter: true,
    });
    pod_controllers.into_iter().chain(cron_job).collect()
}

impl Variant {
    fn apply(&self, rule: &Node) -> Node {
        let mut entries = rule.entries().unwrap_or_default().to_vec();
        entries.retain(|entry| !DROPPED.contains(&entry.key.as_str()));
        for entry in &mut entries {
            match entry.key.as_str() {
                "name" => entry.value = self.name(&entry.value),
                "match" => kinds::replace(self, &mut entry.value, true),
                "exclude" => kinds::replace(self, &mut entry.value, false),
                "mutate" => body::mutate(self, &mut entry.value),
                "validate" => body::validate(self, &mut entry.value),
                _ => {}
            }
        }
        let mut variant = Node { kind: NodeKind::Mapping(entries), span: rule.span };
        rewrite::rewrite(&mut variant, self.template);
        variant
    }

    fn name(&self, node: &Node) -> Node {
        let mut name = format!("{}{}", self.prefix, node.as_str().unwrap_or_default());
        while name.len() > NAME_LENGTH {
            name.pop();
        }
        Node { kind: NodeKind::String(name), span: node.span }
    }
}

#[cfg(test)]
mod tests;
