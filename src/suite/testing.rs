//! What the tests of this module share.

use super::{Expectation, Files, Outcome, TestFile};
use crate::diagnostic::Diagnostic;
use crate::evidence::Artifacts;
use crate::limits::Limits;
use crate::source::SourceName;

/// The head of a test file.
pub(super) const HEAD: &str = "apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\nmetadata: { name: t }\n";

/// The test that `fields` describe.
pub(super) fn parse(fields: &str) -> Result<TestFile, Vec<Diagnostic>> {
    let text = format!("{HEAD}{fields}");
    let tests = TestFile::parse(&text, &SourceName::new("kyverno-test.yaml"), &Limits::default())?;
    Ok(tests.into_iter().next().unwrap())
}

/// One entry of `results`.
pub(super) fn expectation(entry: &str) -> Expectation {
    let entry = entry.trim_end().replace('\n', "\n  ");
    parse(&format!("results:\n- {entry}\n")).unwrap().results.remove(0)
}

/// What comes of a test with these files.
pub(super) fn run(fields: &str, texts: &[(&str, &str)]) -> Outcome {
    let test = parse(fields).unwrap();
    let mut files = Files::default();
    for (path, text) in texts {
        files.add(path, &SourceName::new(path), text);
    }
    super::run(&test, &files, &mut Artifacts::new(), &Limits::default())
}
