//! Asks `sigstore-verify`, Sigstore's client in Rust, the questions of `tests/bundle_alterations.rs`, and records its answers.

use crate::run::{Outcome, progress, root, scratch, show};
use std::fs::{self, File};
use std::process::Command;

/// Writes `tests/data/bundle-oracle.json`; `tests/conformance/oracle.json` holds the differences, with reasons.
pub fn run() -> Outcome {
    let io = |error: std::io::Error| error.to_string();
    let questions = scratch().join("questions.jsonl");
    fs::create_dir_all(scratch()).map_err(io)?;
    let mut asker = Command::new(env!("CARGO"));
    asker.args(["test", "--quiet", "--release", "-p", "vidimus-tests", "--test", "bundle_alterations"]);
    show("write the questions", asker.env("QUESTIONS", &questions).current_dir(root()))?;
    let folder = root().join("tests/oracle");
    let target = scratch().join("oracle");
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--release", "--locked", "--target-dir"]).arg(&target).current_dir(folder);
    show("build the oracle", &mut build)?;
    let answers = root().join("tests/data/bundle-oracle.json");
    progress("ask the oracle");
    let status = Command::new(target.join("release/vidimus-oracle"))
        .stdin(File::open(questions).map_err(io)?)
        .stdout(File::create(answers).map_err(io)?)
        .status()
        .map_err(io)?;
    if status.success() { Ok(()) } else { Err(format!("the oracle: {status}")) }
}
