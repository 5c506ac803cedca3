use super::{Category, Check, PolicySubject, Report, Rule, RuleSubject, Severity};
use crate::limits::Limits;
use crate::lint::subject::word;
use crate::pattern::anchor::{self, AnchorKind};
use crate::policy::{field, list};
use crate::yaml::{Node, NodeKind, parse_documents};

/// A mutate rule writes a field that decides whether another rule applies: what happens depends on which of them comes
/// first, and an object that exists already is looked at without the change.
pub(super) const RULE: Rule = Rule {
    code: "lint-order-dependent",
    severity: Severity::Warning,
    category: Category::OrderDependent,
    check: Check::Set(check),
};

/// What paths of the object begin with in variables.
const OBJECT: &str = "request.object.";

fn check(policies: &[PolicySubject<'_>], report: &mut Report<'_>) {
    let rules: Vec<&RuleSubject<'_>> = policies.iter().flat_map(|policy| &policy.rules).collect();
    let mut writes = Vec::new();
    for (writer, rule) in rules.iter().enumerate() {
        let mut paths = Vec::new();
        written(rule.node, &mut paths);
        writes.extend(paths.into_iter().map(|path| (writer, path)));
    }
    for (reader, rule) in rules.iter().enumerate() {
        let reads = reads(rule);
        let touches = |path: &str| reads.iter().any(|read| read.contains(path));
        let hit = writes.iter().find(|(writer, path)| *writer != reader && touches(path));
        let Some((writer, path)) = hit.and_then(|(writer, path)| Some((rules.get(*writer)?, path))) else { continue };
        report.add(
            rule.policy,
            rule.node.span,
            format_args!(
                "whether it applies depends on {path}, which the mutate rule {} of policy {} writes",
                writer.rule.name, writer.policy.name
            ),
            format_args!("decide by a field that no rule writes, or join the rules"),
        );
    }
}

/// The paths that a mutate rule writes; lists are one field. Mutations of other objects are not these.
fn written(rule: &Node, found: &mut Vec<String>) {
    let Some(mutate) = field(rule, "mutate").filter(|mutate| list(mutate, "targets").is_empty()) else { return };
    for body in [mutate].into_iter().chain(list(mutate, "foreach")) {
        if let Some(patch) = field(body, "patchStrategicMerge") {
            leaves(patch, "request.object", found);
        }
        for document in parse_documents(word(body, "patchesJson6902"), &Limits::default()).unwrap_or_default() {
            json_patch(&document, found);
        }
    }
}

fn leaves(patch: &Node, path: &str, found: &mut Vec<String>) {
    let NodeKind::Mapping(entries) = &patch.kind else { return found.push(path.to_owned()) };
    for entry in entries {
        match anchor::parse(&entry.key) {
            None => leaves(&entry.value, &format!("{path}.{}", entry.key), found),
            Some(anchor) if anchor.kind == AnchorKind::AddIfNotPresent => {
                leaves(&entry.value, &format!("{path}.{}", anchor.key), found);
            }
            // A condition writes nothing.
            Some(_) => {}
        }
    }
}

fn json_patch(document: &Node, found: &mut Vec<String>) {
    let NodeKind::Sequence(operations) = &document.kind else { return };
    for pointer in operations.iter().map(|operation| word(operation, "path")) {
        let path = pointer.trim_start_matches('/').replace('/', ".").replace("~1", "/");
        // What is below an element of a list writes the list.
        let end = path
            .find(|c: char| c == '-' || c.is_ascii_digit())
            .filter(|at| path.get(..*at).is_some_and(|it| it.ends_with('.')));
        let path = end.and_then(|end| path.get(..end)).unwrap_or(&path).trim_end_matches('.');
        found.push(format!("{OBJECT}{path}"));
    }
}

/// Texts that name the fields by which it is decided whether the rule applies, without quotes around keys.
fn reads(rule: &RuleSubject<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for block in [Some(&rule.rule.match_resources), rule.rule.exclude.as_ref()].into_iter().flatten() {
        for filter in block.filters() {
            let labels = filter.selector.iter().flat_map(|selector| {
                selector
                    .match_labels
                    .keys()
                    .chain(selector.match_expressions.iter().map(|requirement| &requirement.key))
            });
            found.extend(labels.map(|key| format!("{OBJECT}metadata.labels.{key}")));
            found.extend(filter.annotations.keys().map(|key| format!("{OBJECT}metadata.annotations.{key}")));
        }
    }
    if let Some(preconditions) = field(rule.node, "preconditions") {
        texts(preconditions, &mut found);
    }
    found
}

fn texts(node: &Node, found: &mut Vec<String>) {
    match &node.kind {
        NodeKind::String(text) => found.push(text.replace('"', "")),
        NodeKind::Mapping(entries) => entries.iter().for_each(|entry| texts(&entry.value, found)),
        NodeKind::Sequence(items) => items.iter().for_each(|item| texts(item, found)),
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => {}
    }
}
