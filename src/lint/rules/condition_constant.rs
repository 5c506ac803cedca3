use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::condition::Operator;
use crate::lint::subject::word;
use crate::policy::{Template, field, list, schema};
use crate::yaml::{Node, NodeKind};

/// The condition has no variables, so that it says the same of every object; or an empty `any`, which never holds.
pub(super) const RULE: Rule = Rule {
    code: "lint-condition-constant",
    severity: Severity::Warning,
    category: Category::Vacuous,
    check: Check::Rule(check),
};

fn check(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    for condition in conditions(rule.node) {
        let side = |name: &str| Template::new(condition.field(name).map(Node::to_value).unwrap_or_default());
        let (key, value) = (side("key"), side("value"));
        if key.is_dynamic || value.is_dynamic {
            continue;
        }
        let operator = Operator::parse(word(condition, "operator"));
        let holds = operator.is_some_and(|operator| operator.holds(&key.value, &value.value) == Ok(true));
        report.add(
            rule.policy,
            condition.span,
            format_args!("the condition has no variables, and {} holds", if holds { "always" } else { "never" }),
            format_args!("write a variable as key, such as \"{{{{ request.namespace }}}}\", or remove the condition"),
        );
    }
    let mut mappings = Vec::new();
    find_mappings(rule.node, &mut mappings);
    for block in mappings.iter().flat_map(|node| [field(node, "preconditions"), field(node, "conditions")]).flatten() {
        if let Some(any) = field(block, "any").filter(|_| list(block, "any").is_empty()) {
            report.add(
                rule.policy,
                any.span,
                format_args!("an empty any never holds"),
                format_args!("remove any, or put conditions into it"),
            );
        }
    }
}

/// Every condition below `node`.
pub(super) fn conditions(node: &Node) -> Vec<&Node> {
    let mut found = Vec::new();
    find_mappings(node, &mut found);
    found.retain(|node| ["key", "operator", "value"].iter().all(|name| node.field(name).is_some()));
    found
}

/// Every mapping, at any depth. What is within patterns is somebody else's language.
fn find_mappings<'a>(node: &'a Node, found: &mut Vec<&'a Node>) {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            found.push(node);
            for entry in entries.iter().filter(|entry| !schema::FREE.contains(&entry.key.as_str())) {
                find_mappings(&entry.value, found);
            }
        }
        NodeKind::Sequence(items) => items.iter().for_each(|item| find_mappings(item, found)),
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) | NodeKind::String(_) => {}
    }
}
