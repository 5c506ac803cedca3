use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::policy::field;

/// Regular expressions of identities match anywhere in a name: `github.com/acme` also matches
/// `https://evil.example/github.com/acme-evil`.
pub(super) const RULE: Rule = Rule {
    code: "lint-regexp-unanchored",
    severity: Severity::Warning,
    category: Category::FailOpen,
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for keyless in entry.attestors("keyless") {
        for name in ["subjectRegExp", "issuerRegExp"] {
            let Some(written) = field(keyless, name) else { continue };
            let text = written.as_str().unwrap_or_default();
            if !text.is_empty() && !is_anchored(text) {
                report.add(
                    entry.policy,
                    written.span,
                    format_args!("{name} `{text}` is not anchored at both ends: it matches anywhere in the name"),
                    format_args!("write ^(?:{text})$"),
                );
            }
        }
    }
}

/// Is every alternative anchored at both ends?
fn is_anchored(expression: &str) -> bool {
    let (mut depth, mut in_class, mut escaped, mut before, mut begins) = (0_u32, false, false, '|', true);
    for c in expression.chars() {
        // What an alternative begins with.
        if begins && c != '^' {
            return false;
        }
        let is_bar = c == '|' && depth == 0 && !in_class && !escaped;
        if is_bar && before != '$' {
            return false;
        }
        begins = is_bar;
        // An escaped dollar is none.
        before = if escaped { '\\' } else { c };
        match c {
            _ if escaped => {}
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    before == '$' && !begins
}
