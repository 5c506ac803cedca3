//! What the tests of this module share.

use super::{ImageVerification, Loaded, RuleBody, load};
use crate::diagnostic::{Diagnostic, Severity};
use crate::limits::Limits;
use crate::source::SourceName;

/// A policy with one verifyImages rule that Kyverno takes.
pub(super) const GOOD: &str = "\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: p
spec:
  rules:
  - name: r
    match:
      any:
      - resources:
          kinds: [Pod]
    verifyImages:
    - failureAction: Enforce
      imageReferences: ['r.example/*']
      attestors:
      - entries:
        - keys:
            publicKeys: k8s://a/b
";

/// `GOOD` with `line` replaced.
pub(super) fn with(line: &str, replacement: &str) -> String {
    edit(GOOD, line, replacement)
}

/// `text` with `line` replaced.
pub(super) fn edit(text: &str, line: &str, replacement: &str) -> String {
    assert!(text.contains(line), "{line}");
    text.replacen(line, replacement, 1)
}

/// The rule of `GOOD` alone, as an element of `rules`.
pub(super) fn rule() -> String {
    let (_, rule) = GOOD.split_once("  rules:\n").unwrap();
    rule.to_owned()
}

/// `GOOD` with another operation in place of verifyImages.
pub(super) fn with_operation(operation: &str) -> String {
    let (head, _) = GOOD.split_once("    verifyImages:").unwrap();
    format!("{head}    {operation}\n")
}

pub(super) fn read(text: &str) -> Loaded {
    load(&[(SourceName::new("p.yaml"), text)], &Limits::default())
}

pub(super) fn errors(text: &str) -> Vec<Diagnostic> {
    read(text).diagnostics.into_iter().filter(|found| found.severity == Severity::Error).collect()
}

/// `code path line:column` of everything found.
pub(super) fn places(text: &str) -> Vec<String> {
    let place = |found: &Diagnostic| {
        let start = found.span.unwrap_or_default().start;
        format!("{} {} {}:{}", found.code, found.path, start.line, start.column)
    };
    read(text).diagnostics.iter().map(place).collect()
}

/// The verifyImages entries of the first rule of a policy that is taken.
pub(super) fn entries(text: &str) -> Vec<ImageVerification> {
    let loaded = read(text);
    assert_eq!(loaded.policies.len(), 1, "{:#?}", loaded.diagnostics);
    match &loaded.policies[0].spec.rules[0].body {
        RuleBody::VerifyImages(rules) => rules.entries.clone(),
        other => panic!("{other:?}"),
    }
}
