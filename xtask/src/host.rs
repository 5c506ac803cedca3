//! The npm package, and what its tests need from the machine.

use crate::run::{Outcome, cargo, exists, progress, read, root, show};
use crate::wasm;
use std::path::{Path, PathBuf};
use std::process::Command;

fn package() -> PathBuf {
    root().join("pkg/npm")
}

/// Checks that Node is there and new enough.
pub fn check_node() -> Outcome {
    let advice = "install Node.js 20 or later";
    let (_, version) =
        read("node", Command::new("node").arg("--version")).map_err(|_| format!("node not found: {advice}"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|text| text.parse::<u32>().ok());
    match major {
        Some(major) if major >= 20 => Ok(()),
        _ => Err(format!("node {} is too old: {advice}", version.trim())),
    }
}

/// Installs the npm packages, unless they are those of the lock file.
pub fn install() -> Outcome {
    install_in(&package())
}

fn install_in(folder: &Path) -> Outcome {
    check_node()?;
    let (lock, installed) = (folder.join("package-lock.json"), folder.join("node_modules/.package-lock.json"));
    let time = |path: &PathBuf| path.metadata().and_then(|metadata| metadata.modified()).ok();
    if time(&installed).is_some_and(|installed| time(&lock).is_some_and(|lock| lock <= installed)) {
        return Ok(());
    }
    show(
        "install npm packages",
        Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder),
    )
}

/// Builds the wasm module and the npm package.
pub fn build() -> Outcome {
    check_node()?;
    wasm::build()?;
    install()?;
    npm("compile the npm package", &["run", "--silent", "build"])
}

/// Checks the types of the playground and builds it. The npm package must be built.
pub fn playground() -> Outcome {
    let folder = root().join("www");
    install_in(&folder)?;
    for (what, script) in [("check the types of the playground", "typecheck"), ("build the playground", "build")] {
        show(what, Command::new("npm").args(["run", "--silent", script]).current_dir(&folder))?;
    }
    Ok(())
}

/// Runs `npm` in the package, showing what it prints.
pub fn npm(what: &str, arguments: &[&str]) -> Outcome {
    show(what, Command::new("npm").args(arguments).current_dir(package()))
}

/// Runs `npm` in the package and returns what it prints.
pub fn npm_output(what: &str, arguments: &[&str]) -> Result<(bool, String), String> {
    progress(what);
    read(what, Command::new("npm").args(arguments).current_dir(package()))
}

/// Debian's container registry: the host's tests talk to a real one.
pub fn install_registry() -> Outcome {
    if exists("docker-registry") { Ok(()) } else { install_package("docker-registry") }
}

/// The system's Chromium: the playground is tested in a real browser.
pub fn install_browser() -> Outcome {
    let known = ["chromium", "chromium-browser", "google-chrome"];
    if known.iter().any(|name| exists(name)) { Ok(()) } else { install_package("chromium") }
}

fn install_package(name: &str) -> Outcome {
    let apt = |arguments: &[&str]| {
        let as_root = read("id", Command::new("id").arg("-u")).is_ok_and(|(_, id)| id.trim() == "0");
        let mut command = if as_root { Command::new("apt-get") } else { Command::new("sudo") };
        if !as_root {
            command.arg("apt-get");
        }
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(std::process::Stdio::null());
        command
    };
    let advice = |error: String| format!("{error}: install the program {name} (Debian package of that name)");
    show("refresh the package list", &mut apt(&["update", "-qq"])).map_err(advice)?;
    show(&format!("install {name}"), &mut apt(&["install", "-y", "-qq", name])).map_err(advice)
}

/// Serves the built playground on this machine, until it is ended.
pub fn play() -> Outcome {
    show(
        "serve the playground",
        Command::new("npm").args(["run", "--silent", "preview"]).current_dir(root().join("www")),
    )
}

/// Runs the tests of the built playground and returns what they print.
pub fn browser_tests() -> Result<(bool, String), String> {
    progress("browser tests");
    read("browser tests", Command::new("npm").args(["test", "--silent"]).current_dir(root().join("www")))
}

/// Writes the TypeScript types of the wire documents.
pub fn write_types() -> Outcome {
    cargo("write the TypeScript types", &["run", "--quiet", "-p", "vidimus-types", "--", "write"])
}

/// Benchmarks, native and wasm.
pub fn bench() -> Outcome {
    cargo("native benchmarks", &["bench", "-p", "vidimus-tests"])?;
    npm("wasm benchmarks", &["run", "--silent", "bench"])?;
    playground()?;
    show(
        "time to the first verdict",
        Command::new("npm").args(["run", "--silent", "bench"]).current_dir(root().join("www")),
    )
}
