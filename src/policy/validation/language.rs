//! What looks like a slip of the pen in variables and patterns: warnings, for upstream tells it only when the rule is
//! evaluated, or never.

use crate::diagnostic::{Diagnostic, nearest};
use crate::jmespath::Expression;
use crate::jmespath::functions::{FUNCTIONS, find};
use crate::pattern::anchor;
use crate::policy::decode;
use crate::source::Span;
use crate::yaml::{Node, NodeKind};

/// Names that every rule can read.
const ROOTS: [&str; 8] = [
    "element",
    "elementIndex",
    "image",
    "images",
    "request",
    "serviceAccountName",
    "serviceAccountNamespace",
    "target",
];
/// Fields in which keys may have anchors.
const PATTERNS: [&str; 3] = ["pattern", "anyPattern", "patchStrategicMerge"];

/// Looks at the rule `node`, which is at `path`.
pub(super) fn slips(node: &Node, path: &str, found: &mut Vec<Diagnostic>) {
    let declared = declared(node);
    Looker { names: declared.iter().map(String::as_str).chain(ROOTS).collect(), found }.walk(node, path, false);
}

/// Names of context entries, at any depth.
fn declared(node: &Node) -> Vec<String> {
    let within: Vec<String> = match &node.kind {
        NodeKind::Mapping(entries) => entries.iter().flat_map(|entry| declared(&entry.value)).collect(),
        NodeKind::Sequence(items) => items.iter().flat_map(declared).collect(),
        _ => Vec::new(),
    };
    let own = decode::list(node, "context").iter().filter_map(|entry| decode::text(entry, "name"));
    own.chain(within).collect()
}

struct Looker<'a> {
    names: Vec<&'a str>,
    found: &'a mut Vec<Diagnostic>,
}

impl Looker<'_> {
    fn walk(&mut self, node: &Node, path: &str, in_pattern: bool) {
        match &node.kind {
            NodeKind::Mapping(entries) => {
                for entry in entries {
                    let at = format!("{path}.{}", entry.key);
                    self.variables(&entry.key, entry.key_span, &at);
                    if in_pattern && let Some(near) = anchor::suspicious(&entry.key) {
                        let message = format!("`{}` is no anchor: it is taken as the name of a field", entry.key);
                        let warning = Diagnostic::warning("anchor-unknown", message).at(at.clone(), entry.key_span);
                        self.found.push(warning.help(format!("did you mean `{near}`?")));
                    }
                    self.walk(&entry.value, &at, in_pattern || PATTERNS.contains(&entry.key.as_str()));
                }
            }
            NodeKind::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.walk(item, &format!("{path}[{index}]"), in_pattern);
                }
            }
            NodeKind::String(text) => self.variables(text, node.span, path),
            NodeKind::Bool(_) | NodeKind::Null | NodeKind::Number(_) => {}
        }
    }

    fn variables(&mut self, text: &str, span: Span, path: &str) {
        for variable in decode::variables(text) {
            let inner = variable.trim_start_matches("{{").trim_end_matches("}}").trim().trim_start_matches('-').trim();
            if inner != "@" && !inner.is_empty() {
                self.expression(inner, text, span, path);
            }
        }
    }

    /// A variable around another one is no expression before that one is replaced.
    fn expression(&mut self, text: &str, whole: &str, span: Span, path: &str) {
        let mut warn = |code, message: String, near: Option<&str>| {
            let warning = Diagnostic::warning(code, message).at(path, span);
            self.found.push(match near {
                Some(near) => warning.help(format!("did you mean `{near}`?")),
                None => warning,
            });
        };
        let expression = match Expression::parse(text) {
            Ok(expression) => expression,
            Err(_) if whole.matches("{{").count() > 1 => return,
            Err(error) => {
                let column = error.offset + 1;
                return warn("expression-malformed", format!("`{text}`: {error}, at character {column} of it"), None);
            }
        };
        for (name, _) in expression.functions() {
            if find(name).is_none() {
                let near = nearest(name, FUNCTIONS.iter().map(|function| function.name));
                warn("function-unknown", format!("there is no function `{name}`"), near);
            }
        }
        for (name, _) in expression.roots() {
            if self.names.contains(&name) {
                continue;
            }
            // Values may be supplied under any name: only what is close to a known one is taken for a slip.
            if let Some(near) = nearest(name, self.names.iter().copied()).filter(|near| !name.starts_with(near)) {
                warn("variable-unknown", format!("there is no variable `{name}`"), Some(near));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::slips;
    use crate::limits::Limits;
    use crate::yaml::parse_documents;

    fn warnings(rule: &str) -> Vec<String> {
        let documents = parse_documents(rule, &Limits::default()).unwrap();
        let mut found = Vec::new();
        slips(&documents[0], "r", &mut found);
        found.iter().map(|w| format!("{} {} {}", w.code, w.path, w.help.clone().unwrap_or_default())).collect()
    }

    #[test]
    fn slips_are_told_with_what_was_meant() {
        for (rule, expected) in [
            (
                "validate: {message: '{{ reqest.object }}'}",
                "variable-unknown r.validate.message did you mean `request`?",
            ),
            (
                "validate: {message: '{{ to_uper(request.a) }}'}",
                "function-unknown r.validate.message did you mean `to_upper`?",
            ),
            ("validate: {message: '{{ request..a }}'}", "expression-malformed r.validate.message "),
            ("validate: {pattern: {'?(a)': b}}", "anchor-unknown r.validate.pattern.?(a) did you mean"),
            (
                "{context: [{name: limits}], validate: {message: '{{ limit.a }}'}}",
                "variable-unknown r.validate.message did you mean `limits`?",
            ),
        ] {
            let found = warnings(rule);
            assert_eq!(found.len(), 1, "{rule}: {found:?}");
            assert!(found[0].starts_with(expected), "{rule}: {found:?}");
        }
    }

    #[test]
    fn what_is_right_is_not_told() {
        for rule in [
            "validate: {pattern: {'=(a)': '{{ request.object.b || `1` }}'}}",
            "validate: {message: '{{ request.object.{{ element }} }} {{@}} {{ elementIndex0 }} {{ element1.a }}'}",
            "{context: [{name: x}], validate: {message: '{{ x }} {{ supplied.elsewhere }}'}}",
            "validate: {message: '\\{{ not( }}'}",
        ] {
            assert_eq!(warnings(rule), Vec::<String>::new(), "{rule}");
        }
    }
}
