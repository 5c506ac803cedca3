//! Upper and lower case.
//!
//! The table has the characters that are like a smaller one when case does not matter, in runs: how far the run begins
//! behind the beginning of the one before, twice its count of characters and 1 more where it leaves out every other
//! character, and how far below each character the smallest one that it is like is.
//!
//! Source: Unicode 16, simple case folding, as `regex-syntax` has it; `tests/tables.rs` compares.

use super::runs::Table;
use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

pub(super) const TABLE: &[u8] = include_bytes!("fold.bin");

/// Adds every character that is like one in the class when case does not matter.
pub(in super::super) fn fold_case(class: &mut ClassUnicode) {
    // The smallest ones, then all that are like them.
    add(class, |_, smallest| smallest, |c, _| c);
    add(class, |c, _| c, |_, smallest| smallest);
}

/// For each character and the smallest one that it is like: adds `new` of them if `old` of them is in the class.
fn add(class: &mut ClassUnicode, new: fn(u32, u32) -> u32, old: fn(u32, u32) -> u32) {
    let mut found = Vec::new();
    for run in Runs::all() {
        let (first, last) = (old(run.start, run.start - run.below), old(run.end, run.end - run.below));
        // Most runs have nothing to do with a class.
        if !class.ranges().iter().any(|range| u32::from(range.start()) <= last && first <= u32::from(range.end())) {
            continue;
        }
        for c in (run.start..=run.end).step_by(run.step) {
            if contains(class, old(c, c - run.below)) {
                found.extend(char::from_u32(new(c, c - run.below)).map(|c| ClassUnicodeRange::new(c, c)));
            }
        }
    }
    class.union(&ClassUnicode::new(found));
}

fn contains(class: &ClassUnicode, code: u32) -> bool {
    let ranges = class.ranges();
    let after = ranges.partition_point(|range| u32::from(range.start()) <= code);
    after.checked_sub(1).and_then(|at| ranges.get(at)).is_some_and(|range| code <= u32::from(range.end()))
}

struct Run {
    start: u32,
    /// The last character.
    end: u32,
    step: usize,
    below: u32,
}

struct Runs {
    table: Table,
    /// Of the last run.
    start: u32,
}

impl Runs {
    fn all() -> Self {
        Self { table: Table(TABLE), start: 0 }
    }
}

impl Iterator for Runs {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        self.start += self.table.number()?;
        let count = self.table.number()?;
        let gaps = count % 2;
        let end = self.start + (count / 2).saturating_sub(1) * (1 + gaps);
        let step = if gaps == 1 { 2 } else { 1 };
        Some(Run { start: self.start, end, step, below: self.table.number()? })
    }
}
