use super::{Category, Check, PolicySubject, Report, Rule, RuleSubject, Severity};
use crate::limits::Limits;
use crate::pattern::anchor;
use crate::policy::{MatchResources, ResourceFilter, field, list, text};
use crate::variables::variables;
use crate::yaml::{Node, NodeKind, parse_documents};

pub(super) const RULE: Rule = Rule {
    code: "lint-order-dependent",
    severity: Severity::Warning,
    category: Category::OrderDependent,
    explanation: "A mutate rule writes a field that decides whether another rule applies: what happens depends on which of \
                  them comes first, and an object that exists already is looked at without the change.",
    check: Check::Set(check),
};

/// A field that a mutate rule writes.
struct Write<'a> {
    rule: &'a RuleSubject<'a>,
    path: String,
}

fn check(policies: &[PolicySubject<'_>], report: &mut Report<'_>) {
    let rules = || policies.iter().flat_map(|policy| &policy.rules);
    let writes: Vec<Write<'_>> =
        rules().flat_map(|rule| written(rule.node).into_iter().map(move |path| Write { rule, path })).collect();
    for rule in rules() {
        let reads = reads(rule);
        let others = writes.iter().filter(|write| !std::ptr::eq(write.rule, rule));
        let hit = others.clone().find(|write| reads.iter().any(|path| touches(&write.path, path)));
        if let Some(Write { rule: writer, path }) = hit {
            let message = format!(
                "whether it applies depends on {path}, which the mutate rule {} of policy {} writes",
                writer.rule.name,
                writer.policy.key()
            );
            report.add(
                rule.policy,
                rule.node.span,
                message,
                "decide by a field that no rule writes, or join the rules",
            );
        }
    }
}

/// Is one path the other, or within it?
fn touches(written: &str, read: &str) -> bool {
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    within(written, read) || within(read, written)
}

/// The paths that a mutate rule writes; lists are one field. Mutations of other objects are not these.
fn written(rule: &Node) -> Vec<String> {
    let Some(mutate) = field(rule, "mutate").filter(|mutate| list(mutate, "targets").is_empty()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for body in [mutate].into_iter().chain(list(mutate, "foreach")) {
        if let Some(patch) = field(body, "patchStrategicMerge") {
            leaves(patch, "", &mut found);
        }
        if let Some(patches) = text(body, "patchesJson6902") {
            let documents = parse_documents(&patches, &Limits::default()).unwrap_or_default();
            documents.iter().for_each(|document| json_patch(document, &mut found));
        }
    }
    found
}

fn leaves(patch: &Node, path: &str, found: &mut Vec<String>) {
    match &patch.kind {
        NodeKind::Mapping(entries) => {
            for entry in entries {
                let anchor = anchor::parse(&entry.key);
                // A condition writes nothing.
                if anchor.is_some_and(|anchor| anchor.kind != anchor::AnchorKind::AddIfNotPresent) {
                    continue;
                }
                let key = anchor.map_or(entry.key.as_str(), |anchor| anchor.key);
                let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                leaves(&entry.value, &path, found);
            }
        }
        _ => found.push(path.to_owned()),
    }
}

fn json_patch(document: &Node, found: &mut Vec<String>) {
    let NodeKind::Sequence(operations) = &document.kind else { return };
    for operation in operations.iter().filter(|operation| text(operation, "op").as_deref() != Some("test")) {
        let pointer = text(operation, "path").unwrap_or_default();
        let parts = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
        let is_index = |part: &String| part == "-" || part.bytes().all(|b| b.is_ascii_digit());
        found.push(parts.take_while(|part| !is_index(part)).collect::<Vec<_>>().join("."));
    }
}

/// The paths by which it is decided whether the rule applies.
fn reads(rule: &RuleSubject<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for block in [Some(&rule.rule.match_resources), rule.rule.exclude.as_ref()].into_iter().flatten() {
        criteria(block, &mut found);
    }
    if let Some(preconditions) = field(rule.node, "preconditions") {
        in_variables(preconditions, &mut found);
    }
    found
}

fn criteria(block: &MatchResources, found: &mut Vec<String>) {
    for filter in block.filters() {
        let ResourceFilter { annotations, selector, .. } = filter;
        found.extend(annotations.keys().map(|key| format!("metadata.annotations.{key}")));
        if let Some(selector) = selector {
            let keys = selector.match_labels.keys().chain(selector.match_expressions.iter().map(|it| &it.key));
            found.extend(keys.map(|key| format!("metadata.labels.{key}")));
        }
    }
}

/// The fields of the object that variables name; quotes around keys do not count.
fn in_variables(node: &Node, found: &mut Vec<String>) {
    match &node.kind {
        NodeKind::String(text) => {
            for variable in variables(text) {
                for (at, prefix) in variable.match_indices("request.object.") {
                    let rest = variable.get(at + prefix.len()..).unwrap_or_default();
                    found.push(path_of(rest));
                }
            }
        }
        NodeKind::Mapping(entries) => entries.iter().for_each(|entry| in_variables(&entry.value, found)),
        NodeKind::Sequence(items) => items.iter().for_each(|item| in_variables(item, found)),
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => {}
    }
}

/// The path that an expression begins with.
fn path_of(expression: &str) -> String {
    let mut path = String::new();
    let mut quoted = false;
    for c in expression.chars() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted || c.is_alphanumeric() || matches!(c, '_' | '.') => path.push(c),
            _ => break,
        }
    }
    path
}
