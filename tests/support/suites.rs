//! Runs a test file of the conformance data: reads what it names, as the command line does.

use std::fs;
use std::path::Path;
use vidimus::evidence::Failure;
use vidimus::suite::{Files, ObjectAnswers, Outcome, Selector, Suite, TestFile};
use vidimus::{Artifacts, Limits, SourceName};

/// The outcome of every document of the test file in `folder`; nothing is fetched.
pub fn run(folder: &Path) -> Vec<Outcome> {
    let limits = Limits::default();
    let name = folder.join("kyverno-test.yaml");
    let text = fs::read_to_string(&name).expect("the test file is there");
    match TestFile::parse(&text, &SourceName::new("kyverno-test.yaml"), &limits) {
        Ok(tests) => tests.iter().map(|test| run_test(test, folder, &limits)).collect(),
        Err(diagnostics) => vec![Outcome { diagnostics, ..Outcome::default() }],
    }
}

/// What every policy of a test says of every object of it; the test is given as its text.
pub fn answers(text: &str, folder: &Path) -> Result<Vec<ObjectAnswers>, String> {
    let limits = Limits::default();
    let shown = |diagnostics: Vec<vidimus::diagnostic::Diagnostic>| format!("{diagnostics:?}");
    let tests = TestFile::parse(text, &SourceName::new("test"), &limits).map_err(shown)?;
    let test = tests.first().ok_or("no test")?;
    let files = read(test, folder, &limits);
    let mut artifacts = Artifacts::new();
    let suite = Suite::load(test, &files, &mut artifacts, &limits).map_err(shown)?;
    Ok(suite.answers(&artifacts))
}

fn read(test: &TestFile, folder: &Path, limits: &Limits) -> Files {
    let mut files = Files::default();
    loop {
        let missing = test.missing(&files, limits);
        if missing.is_empty() {
            break;
        }
        for wanted in missing {
            match fs::read_to_string(folder.join(&wanted.path)) {
                Ok(text) => files.add(&wanted.path, &SourceName::new(&wanted.path), &text),
                Err(error) => files.add_absent(&wanted.path, &error.to_string()),
            }
        }
    }
    files
}

fn run_test(test: &TestFile, folder: &Path, limits: &Limits) -> Outcome {
    let files = read(test, folder, limits);
    let mut artifacts = Artifacts::new();
    let suite = match Suite::load(test, &files, &mut artifacts, limits) {
        Ok(suite) => suite,
        Err(diagnostics) => return Outcome { diagnostics, ..Outcome::default() },
    };
    for _ in 0..20 {
        let outcome = suite.run(&artifacts, &Selector::default());
        if outcome.needs.is_empty() {
            return outcome;
        }
        for need in &outcome.needs {
            let failure = Failure { status: None, error: "offline".to_owned(), transport: true };
            artifacts.add_failure(need.request.clone(), failure);
        }
    }
    panic!("the needs never end");
}
