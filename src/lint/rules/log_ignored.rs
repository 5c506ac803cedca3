use super::{Category, Check, EntrySubject, Report, Rule, Severity};
use crate::policy::field;
use crate::yaml::{Node, NodeKind};

pub(super) const LOG: Rule = Rule {
    code: "lint-log-ignored",
    severity: Severity::Warning,
    category: Category::FailOpen,
    explanation: "A keyless certificate lives for minutes; without the transparency log nothing public shows who signed, \
                  and when.",
    check: Check::Entry(log),
};

pub(super) const SCT: Rule = Rule {
    code: "lint-sct-ignored",
    severity: Severity::Warning,
    category: Category::FailOpen,
    explanation: "Without certificate timestamps a certificate counts that its authority issued and never logged.",
    check: Check::Entry(sct),
};

fn log(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for written in switched_on(entry, "rekor", "ignoreTlog") {
        let message = "rekor.ignoreTlog: true with keyless: signatures count that no log holds";
        report.add(entry.policy, written.span, message, "remove it, or give ctlog.tsaCertChain where no log is used");
    }
}

fn sct(entry: &EntrySubject<'_>, report: &mut Report<'_>) {
    for written in switched_on(entry, "ctlog", "ignoreSCT") {
        let message = "ctlog.ignoreSCT: true with keyless: certificates count that no log holds";
        report.add(entry.policy, written.span, message, "remove it, or give the log's key as ctlog.pubkey");
    }
}

/// Where a keyless attestor says `true` to the field.
fn switched_on<'a>(entry: &EntrySubject<'a>, object: &str, name: &str) -> Vec<&'a Node> {
    let fields = entry.attestors("keyless").filter_map(|keyless| field(field(keyless, object)?, name));
    fields.filter(|node| node.kind == NodeKind::Bool(true)).collect()
}
