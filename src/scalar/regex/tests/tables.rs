//! Our tables beside those of `regex-syntax`.

#![expect(clippy::as_conversions, reason = "code points and their counts")]

use super::super::unicode::{CATEGORIES, GROUPS, SCRIPTS, TABLES, fold_case, unicode_class};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

#[test]
fn every_class_has_the_characters_that_the_parser_knows_it_for() {
    let categories = CATEGORIES.iter().chain(GROUPS.iter().map(|(names, _)| names));
    let categories = categories.flat_map(|names| names.split_whitespace()).map(|name| ("gc", name));
    let mut seen = 0;
    for (property, name) in categories.chain(SCRIPTS.split_whitespace().map(|name| ("sc", name))) {
        // The parser knows no surrogates.
        let expected = if matches!(name, "Cs" | "Surrogate") { ClassUnicode::empty() } else { parsed(property, name) };
        let (class, _) = unicode_class(&format!("\\p{{{name}}}"), false).unwrap().unwrap();
        assert_eq!(class, expected, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 80 + 117);
}

#[test]
fn every_character_is_like_those_that_the_parser_folds_it_to() {
    for c in '\0'..=char::MAX {
        let (mut folded, mut expected) = (one(c), one(c));
        // Nine in ten have no case; the table is walked for each of the others and for some of these.
        expected.try_case_fold_simple().unwrap();
        if expected.ranges() != folded.ranges() || u32::from(c) % 64 == 0 || c.is_alphabetic() && c < '\u{3000}' {
            fold_case(&mut folded);
        }
        assert_eq!(folded.ranges(), expected.ranges(), "{c:?}");
    }
}

#[test]
fn the_tables_are_those_of_this_version_of_unicode() {
    for ((name, table), expected) in TABLES.iter().zip([categories(), scripts(), folds()]) {
        assert!(*table == expected, "{name}: run `cargo test -p vidimus --lib -- --ignored write_the_tables`");
    }
}

#[test]
#[ignore = "writes the tables"]
#[expect(clippy::disallowed_methods, reason = "writes the tables")]
fn write_the_tables() {
    for ((name, _), table) in TABLES.iter().zip([categories(), scripts(), folds()]) {
        std::fs::write(format!("{}/src/scalar/regex/unicode/{name}", env!("CARGO_MANIFEST_DIR")), table).unwrap();
    }
}

fn one(c: char) -> ClassUnicode {
    ClassUnicode::new([ClassUnicodeRange::new(c, c)])
}

fn parsed(property: &str, name: &str) -> ClassUnicode {
    match regex_syntax::parse(&format!("\\p{{{property}={name}}}")).unwrap().into_kind() {
        HirKind::Class(Class::Unicode(class)) => class,
        // One character.
        HirKind::Literal(literal) => one(std::str::from_utf8(&literal.0).unwrap().chars().next().unwrap()),
        other => panic!("{name}: {other:?}"),
    }
}

fn number(table: &mut Vec<u8>, mut number: u32) {
    while number >= 128 {
        table.push((number % 128) as u8 + 128);
        number /= 128;
    }
    table.push(number as u8);
}

/// For each code point the number of its class, 0 for none; `names` have the numbers from 1 on.
fn kinds<'a>(property: &str, names: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut kinds = vec![0; 0x11_0000];
    for (kind, name) in (1..).zip(names) {
        // The parser knows no surrogates.
        if name == "Cs" {
            continue;
        }
        for range in parsed(property, name).ranges() {
            kinds[range.start() as usize..=range.end() as usize].fill(kind);
        }
    }
    kinds
}

fn categories() -> Vec<u8> {
    let names = CATEGORIES.iter().map(|names| names.split_whitespace().next().unwrap());
    let surrogate = names.clone().position(|name| name == "Cs").unwrap() as u8 + 1;
    let mut kinds = kinds("gc", names);
    kinds[0xd800..=0xdfff].fill(surrogate);
    let mut table = Vec::new();
    for run in kinds.chunk_by(|a, b| a == b) {
        match run.len() {
            1..=7 => table.push(run[0] - 1 + ((run.len() as u8) << 5)),
            length => {
                table.push(run[0] - 1);
                number(&mut table, length as u32);
            }
        }
    }
    table
}

fn scripts() -> Vec<u8> {
    let mut table = Vec::new();
    for run in kinds("sc", SCRIPTS.split_whitespace()).chunk_by(|a, b| a == b) {
        table.push(run[0]);
        number(&mut table, run.len() as u32);
    }
    table
}

fn folds() -> Vec<u8> {
    // Each character that is like a smaller one, and how far below that is.
    let mut pairs: Vec<(u32, u32)> = ('\0'..=char::MAX)
        .filter_map(|c| {
            let mut class = one(c);
            class.try_case_fold_simple().unwrap();
            let below = c as u32 - class.ranges()[0].start() as u32;
            (below > 0).then_some((c as u32, below))
        })
        .collect();
    let (mut table, mut previous) = (Vec::new(), 0);
    while let Some(&(start, below)) = pairs.first() {
        let long =
            |step: u32| (0..).take_while(|n| pairs.binary_search(&(start + n * step, below)).is_ok()).count() as u32;
        let (step, count) = if long(2) > long(1) { (2, long(2)) } else { (1, long(1)) };
        pairs.retain(|(c, _)| !(0..count).any(|n| start + n * step == *c));
        number(&mut table, start - previous);
        number(&mut table, count * 2 + step - 1);
        number(&mut table, below);
        previous = start;
    }
    table
}
