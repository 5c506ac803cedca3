//! Running other programs, with a line of progress each.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What a step answers: nothing, or why it failed.
pub type Outcome = Result<(), String>;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// The folder below the target folder that steps keep their own files in.
pub fn scratch() -> PathBuf {
    let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root().join("target"), PathBuf::from);
    target.join("xtask")
}

/// Says what begins.
pub fn progress(what: &str) {
    eprintln!("--- {what}");
}

/// Runs `cargo`, showing what it prints.
pub fn cargo(what: &str, arguments: &[&str]) -> Outcome {
    show(what, Command::new(env!("CARGO")).args(arguments).current_dir(root()))
}

/// Runs a command, showing what it prints.
pub fn show(what: &str, command: &mut Command) -> Outcome {
    progress(what);
    let start = Instant::now();
    let status = command.status().map_err(|error| format!("{what}: cannot start {command:?}: {error}"))?;
    eprintln!("    {:.1} s", start.elapsed().as_secs_f64());
    if status.success() { Ok(()) } else { Err(format!("{what}: {status}")) }
}

/// Runs a command and returns what it prints; standard error is shown.
pub fn read(what: &str, command: &mut Command) -> Result<(bool, String), String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{what}: cannot start {command:?}: {error}"))?;
    Ok((output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// Is a program there?
pub fn exists(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}
