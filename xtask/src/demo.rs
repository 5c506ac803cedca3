//! The demo: sample policies on evidence that is in the repository.

use crate::host;
use crate::run::{Outcome, root};
use serde_json::Value;
use std::process::Command;

/// Builds everything, then runs the scenarios.
pub fn run() -> Outcome {
    host::build()?;
    scenarios()
}

/// Runs the scenarios of `policies/demo.json`; each must end as it says.
pub fn scenarios() -> Outcome {
    let text =
        std::fs::read(root().join("policies/demo.json")).map_err(|error| format!("policies/demo.json: {error}"))?;
    let list: Value = serde_json::from_slice(&text).map_err(|error| format!("policies/demo.json: {error}"))?;
    let scenarios = list.as_array().ok_or("policies/demo.json: expected a list")?;
    for scenario in scenarios {
        let text = |field: &str| scenario[field].as_str().unwrap_or_default().to_owned();
        println!("\n=== {}", text("title"));
        let mut command = Command::new("node");
        command.arg("pkg/npm/dist/cli/main.js").arg("apply").arg(text("policy"));
        command.args(["-r", &text("resource"), "--artifacts", &text("artifacts"), "--offline", "--explain"]);
        command.args(["--now", &text("now")]).current_dir(root());
        let status = command.status().map_err(|error| format!("cannot start node: {error}"))?;
        let expected = scenario["expectExit"].as_i64();
        if status.code().map(i64::from) != expected {
            return Err(format!("{}: expected exit code {expected:?}, found {status}", text("title")));
        }
    }
    println!("\n{} scenarios ended as expected", scenarios.len());
    Ok(())
}
