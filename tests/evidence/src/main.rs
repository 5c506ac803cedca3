//! `vidimus-evidence write` writes the generated files into the repository; `check` says which are stale.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    match std::env::args().nth(1).as_deref() {
        Some("write") => match vidimus_evidence::write(root) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        },
        Some("check") => {
            let stale = vidimus_evidence::differences(root);
            stale.iter().for_each(|path| println!("stale: {path}"));
            if stale.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        _ => {
            eprintln!("usage: vidimus-evidence write|check");
            ExitCode::from(2)
        }
    }
}
