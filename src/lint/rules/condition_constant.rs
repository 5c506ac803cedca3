use super::{Category, Check, Report, Rule, RuleSubject, Severity};
use crate::condition::Operator;
use crate::policy::{Template, field, list, schema, text};
use crate::yaml::{Node, NodeKind};

pub(super) const RULE: Rule = Rule {
    code: "lint-condition-constant",
    severity: Severity::Warning,
    category: Category::Vacuous,
    explanation: "The condition has no variables, so that it says the same of every object; or an empty `any`, which never \
                  holds.",
    check: Check::Rule(check),
};

fn check(rule: &RuleSubject<'_>, report: &mut Report<'_>) {
    for condition in conditions(rule.node) {
        let side = |name: &str| Template::new(condition.field(name).map(Node::to_value).unwrap_or_default());
        let (key, value) = (side("key"), side("value"));
        if key.is_dynamic || value.is_dynamic {
            continue;
        }
        let operator = text(condition, "operator").and_then(|name| Operator::parse(&name));
        let message = match operator.map(|operator| operator.holds(&key.value, &value.value)) {
            Some(Ok(true)) => "the condition has no variables, and always holds",
            _ => "the condition has no variables, and never holds",
        };
        let advice = "write a variable as key, such as \"{{ request.object.metadata.name }}\", or remove the condition";
        report.add(rule.policy, condition.span, message, advice);
    }
    blocks(rule.node, &mut |any| {
        report.add(rule.policy, any.span, "an empty any never holds", "remove any, or put conditions into it");
    });
}

/// Every condition below `node`, at any depth. What is within patterns is somebody else's language.
pub(super) fn conditions(node: &Node) -> Vec<&Node> {
    let mut found = Vec::new();
    walk(node, &mut |node| {
        let is_condition = ["key", "operator", "value"].iter().all(|name| node.field(name).is_some());
        if is_condition {
            found.push(node);
        }
    });
    found
}

/// Every empty `any` of preconditions and conditions.
fn blocks(node: &Node, visit: &mut impl FnMut(&Node)) {
    walk(node, &mut |node| {
        for block in ["preconditions", "conditions"].iter().filter_map(|name| field(node, name)) {
            if let Some(any) = field(block, "any").filter(|_| list(block, "any").is_empty()) {
                visit(any);
            }
        }
    });
}

fn walk<'a>(node: &'a Node, visit: &mut impl FnMut(&'a Node)) {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            visit(node);
            for entry in entries.iter().filter(|entry| !schema::FREE.contains(&entry.key.as_str())) {
                walk(&entry.value, visit);
            }
        }
        NodeKind::Sequence(items) => items.iter().for_each(|item| walk(item, visit)),
        NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) | NodeKind::String(_) => {}
    }
}
