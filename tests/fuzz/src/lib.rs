//! Every parser of bytes from outside, as a function that anything can be thrown at.
//!
//! [`TARGETS`] is the one list: the smoke test of every test run, `cargo xtask fuzz` and `cargo fuzz` (in `cargo-fuzz/`)
//! walk it. A target must not panic, and holds what its parser answers against a rule where there is one.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

mod mutator;
mod seeds;
mod targets;

pub use mutator::Mutator;
pub use targets::TARGETS;

/// A parser under attack.
pub struct Target {
    /// Its name on command lines.
    pub name: &'static str,
    /// What it reads well: where mutation begins.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Reads bytes; were they accepted? Panics where a rule is broken.
    pub run: fn(&[u8]) -> bool,
}

/// What throwing things at a target came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Thrown {
    /// How often.
    pub times: usize,
    /// How often it was accepted.
    pub accepted: usize,
}

impl Target {
    /// The target of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TARGETS.iter().find(|target| target.name == name)
    }

    /// Runs; what breaks the target is told before it ends the process.
    fn run_telling(&self, bytes: &[u8]) -> bool {
        catch_unwind(AssertUnwindSafe(|| (self.run)(bytes))).unwrap_or_else(|panic| {
            eprintln!("{} is broken by {:?}", self.name, String::from_utf8_lossy(bytes));
            eprintln!("in hex: {}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
            resume_unwind(panic)
        })
    }

    /// Throws altered seeds and noise, the same ones for the same `start`, until `goes_on` says no.
    pub fn throw(&self, start: u64, mut goes_on: impl FnMut(usize) -> bool) -> Thrown {
        let seeds = (self.seeds)();
        let mut mutator = Mutator::new(start);
        let mut thrown = Thrown::default();
        while goes_on(thrown.times) {
            let bytes = mutator.next(&seeds);
            thrown.times += 1;
            thrown.accepted += usize::from(self.run_telling(&bytes));
        }
        thrown
    }
}
