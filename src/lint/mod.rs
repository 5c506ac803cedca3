//! What policies say that their authors can hardly want: rules that never match, checks that check nothing, gaps that
//! admit what nobody signed, what is on its way out.
//!
//! [`RULES`] lists what is looked for; each rule is a file in `rules`. `docs/lint.md` shows an example of each.

mod report;
mod rules;
mod subject;

pub use rules::RULES;

use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::policy;
use crate::source::{SourceName, Span};
use crate::{diagnostic, yaml};
use report::Report;
use subject::{EntrySubject, PolicySubject, RuleSubject};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The policy cannot do what it says.
    Error,
    /// It does it, with a gap or in a way that will not last.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// `error`, `warning` or `info`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Info => "info",
            Self::Warning => "warning",
        }
    }
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// It applies to nothing.
    NeverMatching,
    /// It checks nothing, or lets nothing pass.
    Vacuous,
    /// It admits what it seems to deny.
    FailOpen,
    /// A field is not read.
    WithoutEffect,
    /// It will not work for ever.
    Deprecated,
    /// What it does depends on other rules.
    OrderDependent,
}

/// Something to look for.
#[derive(Debug)]
pub struct Rule {
    /// Stable code, `lint-` and kebab-case.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    check: Check,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
enum Check {
    /// Warnings that loading the policy gives, by their codes.
    Diagnostics(&'static [&'static str]),
    /// Each element of verifyImages.
    Entry(fn(&EntrySubject<'_>, &mut Report<'_>)),
    /// Each policy.
    Policy(fn(&PolicySubject<'_>, &mut Report<'_>)),
    /// Each written rule of each policy.
    Rule(fn(&RuleSubject<'_>, &mut Report<'_>)),
    /// All policies together.
    Set(fn(&[PolicySubject<'_>], &mut Report<'_>)),
}

/// What a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// What the policy says.
    pub message: String,
    /// What to write instead.
    pub advice: String,
    /// The text it stands in.
    pub source: SourceName,
    /// Where in it.
    pub span: Span,
    /// Which of the policies, counted from 0.
    pub policy_index: usize,
    /// Name of the policy, as reports use it.
    pub policy: String,
    /// Name of the policy's rule, where it is about one.
    pub policy_rule: Option<String>,
}

/// Looks through the policies of `sources`: name and text each. Findings come in the order in which they stand there.
///
/// Errors: what is wrong with a policy that cannot be loaded; nothing is looked through then.
pub fn lint(sources: &[(SourceName, &str)], limits: &Limits) -> Result<Vec<Finding>, Vec<Diagnostic>> {
    let loaded = policy::load(sources, limits);
    if loaded.diagnostics.iter().any(|found| found.severity == diagnostic::Severity::Error) {
        return Err(loaded.diagnostics);
    }
    let mut documents = Vec::new();
    for (source, text) in sources {
        let parsed = yaml::parse_documents(text, limits).map_err(|error| vec![Diagnostic::from(error)])?;
        documents.push((source, parsed));
    }
    let subjects = subject::subjects(&loaded.policies, &documents);
    let rules: Vec<&RuleSubject<'_>> = subjects.iter().flat_map(|policy| &policy.rules).collect();
    let entries: Vec<&EntrySubject<'_>> = rules.iter().flat_map(|rule| &rule.entries).collect();
    let mut findings = Vec::new();
    for rule in RULES {
        let mut report = Report { rule, subjects: &subjects, findings: &mut findings };
        match rule.check {
            Check::Diagnostics(codes) => report.diagnostics(codes, &loaded.diagnostics),
            Check::Entry(check) => entries.iter().for_each(|entry| check(entry, &mut report)),
            Check::Policy(check) => subjects.iter().for_each(|policy| check(policy, &mut report)),
            Check::Rule(check) => rules.iter().for_each(|rule| check(rule, &mut report)),
            Check::Set(check) => check(&subjects, &mut report),
        }
    }
    Ok(findings)
}
