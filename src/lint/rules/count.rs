use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::policy::{field, list};

/// `count` asks for fewer signers than the set lists: those that are left over need not have signed.
pub(super) const RULE: Rule = Rule {
    code: "lint-count-below-entries",
    severity: Severity::Info,
    category: Category::FailOpen,
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for set in &entry.sets {
        let entries = list(set, "entries").len();
        let Some(count) = field(set, "count") else { continue };
        let wanted = count.to_value().as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or_default();
        if wanted > 0 && wanted < entries {
            report.add(
                entry.policy,
                count.span,
                format_args!("{wanted} of {entries} attestors suffice"),
                format_args!("remove count where every one of them must have signed"),
            );
        }
    }
}
