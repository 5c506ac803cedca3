use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::policy::field;
use crate::yaml::NodeKind;

/// A keyless certificate lives for minutes; without the transparency log nothing public shows who signed, and when.
pub(super) const LOG: Rule = Rule {
    code: "lint-log-ignored",
    severity: Severity::Warning,
    category: Category::FailOpen,
    check: Check::Entry(log),
};

/// Without certificate timestamps a certificate counts that its authority issued and never logged.
pub(super) const SCT: Rule = Rule {
    code: "lint-sct-ignored",
    severity: Severity::Warning,
    category: Category::FailOpen,
    check: Check::Entry(sct),
};

fn log(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    check(entry, ["rekor", "ignoreTlog"], "signatures", "give ctlog.tsaCertChain where no log is used", report);
}

fn sct(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    check(entry, ["ctlog", "ignoreSCT"], "certificates", "give the log's key as ctlog.pubkey", report);
}

/// Does a keyless attestor say `true` to the field?
fn check(entry: &EntrySubject<'_>, [object, name]: [&str; 2], what: &str, instead: &str, report: &mut Report<'_>) {
    for keyless in entry.attestors("keyless") {
        let written = field(keyless, object).and_then(|object| field(object, name));
        if let Some(written) = written.filter(|node| node.kind == NodeKind::Bool(true)) {
            report.add(
                entry.policy,
                written.span,
                format_args!("{object}.{name}: true with keyless: {what} count that no log holds"),
                format_args!("remove it, or {instead}"),
            );
        }
    }
}
