use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::policy::field;

pub(super) const RULE: Rule = Rule {
    code: "lint-regexp-unanchored",
    severity: Severity::Warning,
    category: Category::FailOpen,
    explanation: "Regular expressions of identities match anywhere in a name: `github.com/acme` also matches \
                  `https://evil.example/github.com/acme-evil`.",
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for keyless in entry.attestors("keyless") {
        for name in ["subjectRegExp", "issuerRegExp"] {
            let Some(written) = field(keyless, name) else { continue };
            let text = written.as_str().unwrap_or_default();
            if !text.is_empty() && !is_anchored(text) {
                let message = format!("{name} `{text}` is not anchored at both ends: it matches anywhere in the name");
                report.add(entry.policy, written.span, message, format!("write ^(?:{text})$"));
            }
        }
    }
}

/// Is every alternative anchored at both ends?
fn is_anchored(expression: &str) -> bool {
    let begins = |text: &str| text.starts_with('^') || text.starts_with("\\A");
    let ends = |text: &str| (text.ends_with('$') && !text.ends_with("\\$")) || text.ends_with("\\z");
    alternatives(expression).into_iter().all(|text| begins(text) && ends(text))
}

/// The alternatives outside parentheses and classes.
fn alternatives(expression: &str) -> Vec<&str> {
    let (mut depth, mut in_class, mut escaped, mut start) = (0_u32, false, false, 0);
    let mut found = Vec::new();
    for (at, c) in expression.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ']' => in_class = false,
            '[' => in_class = true,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth = depth.saturating_sub(1),
            '|' if !in_class && depth == 0 => {
                found.extend(expression.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(expression.get(start..));
    found
}
