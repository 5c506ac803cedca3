//! Suites of tests, as `kyverno test` runs them: what a test file says, what came of it, and where the two meet.
//!
//! [`TestFile::parse`] reads a test file, [`TestFile::paths`] says which files it needs, [`Suite::load`] loads them, and
//! [`Suite::run`] evaluates and holds the answers against what is expected. The host reads the files.

mod adapter;
mod compare;
mod expectation;
mod files;
mod mocks;
mod policies;
mod reader;
mod resources;
mod rows;
mod run;
mod selector;
mod simulation;
mod test_file;
#[cfg(test)]
mod testing;
mod values;
mod world;

pub use expectation::Expectation;
pub use files::{Files, PathRole, SourceFile, WantedPath};
pub use rows::{Row, RowCode};
pub use run::{ObjectAnswers, Outcome, PolicyAnswer, Suite};
pub use selector::{Selector, SelectorError};
pub use simulation::{Simulated, Simulation};
pub use test_file::TestFile;
pub use values::{Values, read_user_info, read_values};

use crate::evidence::Artifacts;
use crate::limits::Limits;

/// Loads and runs a test with the files and artifacts at hand.
pub fn run(test: &TestFile, files: &Files, artifacts: &mut Artifacts, limits: &Limits) -> Outcome {
    match Suite::load(test, files, artifacts, limits) {
        Ok(suite) => suite.run(artifacts, &Selector::default()),
        Err(diagnostics) => Outcome { diagnostics, ..Outcome::default() },
    }
}
