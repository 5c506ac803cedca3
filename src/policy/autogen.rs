//! Rules for pod controllers, generated from rules for Pods.
//!
//! Works on the written nodes, before they are decoded, so that generated rules have the places of their originals and
//! there is one decoder. Source: Kyverno `pkg/autogen/v1`.

use super::{Rule, decode};
use crate::source::Span;
use crate::yaml::{Entry, Node, NodeKind};
use std::collections::BTreeMap;

const ANNOTATION: &str = "pod-policies.kyverno.io/autogen-controllers";
const CRON_JOB: (&str, &str) = ("CronJob", "batch/v1/CronJob");
/// Sorted by kind, as Kyverno writes them.
const CONTROLLERS: [(&str, &str); 6] = [
    ("DaemonSet", "apps/v1/DaemonSet"),
    ("Deployment", "apps/v1/Deployment"),
    ("Job", "batch/v1/Job"),
    ("ReplicaSet", "apps/v1/ReplicaSet"),
    ("ReplicationController", "v1/ReplicationController"),
    ("StatefulSet", "apps/v1/StatefulSet"),
];
const NAME_LENGTH: usize = 63;

/// One of the two variants of a rule.
struct Variant {
    prefix: &'static str,
    template: &'static str,
    kinds: Vec<&'static str>,
    /// Replace the kinds of every filter, not only of those that name Pod.
    every_filter: bool,
}

/// `rules`, which were decoded from `written`, with the generated ones behind them.
pub(super) fn expand(written: &[Node], rules: Vec<Rule>, annotations: &BTreeMap<String, String>) -> Vec<Rule> {
    if !written.iter().all(allows_autogen) || !written.iter().any(names_pod_or_controller) {
        return rules;
    }
    let variants = variants(annotations.get(ANNOTATION).map(String::as_str));
    let mut generated = Vec::new();
    for (index, node) in written.iter().enumerate().filter(|(_, node)| is_eligible(node)) {
        let path = format!("spec.rules[{index}]");
        generated.extend(variants.iter().map(|variant| decode::rule(&variant.apply(node), &path)));
    }
    if generated.is_empty() {
        return rules;
    }
    rules.into_iter().filter(|rule| !rule.name.starts_with("autogen-")).chain(generated).collect()
}

/// Names that the annotation has, without trimming; `none` turns autogen off, unknown ones are ignored.
fn variants(annotation: Option<&str>) -> Vec<Variant> {
    let wanted: Option<Vec<&str>> = annotation.map(|text| text.split(',').collect());
    let wants = |kind: &str| wanted.as_ref().is_none_or(|kinds| kinds.contains(&kind));
    let kinds: Vec<_> = CONTROLLERS.iter().filter(|(kind, _)| wants(kind)).map(|(_, selector)| *selector).collect();
    let controllers = Variant { prefix: "autogen-", template: "spec.template", kinds, every_filter: false };
    let cron = Variant {
        prefix: "autogen-cronjob-",
        template: "spec.jobTemplate.spec.template",
        kinds: if wants(CRON_JOB.0) { vec![CRON_JOB.1] } else { Vec::new() },
        every_filter: true,
    };
    [controllers, cron].into_iter().filter(|variant| !variant.kinds.is_empty()).collect()
}

/// Filters of `match` or `exclude`, the direct form included.
fn filters<'a>(rule: &'a Node, block: &str) -> Vec<&'a Node> {
    let Some(block) = decode::field(rule, block) else { return Vec::new() };
    let listed = decode::list(block, "any").iter().chain(decode::list(block, "all"));
    listed.chain(std::iter::once(block)).filter_map(|filter| decode::field(filter, "resources")).collect()
}

fn kinds(rule: &Node, block: &str) -> Vec<String> {
    filters(rule, block).into_iter().flat_map(|resources| decode::texts(resources, "kinds")).collect()
}

/// One rule that does not allow it turns autogen off for the whole policy.
fn allows_autogen(rule: &Node) -> bool {
    let json_patch = |node: &Node| decode::field(node, "patchesJson6902").is_some();
    let mutate = decode::field(rule, "mutate");
    let patches = mutate.is_some_and(|m| json_patch(m) || decode::list(m, "foreach").iter().any(json_patch));
    let selective = |resources: &&Node| {
        let named = ["name", "names", "selector", "annotations"];
        let kinds = decode::texts(resources, "kinds");
        named.iter().any(|name| decode::field(resources, name).is_some())
            || kinds.len() > 1 && kinds.iter().any(|kind| kind == "Pod")
    };
    let all: Vec<&Node> = filters(rule, "match").into_iter().chain(filters(rule, "exclude")).collect();
    decode::field(rule, "generate").is_none() && !patches && !all.iter().any(selective)
}

fn names_pod_or_controller(rule: &Node) -> bool {
    let known = |kind: &String| {
        kind == "Pod" || kind == CRON_JOB.0 || CONTROLLERS.iter().any(|(controller, _)| controller == kind)
    };
    kinds(rule, "match").iter().chain(&kinds(rule, "exclude")).any(known)
}

fn is_eligible(rule: &Node) -> bool {
    let is_pod = |kind: &String| kind == "Pod";
    let excluded = kinds(rule, "exclude");
    let manifests = decode::field(rule, "validate").is_some_and(|v| decode::field(v, "manifests").is_some());
    !decode::text(rule, "name").unwrap_or_default().starts_with("autogen-")
        && kinds(rule, "match").iter().any(is_pod)
        && (excluded.is_empty() || excluded.iter().any(is_pod))
        && !manifests
}

impl Variant {
    fn apply(&self, rule: &Node) -> Node {
        let entries = rule.entries().unwrap_or_default();
        let changed = |entry: &Entry| {
            let value = match entry.key.as_str() {
                "name" => self.name(&entry.value),
                "match" | "exclude" => self.block(&entry.value),
                "mutate" | "validate" => self.body(&entry.value),
                _ => entry.value.clone(),
            };
            Entry { value, ..entry.clone() }
        };
        let kept = entries.iter().filter(|entry| entry.key != "imageExtractors").map(changed).collect();
        let mut variant = Node { kind: NodeKind::Mapping(kept), span: rule.span };
        self.rewrite(&mut variant);
        variant
    }

    fn name(&self, node: &Node) -> Node {
        let mut name = format!("{}{}", self.prefix, node.as_str().unwrap_or_default());
        while name.len() > NAME_LENGTH {
            name.pop();
        }
        Node { kind: NodeKind::String(name), span: node.span }
    }

    fn block(&self, node: &Node) -> Node {
        map_entries(node, |entry| match entry.key.as_str() {
            "any" | "all" => map_items(&entry.value, |filter| self.filter(filter)),
            "resources" => self.resources(&entry.value),
            _ => entry.value.clone(),
        })
    }

    fn filter(&self, node: &Node) -> Node {
        map_entries(node, |entry| match entry.key.as_str() {
            "resources" => self.resources(&entry.value),
            _ => entry.value.clone(),
        })
    }

    fn resources(&self, node: &Node) -> Node {
        let kinds = decode::texts(node, "kinds");
        let concerned = self.every_filter || kinds.iter().any(|kind| kind == "Pod");
        map_entries(node, |entry| match entry.key.as_str() {
            "kinds" if concerned => {
                let kind = |kind: &&str| Node { kind: NodeKind::String((*kind).to_owned()), span: entry.value.span };
                Node { kind: NodeKind::Sequence(self.kinds.iter().map(kind).collect()), span: entry.value.span }
            }
            _ => entry.value.clone(),
        })
    }

    /// Patterns and patches move under the pod template.
    fn body(&self, node: &Node) -> Node {
        map_entries(node, |entry| match entry.key.as_str() {
            "pattern" | "patchStrategicMerge" => self.wrap(&entry.value),
            "anyPattern" => map_items(&entry.value, |pattern| self.wrap(pattern)),
            _ => entry.value.clone(),
        })
    }

    fn wrap(&self, node: &Node) -> Node {
        self.template.rsplit('.').fold(node.clone(), |inner, key| {
            let span = inner.span;
            let entry = Entry { key: key.to_owned(), key_span: span, value: inner };
            Node { kind: NodeKind::Mapping(vec![entry]), span }
        })
    }

    /// Kyverno replaces in the serialised rule, keys included, without looking at word boundaries.
    fn rewrite(&self, node: &mut Node) {
        let replace = |text: &mut String| {
            for object in ["request.object", "request.oldObject"] {
                for part in ["spec", "metadata"] {
                    let from = format!("{object}.{part}");
                    if text.contains(&from) {
                        *text = text.replace(&from, &format!("{object}.{}.{part}", self.template));
                    }
                }
            }
        };
        match &mut node.kind {
            NodeKind::String(text) => replace(text),
            NodeKind::Sequence(items) => items.iter_mut().for_each(|item| self.rewrite(item)),
            NodeKind::Mapping(entries) => {
                for entry in entries {
                    replace(&mut entry.key);
                    self.rewrite(&mut entry.value);
                }
            }
            NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => {}
        }
    }
}

fn map_entries(node: &Node, change: impl Fn(&Entry) -> Node) -> Node {
    let Some(entries) = node.entries() else { return node.clone() };
    let entries = entries.iter().map(|entry| Entry { value: change(entry), ..entry.clone() }).collect();
    Node { kind: NodeKind::Mapping(entries), span: node.span }
}

fn map_items(node: &Node, change: impl Fn(&Node) -> Node) -> Node {
    match &node.kind {
        NodeKind::Sequence(items) => {
            Node { kind: NodeKind::Sequence(items.iter().map(change).collect()), span: node.span }
        }
        _ => Node { kind: node.kind.clone(), span: Span::clone(&node.span) },
    }
}
