//! The commands of the project: `cargo xtask COMMAND`.

mod demo;
mod host;
mod oracle;
mod run;
mod test;
mod tree;
mod wasm;

use run::Outcome;
use std::process::ExitCode;

const HELP: &str = "usage: cargo xtask COMMAND

  demo       build everything and evaluate the sample policies on the evidence in this repository
  test       run every check, natively and through wasm (--quick leaves out what takes minutes)
  wasm       build the wasm module and its JavaScript glue into pkg/npm/dist/wasm
  fuzz       throw things at the parsers: cargo xtask fuzz [NAME] [--seconds N]
  host       build the npm package
  size       hold the size of the wasm module against its budget
  types      write the TypeScript types of the wire documents
  evidence   write the evidence that samples and tests use, from its generator
  www        build the playground into www/dist
  play       build the playground and serve it on this machine
  bench      run the benchmarks, native and wasm
  oracle     ask Sigstore's other client in Rust about altered bundles, and record its answers
  help       print this

Each installs what it needs (wasm target, npm packages, a container registry and a browser for tests) and says so.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match command {
        "bench" => host::build().and_then(|()| host::bench()),
        "demo" => demo::run(),
        "evidence" => run::cargo("write evidence", &["run", "--quiet", "-p", "vidimus-evidence", "--", "write"]),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        "fuzz" => fuzz(rest),
        "host" => host::build(),
        "oracle" => oracle::run(),
        "size" => wasm::build().and_then(|()| wasm::check_size()),
        "test" => test::run(rest.iter().any(|argument| argument == "--quick")),
        "types" => host::write_types(),
        "wasm" => wasm::build(),
        "www" => host::build().and_then(|()| host::playground()),
        "play" => host::build().and_then(|()| host::playground()).and_then(|()| host::play()),
        other => Err(format!("unknown command `{other}`\n\n{HELP}")),
    };
    exit(outcome)
}

fn fuzz(rest: &[String]) -> Outcome {
    let fixed = ["run", "--quiet", "--release", "-p", "vidimus-fuzz", "--"];
    let arguments: Vec<&str> = fixed.into_iter().chain(rest.iter().map(String::as_str)).collect();
    run::cargo("fuzz", &arguments)
}

fn exit(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
