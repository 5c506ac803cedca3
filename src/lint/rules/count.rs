use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::policy::{field, list};

pub(super) const RULE: Rule = Rule {
    code: "lint-count-below-entries",
    severity: Severity::Info,
    category: Category::FailOpen,
    explanation: "`count` asks for fewer signers than the set lists: those that are left over need not have signed.",
    check: Check::Entry(check),
};

fn check(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for set in entry.sets() {
        let entries = list(set, "entries").len();
        let Some(count) = field(set, "count") else { continue };
        let wanted = count.to_value().as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or_default();
        if wanted > 0 && wanted < entries {
            let message = format!("{wanted} of {entries} attestors suffice");
            report.add(entry.policy, count.span, message, "remove count where every one of them must have signed");
        }
    }
}
