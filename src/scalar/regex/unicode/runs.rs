//! The tables of categories and scripts: runs of characters, from the first to the last.
//!
//! A run of a category is a byte, the category in its low five bits and the length in the others; where that is 0, the
//! length follows. A run of a script is a byte, the script or 0 for one without a name, and the length. Lengths and the
//! other numbers have seven bits to a byte, the lowest first, all but the last byte marked with the eighth.
//!
//! Surrogates are in runs, too. Source: Unicode 16, as `regex-syntax` has it; `tests/tables.rs` compares.

use regex_syntax::hir::ClassUnicodeRange;

pub(super) const CATEGORIES: &[u8] = include_bytes!("categories.bin");
pub(super) const SCRIPTS: &[u8] = include_bytes!("scripts.bin");

/// The characters of the categories that are wanted, by their numbers.
pub(super) fn categories(wanted: impl Fn(usize) -> bool) -> Vec<ClassUnicodeRange> {
    let runs = Runs::of_categories().filter(|run| wanted(run.kind));
    runs.filter_map(Run::range).collect()
}

pub(super) fn category(c: char) -> usize {
    let c = u32::from(c);
    Runs::of_categories().find(|run| c < run.end).map_or(usize::MAX, |run| run.kind)
}

pub(super) fn scripts(wanted: usize) -> Vec<ClassUnicodeRange> {
    let runs = Runs { table: Table(SCRIPTS), packed: false, end: 0 }.filter(|run| run.kind == wanted);
    runs.filter_map(Run::range).collect()
}

/// Characters of one kind, one behind the other.
#[derive(Clone, Copy)]
struct Run {
    kind: usize,
    start: u32,
    end: u32,
}

impl Run {
    /// None: these are surrogates, alone in their category.
    fn range(self) -> Option<ClassUnicodeRange> {
        Some(ClassUnicodeRange::new(char::from_u32(self.start)?, char::from_u32(self.end.checked_sub(1)?)?))
    }
}

struct Runs {
    table: Table,
    /// Is the length in the byte of the kind where there is room for it?
    packed: bool,
    /// Of the last run.
    end: u32,
}

impl Runs {
    fn of_categories() -> Self {
        Self { table: Table(CATEGORIES), packed: true, end: 0 }
    }
}

impl Iterator for Runs {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        let byte = self.table.byte()?;
        let (kind, length) = if self.packed { (byte & 31, byte >> 5) } else { (byte, 0) };
        let length = if length == 0 { self.table.number()? } else { u32::from(length) };
        let start = self.end;
        self.end = start + length;
        Some(Run { kind: usize::from(kind), start, end: self.end })
    }
}

/// What is left of a table.
pub(super) struct Table(pub(super) &'static [u8]);

impl Table {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= u32::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                return Some(number);
            }
        }
    }
}
