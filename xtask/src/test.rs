//! Everything that is checked, natively and through wasm, with a closing count.

use crate::run::{Outcome, progress, read, root};
use crate::{host, tree, wasm};
use std::process::Command;

/// What ran so far.
#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
    complaints: Vec<String>,
}

/// Runs every step, also after one failed, and closes with the counts.
pub fn run(quick: bool) -> Outcome {
    let mut count = Count::default();
    host::check_node()?;
    count.step("format", cargo(&["fmt", "--all", "--check"]));
    count.step("lint", cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]));
    count.step("dependency tree", tree::check());
    count.cargo_tests();
    if !quick {
        let doc = Command::new(env!("CARGO"))
            .args(["doc", "--quiet", "--no-deps", "-p", "vidimus"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .current_dir(root())
            .status();
        let doc = doc.map_err(|error| error.to_string());
        count.step("documentation", doc.and_then(|s| if s.success() { Ok(()) } else { Err(s.to_string()) }));
    }
    count.step("build the host", host::build());
    count.step("size budget", wasm::check_size());
    count.step("type check", host::npm("type check", &["run", "--silent", "typecheck"]));
    count.step("playground", host::playground());
    count.step("registry", host::install_registry());
    count.node_tests("host tests", host::npm_output("host tests", &["test", "--silent"]));
    count.step("browser", host::install_browser());
    count.node_tests("browser tests", host::browser_tests());
    count.step("demo", crate::demo::scenarios());
    count.close()
}

fn cargo(arguments: &[&str]) -> Outcome {
    crate::run::cargo(&format!("cargo {}", arguments.join(" ")), arguments)
}

impl Count {
    /// A step that is one check.
    fn step(&mut self, what: &str, outcome: Outcome) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(error) => self.complain(what, &error),
        }
    }

    fn complain(&mut self, what: &str, error: &str) {
        eprintln!("FAILED {what}: {error}");
        self.failed += 1;
        self.complaints.push(format!("{what}: {error}"));
    }

    /// `cargo test`: the sums of its `test result:` lines.
    fn cargo_tests(&mut self) {
        progress("cargo test --workspace");
        let mut command = Command::new(env!("CARGO"));
        command.args(["test", "--workspace", "--no-fail-fast"]).current_dir(root());
        self.counted("cargo test", read("cargo test", &mut command), |line| {
            let rest = line.strip_prefix("test result: ")?;
            let number = |word: &str| {
                let before = rest.split(word).next()?.trim_end();
                before.rsplit(' ').next()?.parse::<usize>().ok()
            };
            Some((number(" passed")?, number(" failed")?))
        });
    }

    /// Tests of Node: its reporter closes with `# pass N` and `# fail N`.
    fn node_tests(&mut self, what: &str, output: Result<(bool, String), String>) {
        self.counted(what, output, |line| {
            let number = |prefix: &str| line.strip_prefix(prefix).and_then(|rest| rest.trim().parse::<usize>().ok());
            match (number("# pass "), number("# fail ")) {
                (Some(passed), _) => Some((passed, 0)),
                (_, Some(failed)) => Some((0, failed)),
                _ => None,
            }
        });
    }

    fn counted(
        &mut self,
        what: &str,
        output: Result<(bool, String), String>,
        read_line: impl Fn(&str) -> Option<(usize, usize)>,
    ) {
        let (good, text) = match output {
            Ok(output) => output,
            Err(error) => return self.complain(what, &error),
        };
        print!("{text}");
        let (passed, failed) = text.lines().filter_map(read_line).fold((0, 0), |sum, n| (sum.0 + n.0, sum.1 + n.1));
        self.passed += passed;
        self.failed += failed;
        if passed == 0 {
            self.complain(what, "no test ran");
        } else if failed > 0 {
            self.complaints.push(format!("{what}: {failed} failed"));
        } else if !good {
            self.complain(what, "ended with an error");
        }
    }

    fn close(self) -> Outcome {
        for complaint in &self.complaints {
            println!("FAILED {complaint}");
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 { Ok(()) } else { Err("some checks failed".to_owned()) }
    }
}
