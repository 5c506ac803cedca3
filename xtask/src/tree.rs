//! The dependency tree of the wasm module: nothing in it may reach a clock, the network or a random source.

use crate::run::{Outcome, progress, read, root};
use std::process::Command;

/// Crates that the module must not have, each with the reason.
const BANNED: [(&str, &str); 14] = [
    ("aws-lc-rs", "needs C and the operating system"),
    ("getrandom", "random source"),
    ("hyper", "network"),
    ("instant", "clock"),
    ("js-sys", "reaches the JavaScript world"),
    ("mio", "network"),
    ("openssl-sys", "needs C"),
    ("rand", "random source"),
    ("reqwest", "network"),
    ("ring", "needs C"),
    ("socket2", "network"),
    ("tokio", "network and clock"),
    ("web-sys", "reaches the JavaScript world"),
    ("web-time", "clock"),
];

/// Checks the tree.
pub fn check() -> Outcome {
    progress("check the dependency tree of the wasm module");
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "-p", "vidimus-wasm", "--target", "wasm32-unknown-unknown", "-e", "normal,no-proc-macro"]);
    command.args(["--prefix", "none", "--format", "{p}"]).current_dir(root());
    let (good, output) = read("cargo tree", &mut command)?;
    if !good {
        return Err("cargo tree failed".to_owned());
    }
    let names: Vec<&str> = output.lines().filter_map(|line| line.split(' ').next()).collect();
    let found: Vec<String> = (BANNED.iter().filter(|(name, _)| names.contains(name)))
        .map(|(name, reason)| format!("{name} ({reason})"))
        .collect();
    if found.is_empty() { Ok(()) } else { Err(format!("the wasm module depends on {}", found.join(", "))) }
}
