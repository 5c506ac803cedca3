//! The wasm module: compile, write the glue, optimise, weigh.

use crate::host;
use crate::run::{Outcome, cargo, progress, read, root, scratch, show};
use std::fs;
use std::process::Command;

const TARGET: &str = "wasm32-unknown-unknown";
/// What the generated module uses; nothing newer, so that every engine of the last years takes it.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Functions with one caller stay apart: in a function with more than 127 variables, to name one takes two bytes.
const PASSES: [&str; 3] = ["-O3", "--one-caller-inline-max-function-size", "0"];

/// Builds `pkg/npm/dist/wasm`; does nothing where the compiled module is the one that was built last.
pub fn build() -> Outcome {
    install_target()?;
    let paths = without_paths();
    let arguments =
        ["build", "--quiet", "-p", "vidimus-wasm", "--target", TARGET, "--profile", "wasm", "--config", &paths];
    cargo("compile the core to wasm", &arguments)?;
    let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root().join("target"), Into::into);
    let compiled = target.join(TARGET).join("wasm").join("vidimus_wasm.wasm");
    let output = root().join("pkg/npm/dist/wasm");
    let stamp = scratch().join("last.wasm");
    let text = |error: std::io::Error| error.to_string();
    let fresh = fs::read(&compiled).map_err(text)?;
    if output.join("vidimus_bg.wasm").exists() && fs::read(&stamp).is_ok_and(|last| last == fresh) {
        progress("the wasm module is up to date");
        return Ok(());
    }
    let (from, to) = (compiled.display().to_string(), output.display().to_string());
    cargo("write the JavaScript glue", &["run", "--quiet", "-p", "vidimus-bindgen", "--", &from, &to])?;
    optimise(&output.join("vidimus_bg.wasm"))?;
    fs::create_dir_all(scratch()).map_err(text)?;
    fs::write(stamp, fresh).map_err(text)
}

/// Where a panic happened is said without the folders of this machine: the same module comes from everywhere.
fn without_paths() -> String {
    let home = std::env::var("CARGO_HOME")
        .ok()
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo").display().to_string()));
    let remap = |from: String, to: &str| format!("'--remap-path-prefix={from}={to}'");
    let flags: Vec<String> = home
        .map(|home| remap(format!("{home}/registry/src"), "crates"))
        .into_iter()
        .chain([remap(root().display().to_string(), ".")])
        .collect();
    format!("target.{TARGET}.rustflags=[{}]", flags.join(", "))
}

fn install_target() -> Outcome {
    let Ok((true, installed)) = read("list targets", Command::new("rustup").args(["target", "list", "--installed"]))
    else {
        // Without rustup the target must be there already; the compiler says so where it is not.
        return Ok(());
    };
    if installed.lines().any(|line| line == TARGET) {
        return Ok(());
    }
    show("install the wasm target", Command::new("rustup").args(["target", "add", TARGET]).current_dir(root()))
}

fn optimise(module: &std::path::Path) -> Outcome {
    host::install()?;
    let mut command = Command::new(root().join("pkg/npm/node_modules/.bin/wasm-opt"));
    command.args(PASSES).args(FEATURES).arg(module).arg("-o").arg(module);
    show("optimise the wasm module", &mut command)
}

/// Prints the sizes of the module and fails where one exceeds its budget.
pub fn check_size() -> Outcome {
    show("weigh the wasm module", Command::new("node").arg("pkg/npm/scripts/size.mjs").current_dir(root()))
}
